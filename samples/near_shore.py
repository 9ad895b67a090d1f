"""The shore of `lake` that the camera stands on: ground, trees, stones, grass, reeds."""

import numpy as np

from samples.jetty import JETTY_FROM, JETTY_TO
from samples.mesh import Mesh, sheet
from samples.place import Grid, instances, instances_at, upward
from samples.plants import grass_tuft, spruce, stone
from samples.setting import Batch
from samples.terrain import fractal_noise


def near_height(x: Grid, z: Grid) -> Grid:
    """Height of the near shore in m, below 0 under water."""
    shore = -4.6 - 0.5 * np.sin(x * 0.9 + 1) - 0.35 * np.sin(x * 2.3)
    shore = shore - 6.4 / (1 + np.exp(-(x - 3.4) * 1.7)) - 2.2 / (1 + np.exp((x + 5.2) * 1.6))
    inside = z - shore
    bank = 0.55 * np.tanh(0.42 * inside) - 0.10 * np.maximum(-inside - 1.5, 0)
    return np.asarray(bank + 0.07 * fractal_noise(x, z, 1.7, 4, 21))


def near_ground() -> Mesh:
    """The shore the camera stands on, down to under the water."""
    x, z = np.meshgrid(np.linspace(-13, 13, 300), np.linspace(2, -24, 300))
    return upward(sheet(np.stack([x, near_height(x, z), z], -1), albedo=(0.1, 0.1, 0.1)))


def near_trees() -> list[Batch]:
    """A tall spruce at the right edge, a young one before it."""
    wood, needles = spruce(17.0, 3.1, seed=8, whorl_m=0.36, twig_m=0.085)
    young_wood, young_needles = spruce(2.3, 0.85, seed=15, whorl_m=0.17, twig_m=0.05)
    at, young_at = (
        instances_at([(5.15, 0.35, -8.6, 1.0)]),
        instances_at([(3.35, 0.42, -6.3, 1.0), (6.4, 0.4, -10.2, 1.5)]),
    )
    return [
        Batch(wood, "bark", "vegetation", at),
        Batch(needles, "needles", "vegetation", at),
        Batch(young_wood, "bark", "vegetation", young_at),
        Batch(young_needles, "needles", "vegetation", young_at),
    ]


def stones(rng: np.random.Generator) -> list[Batch]:
    """Boulders at the water's edge, and many small ones."""
    color = (0.20, 0.19, 0.175)
    boulders = [
        (2.35, -0.02, -7.4, 0.62),
        (3.1, 0.0, -8.9, 0.8),
        (1.75, -0.10, -6.2, 0.36),
        (-4.5, 0.02, -7.7, 0.72),
        (-5.6, 0.0, -9.0, 0.95),
        (-3.6, -0.08, -6.5, 0.36),
        (-7.4, -0.15, -14.5, 1.1),
        (-8.7, -0.1, -15.6, 0.8),
        (2.7, -0.14, -12.8, 0.62),
        (4.6, -0.1, -14.6, 0.9),
        (-3.0, 0.40, -3.7, 0.28),
    ]
    small = 7000
    x, z = rng.uniform(-9, 8, small), rng.uniform(-13, -2.4, small)
    y = near_height(x[None], z[None])[0]
    keep = (y > -0.35) & (y < 0.40)
    pebbles = instances(x[keep], y[keep], z[keep], 0.018 + 0.10 * rng.random(small)[keep] ** 3, rng)
    return [
        *(
            Batch(
                stone(seed=60 + k, num_rings=52, flatness=0.66, color=color),
                "rock",
                "ground",
                instances_at(boulders[k::3]),
            )
            for k in range(3)
        ),
        Batch(
            stone(seed=70, num_rings=9, flatness=0.6, color=color),
            "rock",
            "ground",
            pebbles,
            casts_sky_shadow=False,
        ),
    ]


def grass(rng: np.random.Generator) -> list[Batch]:
    """Tufts on the shore, tall ones near the water, reeds in it."""
    count = 16000
    x, z = rng.uniform(-9, 9, count), rng.uniform(-13.5, -1.9, count)
    y = near_height(x[None], z[None])[0]
    thick = fractal_noise(x, z, 1.9, 3, 91)
    way = (JETTY_TO - JETTY_FROM) / np.linalg.norm(JETTY_TO - JETTY_FROM)
    aside = np.abs((x - JETTY_FROM[0]) * way[1] - (z - JETTY_FROM[1]) * way[0])
    keep = (y > 0.15) & (thick > -0.75 + 0.8 * rng.random(count) - 0.6 * y) & (aside > 0.80)
    size = rng.uniform(0.55, 1.15, count) * (0.85 + 0.5 * thick.clip(-0.6, 0.8))
    places = instances(x[keep], y[keep] - 0.02, z[keep], size[keep], rng)
    kind = rng.integers(0, 4, len(places))
    green = (0.085, 0.125, 0.022)
    tufts = [
        grass_tuft(seed=k, num_blades=20, height_m=0.42, spread_m=0.10, lean=0.75, color=green)
        for k in range(4)
    ]
    reeds_x, reeds_z = rng.normal(-6.6, 1.1, 150), rng.normal(-10.6, 0.9, 150)
    more_x, more_z = rng.normal(3.9, 0.8, 90), rng.normal(-12.6, 0.8, 90)
    reeds = instances(
        np.r_[reeds_x, more_x],
        np.full(240, -0.25),
        np.r_[reeds_z, more_z],
        rng.uniform(0.7, 1.15, 240),
        rng,
    )
    reed = grass_tuft(
        seed=9, num_blades=9, height_m=1.55, spread_m=0.16, lean=0.22, color=(0.14, 0.155, 0.045)
    )
    return [
        *(
            Batch(tufts[k], "grass", "vegetation", places[kind == k], casts_sky_shadow=False)
            for k in range(4)
        ),
        Batch(reed, "grass", "vegetation", reeds, casts_sky_shadow=False),
    ]
