"""The photo continued past its borders, as far as the path looks."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Reach

_WIDEST_LINE_PX = 3  # of a frame that scanners and web sites leave around pictures
_LINE_LEVELS = 24  # of 255: so unlike what is inside of it is such a line
_LINE_SHARE = 0.9  # of its length
_CALM_LEVELS = 8  # of 255: half of what is inside changes by less over as many pixels


@dataclass(frozen=True, slots=True)
class Canvas:
    """A picture with room around the photo.

    Attributes:
        photo_wh: Size of the photo.
        margin_px: Left, top, right, bottom, in the photo's pixels.
    """

    photo_wh: tuple[int, int]
    margin_px: tuple[int, int, int, int]

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height with the margins."""
        left, top, right, bottom = self.margin_px
        return self.photo_wh[0] + left + right, self.photo_wh[1] + top + bottom

    @property
    def window_uv(self) -> tuple[float, float, float, float]:
        """The part of the photo's uv plane that it covers."""
        (width, height), (left, top, right, bottom) = self.photo_wh, self.margin_px
        return -left / width, -top / height, 1 + right / width, 1 + bottom / height


def plan_canvas(photo_wh: tuple[int, int], reach: Reach, *, spare_uv: float) -> Canvas:
    """Room for a reach and some more, at most as wide as the photo itself."""
    sides_px = (photo_wh[0], photo_wh[1]) * 2
    left, top, right, bottom = (
        min(math.ceil((margin + spare_uv) * side - 1e-6), side - 1)
        for margin, side in zip(reach.margin_uv, sides_px, strict=True)
    )
    return Canvas(photo_wh, (left, top, right, bottom))


def drop_frame_line(srgb8: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with the colours inside of it where a thin line runs along all of a side.

    Such a line is not seen at the border of a photo, and cuts through one that is continued.

    Args:
        srgb8: (H, W, 3).
    """
    cleaned = srgb8
    if min(srgb8.shape[:2]) <= 4 * _WIDEST_LINE_PX:
        return srgb8
    for turns in range(4):
        width = _frame_line_px(np.rot90(srgb8, turns)[: 2 * _WIDEST_LINE_PX + 1])
        if width:
            cleaned = srgb8.copy() if cleaned is srgb8 else cleaned
            side = np.rot90(cleaned, turns)
            side[:width] = side[width]
    return cleaned


def _frame_line_px(rows: NDArray[np.uint8]) -> int:
    """How many of the first rows of a picture are a line; 0 if there is none."""
    levels = rows.max(-1).astype(np.int16)
    inside = levels[_WIDEST_LINE_PX]
    if np.median(np.abs(levels[-1] - inside)) >= _CALM_LEVELS:
        return 0
    is_line = (np.abs(levels[:_WIDEST_LINE_PX] - inside) > _LINE_LEVELS).mean(1) > _LINE_SHARE
    # A pixel more: the line is not quite sharp
    return int(np.flatnonzero(is_line)[-1]) + 2 if is_line[0] else 0


def extend_mirrored(picture: NDArray[np.generic], canvas: Canvas) -> NDArray[np.generic]:
    """The picture continued by its mirror image: every edge goes on, nothing is smeared.

    Colours and depths are mirrored alike, so silhouettes stay where they are in both.
    """
    left, top, right, bottom = canvas.margin_px
    return np.asarray(cv2.copyMakeBorder(picture, top, bottom, left, right, cv2.BORDER_REFLECT_101))


def mirrored_indices(
    canvas: Canvas, map_wh: tuple[int, int], inner_wh: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For the rows and columns of a map of the canvas, those of a map of the photo they show.

    As `extend_mirrored` does it at the photo's size, each looked up at the middle of its pixel.

    Args:
        canvas: The photo and its margins.
        map_wh: Size of the map of the whole canvas.
        inner_wh: Size of the map of the photo.
    """
    left, top, _, _ = canvas.margin_px
    indices = []
    for axis, margin in ((1, top), (0, left)):
        side_px, length = canvas.photo_wh[axis], map_wh[axis]
        middle_px = (np.arange(length) + 0.5) * canvas.size_wh[axis] / length - margin
        # Mirrored about the middles of the first and the last pixel
        folded_px = np.abs(middle_px - 0.5)
        folded_px = (side_px - 1) - np.abs((side_px - 1) - folded_px) + 0.5
        index = np.floor(folded_px * inner_wh[axis] / side_px).astype(np.int64)
        indices.append(np.clip(index, 0, inner_wh[axis] - 1))
    return indices[0], indices[1]
