"""The sample `still_life`: flowers and fruit on a table, in the sun from a window."""

import math

import numpy as np
from numpy.typing import NDArray

from samples.flowers import (
    bowed,
    flower_head,
    leaf,
    leafy_branch,
    lemon,
    round_fruit,
    stem,
    upright,
)
from samples.light import room_lamps
from samples.mesh import Mesh, box, join, revolve, sheet, tube
from samples.setting import Batch, Camera, Setting
from samples.terrain import fractal_noise

SIZE_WH = (1920, 1440)
CAMERA = Camera(
    eye_m=(0.03, 0.40, 1.24),
    yaw_deg=2.0,
    pitch_deg=-9.3,
    focal_35mm=50.0,
    aperture_m=0.011,
    focus_m=1.2,
)
SUN = (-0.80, 0.50, 0.40)
SUN_LIGHT = (4.3, 3.35, 2.25)
WALL_Z, WINDOW_X = -0.62, -1.25
VASE_AT = np.array([0.115, 0.0, -0.06])
MOUTH_M = 0.226


def still_life_setting(num_lamp_sets: int) -> Setting:
    """The whole scene."""
    sun = np.asarray(SUN) / np.linalg.norm(SUN)
    place = (float(sun[0]), float(sun[1]), float(sun[2]))
    batches = [*_room(), *_vessels(), *_bouquet(), *_fruit(), *_cloth_and_books()]
    return Setting(
        name="still_life",
        size_wh=SIZE_WH,
        camera=CAMERA,
        batches=tuple(batches),
        lamps=room_lamps(place, SUN_LIGHT, num_lamp_sets, window_x=WINDOW_X + 0.06),
        near_box=(0.0, 0.18, -0.12, 0.86),
        far_box=(0.0, 0.0, 0.0, 0.0),
        sun=place,
        sun_light=SUN_LIGHT,
        has_water=False,
        haze_m=0.0,
        ambient=(0.075, 0.068, 0.060),
        exposure=0.65,
        grain=0.009,
    )


def _room() -> list[Batch]:
    """Wall, table, and the window's frame to the left, outside the picture."""
    wall = box((5.0, 3.0, 0.04), albedo=(0.56, 0.50, 0.41)).moved((0, 0.8, WALL_Z - 0.02))
    top = box((2.6, 0.036, 1.16), albedo=(0.3, 0.2, 0.1)).moved((0, -0.018, 0.0))
    low, high, left, right = 0.28, 1.32, -0.55, 1.25  # the opening: y and z
    bars = [
        box((0.08, low + 1.0, 6.0), albedo=(0.6, 0.6, 0.6)).moved((WINDOW_X, (low - 1.0) / 2, 0)),
        box((0.08, 2.0, 6.0), albedo=(0.6, 0.6, 0.6)).moved((WINDOW_X, high + 1.0, 0)),
        box((0.08, 4.0, 3.0), albedo=(0.6, 0.6, 0.6)).moved((WINDOW_X, 0.6, left - 1.5)),
        box((0.08, 4.0, 3.0), albedo=(0.6, 0.6, 0.6)).moved((WINDOW_X, 0.6, right + 1.5)),
        box((0.05, 1.2, 0.055), albedo=(0.6, 0.6, 0.6)).moved((WINDOW_X, 0.8, 0.16)),
        box((0.05, 1.2, 0.055), albedo=(0.6, 0.6, 0.6)).moved((WINDOW_X, 0.8, 0.74)),
        box((0.05, 0.055, 2.0), albedo=(0.6, 0.6, 0.6)).moved((WINDOW_X, 0.86, 0.35)),
    ]
    return [
        Batch(wall, "plaster", "building"),
        Batch(top, "table", "other"),
        Batch(join(bars), "plain", "building", casts_sky_shadow=False),
    ]


def _vessels() -> list[Batch]:
    """A pale vase, a dark jug behind it, a wooden bowl."""
    vase = revolve(
        _smooth(
            [
                (0.0, 0.0),
                (0.040, 0.0),
                (0.050, 0.006),
                (0.067, 0.05),
                (0.072, 0.095),
                (0.060, 0.150),
                (0.036, 0.192),
                (0.031, 0.212),
                (0.038, MOUTH_M),
                (0.0345, MOUTH_M + 0.001),
                (0.027, 0.208),
                (0.030, 0.17),
                (0.0, 0.15),
            ]
        ),
        albedo=(0.64, 0.63, 0.57),
    )
    jug = revolve(
        _smooth(
            [
                (0.0, 0.0),
                (0.048, 0.0),
                (0.056, 0.008),
                (0.063, 0.06),
                (0.055, 0.11),
                (0.037, 0.145),
                (0.036, 0.165),
                (0.041, 0.176),
                (0.037, 0.176),
                (0.032, 0.15),
                (0.0, 0.10),
            ]
        ),
        albedo=(0.030, 0.085, 0.095),
    )
    t = np.linspace(0, 1, 20)
    arc = np.stack([0.034 + 0.062 * np.sin(np.pi * t) ** 0.8, 0.158 - 0.098 * t, 0 * t], -1)
    arc[:, 0] += 0.020 * t
    handle = tube(
        arc, 0.0075 - 0.0015 * np.sin(np.pi * t), albedo=(0.030, 0.085, 0.095), num_sides=14
    )
    bowl = revolve(
        _smooth(
            [
                (0.0, 0.0),
                (0.052, 0.0),
                (0.056, 0.006),
                (0.100, 0.032),
                (0.128, 0.064),
                (0.131, 0.070),
                (0.126, 0.070),
                (0.096, 0.040),
                (0.05, 0.014),
                (0.0, 0.012),
            ]
        ),
        albedo=(0.27, 0.145, 0.065),
    )
    return [
        Batch(vase, "glaze", "other", _at(*VASE_AT, seed=0.3)),
        Batch(join([jug, handle]), "glaze", "other", _at(-0.125, 0, -0.36, turn=2.6, seed=0.7)),
        Batch(bowl, "plank", "other", _at(-0.205, 0, 0.015, seed=0.1)),
    ]


def _bouquet() -> list[Batch]:
    """Daisies, cosmos and leafy branches in the vase."""
    rng = np.random.default_rng(5)
    neck = VASE_AT + (0, MOUTH_M - 0.03, 0)
    daisies = [
        (-0.115, 0.150, 0.045),
        (-0.030, 0.215, 0.03),
        (0.055, 0.165, 0.085),
        (0.125, 0.225, -0.01),
        (0.02, 0.115, 0.11),
        (-0.085, 0.245, -0.05),
        (0.150, 0.125, 0.055),
        (0.005, 0.27, 0.0),
        (-0.075, 0.09, 0.09),
        (0.09, 0.105, 0.10),
    ]
    cosmos = [
        (-0.155, 0.225, 0.0),
        (0.065, 0.275, -0.03),
        (0.195, 0.195, 0.01),
        (-0.045, 0.135, 0.105),
        (0.095, 0.16, 0.10),
    ]
    petals: dict[str, list[Mesh]] = {"white": [], "pink": []}
    middles, stems = [], []
    for kind, places in (("white", daisies), ("pink", cosmos)):
        for k, offset in enumerate(places):
            end = neck + np.asarray(offset) * (0.86, 0.84, 0.86)
            look = np.array([offset[0] * 2.2, 0.16, 0.10 + offset[2] * 1.5]) + rng.normal(
                0, 0.05, 3
            )
            size = rng.uniform(0.9, 1.12)
            if kind == "white":
                head = flower_head(
                    num_petals=15,
                    length_m=0.027 * size,
                    width_m=0.0078,
                    cup=0.12,
                    color=(0.80, 0.79, 0.74),
                    seed=k,
                )
            else:
                head = flower_head(
                    num_petals=5,
                    length_m=0.034 * size,
                    width_m=0.025,
                    cup=0.30,
                    color=(0.62, 0.13, 0.25),
                    seed=30 + k,
                )
            turn = upright(look)
            petals[kind].append(head[0].turned(turn, end))
            middles.append(
                head[1].turned(
                    turn, end + turn[:, 1] * 0.002, size=0.9 if kind == "white" else 0.55
                )
            )
            bow = np.array([offset[0] * -0.22, 0.01, offset[2] * -0.2])
            stems.append(
                stem(
                    bowed(
                        neck + rng.normal(0, 0.007, 3) * (1, 0, 1), end - turn[:, 1] * 0.002, bow
                    ),
                    0.0016,
                )
            )
    twigs, leaves = [], []
    for k, tip in enumerate(
        [
            (-0.215, 0.150, -0.03),
            (0.205, 0.225, -0.06),
            (-0.07, 0.255, -0.075),
            (0.235, 0.07, 0.05),
            (-0.15, 0.045, 0.10),
            (0.02, 0.20, 0.05),
            (-0.12, 0.25, 0.01),
            (0.12, 0.19, -0.08),
            (0.06, 0.06, 0.11),
        ]
    ):
        path = bowed(neck, neck + np.asarray(tip), (0, 0.045, 0))
        twig, its_leaves = leafy_branch(
            path,
            num_leaves=17,
            length_m=0.058,
            color=((0.085, 0.135, 0.060), (0.055, 0.105, 0.030))[k % 2],
            seed=k,
        )
        twigs.append(twig)
        leaves.append(its_leaves)
    return [
        Batch(join(petals["white"]), "petal", "vegetation"),
        Batch(join(petals["pink"]), "petal", "vegetation"),
        Batch(join(middles), "pollen", "vegetation"),
        Batch(join([*stems, *twigs]), "plain", "vegetation"),
        Batch(join(leaves), "leaf", "vegetation"),
    ]


def _fruit() -> list[Batch]:
    """Oranges and apples in the bowl and before it, a lemon, fallen petals and a leaf."""
    orange = round_fruit(0.0385, dimple=0.05, tall=0.96, seed=1, color=(0.78, 0.235, 0.018))
    apple = round_fruit(0.0375, dimple=0.30, tall=0.93, seed=4, color=(0.45, 0.05, 0.03))
    yellow = lemon(0.0285, color=(0.82, 0.56, 0.045))
    tilt = upright((0.35, 0.9, 0.3))
    stalk = tube(
        [(0, 0.022, 0), (0.001, 0.034, 0.001), (0.005, 0.044, 0.002)],
        [0.0016, 0.0013, 0.0019],
        albedo=(0.09, 0.06, 0.03),
        num_sides=7,
    )
    apples = [
        ((-0.150, 0.072, 0.030), upright((0.45, 0.85, 0.35))),
        ((-0.235, 0.073, -0.062), upright((-0.3, 0.9, -0.1))),
        ((0.245, 0.0345, 0.115), upright((-0.25, 0.9, 0.42))),
    ]
    bowl_oranges = [(-0.250, 0.072, 0.052), (-0.178, 0.076, -0.050), (-0.207, 0.122, 0.005)]
    fallen = leaf(length_m=0.055, width_m=0.026, fold=0.3, sag=-0.12, color=(0.075, 0.125, 0.045))
    petals, _ = flower_head(
        num_petals=3, length_m=0.030, width_m=0.022, cup=0.15, color=(0.60, 0.13, 0.25), seed=77
    )
    return [
        Batch(
            orange,
            "peel",
            "other",
            np.concatenate(
                [_at(*p, turn=k * 1.3, seed=0.1 * k) for k, p in enumerate(bowl_oranges)]
            ),
        ),
        Batch(orange.turned(tilt, (0, 0, 0)), "peel", "other", _at(-0.020, 0.037, 0.200, seed=0.8)),
        *(
            Batch(
                join([apple]).turned(turn, (0, 0, 0)), "apple", "other", _at(*p, seed=0.2 + 0.3 * k)
            )
            for k, (p, turn) in enumerate(apples)
        ),
        Batch(join([stalk.turned(turn, p) for p, turn in apples]), "plain", "other"),
        Batch(yellow, "peel", "other", _at(0.075, 0.028, 0.165, turn=0.9, seed=0.5)),
        Batch(fallen, "leaf", "vegetation", _at(0.165, 0.004, 0.235, turn=2.2, seed=0.4)),
        Batch(petals, "petal", "vegetation", _at(-0.115, 0.002, 0.262, turn=0.4, seed=0.9)),
    ]


def _cloth_and_books() -> list[Batch]:
    """A linen cloth with folds on the table, and two books under the jug's side."""
    u, v = np.meshgrid(np.linspace(0, 1, 170), np.linspace(0, 1, 130))
    x, z = 0.10 + 0.46 * u - 0.10 * v, 0.05 + 0.40 * v + 0.07 * u
    folds = 0.0045 * (1 + np.sin(9 * u + 5 * v + 2 * fractal_noise(u, v, 0.4, 2, 3)))
    crease = 0.010 * np.maximum(0, fractal_noise(u * 0.30, v * 0.30, 0.13, 4, 8))
    edge = np.minimum(np.minimum(u, 1 - u), np.minimum(v, 1 - v))
    y = 0.0015 + (folds + crease) * np.clip(edge * 9, 0.15, 1)
    drop = np.maximum(z - 0.575, 0)
    y, z = y - drop * 3.0, np.where(drop > 0, 0.578 + 0.10 * drop, z)
    cloth = sheet(np.stack([x, y, z], -1), albedo=(0.46, 0.45, 0.42))
    sign = np.where(cloth.normals[:, 1:2] < -0.2, np.float32(-1), np.float32(1))
    cloth = Mesh(cloth.positions, cloth.normals * sign, cloth.albedo, cloth.uv_ao, cloth.triangles)
    books = []
    for k, (size, color, yaw) in enumerate(
        (
            ((0.215, 0.030, 0.150), (0.10, 0.018, 0.016), 14.0),
            ((0.190, 0.024, 0.135), (0.045, 0.062, 0.090), -6.0),
        )
    ):
        low = 0.030 * k
        cover = [
            box((size[0], 0.0025, size[2]), albedo=color).moved((0, low + dy, 0), yaw_deg=yaw)
            for dy in (0.0015, size[1] - 0.0015)
        ]
        spine = box((size[0], size[1], 0.003), albedo=color).moved(
            np.array([math.sin(math.radians(yaw)), 0, math.cos(math.radians(yaw))]) * size[2] / 2
            + (0, low + size[1] / 2, 0),
            yaw_deg=yaw,
        )
        pages = box(
            (size[0] - 0.008, size[1] - 0.005, size[2] - 0.008), albedo=(0.58, 0.52, 0.40)
        ).moved((0, low + size[1] / 2, 0), yaw_deg=yaw)
        books += [*cover, spine, pages]
    return [
        Batch(cloth, "linen", "other"),
        Batch(join(books), "plain", "other", _at(0.36, 0.0, -0.33)),
    ]


def _smooth(points: list[tuple[float, float]]) -> NDArray[np.float64]:
    """A denser outline through the points: Catmull and Rom's curve, centripetal enough here."""
    p = np.array([points[0], *points, points[-1]])
    t = np.linspace(0, 1, 9)[:-1, None]
    parts = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        parts.append(
            b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
        )
    dense = np.concatenate([*parts, p[-1:]])
    dense[:, 0] = dense[:, 0].clip(0)
    return dense


def _at(
    x: float, y: float, z: float, *, turn: float = 0.0, seed: float = 0.5
) -> NDArray[np.float32]:
    """(1, 8), one place."""
    return np.array([[x, y, z, 1, math.cos(turn), math.sin(turn), 1, seed]], np.float32)
