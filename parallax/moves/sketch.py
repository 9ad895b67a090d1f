"""`Sketch`: a move in the terms of a camera operator, and the path it becomes."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from parallax.curve import SplineKind
from parallax.moves.params import MoveParams
from parallax.moves.stage import INSIDE, Stage
from parallax.path import CameraPath, Keyframe, measure_margin

Floats = NDArray[np.float64]
GENTLE, SNAPPY = "easeInOutSine", "easeInOutCubic"
MAX_OVERSCAN = 1.06  # closer framing than this and people miss the edge of their photo
TOLERANCE_UV = 1e-9  # of rounding: a photo at rest looks past its border by so much
SLACK_UV = 5e-4  # of a framing that is searched for: half a pixel of a thousand
MAX_SECANTS = 8  # two or three are enough, margins being nearly linear


@dataclass(frozen=True, slots=True)
class Mark:
    """The camera at one point of a move.

    Attributes:
        at: 0…1, how far into the move.
        position_su: Where the camera stands.
        turn_deg: Yaw, pitch, roll.
        zoom: Focal length against the film at rest.
        holds: Whether the camera turns further, so that the subject stays where it is seen.
        focus_su: Distance of sharpness, None for all.
        ease: How the way to the next mark is paced.
    """

    at: float
    position_su: tuple[float, float, float] = (0.0, 0.0, 0.0)
    turn_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    zoom: float = 1.0
    holds: bool = False
    focus_su: float | None = None
    ease: str = "linear"


@dataclass(frozen=True, slots=True)
class Sketch:
    """A move as it is thought of.

    Attributes:
        marks: From 0 to 1; a closed one stops before it returns to its first.
        shape: "once" goes from end to end, "swing" there and back, "closed" around.
        ease: Pace from end to end.
        phase: Where a loop begins by itself.
        spline: How marks are joined.
        max_overscan: How much closer the framing may be, to keep the photo's border out.
        hold_within: How far from the middle, as a share of the frame, what is held may be.
    """

    marks: tuple[Mark, ...]
    shape: Literal["once", "swing", "closed"] = "once"
    ease: str = GENTLE
    phase: float = 0.0
    spline: SplineKind = "catmull-rom"
    max_overscan: float = MAX_OVERSCAN
    hold_within: float = INSIDE


def trace_marks(count: int, mark_at: Callable[[float], Mark]) -> tuple[Mark, ...]:
    """Marks at even steps from 0 to 1."""
    return tuple(replace(mark_at(i / (count - 1)), at=i / (count - 1)) for i in range(count))


def fit_path(
    draw: Callable[[float], Sketch], stage: Stage, params: MoveParams, *, gain: float
) -> CameraPath:
    """The path of a move, framed so closely that it shows little beyond the photo.

    The whole move is framed closer until it stays within the margin asked for; where that would be
    too close, the move is made smaller.

    Args:
        draw: The move at a gain.
        stage: Of the photo.
        params: Of the move.
        gain: Wanted.
    """

    def path_at(share: float, closer: float) -> CameraPath:
        """The path at a share of the gain, and of the closest framing."""
        sketch = draw(share * gain)
        overscan = 1 + closer * (sketch.max_overscan - 1)
        return path_of_sketch(sketch, stage, params, overscan=overscan)

    def excess(share: float, closer: float) -> float:
        """How far past the border that may be shown the path looks; below 0 if it keeps to it."""
        return _margin(path_at(share, closer), stage) - params.margin_uv

    wide = excess(1.0, 0.0)
    if wide <= TOLERANCE_UV:
        return path_at(1.0, 0.0)
    close = excess(1.0, 1.0)
    if close <= 0:
        return path_at(1.0, _least(lambda closer: excess(1.0, closer), wide, close))
    none = excess(0.0, 1.0)
    share = 1 - _least(lambda less: excess(1 - less, 1.0), close, none) if none <= 0 else 0.0
    return path_at(share, 1.0 if share > 0 else 0.0)


def _least(excess: Callable[[float], float], at_0: float, at_1: float) -> float:
    """The least number from 0 to 1 whose excess is not above 0, to what can be seen; by secants.

    Args:
        excess: A falling function.
        at_0: Its value at 0, above 0.
        at_1: Its value at 1, not above 0.
    """
    low, high = 0.0, 1.0
    for _ in range(MAX_SECANTS):
        if at_1 > -2 * SLACK_UV:
            break
        middle = low + (high - low) * (at_0 + SLACK_UV) / (at_0 - at_1)
        found = excess(middle)
        low, at_0, high, at_1 = (
            (low, at_0, middle, found) if found <= 0 else (middle, found, high, at_1)
        )
    return high


def _margin(path: CameraPath, stage: Stage) -> float:
    """How far a path looks past the border, however near things are there."""
    return measure_margin(
        path,
        stage.intrinsics,
        size_wh=stage.size_wh,
        inv_depth_range=(0.0, max(1.0, stage.near_inv_depth)),
        default_fov_deg=stage.rest_fov_deg,
    )


def path_of_sketch(
    sketch: Sketch, stage: Stage, params: MoveParams, *, overscan: float
) -> CameraPath:
    """The path of a sketch, framed closer by `overscan`."""
    loop = params.loop if params.loop is not None else sketch.shape != "once"
    closed = sketch.shape == "closed"
    alternate = loop and not closed
    marks = sketch.marks
    if closed and not loop:
        marks = (*marks, replace(marks[0], at=1.0))
    cycles = params.cycles if loop else 1
    pass_s = params.duration_s / cycles / (2 if alternate else 1)
    ease = "linear" if closed and loop else sketch.ease
    if ease == GENTLE and params.style == "dynamic" and not alternate:
        ease = SNAPPY
    return CameraPath(
        tuple(_keyframe(mark, sketch, stage, pass_s, overscan) for mark in marks),
        duration_s=params.duration_s,
        loop=loop,
        alternate=alternate,
        cycles=cycles,
        phase=(sketch.phase + params.phase) % 1 if loop else 0.0,
        spline=sketch.spline,
        ease=params.ease or ease,
    )


def _keyframe(mark: Mark, sketch: Sketch, stage: Stage, pass_s: float, overscan: float) -> Keyframe:
    """The key of a mark."""
    zoom = mark.zoom * overscan
    fov_deg = None
    if abs(zoom - 1) > 1e-9:
        fov_deg = math.degrees(2 * math.atan(stage.tan_rest / zoom))
    turn_deg = mark.turn_deg
    if mark.holds:
        ray = stage.ray_within(sketch.hold_within)
        yaw, pitch = aim(ray, stage.focus_su, np.array(mark.position_su), mark.zoom)
        turn_deg = (turn_deg[0] + yaw, turn_deg[1] + pitch, turn_deg[2])
    still = turn_deg == (0.0, 0.0, 0.0)
    return Keyframe(
        mark.at * pass_s,
        mark.position_su,
        rotation_deg=None if still else turn_deg,
        fov_deg=fov_deg,
        focus_su=mark.focus_su,
        ease=mark.ease,
    )


def aim(ray: Floats, focus_su: float, position_su: Floats, zoom: float) -> tuple[float, float]:
    """Yaw and pitch in degrees that keep the subject at its pixel, from another place.

    Solves Ry(yaw)·Rx(pitch)·seen = toward: the pitch from the y components, which the yaw leaves
    alone, then the yaw from the headings.

    Args:
        ray: (3,), from the photo's camera to the subject, z = −1.
        focus_su: How far away the subject is.
        position_su: (3,), of the camera.
        zoom: Focal length against the rest.
    """
    toward = ray * focus_su - position_su
    toward /= np.linalg.norm(toward)
    seen = ray * [1 / zoom, 1 / zoom, 1.0]
    seen /= np.linalg.norm(seen)
    upright = math.hypot(seen[1], seen[2])
    pitch = math.asin(max(-1.0, min(1.0, toward[1] / upright))) - math.atan2(seen[1], -seen[2])
    z = math.sin(pitch) * seen[1] + math.cos(pitch) * seen[2]
    yaw = math.atan2(-toward[0], -toward[2]) - math.atan2(-seen[0], -z)
    return math.degrees(yaw), math.degrees(pitch)
