"""How large moves are, at a gain of 1, and what every move is made of.

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

from parallax.moves.params import MoveParams
from parallax.moves.sketch import Sketch
from parallax.moves.stage import Stage

Floats = NDArray[np.float64]
Draw = Callable[[Stage, MoveParams, float], Sketch]

SHIFT_W = 0.045
FORWARD = 0.10
CORNER_SHIFT_W = 0.085  # of the picture's width, by which its corners may fly apart
MAX_FORWARD = 0.4  # nearer to the nearest point than this, a mesh shows what it is
SWEEP_W = 0.10
SWEEP_OVERSCAN = 1.10  # what a photo does not show cannot be panned to
KEYS_OF_LINE = 5
KEYS_OF_ARC = 9


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


def vector_of(array: Floats) -> tuple[float, float, float]:
    """Three numbers."""
    return float(array[0]), float(array[1]), float(array[2])
