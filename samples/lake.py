"""The sample `lake`: a jetty and a boat before mountains, in the sun of a late afternoon."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.light import sky_lamps
from samples.mesh import Mesh, box, join, sheet, tube
from samples.plants import far_spruce, grass_tuft, spruce, stone
from samples.setting import Batch, Camera, Lamp, Setting
from samples.terrain import NUM_CELLS, ORIGIN_M, SIDE_M, erode_mountains, fractal_noise

Grid = NDArray[np.float64]

SIZE_WH = (1920, 1280)
CAMERA = Camera(eye_m=(0.0, 2.25, 0.0), yaw_deg=0.0, pitch_deg=-3.6, focal_35mm=28.0)
SUN = (-0.79, 0.50, 0.36)
SUN_LIGHT = (3.5, 2.85, 2.05)
JETTY_FROM, JETTY_TO, DECK_M = np.array([-2.0, -2.6]), np.array([-0.75, -13.8]), 0.52
GREY_WOOD = (0.25, 0.215, 0.18)


def lake_setting(num_lamp_sets: int) -> Setting:
    """The whole scene."""
    rng = np.random.default_rng(11)
    sun = np.asarray(SUN) / np.linalg.norm(SUN)
    heights_m = erode_mountains(3)
    batches = [
        Batch(_far_land(heights_m), "terrain", "ground", reach="far"),
        *_far_forest(heights_m, rng),
        *_islets(rng),
        Batch(_near_ground(), "ground", "ground"),
        *_jetty(rng),
        *_boat(),
        *_near_trees(),
        *_stones(rng),
        *_grass(rng),
    ]
    return Setting(
        name="lake",
        size_wh=SIZE_WH,
        camera=CAMERA,
        batches=tuple(batches),
        lamps=sky_lamps(Lamp(tuple(sun), SUN_LIGHT, is_sun=True), num_lamp_sets, num_sky=5),
        near_box=(0.5, 1.0, -8.5, 13.0),
        far_box=(0.0, 400.0, -5000.0, 6500.0),
        sun=tuple(sun),
        sun_light=SUN_LIGHT,
        has_water=True,
        haze_m=11000.0,
        ambient=(0.10, 0.11, 0.11),
        exposure=0.80,
        grain=0.008,
    )


def near_height(x: Grid, z: Grid) -> Grid:
    """Height of the near shore in m, below 0 under water."""
    shore = -4.6 - 0.5 * np.sin(x * 0.9 + 1) - 0.35 * np.sin(x * 2.3)
    shore = shore - 6.4 / (1 + np.exp(-(x - 3.4) * 1.7)) - 2.2 / (1 + np.exp((x + 5.2) * 1.6))
    inside = z - shore
    bank = 0.55 * np.tanh(0.42 * inside) - 0.10 * np.maximum(-inside - 1.5, 0)
    return np.asarray(bank + 0.07 * fractal_noise(x, z, 1.7, 4, 21))


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


def _far_land(heights_m: Grid) -> Mesh:
    """A sheet over the land beyond the lake: its points lie evenly in the picture."""
    angle = np.radians(np.linspace(-38, 38, 900))[None, :]
    far_m = (330 * np.exp(np.linspace(0, math.log(11200 / 330), 400)))[:, None]
    x, z = far_m * np.sin(angle), -far_m * np.cos(angle)
    y = far_height(heights_m, x, z)
    mesh = sheet(np.stack([x, y, z], -1), albedo=(0.2, 0.2, 0.2))
    return _upward(mesh)


def _far_forest(heights_m: Grid, rng: np.random.Generator) -> list[Batch]:
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
    places = _instances(x, y - 0.4, z, size, rng)
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


def _islets(rng: np.random.Generator) -> list[Batch]:
    """A small island on the left and a spit on the right, with trees and stones."""
    batches = []
    for at, radius, seed in (((-21.0, -58.0), (11.0, 4.5), 5), ((47.0, -105.0), (19.0, 6.0), 9)):
        u, v = np.meshgrid(np.linspace(-1.3, 1.3, 60), np.linspace(-1.3, 1.3, 40))
        x, z = at[0] + u * radius[0], at[1] + v * radius[1]
        round_m = 1.6 * (1 - (u**2 + v**2)) + 0.8 * fractal_noise(x, z, 4.0, 4, seed)
        mound = sheet(np.stack([x, np.minimum(round_m, 1.1), z], -1), albedo=(0.1, 0.1, 0.05))
        batches.append(Batch(_upward(mound), "ground", "ground", reach="far"))
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
            places = _instances(*(p[k::2] for p in place), size[k::2], rng)
            batches += [
                Batch(wood, "bark", "vegetation", places, reach="far"),
                Batch(sprays, "spray", "vegetation", places, reach="far"),
            ]
        batches.append(
            Batch(_scrub(seed), "grass", "vegetation", _scatter(at, radius, 800, rng), reach="far")
        )
        rim = rng.random(26) * 2 * math.pi
        edge = rng.uniform(0.85, 1.08, 26)
        stones = _instances(
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
    return _instances(
        x, 0.95 - 0.75 * out**2, z, rng.uniform(0.35, 1.7, count) * rng.uniform(0.5, 1, count), rng
    )


def _near_ground() -> Mesh:
    """The shore the camera stands on, down to under the water."""
    x, z = np.meshgrid(np.linspace(-13, 13, 300), np.linspace(2, -24, 300))
    return _upward(sheet(np.stack([x, near_height(x, z), z], -1), albedo=(0.1, 0.1, 0.1)))


def _jetty(rng: np.random.Generator) -> list[Batch]:
    """Boards across two beams, on posts."""
    way = JETTY_TO - JETTY_FROM
    length_m = float(np.linalg.norm(way))
    yaw_deg = math.degrees(math.atan2(-way[0], -way[1]))
    boards, pitch_m = [], 0.164
    for k in range(int(length_m / pitch_m)):
        at = JETTY_FROM + way * (k + 0.5) * pitch_m / length_m
        board = box(
            (1.36 + rng.normal(0, 0.012), 0.034, 0.143 + rng.normal(0, 0.003)),
            albedo=np.array(GREY_WOOD) * rng.uniform(0.68, 1.2),
        )
        lift = DECK_M + rng.normal(0, 0.006)
        moved = board.moved(
            (at[0] + rng.normal(0, 0.012), lift, at[1]), yaw_deg=yaw_deg + rng.normal(0, 0.5)
        )
        moved.uv_ao[:, :2] += rng.random(2) * 50
        boards.append(moved)
    right = np.array([math.cos(math.radians(yaw_deg)), -math.sin(math.radians(yaw_deg))])
    frame, posts = [], []
    for side in (-1, 1):
        middle = (JETTY_FROM + JETTY_TO) / 2 + right * 0.52 * side
        beam = box((0.09, 0.16, length_m), albedo=np.array(GREY_WOOD) * 0.7)
        frame.append(beam.moved((middle[0], DECK_M - 0.11, middle[1]), yaw_deg=yaw_deg))
        for k in range(6):
            at = JETTY_FROM + way * (0.04 + 0.19 * k) + right * 0.74 * side
            top = DECK_M + (0.42 if k in (3, 5) else 0.10) + rng.uniform(-0.04, 0.04)
            lean = rng.normal(0, 0.025, 2)
            path = [
                (at[0] - lean[0], -1.5, at[1] - lean[1]),
                (at[0], 0.3, at[1]),
                (at[0] + lean[0], top, at[1] + lean[1]),
                (at[0] + lean[0], top + 0.004, at[1] + lean[1]),
            ]
            posts.append(
                tube(
                    path,
                    [0.085, 0.08, 0.075, 0.0],
                    albedo=np.array(GREY_WOOD) * rng.uniform(0.6, 0.95),
                    num_sides=14,
                )
            )
    return [
        Batch(join(boards), "plank", "building"),
        Batch(join(frame), "plank", "building"),
        Batch(join(posts), "bark", "building"),
        Batch(
            _rope((1.48, 0.60, -11.63), tuple(posts[-1].positions[-2] - (0, 0.22, 0))),
            "plain",
            "other",
        ),
    ]


def _rope(start: tuple[float, float, float], end: tuple[float, float, float]) -> Mesh:
    """A slack rope, with a turn around what it is tied to."""
    t = np.linspace(0, 1, 24)[:, None]
    sag = np.array([0, -0.55, 0]) * t * (1 - t) * 4 * 0.35
    turn = np.linspace(0, 4 * math.pi, 24)
    loop = np.stack([0.092 * np.cos(turn), 0.01 * turn - 0.05, 0.092 * np.sin(turn)], -1) + end
    path = np.concatenate([np.asarray(start) * (1 - t) + np.asarray(end) * t + sag, loop])
    return tube(path, np.full(48, 0.014), albedo=(0.42, 0.35, 0.24), num_sides=6)


def _boat() -> list[Batch]:
    """A rowing boat beside the jetty."""
    s, t = np.meshgrid(np.linspace(0, 1, 40), np.linspace(-1, 1, 33))
    full = np.where(s > 0.4, 1 - (np.abs(s - 0.4) / 0.6) ** 2.3, 1 - 0.28 * ((0.4 - s) / 0.4) ** 2)
    rim = 0.36 + 0.55 * (s - 0.35) ** 2
    keel = -0.13 + 0.30 * np.maximum(s - 0.78, 0) ** 1.5 * 4
    shells = []
    for scale, lift, color in ((1.0, 0.0, (0.30, 0.035, 0.022)), (0.955, 0.03, (0.27, 0.19, 0.11))):
        x = 0.66 * full * np.sign(t) * np.abs(t) ** 0.62 * scale
        y = (keel + lift) + (rim - keel - lift) * np.abs(t) ** 1.9
        y = np.maximum(y, 0.05) if lift else y  # boards over the bilge: the lake's plane runs below
        shells.append(sheet(np.stack([x, y, (0.5 - s) * 4.0 * scale], -1), albedo=color))
    gunwales = [
        tube(
            np.stack([side * 0.655 * full[0], rim[0], (0.5 - s[0]) * 4.0], -1),
            np.full(40, 0.026),
            albedo=(0.62, 0.58, 0.50),
        )
        for side in (-1, 1)
    ]
    seats = [
        box((1.16, 0.03, 0.26), albedo=(0.34, 0.24, 0.14)).moved((0, 0.20, z))
        for z in (-0.75, 0.25, 1.25)
    ]
    transom = sheet(
        np.stack(
            [
                [(-0.475, -0.06, 2.006), (0, -0.12, 2.006), (0.475, -0.06, 2.006)],
                [(-0.475, 0.42, 2.006), (0, 0.44, 2.006), (0.475, 0.42, 2.006)],
            ]
        ),
        albedo=(0.28, 0.034, 0.022),
    )
    shift, yaw_deg = (1.0, 0.02, -9.7), -14.0
    return [
        Batch(join([*shells, *gunwales, transom]).moved(shift, yaw_deg=yaw_deg), "paint", "other"),
        Batch(join(seats).moved(shift, yaw_deg=yaw_deg), "plank", "other"),
    ]


def _near_trees() -> list[Batch]:
    """A tall spruce at the right edge, a young one before it."""
    wood, needles = spruce(17.0, 3.1, seed=8, whorl_m=0.36, twig_m=0.085)
    young_wood, young_needles = spruce(2.3, 0.85, seed=15, whorl_m=0.17, twig_m=0.05)
    at, young_at = (
        _instances_at([(5.15, 0.35, -8.6, 1.0)]),
        _instances_at([(3.35, 0.42, -6.3, 1.0), (6.4, 0.4, -10.2, 1.5)]),
    )
    return [
        Batch(wood, "bark", "vegetation", at),
        Batch(needles, "needles", "vegetation", at),
        Batch(young_wood, "bark", "vegetation", young_at),
        Batch(young_needles, "needles", "vegetation", young_at),
    ]


def _stones(rng: np.random.Generator) -> list[Batch]:
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
    small = 4200
    x, z = rng.uniform(-9, 8, small), rng.uniform(-13, -2.4, small)
    y = near_height(x[None], z[None])[0]
    keep = (y > -0.35) & (y < 0.20)
    pebbles = _instances(
        x[keep], y[keep], z[keep], 0.018 + 0.10 * rng.random(small)[keep] ** 3, rng
    )
    return [
        *(
            Batch(
                stone(seed=60 + k, num_rings=52, flatness=0.66, color=color),
                "rock",
                "ground",
                _instances_at(boulders[k::3]),
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


def _grass(rng: np.random.Generator) -> list[Batch]:
    """Tufts on the shore, tall ones near the water, reeds in it."""
    count = 16000
    x, z = rng.uniform(-9, 9, count), rng.uniform(-13.5, -1.9, count)
    y = near_height(x[None], z[None])[0]
    thick = fractal_noise(x, z, 1.9, 3, 91)
    way = (JETTY_TO - JETTY_FROM) / np.linalg.norm(JETTY_TO - JETTY_FROM)
    aside = np.abs((x - JETTY_FROM[0]) * way[1] - (z - JETTY_FROM[1]) * way[0])
    keep = (y > 0.15) & (thick > -0.75 + 0.8 * rng.random(count) - 0.6 * y) & (aside > 0.80)
    size = rng.uniform(0.55, 1.15, count) * (0.85 + 0.5 * thick.clip(-0.6, 0.8))
    places = _instances(x[keep], y[keep] - 0.02, z[keep], size[keep], rng)
    kind = rng.integers(0, 4, len(places))
    green = (0.085, 0.125, 0.022)
    tufts = [
        grass_tuft(seed=k, num_blades=20, height_m=0.42, spread_m=0.10, lean=0.75, color=green)
        for k in range(4)
    ]
    reeds_x, reeds_z = rng.normal(-6.6, 1.1, 150), rng.normal(-10.6, 0.9, 150)
    more_x, more_z = rng.normal(3.9, 0.8, 90), rng.normal(-12.6, 0.8, 90)
    reeds = _instances(
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


def _upward(mesh: Mesh) -> Mesh:
    """A sheet of ground with its normals up."""
    sign = np.where(mesh.normals[:, 1:2] < 0, np.float32(-1), np.float32(1))
    return Mesh(mesh.positions, mesh.normals * sign, mesh.albedo, mesh.uv_ao, mesh.triangles)


def _instances(
    x: Grid, y: Grid, z: Grid, size: Grid, rng: np.random.Generator
) -> NDArray[np.float32]:
    """(N, 8) places, each with its own turn, tint and seed."""
    turn = rng.random(len(x)) * 2 * math.pi
    tint = rng.uniform(0.75, 1.25, len(x))
    columns = [x, y, z, size, np.cos(turn), np.sin(turn), tint, rng.random(len(x))]
    return np.stack(columns, -1).astype(np.float32)


def _instances_at(places: list[tuple[float, float, float, float]]) -> NDArray[np.float32]:
    """(N, 8) for a few places (x, y, z, size) set by hand."""
    x, y, z, size = np.array(places).T
    return _instances(x, y, z, size, np.random.default_rng(len(places)))
