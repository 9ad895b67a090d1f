"""The two grids that motion is baked on, and what is known about the photo there."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.depth_map import DepthMap
from parallax.label_map import LabelMap
from parallax.motion.mask import resize_mask
from parallax.photo import Photo

FIELD_LONG_SIDE_PX = 400  # finer shifts would fold the picture; the field is made anew each frame
MASK_LONG_SIDE_PX = 1280


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A photo at the sizes that motion is baked at.

    Attributes:
        photo: With a long side of at most `MASK_LONG_SIDE_PX`.
        plate_photo: At the film's size: what is shown of it moves on its own.
        depth: Of any size.
        labels: Of any size.
        field_wh: Size of the coarser grid, for displacements.
    """

    photo: Photo
    plate_photo: Photo
    depth: DepthMap
    labels: LabelMap
    field_wh: tuple[int, int]

    @property
    def short_over_size(self) -> NDArray[np.float32]:
        """(2,): what turns lengths in short sides into uv."""
        width, height = self.photo.size_wh
        return np.array([min(width, height) / width, min(width, height) / height], np.float32)

    def to_field(self, mask: NDArray[np.float32]) -> NDArray[np.float32]:
        """A mask on the grid of displacements, 0 where any of its pixels is outside."""
        inside = cv2.erode(mask, np.ones((3, 3), np.uint8))
        return resize_mask(np.asarray(inside, np.float32), self.field_wh)

    def field_inv_depth(self) -> NDArray[np.float32]:
        """(h, w) on the grid of displacements."""
        return self.depth.resized(self.field_wh).inv_depth

    def grey(self) -> NDArray[np.float32]:
        """(H, W), 0…1: the photo's encoded luma."""
        grey = cv2.cvtColor(self.photo.srgb8, cv2.COLOR_RGB2GRAY)
        return np.asarray(grey.astype(np.float32) / 255, np.float32)

    def to_plate(self, mask: NDArray[np.float32]) -> NDArray[np.float32]:
        """A mask at the size of the plates."""
        return resize_mask(mask, self.plate_photo.size_wh)


def make_canvas(
    photo: Photo, depth: DepthMap, labels: LabelMap, *, film_long_side_px: int
) -> Canvas:
    """The canvas of a photo of any size, for a film of that size."""
    return Canvas(
        photo.resized(_fit(photo.size_wh, MASK_LONG_SIDE_PX)),
        photo.resized(_fit(photo.size_wh, film_long_side_px)),
        depth,
        labels,
        _fit(photo.size_wh, FIELD_LONG_SIDE_PX),
    )


def _fit(size_wh: tuple[int, int], long_side_px: int) -> tuple[int, int]:
    """The size with its long side brought down to a limit."""
    scale = min(1.0, long_side_px / max(size_wh))
    return max(8, round(size_wh[0] * scale)), max(8, round(size_wh[1] * scale))
