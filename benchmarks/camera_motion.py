"""What a film's camera does, called from its frames alone: VBench-I2V's seven camera motions.

    from benchmarks.camera_motion import classify_camera_motion
    classify_camera_motion(frames)   # "pan left", "tilt up", "zoom in", "static" …

Dense optical flow (DIS, Kroeger et al. 2016) is added up from frame to frame along a grid of
points, as VBench does with a point tracker, and a shift and a growth are fitted to where the points
went. Directions are the camera's, as in VBench: in a pan to the left the picture goes right. Uses
OpenCV and numpy, nothing of the project.
"""

import itertools
from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CAMERA_MOTIONS = (
    "pan left", "pan right", "tilt up", "tilt down", "zoom in", "zoom out", "static",
)  # fmt: skip
LEAST_MOVE = 0.005  # of the short side, as VBench has it
GRID = 24  # points a side
LONG_SIDE_PX = 320  # flow is found on frames shrunk to this; a camera's motion is a coarse thing
MAX_STEPS = 30  # frames looked at: a minute's film is sampled evenly


def classify_camera_motion(frames: Iterable[NDArray[np.uint8]]) -> str:
    """One of `CAMERA_MOTIONS`: what the camera does from the first frame to the last.

    The shift and the growth that explain most of the picture (Tukey's weights, so that things that
    move by themselves or lie nearer than the rest count little) are compared by how far they move
    the border of the picture.

    Args:
        frames: (H, W, 3) RGB or (H, W) grey, in order; at least two of one size.
    """
    start, end, size_wh = follow_grid(frames)
    middle = np.array(size_wh) / 2
    shift, growth = _fit_shift_and_growth(start - middle, end - middle)
    short = min(size_wh)
    by_size = abs(growth) * short / 2  # how far the nearer border moves
    if max(by_size, *np.abs(shift)) < LEAST_MOVE * short:
        return "static"
    if by_size > np.abs(shift).max():
        return "zoom in" if growth > 0 else "zoom out"
    if abs(shift[0]) > abs(shift[1]):
        return "pan left" if shift[0] > 0 else "pan right"
    return "tilt up" if shift[1] > 0 else "tilt down"


def call_as_vbench(frames: Iterable[NDArray[np.uint8]]) -> frozenset[str]:
    """The motions that VBench's own rule calls; more than one, or none, where it is torn.

    Huang et al. 2024, VBench++, `camera_motion.py`: points in the middle of each border of a
    10 × 10 grid; opposite borders that go the same way are a pan or tilt, that part a zoom.

    Args:
        frames: As for `classify_camera_motion`.
    """
    start, end, size_wh = follow_grid(frames, num=10)
    away = (end - start).reshape(10, 10, 2)
    least = LEAST_MOVE * min(size_wh)

    def ways(points: Floats) -> list[str]:
        x, y = points.mean(0)
        across = ["right"] if x > least else ["left"] if x < -least else []
        upright = ["down"] if y > least else ["up"] if y < -least else []
        return across + upright or ["static"]

    same = {
        "left left": "pan right", "right right": "pan left", "down down": "tilt up",
        "up up": "tilt down", "static static": "static",
    }  # fmt: skip
    upright = same | {"up down": "zoom in", "down up": "zoom out"}
    across = same | {"left right": "zoom in", "right left": "zoom out"}
    called = set()
    top, bottom = ways(away[0, 3:7]), ways(away[9, 3:7])
    left, right = ways(away[3:7, 0]), ways(away[3:7, 9])
    for one, other, names in ((top, bottom, upright), (left, right, across)):
        called |= {names[key] for key in (f"{a} {b}" for a in one for b in other) if key in names}
    return frozenset(called - {"static"} if len(called) > 1 else called)


def follow_grid(
    frames: Iterable[NDArray[np.uint8]], *, num: int = GRID
) -> tuple[Floats, Floats, tuple[int, int]]:
    """Where the points of a grid begin and end, (num², 2) pixels each, and the frames' size.

    Points that leave the picture go on as the picture's border does.

    Raises:
        ValueError: Fewer than two frames, or of different sizes.
    """
    grays = [_small_gray(frame) for frame in frames]
    if len(grays) < 2 or len({gray.shape for gray in grays}) > 1:
        raise ValueError(f"frames: expected two or more of one size, got {len(grays)}")
    picked = np.unique(np.linspace(0, len(grays) - 1, min(len(grays), MAX_STEPS)).round())
    height, width = grays[0].shape
    ticks = (np.arange(num) + 0.5) / num
    x, y = np.meshgrid(ticks * width, ticks * height)
    start = np.stack([x.ravel(), y.ravel()], -1)
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    place = start.copy()
    steps = [grays[int(index)] for index in picked]
    for before, after in itertools.pairwise(steps):
        flow = finder.calc(before, after, np.zeros((height, width, 2), np.float32))
        place = place + _sample(flow, place)
    return start, place, (width, height)


def _small_gray(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w): a frame in grey, its long side `LONG_SIDE_PX` at most."""
    gray: Any = frame if frame.ndim == 2 else cv2.cvtColor(frame[..., :3], cv2.COLOR_RGB2GRAY)
    scale = LONG_SIDE_PX / max(gray.shape)
    if scale < 1:
        gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(gray)


def _sample(flow: Any, place: Floats) -> Floats:
    """(P, 2): a flow field (H, W, 2) between its pixels; beyond its border, as there."""
    at = (place - 0.5).astype(np.float32)[:, None]
    found = cv2.remap(flow, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found[:, 0], np.float64)


def _fit_shift_and_growth(start: Floats, end: Floats) -> tuple[Floats, float]:
    """(2,) shift in pixels and the growth less 1 that take most points to where they went."""
    away = end - start
    weight = np.ones(len(start))
    shift, growth = np.zeros(2), 0.0
    for _ in range(20):
        # Least squares of away = shift + growth · start, both coordinates at once
        total = weight.sum()
        mean_start, mean_away = weight @ start / total, weight @ away / total
        apart, gone = start - mean_start, away - mean_away
        growth = float((weight[:, None] * apart * gone).sum() / (weight @ (apart**2).sum(1)))
        shift = mean_away - growth * mean_start
        miss = np.linalg.norm(away - shift - growth * start, axis=1)
        scale = max(4.7 * float(np.median(miss)), 0.25)
        weight = np.maximum(1 - (miss / scale) ** 2, 0) ** 2 + 1e-6
    return shift, growth
