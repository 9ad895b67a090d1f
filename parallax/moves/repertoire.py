"""The moves themselves, in the words of film.

*Pan* and *tilt* turn the camera where it stands; *truck* and *pedestal* carry it sideways and up;
*dolly* carries it forward; *zoom* changes the lens. Directions are the camera's: what is seen goes
the other way. Sizes, at a gain of 1:

- sideways moves shift nearest and farthest `SHIFT_W` of the picture's width apart, end to end;
- forward moves go `FORWARD` of the way to the nearest point;
- turns sweep `SWEEP_W` of the picture's width.

For comparison: Apple's SHARP moves 8 % of the diagonal and 15 % forward at most, 3D photo
inpainting (Shih et al. 2020) 4.5 % of the width.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from parallax.camera import rotation_from_angles
from parallax.moves.params import MoveParams
from parallax.moves.sketch import Mark, Sketch, trace_marks
from parallax.moves.stage import Stage

Floats = NDArray[np.float64]
Draw = Callable[[Stage, MoveParams, float], Sketch]

SHIFT_W = 0.045
SHIFT_ROUND_W = 0.036  # a circle is always at its widest somewhere, so a little less
FORWARD = 0.10
CORNER_SHIFT_W = 0.085  # of the picture's width, by which its corners may fly apart
MAX_FORWARD = 0.4  # nearer to the nearest point than this, a mesh shows what it is
SWEEP_W = 0.10
SWEEP_OVERSCAN = 1.10  # what a photo does not show cannot be panned to
ZOOM = 1.14
VERTIGO = 0.12  # of the way to the subject
ROLL_DEG = 2.5
KEYS_OF_LINE = 5
KEYS_OF_ARC = 9
KEYS_OF_CIRCLE = 24  # a Catmull–Rom spline is then within 0.01 % of the circle
HANDHELD_HZ = (0.15, 1.2)  # slower is drift, faster is engine vibration
HANDHELD_KEYS_PER_S = 12
HANDHELD_SWEEP_W, HANDHELD_SHIFT_W, HANDHELD_ROLL_DEG = 0.0025, 0.004, 0.08  # root mean square


def shift_su(stage: Stage, gain: float, amount_w: float = SHIFT_W) -> float:
    """How far sideways the camera goes, end to end."""
    return gain * amount_w / (stage.focal_w * stage.depth_span)


def forward_su(stage: Stage, gain: float) -> float:
    """How far forward the camera goes; less in tall frames, whose corners are far out."""
    corner_w = 0.5 * math.hypot(1, 1 / stage.aspect)
    share = gain * min(FORWARD, CORNER_SHIFT_W / corner_w)
    return min(share, MAX_FORWARD) / stage.near_inv_depth


def sweep_deg(stage: Stage, gain: float, *, upright: bool) -> float:
    """How far the camera turns, end to end: a part of the picture's width, or of its height."""
    half = 0.5 * min(gain * SWEEP_W, 0.5) / stage.focal_w
    return math.degrees(2 * math.atan(half / stage.aspect if upright else half))


def stand_still(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """The photo as it is."""
    del stage, params, gain
    return Sketch((Mark(0.0),), ease="linear")


def zoom(outward: bool, *, swing: bool = False) -> Draw:
    """The lens closes in on the subject, or opens."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del stage, params
        marks = trace_marks(
            KEYS_OF_LINE,
            lambda s: Mark(s, zoom=1 + (ZOOM - 1) * gain * (1 - s if outward else s), holds=True),
        )
        return Sketch(marks, "swing" if swing else "once")

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
    return Sketch(marks, ease="linear", spline="linear")


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


def dolly(backward: bool, *, swing: bool = False) -> Draw:
    """The camera rolls forward along its own axis, or back."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del params
        way = forward_su(stage, gain)
        marks = trace_marks(2, lambda s: Mark(s, (0.0, 0.0, -way * (1 - s if backward else s))))
        return Sketch(marks, "swing" if swing else "once")

    return draw


def push(backward: bool) -> Draw:
    """The camera goes straight towards the subject, which stays where it is seen, or back."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del params
        way = min(forward_su(stage, gain), MAX_FORWARD * stage.focus_su) * stage.focus_ray

        def mark_at(s: float) -> Mark:
            return Mark(s, _vector(way * (1 - s if backward else s)))

        return Sketch(trace_marks(2, mark_at))

    return draw


def dolly_zoom(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """Forward while the lens opens: the subject keeps its size and the background recedes."""
    del params
    way = min(gain * VERTIGO * stage.focus_su, MAX_FORWARD / stage.near_inv_depth)
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
            return Mark(s, _vector(place), (angle, 0.0, 0.0))

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


def push_arc(x: int, y: int) -> Draw:
    """Towards the subject and a little sideways or up, with an eye on it."""

    def draw(stage: Stage, params: MoveParams, gain: float) -> Sketch:
        del params
        half = 0.75 * shift_su(stage, gain) / 2
        way = min(0.7 * forward_su(stage, gain), MAX_FORWARD * stage.focus_su) * stage.focus_ray

        def mark_at(s: float) -> Mark:
            aside = half * (2 * s - 1)
            ahead = s * (0.6 + 0.4 * s)  # aside first and ahead later: a curve, not a diagonal
            return Mark(s, _vector(ahead * way + [x * aside, y * aside, 0.0]), holds=True)

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


def handheld(stage: Stage, params: MoveParams, gain: float) -> Sketch:
    """The unrest of a hand: 1/f noise of each axis, the same for the same seed, loopable."""
    rng = np.random.default_rng(params.seed)
    pass_s = params.duration_s / (params.cycles if params.loop is not False else 1)
    count = max(12, round(pass_s * HANDHELD_KEYS_PER_S))
    noise = np.stack([_one_over_f(rng, count, pass_s) for _ in range(6)], -1)  # (count, 6)
    shift = gain * HANDHELD_SHIFT_W / (stage.focal_w * stage.depth_span)
    turn_deg = math.degrees(gain * HANDHELD_SWEEP_W / stage.focal_w)
    places = noise[:, :3] * [shift, shift, 0.5 * shift]
    turns = noise[:, 3:] * [turn_deg, turn_deg, gain * HANDHELD_ROLL_DEG]
    marks = tuple(Mark(i / count, _vector(places[i]), _vector(turns[i])) for i in range(count))
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


def _vector(array: Floats) -> tuple[float, float, float]:
    """Three numbers."""
    return float(array[0]), float(array[1]), float(array[2])


def _part(way: tuple[float, float, float], share: float) -> tuple[float, float, float]:
    """A part of the way."""
    return way[0] * share, way[1] * share, way[2] * share
