"""Squares cut into triangles and put into the world."""

import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, positions_from_uv
from parallax.layers.quadtree import Squares, corner_values
from parallax.scene import Mesh

_BENEATH = 0.99  # of its inverse depth has what closes a surface's cracks
# Corners of a square in steps of half a side, counter-clockwise as seen: x right, y down
_TOP_LEFT, _LEFT, _BOTTOM_LEFT, _BOTTOM = (0, 0), (0, 1), (0, 2), (1, 2)
_BOTTOM_RIGHT, _RIGHT, _TOP_RIGHT, _TOP = (2, 2), (2, 1), (2, 0), (1, 0)


def triangulate(
    squares: Squares,
    chosen: NDArray[np.bool_],
    inv_depth: NDArray[np.float32],
    *,
    window_uv: tuple[float, float, float, float],
    intrinsics: Intrinsics,
    blended: bool = False,
    steepest_inv_of_px: float = np.inf,
    closed: bool = False,
) -> Mesh | None:
    """The mesh of a surface over some of the squares, None if over none.

    Args:
        squares: Of the whole map.
        chosen: (N,), those to cover.
        inv_depth: (H, W), the surface, 1/su.
        window_uv: The part of the photo's uv plane that the map covers.
        intrinsics: Of the photo.
        blended: Whether the triangles need blending; they are then stored from far to near.
        steepest_inv_of_px: Triangles that are steeper, in 1/su per pixel of the map, are torn off
            and made level: they span two surfaces, and would be stretched from one to the other.
        closed: Whether they also lie beneath, as steep as they may be, to be seen in the cracks.
    """
    if not chosen.any():
        return None
    points, triangles = _cut(squares, chosen)
    # Points are named by their place in units of half the smallest side
    width, height = squares.size_wh
    x = np.minimum(points[..., 0], width)
    y = np.minimum(points[..., 1], height)
    names = y * (width + 1) + x
    name, index = np.unique(names[triangles], return_inverse=True)
    index = index.reshape(-1, 3)
    index = index[_has_area(index, name, width + 1)]
    y_px, x_px = np.divmod(name, width + 1)
    at_corner = corner_values(inv_depth, y_px, x_px)
    index, name, at_corner = _tear_off(
        index, name, at_corner, width + 1, steepest_inv_of_px, closed=closed
    )
    y_px, x_px = np.divmod(name, width + 1)
    uv = np.stack([x_px / width, y_px / height], -1)
    if blended:
        index = index[np.argsort(at_corner[index].mean(-1), kind="stable")]

    low, high = np.array(window_uv[:2]), np.array(window_uv[2:])
    positions_su = positions_from_uv(low + uv * (high - low), at_corner, intrinsics)
    return Mesh(
        positions_su,
        uv.astype(np.float32),
        np.ascontiguousarray(index, np.uint32),
        0 if blended else len(index),
    )


def _tear_off(
    index: NDArray[np.int64],
    name: NDArray[np.int64],
    at_corner: NDArray[np.float32],
    stride: int,
    steepest_inv_of_px: float,
    *,
    closed: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Triangles, points and their values, with points of their own for those that are too steep.

    Such a triangle lies at the middle one of its values: two of its corners are on one surface.
    If the surface is to be closed, it also lies beneath, rising from its farthest corner no more
    steeply than is allowed.
    """
    y, x = np.divmod(name[index], stride)
    side_px = np.maximum(np.ptp(x, axis=1), np.ptp(y, axis=1))
    values = at_corner[index]
    steep = np.ptp(values, axis=1) > steepest_inv_of_px * side_px
    if not steep.any():
        return index, name, at_corner
    own = np.arange(3 * int(steep.sum())).reshape(-1, 3) + len(name)
    torn = index.copy()
    torn[steep] = own
    level = np.median(values[steep], axis=1).astype(np.float32).repeat(3)
    names = [name, name[index[steep]].ravel()]
    levels = [at_corner, level]
    if closed:
        lowest = values[steep].min(1, keepdims=True)
        gentle = (steepest_inv_of_px * side_px / np.maximum(np.ptp(values, axis=1), 1e-9))[steep]
        torn = np.r_[torn, own + len(level)]
        names.append(names[1])
        levels.append(((lowest + (values[steep] - lowest) * gentle[:, None]) * _BENEATH).ravel())
    return torn, np.concatenate(names), np.concatenate(levels)


def _cut(
    squares: Squares, chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(P, 2) points x, y in pixels and (T, 3) indices of them, for the chosen squares."""
    points, triangles, num_points = [], [], 0
    for pattern in range(16):
        members = chosen & (squares.hanging == pattern)
        if not members.any():
            continue
        outline = _outline(pattern)
        half = squares.side_px[members, None] // 2
        at = np.array(outline)
        x = squares.x_px[members, None] + at[None, :, 0] * half
        y = squares.y_px[members, None] + at[None, :, 1] * half
        # A fan about the first point of the outline
        fan = np.array([(0, i, i + 1) for i in range(1, len(outline) - 1)])
        first = num_points + np.arange(len(x)) * len(outline)
        triangles.append((first[:, None, None] + fan).reshape(-1, 3))
        points.append(np.stack([x, y], -1).reshape(-1, 2))
        num_points += x.size
    return np.concatenate(points), np.concatenate(triangles)


def _outline(pattern: int) -> list[tuple[int, int]]:
    """Points around a square, beginning with one that sees all others, hanging ones if any."""
    ring = [
        (_TOP_RIGHT, True),
        (_TOP, bool(pattern & 1)),
        (_TOP_LEFT, True),
        (_LEFT, bool(pattern & 8)),
        (_BOTTOM_LEFT, True),
        (_BOTTOM, bool(pattern & 4)),
        (_BOTTOM_RIGHT, True),
        (_RIGHT, bool(pattern & 2)),
    ]
    points = [point for point, used in ring if used]
    middles = [i for i, point in enumerate(points) if 1 in point]
    start = middles[0] if middles else 0
    if not middles:
        start = points.index(_TOP_RIGHT)
    return points[start:] + points[:start]


def _has_area(index: NDArray[np.int64], name: NDArray[np.int64], stride: int) -> NDArray[np.bool_]:
    """(T,), False for triangles that the map's border has flattened."""
    y, x = np.divmod(name[index], stride)
    area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
    return np.asarray(area != 0)
