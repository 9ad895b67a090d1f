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
