"""Values known at some pixels, spread over all the others."""

import cv2
import numpy as np
from numpy.typing import NDArray

_FULL_WEIGHT = 1e-6  # below it a pixel of the pyramid counts as empty


def spread_known(values: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """The values where they are known, smoothly continued where they are not.

    Push-pull over an image pyramid: averages of the known pixels are pushed into ever coarser
    levels until nothing is empty, then pulled down into the gaps (Gortler et al. 1996, "The
    Lumigraph", section 3.4). A gap takes its colour from its rim, the nearest part of it most.

    Args:
        values: (H, W) or (H, W, C); ignored where the weight is 0.
        weight: (H, W), 0 unknown … 1 known.

    Returns:
        Like `values`; unchanged where the weight is 1. All 0 if nothing is known.
    """
    pixels = values if values.ndim == 3 else values[..., None]
    known = np.clip(weight, 0, 1).astype(np.float32)
    weighted = np.where(known[..., None] > 0, pixels, 0) * known[..., None]
    spread = _pull(weighted.astype(np.float32), known)
    return spread.reshape(values.shape)


def _pull(weighted: NDArray[np.float32], known: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W, C) values of one level, from weighted values and weights, empty pixels filled."""
    height, width = known.shape
    if known.min() >= 1 or max(height, width) == 1:
        return np.asarray(weighted / np.maximum(known, _FULL_WEIGHT)[..., None], np.float32)
    # The next level holds the sums of 2×2 pixels, with a weight of at most 1
    coarse_sum, coarse_known = _halve(weighted), _halve(known[..., None])[..., 0]
    coarse_weight = np.minimum(coarse_known * 4, 1).astype(np.float32)
    scale = coarse_weight / np.maximum(coarse_known, _FULL_WEIGHT)
    coarse = _pull((coarse_sum * scale[..., None]).astype(np.float32), coarse_weight)
    # What it knows, seen from this level, fills the gaps
    even_wh = (coarse.shape[1] * 2, coarse.shape[0] * 2)
    below = cv2.resize(coarse, even_wh, interpolation=cv2.INTER_LINEAR)
    below = below.reshape(even_wh[1], even_wh[0], -1)[:height, :width]
    return np.asarray(weighted + (1 - known)[..., None] * below, np.float32)


def _halve(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """(⌈H/2⌉, ⌈W/2⌉, C), averages of 2×2 pixels; beyond the border counts as 0."""
    height, width, channels = pixels.shape
    even = cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, cv2.BORDER_CONSTANT, value=0)
    half_wh = (even.shape[1] // 2, even.shape[0] // 2)
    half = cv2.resize(even, half_wh, interpolation=cv2.INTER_AREA)
    return np.asarray(half.reshape(half_wh[1], half_wh[0], channels), np.float32)
