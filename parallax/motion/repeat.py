"""Patterns that repeat: stairs, fences, windows, escalators, moved on by whole steps.

A pattern that has moved by one step looks as before, so it can move on for ever in a loop
(Halperin et al. 2021, "Endless Loops"). Here three copies a step apart are shown, each renewed
while it is invisible: what repeats lies on itself, what does not changes into its neighbour.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.mask import distance_inside, mean_inside

Step = tuple[float, float]
COARSE = 0.04  # of the short side: slower changes of brightness are no pattern
SHORTEST_PX = 3.0  # of a step; less is grain
LONGEST = 0.45  # of the region's extent: a step is seen twice or it is none
LEAST_LIKENESS = 0.3  # correlation of a pattern with itself a step on
FUNDAMENTAL = 0.85  # of the best likeness: a shorter step as good as that is the step
DIP = 0.6  # of the likeness, between: a pattern has something between its steps
NEAR_HINT = 0.35  # of its length: how far a step may be from the arrow that hints at it
NUM_CONTINUED = 3  # steps past the region's edge


def find_step(
    grey: NDArray[np.float32], mask: NDArray[np.float32], *, hint_px: Step | None = None
) -> Step | None:
    """How far a pattern is from itself, in pixels, to the right and down; None if nothing repeats.

    The correlation of the region's detail with itself, of the pixels that lie in it both times.

    Args:
        grey: (H, W).
        mask: (H, W), the region.
        hint_px: About one step; None looks for the clearest.
    """
    inside = (mask > 0.5).astype(np.float32)
    rows, columns = np.nonzero(inside)
    if len(rows) < 100:
        return None
    box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    likeness = _likeness(grey[box], inside[box])
    center = np.array(likeness.shape) // 2
    extent = np.array([np.ptp(rows) + 1, np.ptp(columns) + 1])
    y, x = np.mgrid[: likeness.shape[0], : likeness.shape[1]]
    way = np.stack([x - center[1], y - center[0]], -1)
    length = np.linalg.norm(way, axis=-1)
    allowed = (length >= SHORTEST_PX) & (np.abs(way) <= LONGEST * extent[::-1]).all(-1)
    if hint_px is not None:
        off = np.linalg.norm(way - np.array(hint_px), axis=-1)
        allowed &= off <= NEAR_HINT * float(np.hypot(*hint_px))
    peaks = (likeness >= cv2.dilate(likeness, np.ones((5, 5)))) & (likeness > LEAST_LIKENESS)
    found = [way[at] for at in zip(*np.nonzero(peaks & allowed), strict=True)]
    found = [step for step in found if _dips(likeness, center, step)]
    if not found:
        return None
    value = [float(likeness[tuple(center + step[::-1])]) for step in found]
    good = [s for s, like in zip(found, value, strict=True) if like >= FUNDAMENTAL * max(value)]
    return _refined(likeness, center, min(good, key=lambda step: float(np.hypot(*step))))


def continue_pattern(
    srgb8: NDArray[np.uint8], inside: NDArray[np.bool_], step_px: Step
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The picture with the pattern going on past the region's edge, by steps from inside it.

    Args:
        srgb8: (H, W, 3).
        inside: (H, W), the region.
        step_px: Of the pattern.

    Returns:
        The picture, and (H, W), where it shows the pattern.
    """
    filled, known = srgb8.copy(), inside.copy()
    for count in (sign * k for k in range(1, NUM_CONTINUED + 1) for sign in (1, -1)):
        move = np.array([[1, 0, count * step_px[0]], [0, 1, count * step_px[1]]])
        size = (inside.shape[1], inside.shape[0])
        there = cv2.warpAffine(inside.astype(np.uint8), move, size, flags=cv2.INTER_NEAREST) > 0
        moved = cv2.warpAffine(srgb8, move, size, flags=cv2.INTER_LINEAR)
        new = there & ~known
        filled[new] = moved[new]
        known |= new
    return np.asarray(filled, np.uint8), known


def _likeness(grey: NDArray[np.float32], inside: NDArray[np.float32]) -> NDArray[np.float32]:
    """(2h, 2w): correlation for every shift, none in the middle; 0 where little lies on itself."""
    sigma = max(2.0, COARSE * min(grey.shape))
    detail = (grey - mean_inside(grey, inside, sigma_px=sigma)) * inside
    depth = distance_inside(inside)
    detail = detail * np.clip(depth / 3, 0, 1)
    size = tuple(cv2.getOptimalDFTSize(2 * n) for n in grey.shape)

    def correlate(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
        product = np.conj(np.fft.rfft2(a, size)) * np.fft.rfft2(b, size)
        return np.fft.fftshift(np.fft.irfft2(product, size))

    both = correlate(inside, inside)
    energy = correlate(detail * detail, inside)
    other = correlate(inside, detail * detail)
    like = correlate(detail, detail) / np.sqrt(np.maximum(energy * other, 1e-9))
    return np.where(both > 0.25 * both.max(), like, 0).astype(np.float32)


def _refined(
    likeness: NDArray[np.float32], center: NDArray[np.intp], step: NDArray[np.intp]
) -> Step:
    """The top of the parabola through a peak and its neighbours, along x and y."""
    row, column = center + step[::-1]
    refined = []
    for axis, (dy, dx) in enumerate(((0, 1), (1, 0))):
        before, here, after = (float(likeness[row + k * dy, column + k * dx]) for k in (-1, 0, 1))
        curve = before - 2 * here + after
        offset = 0.5 * (before - after) / curve if curve < -1e-9 else 0.0
        refined.append(float(step[axis]) + float(np.clip(offset, -0.5, 0.5)))
    return refined[0], refined[1]


def _dips(likeness: NDArray[np.float32], center: NDArray[np.intp], step: NDArray[np.intp]) -> bool:
    """Whether the likeness falls and rises again on the way to a step."""
    along = np.linspace(0, 1, 33)[1:-1, None] * step[::-1] + center
    rows, columns = np.rint(along).astype(int).T
    peak = likeness[tuple(center + step[::-1])]
    return bool(likeness[rows, columns].min() < DIP * peak)
