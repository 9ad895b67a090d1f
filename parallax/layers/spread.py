"""Values known at some pixels, spread over all the others."""

import cv2
import numpy as np
from numpy.typing import NDArray

_EMPTY = 1e-6  # less weight than this in a pixel of the pyramid is none


def spread_known(values: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """The values where they are known, smoothly continued where they are not.

    Push-pull over an image pyramid: averages of the known pixels are pushed into ever coarser
    levels until nothing is empty, then pulled down into the gaps (Gortler et al. 1996, "The
    Lumigraph", section 3.4). A gap takes its colour from its rim, the nearest part of it most.

    Args:
        values: (H, W) or (H, W, 3); finite, ignored where the weight is 0.
        weight: (H, W), 0 unknown … 1 known.

    Returns:
        Like `values`; unchanged where the weight is 1. All 0 if nothing is known.
    """
    return _pull(times(values, weight), weight)


def times(values: NDArray[np.float32], weight: NDArray[np.floating]) -> NDArray[np.float32]:
    """Values of one or three channels times a weight a pixel.

    Numpy would multiply three values at a time, and take twice as long.
    """
    plane = weight.astype(np.float32, copy=False)
    if values.ndim == 2:
        return np.asarray(cv2.multiply(values, plane), np.float32)
    planes = cv2.merge([plane] * values.shape[2])
    return np.asarray(cv2.multiply(values, planes, planes), np.float32)  # in place


def _halve(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """(⌈H/2⌉, ⌈W/2⌉ …), averages of 2×2 pixels; beyond the border counts as 0."""
    height, width = picture.shape[:2]
    if height % 2 or width % 2:
        picture = cv2.copyMakeBorder(
            picture, 0, height % 2, 0, width % 2, cv2.BORDER_CONSTANT, value=0
        )
    half_wh = ((width + 1) // 2, (height + 1) // 2)
    return np.asarray(cv2.resize(picture, half_wh, interpolation=cv2.INTER_AREA), np.float32)


def _pull(weighted: NDArray[np.float32], known: NDArray[np.float32]) -> NDArray[np.float32]:
    """The values of one level, from weighted values and weights, empty pixels filled."""
    height, width = known.shape
    if max(height, width) == 1 or known.min() >= 1:
        return times(weighted, 1 / np.maximum(known, _EMPTY))
    # The next level holds the sums of 2×2 pixels, with a weight of at most 1
    share = _halve(known)
    coarse_known = np.minimum(share * 4, 1).astype(np.float32)
    scale = coarse_known / np.maximum(share, _EMPTY)
    coarse = _pull(times(_halve(weighted), scale), coarse_known)
    # What it knows, seen from this level, fills the gaps
    even_wh = (coarse.shape[1] * 2, coarse.shape[0] * 2)
    filling = cv2.resize(coarse, even_wh, interpolation=cv2.INTER_LINEAR)[:height, :width]
    filling = times(np.ascontiguousarray(filling), 1 - known)
    return np.asarray(cv2.add(weighted, filling, filling), np.float32)  # in place
