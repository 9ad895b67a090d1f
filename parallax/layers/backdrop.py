"""The last thing to be seen: a blurred far sheet behind everything, so that no pixel is empty."""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, positions_from_uv
from parallax.scene import Layer, Mesh

_TEXTURE_PX = 256  # long side; it is out of focus anyway
_COLUMNS = 16
_MOST_ROWS = 16
MOST_TRIANGLES = 2 * _COLUMNS * _MOST_ROWS  # that a backdrop has
_OVERHANG_UV = 0.3  # past the canvas on every side
_BEHIND = 1.25  # times as far as the farthest thing around, the sky included


def make_backdrop(
    back_srgb8: NDArray[np.uint8],
    far_inv: NDArray[np.float32],
    *,
    window_uv: tuple[float, float, float, float],
    intrinsics: Intrinsics,
) -> Layer:
    """A coarse sheet behind the far surface, wider than it, in its blurred colours.

    Args:
        back_srgb8: (H, W, 3), what the far surface looks like.
        far_inv: (h, w), where it is, 1/su.
        window_uv: The part of the photo's uv plane that both cover.
        intrinsics: Of the photo.
    """
    height, width = back_srgb8.shape[:2]
    shrink = _TEXTURE_PX / max(width, height)
    small_wh = (max(2, round(width * shrink)), max(2, round(height * shrink)))
    small = cv2.resize(back_srgb8, small_wh, interpolation=cv2.INTER_AREA)
    pad_x, pad_y = (max(1, round(_OVERHANG_UV * side)) for side in small_wh)
    pad_x, pad_y = min(pad_x, small_wh[0] - 1), min(pad_y, small_wh[1] - 1)
    small = cv2.copyMakeBorder(small, pad_y, pad_y, pad_x, pad_x, cv2.BORDER_REFLECT_101)
    small = cv2.GaussianBlur(small, (0, 0), _TEXTURE_PX / 64)

    # The farthest value of each cell's neighbourhood, on a coarse grid of corners
    rows = int(np.clip(round(_COLUMNS * small.shape[0] / small.shape[1]), 2, _MOST_ROWS))
    coarse = cv2.resize(far_inv, small_wh, interpolation=cv2.INTER_AREA)
    coarse = cv2.copyMakeBorder(coarse, pad_y, pad_y, pad_x, pad_x, cv2.BORDER_REPLICATE)
    reach_px = -(-2 * small.shape[1] // _COLUMNS) | 1
    farthest = cv2.erode(coarse, np.ones((reach_px, reach_px), np.uint8))
    at_corner = cv2.resize(farthest, (_COLUMNS + 1, rows + 1), interpolation=cv2.INTER_NEAREST)
    mesh = _sheet(at_corner, _grown(window_uv, pad_x, pad_y, small_wh), intrinsics)
    srgb8 = cv2.cvtColor(small, cv2.COLOR_RGB2RGBA)
    return Layer("backdrop", mesh, srgb8, _grown(window_uv, pad_x, pad_y, small_wh))


def _grown(
    window_uv: tuple[float, float, float, float], pad_x: int, pad_y: int, size_wh: tuple[int, int]
) -> tuple[float, float, float, float]:
    """A window with so many of its own pixels more on every side."""
    u0, v0, u1, v1 = window_uv
    du, dv = (u1 - u0) * pad_x / size_wh[0], (v1 - v0) * pad_y / size_wh[1]
    return u0 - du, v0 - dv, u1 + du, v1 + dv


def _sheet(
    at_corner: NDArray[np.float32],
    window_uv: tuple[float, float, float, float],
    intrinsics: Intrinsics,
) -> Mesh:
    """A regular grid of two triangles a cell through (rows + 1, columns + 1) inverse depths."""
    rows, columns = at_corner.shape[0] - 1, at_corner.shape[1] - 1
    v, u = np.meshgrid(np.linspace(0, 1, rows + 1), np.linspace(0, 1, columns + 1), indexing="ij")
    uv = np.stack([u, v], -1).reshape(-1, 2)
    low, high = np.array(window_uv[:2]), np.array(window_uv[2:])
    index = np.arange((rows + 1) * (columns + 1)).reshape(rows + 1, columns + 1)
    tl, tr, bl, br = index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]
    triangles = np.stack([tr, tl, bl, tr, bl, br], -1).reshape(-1, 3)
    # Moved away along the rays, for the sky has no smaller inverse depth to be moved to
    positions_su = positions_from_uv(low + uv * (high - low), at_corner.ravel(), intrinsics)
    positions_su *= np.float32(_BEHIND)
    return Mesh(positions_su, uv.astype(np.float32), triangles.astype(np.uint32), len(triangles))
