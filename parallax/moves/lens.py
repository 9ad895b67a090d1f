"""Moves of a camera that stays where it is: its lens, and turns about itself.

*Pan* and *tilt* turn it; *zoom* changes the lens. Directions are the camera's: what is seen goes
the other way.
"""

import math

import numpy as np

from parallax.moves.params import MoveParams
from parallax.moves.size import KEYS_OF_ARC, KEYS_OF_LINE, SWEEP_OVERSCAN, Draw, sweep_deg
from parallax.moves.sketch import Mark, Sketch, trace_marks
from parallax.moves.stage import Stage

ZOOM = 1.14
ROLL_DEG = 2.5
# A zoom about a point near the border would look like a pan or a tilt; closer in, the subject still
# stays in the frame
ZOOM_WITHIN, SNAP_WITHIN = 0.45, 0.75


def stand_still(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """The photo as it is."""
    del stage, params, gain
    return Sketch((Mark(0.0),), "closed", ease="linear")


def zoom(*, outward: bool, swing: bool = False) -> Draw:
    """The lens closes in on the subject, or opens."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del stage, params
        marks = trace_marks(
            KEYS_OF_LINE,
            lambda s: Mark(s, zoom=1 + (ZOOM - 1) * gain * (1 - s if outward else s), holds=True),
        )
        return Sketch(marks, "swing" if swing else "once", hold_within=ZOOM_WITHIN)

    return draw


def snap_zoom(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """A slow creep, a sudden close-up, and a slow creep on."""
    del stage, params
    snap = 1 + 0.35 * gain
    marks = (
        Mark(0.0, zoom=1.0, holds=True, ease="easeInSine"),
        Mark(0.46, zoom=1 + 0.02 * gain, holds=True, ease="easeInOutCubic"),
        Mark(0.56, zoom=snap, holds=True, ease="easeOutSine"),
        Mark(1.0, zoom=snap * (1 + 0.02 * gain), holds=True),
    )
    return Sketch(marks, ease="linear", spline="linear", hold_within=SNAP_WITHIN)


def turn(sign: int, *, upright: bool) -> Draw:
    """The camera turns left (+1) or right, or up (+1) or down, about itself."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del params
        half = sign * sweep_deg(stage, gain, upright=upright) / 2

        def mark_at(s: float) -> Mark:
            angle = half * (2 * s - 1)
            return Mark(s, turn_deg=(0.0, angle, 0.0) if upright else (angle, 0.0, 0.0))

        return Sketch(trace_marks(2, mark_at), max_overscan=SWEEP_OVERSCAN)

    return draw


def roll(sign: int) -> Draw:
    """The camera rolls counter-clockwise (+1) or clockwise, and the picture the other way."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del stage, params
        angle = sign * ROLL_DEG * gain
        marks = trace_marks(2, lambda s: Mark(s, turn_deg=(0.0, 0.0, angle * (2 * s - 1))))
        return Sketch(marks, max_overscan=SWEEP_OVERSCAN)

    return draw


def ken_burns(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """A crop that drifts and closes in on the subject: flat, with no parallax at all."""
    del params
    closest = 1 + 0.16 * gain

    def mark_at(s: float) -> Mark:
        lens = 1 + (closest - 1) * s
        slack = stage.tan_rest * (1 - 1 / lens) * 0.95  # of the crop within the frame
        x = float(np.clip(s * stage.focus_ray[0], -slack * stage.aspect, slack * stage.aspect))
        y = float(np.clip(s * stage.focus_ray[1], -slack, slack))
        turn_deg = (-math.degrees(math.atan(x)), math.degrees(math.atan(y)), 0.0)
        return Mark(s, turn_deg=turn_deg, zoom=lens)

    return Sketch(trace_marks(KEYS_OF_ARC, mark_at))
