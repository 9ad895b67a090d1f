"""The unrest of a hand that holds the camera."""

import math

import numpy as np

from parallax.moves.params import MoveParams
from parallax.moves.size import Floats, vector_of
from parallax.moves.sketch import Mark, Sketch
from parallax.moves.stage import Stage

HANDHELD_HZ = (0.15, 1.2)  # slower is drift, faster is engine vibration
KEYS_PER_S = 12
SWEEP_W, SHIFT_W, ROLL_DEG = 0.0025, 0.004, 0.08  # root mean square


def handheld(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """The unrest of a hand: 1/f noise of each axis, the same for the same seed, loopable."""
    rng = np.random.default_rng(params.seed)
    pass_s = params.duration_s / (params.cycles if params.loop is not False else 1)
    count = max(12, round(pass_s * KEYS_PER_S))
    noise = np.stack([_one_over_f(rng, count, pass_s) for _ in range(6)], -1)  # (count, 6)
    shift = gain * SHIFT_W / (stage.focal_w * stage.depth_span)
    turn_deg = math.degrees(gain * SWEEP_W / stage.focal_w)
    places = noise[:, :3] * [shift, shift, 0.5 * shift]
    turns = noise[:, 3:] * [turn_deg, turn_deg, gain * ROLL_DEG]
    marks = tuple(Mark(i / count, vector_of(places[i]), vector_of(turns[i])) for i in range(count))
    return Sketch(marks, "closed", ease="linear")


def _one_over_f(rng: np.random.Generator, count: int, pass_s: float) -> Floats:
    """(count,): periodic noise whose power falls as 1/f, with a root mean square of 1."""
    low, high = HANDHELD_HZ
    orders = np.arange(1, max(2, int(high * pass_s)) + 1)
    orders = orders[orders >= max(1, math.floor(low * pass_s))]
    orders = orders[orders <= count // 4]
    angles = 2 * math.pi * rng.random(len(orders))
    t = np.arange(count) / count
    waves = np.cos(2 * math.pi * orders[:, None] * t + angles[:, None]) / np.sqrt(orders)[:, None]
    total = waves.sum(0)
    return np.asarray(total / np.sqrt(np.mean(total**2)))
