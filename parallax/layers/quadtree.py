"""Squares over a picture: large where a surface is flat, small where it is not.

A tree of squares in which neighbours differ by at most one level (restricted quadtree, Von Herzen
and Barr 1987), cut into triangles so that an edge's middle point is used from both sides or from
neither: nothing can crack. Squares are measured in pixels of the map they cover; corners lie
between pixels. All squares of the tree together tile the map once; each surface is drawn on those
it needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

LARGEST_PX = 64  # more gains no triangle worth having
Pyramid: TypeAlias = dict[int, NDArray[Any]]  # by the side of its squares, in rows and columns
_PLACES = 16  # in a row of a square, in which it is looked at
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

    @property
    def num_triangles(self) -> NDArray[np.int64]:
        """(N,), how many triangles each square is cut into."""
        return 2 + np.bitwise_count(self.hanging).astype(np.int64)

    def any_of(self, marked: Pyramid) -> NDArray[np.bool_]:
        """(N,), which squares hold a marked pixel, from `pool_squares` of a mask."""
        chosen = np.zeros(len(self.x_px), np.bool_)
        for side, squares in marked.items():
            here = np.flatnonzero(self.side_px == side)
            chosen[here] = squares[self.y_px[here] // side, self.x_px[here] // side] > 0
        return chosen


def mask_of(squares: Squares, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(H, W), the pixels of some of the squares."""
    width, height = squares.size_wh
    rows, columns = _padded_shape((height, width))
    mask = np.zeros((rows, columns), np.bool_)
    for side in np.unique(squares.side_px):
        here = chosen & (squares.side_px == side)
        grid = np.zeros((rows // side, columns // side), np.bool_)
        grid[squares.y_px[here] // side, squares.x_px[here] // side] = True
        mask |= grid.repeat(side, 0).repeat(side, 1)
    return mask[:height, :width]


def corner_values(
    field: NDArray[np.float32], y: NDArray[np.integer], x: NDArray[np.integer]
) -> NDArray[np.float32]:
    """The field at pixel corners, y from 0 to H and x from 0 to W: means of the pixels around."""
    above, below = np.maximum(y - 1, 0), np.minimum(y, field.shape[0] - 1)
    left, right = np.maximum(x - 1, 0), np.minimum(x, field.shape[1] - 1)
    on_left, on_right = (
        field[below, left] + field[above, left],
        field[below, right] + field[above, right],
    )
    return np.asarray((on_right + on_left) / 4, np.float32)


def pool_squares(values: NDArray[Any]) -> Pyramid:
    """The largest value in each square, for every size of square.

    Args:
        values: (H, W), from 0 up, or a mask.

    Returns:
        For each side in pixels an array of squares, in rows and columns.
    """
    rows, columns = _padded_shape(values.shape)
    pooled = np.zeros((rows, columns), np.uint8 if values.dtype == np.bool_ else values.dtype)
    pooled[: values.shape[0], : values.shape[1]] = values
    pyramid, side = {}, 1
    while side < LARGEST_PX:
        # Twice over pairs: a maximum over short axes is ten times slower
        pooled = np.maximum(pooled[::2], pooled[1::2])
        pooled = np.maximum(pooled[:, ::2], pooled[:, 1::2])
        side *= 2
        if side >= SMALLEST_PX:
            pyramid[side] = pooled
    return pyramid


def measure_misfit(
    field: NDArray[np.float32], counts: NDArray[np.bool_], *, largest_px: int = LARGEST_PX
) -> Pyramid:
    """How far a field is from the two flat triangles of each square, for every size of square.

    Large squares are looked at in 16×16 places, at the mean of the pixels around each.

    Args:
        field: (H, W).
        counts: (H, W), where it matters.
        largest_px: Larger squares are not looked at.

    Returns:
        For each side in pixels an array of squares, the largest deviation in each; 0 for those
        that were not looked at.
    """
    rows, columns = _padded_shape(field.shape)
    padding = (0, rows - field.shape[0], 0, columns - field.shape[1])
    whole = cv2.copyMakeBorder(field, *padding, cv2.BORDER_REPLICATE)
    matters = cv2.copyMakeBorder(counts.astype(np.float32), *padding, cv2.BORDER_CONSTANT, value=0)
    misfit = {}
    side = LARGEST_PX
    while side >= SMALLEST_PX:
        misfit[side] = np.zeros((rows // side, columns // side), np.float32)
        if SMALLEST_PX < side <= largest_px:
            places = min(side, _PLACES)
            seen, weight = (_seen_in(picture, side // places) for picture in (whole, matters))
            corners = corner_values(whole, *np.ogrid[: rows + 1 : side, : columns + 1 : side])
            drawn = _two_triangles(corners, places)
            deviation = cv2.multiply(cv2.absdiff(seen, drawn, drawn), weight, drawn)  # in place
            misfit[side] = _pool(np.asarray(deviation, np.float32), places)
        side //= 2
    return misfit


def grow_squares(
    misfit: Pyramid,
    limits: Mapping[int, Pyramid],
    *,
    size_wh: tuple[int, int],
    tolerance: float,
) -> Squares:
    """The largest squares whose misfit is within a tolerance, neighbours one level apart.

    Args:
        misfit: Of every square of every size.
        limits: Where squares must be no larger than a side: pooled masks.
        size_wh: Of the map.
        tolerance: Largest misfit, in the field's unit.
    """
    # Top down: a square is split if it does not fit, and only if its parent was
    split: dict[int, NDArray[np.bool_]] = {}
    side = LARGEST_PX
    while side > SMALLEST_PX:
        wanted = misfit[side] > tolerance
        for largest_px, marked in limits.items():
            if side > largest_px:
                wanted |= marked[side] > 0
        split[side] = wanted if side == LARGEST_PX else wanted & _children(split[side * 2])
        side //= 2
    _balance(split)
    return _collect(split, size_wh)


def _padded_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """(rows, columns) of pixels, rounded up to whole largest squares."""
    return -(-shape[0] // LARGEST_PX) * LARGEST_PX, -(-shape[1] // LARGEST_PX) * LARGEST_PX


def _seen_in(picture: NDArray[np.float32], place_px: int) -> NDArray[np.float32]:
    """(H / place, W / place), the means of a picture's places."""
    if place_px == 1:
        return picture
    size_wh = (picture.shape[1] // place_px, picture.shape[0] // place_px)
    return np.asarray(cv2.resize(picture, size_wh, interpolation=cv2.INTER_AREA), np.float32)


def _pool(values: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """The largest value of each square of a side that is a power of two."""
    while side > 1:
        values = np.maximum(values[::2], values[1::2])
        values = np.maximum(values[:, ::2], values[:, 1::2])
        side //= 2
    return values


def _two_triangles(corners: NDArray[np.float32], places: int) -> NDArray[np.float32]:
    """Squares between corners, each cut from its upper right to its lower left, drawn.

    Args:
        corners: (h + 1, w + 1).
        places: Pixels in a row and in a column of a square.

    Returns:
        (places * h, places * w).
    """
    height, width = corners.shape[0] - 1, corners.shape[1] - 1
    # Bilinear between the corners, which are half a square outside the middles that resizing uses
    wide_wh = ((width + 1) * places, (height + 1) * places)
    half = places // 2
    smooth = cv2.resize(corners, wide_wh, interpolation=cv2.INTER_LINEAR)
    smooth = smooth[half : half + height * places, half : half + width * places]
    # Two flat triangles lack what the corners are not in one plane by
    twist = corners[:-1, :-1] - corners[:-1, 1:] - corners[1:, :-1] + corners[1:, 1:]
    u = ((np.arange(places) + 0.5) / places).astype(np.float32)
    v = u[:, None]
    lack = np.where(u + v <= 1, u * v, (1 - u) * (1 - v))
    twisted = (twist.repeat(places, axis=1)[:, None] * np.tile(lack, width)).reshape(smooth.shape)
    return np.asarray(cv2.subtract(smooth, twisted, twisted), np.float32)  # in place


def _children(split: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A property of squares as one of their four children each."""
    return split.repeat(2, 0).repeat(2, 1)


def _balance(split: dict[int, NDArray[np.bool_]]) -> None:
    """Splits further squares, in place, until no two neighbours are two levels apart."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    for side in sorted(split)[:-1]:
        # A split square's neighbours of its own size exist only if their parents are split
        near = cv2.dilate(split[side].view(np.uint8), cross).view(np.bool_)
        near = near[::2] | near[1::2]
        split[side * 2] |= near[:, ::2] | near[:, 1::2]


def _collect(split: dict[int, NDArray[np.bool_]], size_wh: tuple[int, int]) -> Squares:
    """The leaves that touch the map, with their hanging corners."""
    parts = []
    for side in [*sorted(split, reverse=True), SMALLEST_PX]:
        here = split.get(side)
        exists = (
            np.ones_like(split[LARGEST_PX]) if side == LARGEST_PX else _children(split[side * 2])
        )
        leaf = exists if here is None else exists & ~here
        y, x = np.divmod(np.flatnonzero(leaf), leaf.shape[1])
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
