"""How a photo enters a network."""

import torch
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
