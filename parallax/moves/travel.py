"""Moves of a camera that is carried: sideways, up, forward, around.

*Truck* and *pedestal* carry it sideways and up, *dolly* forward. Directions are the camera's: what
is seen goes the other way.
"""

import math

from parallax.camera import rotation_from_angles
from parallax.moves.params import MoveParams
from parallax.moves.size import (
    KEYS_OF_ARC,
    KEYS_OF_LINE,
    MAX_FORWARD,
    Draw,
    forward_su,
    shift_su,
    sweep_deg,
    vector_of,
)
from parallax.moves.sketch import Mark, Sketch, trace_marks
from parallax.moves.stage import Stage

SHIFT_ROUND_W = 0.036  # a circle is always at its widest somewhere, so a little less
VERTIGO = 0.12  # of the way to the subject
VERTIGO_OF_NEAR = 1.5  # of a usual way forward: nearer things would fly apart
KEYS_OF_CIRCLE = 24  # a Catmull–Rom spline is then within 0.02 % of the circle


def carry(x: int, y: int, *, holds: bool = False, swing: bool = False) -> Draw:
    """The camera is carried sideways or up without turning, or with an eye on the subject."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del params
        half = shift_su(stage, gain) / 2
        marks = trace_marks(
            KEYS_OF_LINE,
            lambda s: Mark(s, (x * half * (2 * s - 1), y * half * (2 * s - 1), 0.0), holds=holds),
        )
        return Sketch(marks, "swing", phase=0.25) if swing else Sketch(marks)

    return draw


def dolly(*, backward: bool, swing: bool = False) -> Draw:
    """The camera rolls forward along its own axis, or back."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del params
        way = forward_su(stage, gain)
        marks = trace_marks(2, lambda s: Mark(s, (0.0, 0.0, -way * (1 - s if backward else s))))
        return Sketch(marks, "swing" if swing else "once")

    return draw


def push(*, backward: bool) -> Draw:
    """The camera goes straight towards the subject, which stays where it is seen, or back."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del params
        way = min(forward_su(stage, gain), MAX_FORWARD * stage.focus_su) * stage.focus_ray

        def mark_at(s: float) -> Mark:
            return Mark(s, vector_of(way * (1 - s if backward else s)))

        return Sketch(trace_marks(2, mark_at))

    return draw


def push_arc(x: int, y: int) -> Draw:
    """Towards the subject and a little sideways or up, with an eye on it."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del params
        half = 0.75 * shift_su(stage, gain) / 2
        way = min(0.7 * forward_su(stage, gain), MAX_FORWARD * stage.focus_su) * stage.focus_ray

        def mark_at(s: float) -> Mark:
            aside = half * (2 * s - 1)
            ahead = s * (0.6 + 0.4 * s)  # aside first and ahead later: a curve, not a diagonal
            return Mark(s, vector_of(ahead * way + [x * aside, y * aside, 0.0]), holds=True)

        return Sketch(trace_marks(KEYS_OF_ARC, mark_at))

    return draw


def push_pan(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """Forward while the camera turns to the right."""
    del params
    way, half = 0.8 * forward_su(stage, gain), 0.3 * sweep_deg(stage, gain, upright=False)
    marks = trace_marks(
        KEYS_OF_LINE, lambda s: Mark(s, (0.0, 0.0, -s * way), (half * (1 - 2 * s), 0.0, 0.0))
    )
    return Sketch(marks)


def dolly_zoom(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """Forward while the lens opens: the subject keeps its size and the background recedes."""
    del params
    way = min(gain * VERTIGO * stage.focus_su, VERTIGO_OF_NEAR * forward_su(stage, gain))
    end = stage.focus_su - way
    marks = trace_marks(
        KEYS_OF_ARC,
        lambda s: Mark(s, (0.0, 0.0, -s * way), zoom=(stage.focus_su - s * way) / end),
    )
    return Sketch(marks)


def orbit(sign: int, *, swing: bool = False) -> Draw:
    """Around the subject on an arc, at an even distance: its pixel does not move."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del params
        subject = stage.focus_ray * stage.focus_su
        radius = math.hypot(subject[0], subject[2])
        half = math.degrees(math.asin(min(0.3, shift_su(stage, gain) / 2 / radius)))

        def mark_at(s: float) -> Mark:
            angle = sign * half * (2 * s - 1)
            place = subject - rotation_from_angles(angle, 0.0, 0.0) @ subject
            return Mark(s, vector_of(place), (angle, 0.0, 0.0))

        marks = trace_marks(KEYS_OF_ARC, mark_at)
        return Sketch(marks, "swing", phase=0.25) if swing else Sketch(marks)

    return draw


def circle(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """A flat circle before the photo, with an eye on the subject."""
    del params
    radius = shift_su(stage, gain, SHIFT_ROUND_W) / 2

    def mark_at(i: int) -> Mark:
        angle = 2 * math.pi * i / KEYS_OF_CIRCLE
        place = (radius * math.sin(angle), 0.7 * radius * math.cos(angle), 0.0)
        return Mark(i / KEYS_OF_CIRCLE, place, holds=True)

    return Sketch(tuple(mark_at(i) for i in range(KEYS_OF_CIRCLE)), "closed")


def swing(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """From side to side, nearer in the middle, as on a swing."""
    del params
    half, dip = shift_su(stage, gain) / 2, 0.4 * forward_su(stage, gain)
    marks = trace_marks(
        KEYS_OF_ARC,
        lambda s: Mark(s, (half * (2 * s - 1), 0.0, -4 * dip * s * (1 - s)), holds=True),
    )
    return Sketch(marks, "swing")


def crane(sign: int) -> Draw:
    """Up (+1) or down and a little forward, with an eye on the subject."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del params
        half, way = sign * shift_su(stage, gain) / 2, 0.4 * forward_su(stage, gain)
        marks = trace_marks(
            KEYS_OF_ARC,
            lambda s: Mark(s, (0.0, half * (2 * s - 1), -way * s * s), holds=True),
        )
        return Sketch(marks)

    return draw


def reveal(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """From close on the subject, sideways and out to the whole photo."""
    del params
    side = 0.7 * shift_su(stage, gain) * (1 if stage.focus_ray[0] < 0 else -1)
    marks = trace_marks(
        KEYS_OF_ARC,
        lambda s: Mark(s, ((1 - s) * side, 0.0, 0.0), zoom=1 + 0.25 * gain * (1 - s), holds=True),
    )
    return Sketch(marks)


def focus_pull(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """A slow push while sharpness goes from the background to the subject."""
    far_su = min(1 / max(stage.far_inv_depth, 0.02), 50.0)
    way = push(backward=False)(stage, params, 0.4 * gain).marks[-1].position_su
    marks = (
        Mark(0.0, focus_su=far_su),
        Mark(0.3, _part(way, 0.3), focus_su=far_su),
        Mark(0.7, _part(way, 0.7), focus_su=stage.focus_su),
        Mark(1.0, way, focus_su=stage.focus_su),
    )
    return Sketch(marks)


def _part(way: tuple[float, float, float], share: float) -> tuple[float, float, float]:
    """A part of the way."""
    return way[0] * share, way[1] * share, way[2] * share
