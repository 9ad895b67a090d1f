"""Mountains, forest and islands beyond the water of `lake`."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.mesh import Mesh, sheet
from samples.place import Grid, instances, upward
from samples.plants import far_spruce, grass_tuft, spruce, stone
from samples.setting import Batch
from samples.terrain import NUM_CELLS, ORIGIN_M, SIDE_M, fractal_noise


def far_height(heights_m: Grid, x: Grid, z: Grid) -> Grid:
    """Height of the land beyond the lake in m."""
    at_x, at_z = (x - ORIGIN_M[0]) / SIDE_M * NUM_CELLS, (z - ORIGIN_M[1]) / SIDE_M * NUM_CELLS
    base = cv2.remap(
        heights_m.astype(np.float32),
        at_x.astype(np.float32),
        at_z.astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    shore = -430 + 0.10 * np.abs(x) - 60 * fractal_noise(x, 0 * z, 300.0, 4, 5)
    inside = shore - z
    rise = np.clip(inside / 420, 0, 1) ** 1.3
    detail = fractal_noise(x, z, 190.0, 6, 31)
    ridged = 1 - 2 * np.abs(fractal_noise(x, z, 420.0, 6, 57))
    rough = 0.035 * np.clip(base, 0, 900) + 4
    land = rise * (0.82 * base + rough * (0.8 * detail + 0.9 * ridged))
    return np.asarray(land + np.clip(inside * 0.05, -4, 3.5) + 0.5 * detail)


def far_land(heights_m: Grid) -> Mesh:
    """A sheet over the land beyond the lake: its points lie evenly in the picture."""
    angle = np.radians(np.linspace(-38, 38, 900))[None, :]
    far_m = (330 * np.exp(np.linspace(0, math.log(11200 / 330), 400)))[:, None]
    x, z = far_m * np.sin(angle), -far_m * np.cos(angle)
    y = far_height(heights_m, x, z)
    mesh = sheet(np.stack([x, y, z], -1), albedo=(0.2, 0.2, 0.2))
    return upward(mesh)


def far_forest(heights_m: Grid, rng: np.random.Generator) -> list[Batch]:
    """Spruces on the far shore and on the first slopes, denser in some places."""
    shape = (300, 220)
    angle, far_m = (
        np.radians(rng.uniform(-36, 36, shape)),
        345 * np.exp(rng.random(shape) ** 0.8 * 2.1),
    )
    x, z = far_m * np.sin(angle), -far_m * np.cos(angle)
    y = far_height(heights_m, x, z)
    steep = np.abs(far_height(heights_m, x, z - 8) - y) / 8
    clump = fractal_noise(x, z, 150.0, 4, 77)
    chance = rng.random(shape)
    keep = (y > 1.0) & (y < 360) & (steep < 0.9) & (clump > -0.55 + 0.6 * chance + 0.0010 * y)
    x, y, z, clump = x[keep], y[keep], z[keep], clump[keep]
    size = 20 * rng.beta(2.2, 2.6, len(x)) + 5
    size *= 0.8 + 0.4 * clump.clip(-0.5, 0.8)
    places = instances(x, y - 0.4, z, size, rng)
    places[:, 6] *= 0.85 + 0.4 * rng.random(len(x)).astype(np.float32) ** 3
    is_far = np.hypot(x, z) > 800
    third = np.where(is_far, 2, rng.integers(0, 2, len(x)))
    shapes = [(7, 5), (6, 5), (4, 4)]  # levels, spokes: fewer where a tree is a few pixels
    return [
        Batch(
            far_spruce(seed=40 + k, num_levels=levels, num_spokes=spokes),
            "far_tree",
            "vegetation",
            places[third == k],
            reach="far",
        )
        for k, (levels, spokes) in enumerate(shapes)
    ]


def islets(rng: np.random.Generator) -> list[Batch]:
    """A small island on the left and a spit on the right, with trees and stones."""
    batches = []
    for at, radius, seed in (((-21.0, -58.0), (11.0, 4.5), 5), ((47.0, -105.0), (19.0, 6.0), 9)):
        u, v = np.meshgrid(np.linspace(-1.3, 1.3, 60), np.linspace(-1.3, 1.3, 40))
        x, z = at[0] + u * radius[0], at[1] + v * radius[1]
        round_m = 1.6 * (1 - (u**2 + v**2)) + 0.8 * fractal_noise(x, z, 4.0, 4, seed)
        mound = sheet(np.stack([x, np.minimum(round_m, 1.1), z], -1), albedo=(0.1, 0.1, 0.05))
        batches.append(Batch(upward(mound), "ground", "ground", reach="far"))
        count = 22 if seed == 9 else 11
        turn, out = rng.random(count) * 2 * math.pi, np.sqrt(rng.random(count)) * 0.72
        place = [
            at[0] + out * np.cos(turn) * radius[0],
            np.full(count, 0.6),
            at[1] + out * np.sin(turn) * radius[1],
        ]
        size = rng.uniform(0.45, 1.0, count) * (1 - 0.45 * out)
        for k in range(2):
            wood, sprays = spruce(11.0, 2.5, seed=seed + k, whorl_m=0.30, twig_m=0.0)
            places = instances(place[0][k::2], place[1][k::2], place[2][k::2], size[k::2], rng)
            batches += [
                Batch(wood, "bark", "vegetation", places, reach="far"),
                Batch(sprays, "spray", "vegetation", places, reach="far"),
            ]
        batches.append(
            Batch(_scrub(seed), "grass", "vegetation", _scatter(at, radius, 800, rng), reach="far")
        )
        rim = rng.random(26) * 2 * math.pi
        edge = rng.uniform(0.85, 1.08, 26)
        stones = instances(
            at[0] + edge * np.cos(rim) * radius[0],
            rng.uniform(-0.2, 0.15, 26),
            at[1] + edge * np.sin(rim) * radius[1],
            rng.uniform(0.3, 1.1, 26),
            rng,
        )
        batches.append(
            Batch(
                stone(seed=seed, num_rings=14, flatness=0.6, color=(0.2, 0.19, 0.175)),
                "rock",
                "ground",
                stones,
                reach="far",
            )
        )
    return batches


def _scrub(seed: int) -> Mesh:
    """Knee-high bushes and grass as seen from far."""
    return grass_tuft(
        seed=seed, num_blades=26, height_m=0.8, spread_m=0.5, lean=0.8, color=(0.075, 0.10, 0.022)
    )


def _scatter(
    at: tuple[float, float], radius: tuple[float, float], count: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """(count, 8) places over an ellipse."""
    turn, out = rng.random(count) * 2 * math.pi, np.sqrt(rng.random(count)) * 0.85
    x, z = at[0] + out * np.cos(turn) * radius[0], at[1] + out * np.sin(turn) * radius[1]
    return instances(
        x, 0.95 - 0.75 * out**2, z, rng.uniform(0.35, 1.7, count) * rng.uniform(0.5, 1, count), rng
    )
