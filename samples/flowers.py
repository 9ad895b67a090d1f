"""Cut flowers, branches with leaves, and fruit. Metres, y up."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from samples.mesh import Mesh, ball, join, sheet, tube

STEM_GREEN = (0.075, 0.125, 0.030)


def flower_head(
    *, num_petals: int, length_m: float, width_m: float, cup: float, color: ArrayLike, seed: int
) -> tuple[Mesh, Mesh]:
    """Petals and the middle of a flower that faces up. `cup`: 0 flat, 1 half closed."""
    rng = np.random.default_rng(seed)
    petals = []
    for layer in range(2):
        for k in range(num_petals):
            azimuth = (k + 0.5 * layer + rng.normal(0, 0.09)) * 2 * math.pi / num_petals
            long = length_m * rng.uniform(0.86, 1.08) * (1 - 0.10 * layer)
            rise = cup * rng.uniform(0.6, 1.2) + 0.22 * layer
            petal = _petal(long, width_m * rng.uniform(0.85, 1.1), rise, rng)
            tone = np.asarray(color) * rng.uniform(0.88, 1.06)
            petals.append(
                petal.tinted(tone).moved((0, 0.001 * layer, 0), yaw_deg=math.degrees(azimuth))
            )
    radius = 0.34 * length_m
    middle = ball(
        22,
        lambda d: radius * np.where(d[:, 1] > 0, 1 - 0.45 * d[:, 1] ** 2, 0.6),
        albedo=(0.62, 0.33, 0.015),
    )
    return join(petals), middle


def leaf(*, length_m: float, width_m: float, fold: float, sag: float, color: ArrayLike) -> Mesh:
    """An oval leaf along +z from the origin, folded at its rib, its tip hanging."""
    t, across = np.meshgrid(np.linspace(0, 1, 12), np.linspace(-1, 1, 7), indexing="ij")
    outline = np.sin(np.pi * t**0.8) ** 0.8 * (1 - 0.25 * t) + 0.02
    x = 0.5 * width_m * across * outline
    y = np.abs(x) * fold - sag * length_m * t**2
    return sheet(np.stack([x, y, length_m * t], -1), albedo=color)


def leafy_branch(
    path: NDArray[np.float64], *, num_leaves: int, length_m: float, color: ArrayLike, seed: int
) -> tuple[Mesh, Mesh]:
    """A twig along (N, 3) points, and its leaves in pairs."""
    rng = np.random.default_rng(seed)
    twig = tube(
        path, np.linspace(0.0022, 0.0009, len(path)), albedo=(0.13, 0.10, 0.05), num_sides=7
    )
    leaves, at = [], np.linspace(0, 1, len(path))
    for k in range(num_leaves):
        share = 0.34 + 0.66 * (k + 0.5) / num_leaves
        place = np.array([np.interp(share, at, path[:, i]) for i in range(3)])
        ahead = (
            np.array([np.interp(min(1, share + 0.05), at, path[:, i]) for i in range(3)]) - place
        )
        azimuth = k * 2.4 + rng.normal(0, 0.3)
        out = np.array([math.cos(azimuth), 0.15, math.sin(azimuth)])
        way = 0.55 * ahead / (np.linalg.norm(ahead) + 1e-9) + out
        size = length_m * (1.1 - 0.55 * share) * rng.uniform(0.8, 1.15)
        one = leaf(
            length_m=size,
            width_m=0.5 * size,
            fold=0.25,
            sag=rng.uniform(0.05, 0.3),
            color=np.asarray(color) * rng.uniform(0.75, 1.25),
        )
        leaves.append(one.turned(facing(way, spin=rng.normal(0, 0.4)), place))
    return twig, join(leaves)


def facing(way: ArrayLike, *, spin: float = 0.0) -> NDArray[np.float64]:
    """(3, 3) rotation that takes +z to a direction, its y as upright as can be, then spun."""
    z = np.asarray(way, np.float64) / np.linalg.norm(way)
    x = np.cross([0.0, 1.0, 0.0] if abs(z[1]) < 0.97 else [1.0, 0.0, 0.0], z)
    x /= np.linalg.norm(x)
    y = np.cross(z, x)
    c, s = math.cos(spin), math.sin(spin)
    return np.stack([c * x + s * y, -s * x + c * y, z], -1)


def upright(way: ArrayLike) -> NDArray[np.float64]:
    """(3, 3) rotation that takes +y to a direction."""
    turn = facing(way)
    return np.stack([turn[:, 0], turn[:, 2], -turn[:, 1]], -1)


def round_fruit(
    radius_m: float, *, dimple: float, tall: float, seed: int, color: ArrayLike
) -> Mesh:
    """An orange or an apple: a ball with dimples at its poles, not quite round."""
    rng = np.random.default_rng(seed)
    lobes, phase = rng.uniform(0.004, 0.016), rng.random() * 6

    def shape(d: NDArray[np.float64]) -> NDArray[np.float64]:
        angle = np.arctan2(d[:, 2], d[:, 0])
        pole = np.exp(-((1 - np.abs(d[:, 1])) / 0.055))
        radius = (
            1 - dimple * pole * np.where(d[:, 1] > 0, 1.0, 0.6) + 0.06 * d[:, 1] * (dimple > 0.1)
        )
        return np.asarray(radius_m * radius * (1 + lobes * np.cos(5 * angle + phase)))

    body = ball(64, shape, albedo=color)
    stretch = np.array([1, tall, 1], np.float32)
    normals = body.normals / stretch
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return Mesh(body.positions * stretch, normals, body.albedo, body.uv_ao, body.triangles)


def lemon(radius_m: float, *, color: ArrayLike) -> Mesh:
    """A lemon that lies along x."""

    def shape(d: NDArray[np.float64]) -> NDArray[np.float64]:
        tip = np.exp(-((1 - np.abs(d[:, 0])) / 0.03))
        return np.asarray(radius_m * (1 + 0.22 * d[:, 0] ** 4 + 0.16 * tip))

    return ball(56, shape, albedo=color)


def stem(points: ArrayLike, radius_m: float) -> Mesh:
    """A green stem along points."""
    path = np.asarray(points, np.float64)
    return tube(path, np.full(len(path), radius_m), albedo=STEM_GREEN, num_sides=8)


def bowed(
    start: ArrayLike, end: ArrayLike, bow: ArrayLike, *, count: int = 14
) -> NDArray[np.float64]:
    """(count, 3) points of a curve between two places, pushed aside in its middle."""
    t = np.linspace(0, 1, count)[:, None]
    return np.asarray(start) * (1 - t) + np.asarray(end) * t + np.asarray(bow) * 4 * t * (1 - t)


def _petal(length_m: float, width_m: float, rise: float, rng: np.random.Generator) -> Mesh:
    """One petal along +z."""
    t, across = np.meshgrid(np.linspace(0, 1, 9), np.linspace(-1, 1, 5), indexing="ij")
    outline = np.minimum(1, 2.6 * t + 0.25) * np.sqrt(
        np.maximum(0, 1 - np.maximum(0, (t - 0.62) / 0.385) ** 2.2)
    )
    x = 0.5 * width_m * across * outline
    curl = rng.uniform(-0.15, 0.25)
    y = length_m * (rise * t - (0.35 * rise + curl) * t**2) + 0.16 * width_m * across**2
    return sheet(np.stack([x, y, 0.12 * length_m + 0.9 * length_m * t], -1), albedo=(1, 1, 1))
