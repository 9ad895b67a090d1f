"""How a photo enters a network."""

import cv2
import numpy as np
from numpy.typing import NDArray

Triple = tuple[float, float, float]
Planes = NDArray[np.float32]

FEWEST_MULTIPLES = 2  # OpenCV 5.0 reads beyond planes that are one pixel high when it doubles them


def photo_planes(
    srgb8: NDArray[np.uint8],
    size_wh: tuple[int, int],
    *,
    mean_srgb: Triple,
    std_srgb: Triple,
    mirrored: bool,
) -> NDArray[np.float32]:
    """A photo (H, W, 3) at the network's size, normalised: (1, 3, h, w)."""
    small = resize_photo(srgb8, size_wh)
    if mirrored:
        small = small[:, ::-1]
    mean, std = np.array(mean_srgb, np.float32), np.array(std_srgb, np.float32)
    normalised = (small / np.float32(255) - mean) / std
    return np.ascontiguousarray(normalised.transpose(2, 0, 1)[None], np.float32)


def input_size(size_wh: tuple[int, ...], long_side_px: int, multiple_px: int) -> tuple[int, int]:
    """Width and height of a network's input: the photo's shape, in multiples of some pixels."""
    scale = long_side_px / max(size_wh)
    width, height = (
        max(FEWEST_MULTIPLES, round(s * scale / multiple_px)) * multiple_px for s in size_wh
    )
    return width, height


def resize_photo(srgb8: NDArray[np.uint8], size_wh: tuple[int, ...]) -> NDArray[np.uint8]:
    """The photo at another size: averaged where it shrinks, bilinear where it grows."""
    shrinks = size_wh[0] < srgb8.shape[1] or size_wh[1] < srgb8.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(srgb8, size_wh[:2], interpolation=method), np.uint8)
