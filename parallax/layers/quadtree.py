"""Squares over a picture: large where a surface is flat, small where it is not.

A tree of squares in which neighbours differ by at most one level (restricted quadtree, Von Herzen
and Barr 1987), cut into triangles so that an edge's middle point is used from both sides or from
neither: nothing can crack. Squares are measured in pixels of the map they cover; corners lie
between pixels. All squares of the tree together tile the map once; each surface is drawn on those
it needs.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

LARGEST_PX = 64  # more gains no triangle worth having
SMALLEST_PX = 2  # finer would cost more than the half pixel of error it takes away


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """The leaves of a tree.

    Attributes:
        x_px: int64 (N,), left edge.
        y_px: int64 (N,), upper edge.
        side_px: int64 (N,), a power of two.
        hanging: int64 (N,), bits 1 top, 2 right, 4 bottom, 8 left: on that side the neighbours are
            half as large, and the middle of the side is a corner.
        size_wh: Of the map.
    """

    x_px: NDArray[np.int64]
    y_px: NDArray[np.int64]
    side_px: NDArray[np.int64]
    hanging: NDArray[np.int64]
    size_wh: tuple[int, int]

    def any_of(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(N,), which squares hold a pixel of a mask of the map's size."""
        chosen = np.zeros(len(self.x_px), np.bool_)
        for side in np.unique(self.side_px):
            here = self.side_px == side
            squares = any_in_squares(mask, int(side))
            chosen[here] = squares[self.y_px[here] // side, self.x_px[here] // side]
        return chosen


def corner_values(field: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H + 1, W + 1), the field at pixel corners: the mean of the pixels around each."""
    padded = cv2.copyMakeBorder(field, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    rows = padded[1:] + padded[:-1]
    return np.asarray((rows[:, 1:] + rows[:, :-1]) / 4, np.float32)


def any_in_squares(mask: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    """Which of the squares of one side, in rows and columns, hold a pixel of a mask."""
    rows, columns = _padded_shape(mask.shape)
    padding = (0, rows - mask.shape[0], 0, columns - mask.shape[1])
    whole = cv2.copyMakeBorder(mask.astype(np.uint8), *padding, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(whole.reshape(rows // side, side, columns // side, side).any(axis=(1, 3)))


def measure_misfit(
    field: NDArray[np.float32], counts: NDArray[np.bool_]
) -> dict[int, NDArray[np.float32]]:
    """How far a field is from the two flat triangles of each square, for every size of square.

    Args:
        field: (H, W).
        counts: (H, W), where it matters.

    Returns:
        For each side in pixels an array of squares, the largest deviation in each.
    """
    rows, columns = _padded_shape(field.shape)
    height, width = field.shape
    padding = (0, rows - height, 0, columns - width)
    whole = cv2.copyMakeBorder(field, *padding, cv2.BORDER_REPLICATE)
    matters = cv2.copyMakeBorder(counts.astype(np.uint8), *padding, cv2.BORDER_CONSTANT, value=0)
    corners = corner_values(whole)
    misfit = {}
    side = LARGEST_PX
    while side >= SMALLEST_PX:
        deviation = np.abs(whole - _two_triangles(corners, side)) * matters
        squares = deviation.reshape(rows // side, side, columns // side, side)
        misfit[side] = np.asarray(squares.max(axis=(1, 3)), np.float32)
        side //= 2
    return misfit


def grow_squares(
    misfit: dict[int, NDArray[np.float32]],
    largest_px: NDArray[np.int64],
    *,
    tolerance: float,
) -> Squares:
    """The largest squares whose misfit is within a tolerance, neighbours one level apart.

    Args:
        misfit: Of every square of every size.
        largest_px: (H, W), the largest side allowed for the square that holds each pixel.
        tolerance: Largest misfit, in the field's unit.
    """
    rows, columns = _padded_shape(largest_px.shape)
    height, width = largest_px.shape
    padding = (0, rows - height, 0, columns - width)
    limit = cv2.copyMakeBorder(
        largest_px.astype(np.float32), *padding, cv2.BORDER_CONSTANT, value=LARGEST_PX
    )
    # Top down: a square is split if it does not fit, and only if its parent was
    split: dict[int, NDArray[np.bool_]] = {}
    side = LARGEST_PX
    while side > SMALLEST_PX:
        lowest = limit.reshape(rows // side, side, columns // side, side).min(axis=(1, 3))
        wanted = (misfit[side] > tolerance) | (lowest < side)
        split[side] = wanted if side == LARGEST_PX else wanted & _children(split[side * 2])
        side //= 2
    _balance(split)
    return _collect(split, (width, height))


def _padded_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """(rows, columns) of pixels, rounded up to whole largest squares."""
    return -(-shape[0] // LARGEST_PX) * LARGEST_PX, -(-shape[1] // LARGEST_PX) * LARGEST_PX


def _two_triangles(corners: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """The field drawn by squares of one side, each cut from its upper right to its lower left."""
    at = corners[::side, ::side]
    rows, columns = at.shape[0] - 1, at.shape[1] - 1
    spread = np.ones((1, side, 1, side), np.float32)
    tl, tr = at[:-1, None, :-1, None], at[:-1, None, 1:, None]
    bl, br = at[1:, None, :-1, None], at[1:, None, 1:, None]
    place = ((np.arange(side) + 0.5) / side).astype(np.float32)
    v, u = place[None, :, None, None], place[None, None, None, :]
    upper = tl + u * (tr - tl) + v * (bl - tl)
    lower = br + (1 - u) * (bl - br) + (1 - v) * (tr - br)
    drawn = np.where(u + v <= 1, upper, lower) * spread
    return np.asarray(drawn.reshape(rows * side, columns * side), np.float32)


def _children(split: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A property of squares as one of their four children each."""
    return split.repeat(2, 0).repeat(2, 1)


def _balance(split: dict[int, NDArray[np.bool_]]) -> None:
    """Splits further squares, in place, until no two neighbours are two levels apart."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    for side in sorted(split)[:-1]:
        # A split square's neighbours of its own size exist only if their parents are split
        near = cv2.dilate(split[side].astype(np.uint8), cross).astype(bool)
        rows, columns = near.shape
        split[side * 2] |= near.reshape(rows // 2, 2, columns // 2, 2).any(axis=(1, 3))


def _collect(split: dict[int, NDArray[np.bool_]], size_wh: tuple[int, int]) -> Squares:
    """The leaves that touch the map, with their hanging corners."""
    parts = []
    for side in [*sorted(split, reverse=True), SMALLEST_PX]:
        here = split.get(side)
        exists = (
            np.ones_like(split[LARGEST_PX]) if side == LARGEST_PX else _children(split[side * 2])
        )
        leaf = exists if here is None else exists & ~here
        y, x = np.nonzero(leaf)
        inside = (x * side < size_wh[0]) & (y * side < size_wh[1])
        y, x = y[inside], x[inside]
        hanging = np.zeros(len(x), np.int64)
        if here is not None:
            around = np.pad(here, 1)
            steps = ((-1, 0), (0, 1), (1, 0), (0, -1))
            for bit, (dy, dx) in enumerate(steps):
                hanging |= around[y + 1 + dy, x + 1 + dx].astype(np.int64) << bit
        parts.append((x * side, y * side, np.full(len(x), side), hanging))
    x_px, y_px, side_px, hanging = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Squares(x_px, y_px, side_px, hanging, size_wh)
