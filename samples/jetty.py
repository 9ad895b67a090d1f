"""The jetty of `lake`, and the boat that is tied to it."""

import math

import numpy as np

from samples.mesh import Mesh, box, join, sheet, tube
from samples.setting import Batch

JETTY_FROM, JETTY_TO, DECK_M = np.array([-2.0, -2.6]), np.array([-0.75, -13.8]), 0.52
GREY_WOOD = (0.25, 0.215, 0.18)


def jetty(rng: np.random.Generator) -> list[Batch]:
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


def boat() -> list[Batch]:
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
