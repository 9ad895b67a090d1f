"""The photo continued past its borders, as far as the path looks."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Reach


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
