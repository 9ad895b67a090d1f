"""How a photo enters a network."""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Triple = tuple[float, float, float]

IMAGENET_MEAN_SRGB: Triple = (0.485, 0.456, 0.406)
IMAGENET_STD_SRGB: Triple = (0.229, 0.224, 0.225)


def normalise_srgb(
    srgb: Tensor, mean_srgb: Triple = IMAGENET_MEAN_SRGB, std_srgb: Triple = IMAGENET_STD_SRGB
) -> Tensor:
    """Photos (N, 3, H, W), 0…1, with about mean 0 and standard deviation 1."""
    mean = torch.tensor(mean_srgb, dtype=srgb.dtype, device=srgb.device)[:, None, None]
    std = torch.tensor(std_srgb, dtype=srgb.dtype, device=srgb.device)[:, None, None]
    return (srgb - mean) / std


def photo_tensor(
    srgb8: NDArray[np.uint8],
    size_wh: tuple[int, int],
    *,
    mean_srgb: Triple,
    std_srgb: Triple,
    mirrored: bool,
) -> Tensor:
    """A photo (H, W, 3) at the network's size, normalised: (1, 3, h, w), channels last."""
    small = resize_photo(srgb8, size_wh)
    if mirrored:
        small = small[:, ::-1]
    x = torch.from_numpy(np.ascontiguousarray(small)).permute(2, 0, 1)[None].float() / 255
    normalised = normalise_srgb(x, mean_srgb, std_srgb)
    return normalised.contiguous(memory_format=torch.channels_last)


def input_size(size_wh: tuple[int, ...], long_side_px: int, multiple_px: int) -> tuple[int, int]:
    """Width and height of a network's input: the photo's shape, in multiples of some pixels."""
    scale = long_side_px / max(size_wh)
    width, height = (max(1, round(s * scale / multiple_px)) * multiple_px for s in size_wh)
    return width, height


def resize_photo(srgb8: NDArray[np.uint8], size_wh: tuple[int, ...]) -> NDArray[np.uint8]:
    """The photo at another size: averaged where it shrinks, bilinear where it grows."""
    shrinks = size_wh[0] < srgb8.shape[1] or size_wh[1] < srgb8.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(srgb8, size_wh[:2], interpolation=method), np.uint8)
