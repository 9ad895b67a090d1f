"""The sample `still_life`: flowers and fruit on a table, in the sun from a window."""

import math

import numpy as np
from numpy.typing import NDArray

from samples.bouquet import bouquet, fruit
from samples.light import room_lamps
from samples.mesh import Mesh, box, join, revolve, sheet, tube
from samples.place import one_at
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
JUG_BLUE = (0.030, 0.085, 0.095)

# Outlines of vessels: radius and height in m, up the outside and down into the inside
# fmt: off
VASE_OUTLINE = [
    (0.0, 0.0), (0.040, 0.0), (0.050, 0.006), (0.067, 0.05), (0.072, 0.095), (0.060, 0.150),
    (0.036, 0.192), (0.031, 0.212), (0.038, MOUTH_M), (0.0345, MOUTH_M + 0.001), (0.027, 0.208),
    (0.030, 0.17), (0.0, 0.15),
]
JUG_OUTLINE = [
    (0.0, 0.0), (0.048, 0.0), (0.056, 0.008), (0.063, 0.06), (0.055, 0.11), (0.037, 0.145),
    (0.036, 0.165), (0.041, 0.176), (0.037, 0.176), (0.032, 0.15), (0.0, 0.10),
]
BOWL_OUTLINE = [
    (0.0, 0.0), (0.052, 0.0), (0.056, 0.006), (0.100, 0.032), (0.128, 0.064), (0.131, 0.070),
    (0.126, 0.070), (0.096, 0.040), (0.05, 0.014), (0.0, 0.012),
]
# fmt: on


def still_life_setting(num_lamp_sets: int) -> Setting:
    """The whole scene."""
    sun = np.asarray(SUN) / np.linalg.norm(SUN)
    place = (float(sun[0]), float(sun[1]), float(sun[2]))
    batches = [
        *_room(),
        *_vessels(),
        *bouquet(VASE_AT + np.array([0, MOUTH_M - 0.03, 0])),
        *fruit(),
        *_cloth_and_books(),
    ]
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
    vase = revolve(_smooth(VASE_OUTLINE), albedo=(0.64, 0.63, 0.57))
    jug = revolve(_smooth(JUG_OUTLINE), albedo=JUG_BLUE)
    t = np.linspace(0, 1, 20)
    arc = np.stack([0.034 + 0.062 * np.sin(np.pi * t) ** 0.8, 0.158 - 0.098 * t, 0 * t], -1)
    arc[:, 0] += 0.020 * t
    handle = tube(arc, 0.0075 - 0.0015 * np.sin(np.pi * t), albedo=JUG_BLUE, num_sides=14)
    bowl = revolve(_smooth(BOWL_OUTLINE), albedo=(0.27, 0.145, 0.065))
    return [
        Batch(vase, "glaze", "other", one_at(*VASE_AT, seed=0.3)),
        Batch(join([jug, handle]), "glaze", "other", one_at(-0.125, 0, -0.36, turn=2.6, seed=0.7)),
        Batch(bowl, "plank", "other", one_at(-0.205, 0, 0.015, seed=0.1)),
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
        Batch(join(books), "plain", "other", one_at(0.36, 0.0, -0.33)),
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
