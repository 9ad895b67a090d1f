"""The jetty of `lake`, and the boat that is tied to it."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from samples.mesh import Mesh, box, join, sheet, tube
from samples.setting import Batch

JETTY_FROM, JETTY_TO, DECK_M = np.array([-2.0, -2.6]), np.array([-0.75, -13.8]), 0.52
WAY = JETTY_TO - JETTY_FROM
LENGTH_M = float(np.linalg.norm(WAY))
YAW_DEG = math.degrees(math.atan2(-WAY[0], -WAY[1]))
GREY_WOOD = (0.25, 0.215, 0.18)
BOW = np.array([1.48, 0.60, -11.63])  # where the boat's rope begins


def jetty(rng: np.random.Generator) -> list[Batch]:
    """Boards across two beams, on posts, and the boat's rope."""
    boards, (beams, posts) = _boards(rng), _frame(rng)
    tied_at = posts[-1].positions[-2] - np.array([0, 0.22, 0])
    return [
        Batch(join(boards), "plank", "building"),
        Batch(join(beams), "plank", "building"),
        Batch(join(posts), "bark", "building"),
        Batch(_rope(BOW, tied_at), "plain", "other"),
    ]


def _boards(rng: np.random.Generator) -> list[Mesh]:
    """The deck, no board quite like the next."""
    boards, pitch_m = [], 0.164
    for k in range(int(LENGTH_M / pitch_m)):
        at = JETTY_FROM + WAY * (k + 0.5) * pitch_m / LENGTH_M
        board = box(
            (1.36 + rng.normal(0, 0.012), 0.034, 0.143 + rng.normal(0, 0.003)),
            albedo=np.array(GREY_WOOD) * rng.uniform(0.68, 1.2),
        )
        lift = DECK_M + rng.normal(0, 0.006)
        place = (at[0] + rng.normal(0, 0.012), lift, at[1])
        moved = board.moved(place, yaw_deg=YAW_DEG + rng.normal(0, 0.5))
        shift = np.append(rng.random(2) * 50, 0)  # its own piece of grain
        boards.append(replace(moved, uv_ao=(moved.uv_ao + shift).astype(np.float32)))
    return boards


def _frame(rng: np.random.Generator) -> tuple[list[Mesh], list[Mesh]]:
    """Two beams, and six posts on each side."""
    right = np.array([math.cos(math.radians(YAW_DEG)), -math.sin(math.radians(YAW_DEG))])
    beams, posts = [], []
    for side in (-1, 1):
        middle = (JETTY_FROM + JETTY_TO) / 2 + right * 0.52 * side
        beam = box((0.09, 0.16, LENGTH_M), albedo=np.array(GREY_WOOD) * 0.7)
        beams.append(beam.moved((middle[0], DECK_M - 0.11, middle[1]), yaw_deg=YAW_DEG))
        for k in range(6):
            x, z = JETTY_FROM + WAY * (0.04 + 0.19 * k) + right * 0.74 * side
            top = DECK_M + (0.42 if k in (3, 5) else 0.10) + rng.uniform(-0.04, 0.04)
            dx, dz = rng.normal(0, 0.025, 2)
            path = [(x - dx, -1.5, z - dz), (x, 0.3, z)]
            path += [(x + dx, top + y, z + dz) for y in (0, 0.004)]
            color = np.array(GREY_WOOD) * rng.uniform(0.6, 0.95)
            posts.append(tube(path, [0.085, 0.08, 0.075, 0.0], albedo=color, num_sides=14))
    return beams, posts


def _rope(start: NDArray[np.float64], end: NDArray[np.float64]) -> Mesh:
    """A slack rope, with a turn around what it is tied to."""
    t = np.linspace(0, 1, 24)[:, None]
    sag = np.array([0, -0.55, 0]) * t * (1 - t) * 4 * 0.35
    turn = np.linspace(0, 4 * math.pi, 24)
    loop = np.stack([0.092 * np.cos(turn), 0.01 * turn - 0.05, 0.092 * np.sin(turn)], -1) + end
    path = np.concatenate([start * (1 - t) + end * t + sag, loop])
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
