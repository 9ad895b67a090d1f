"""Structure from a small view, detail from a large one."""

import cv2
import numpy as np
from numpy.typing import NDArray

DETAIL_SIGMA = 1 / 40  # of the long side: what both views see alike is taken from the small one


def merge_detail(
    base: NDArray[np.float32], detail: NDArray[np.float32], *, sigma_px: float
) -> NDArray[np.float32]:
    """Log disparity with the low frequencies of one map and the high ones of another.

    Miangoleh et al. 2021, "Boosting Monocular Depth Estimation Models to High-Resolution", by
    filters instead of a network: the detail is brought to the base's scale and shift by least
    squares, then D = low-pass(base) + high-pass(detail).

    Args:
        base: (h, w), right in the large.
        detail: (H, W), sharp, and of the same view.
        sigma_px: Of the Gaussian between low and high, in pixels of `detail`.

    Returns:
        (H, W).
    """
    size_wh = (detail.shape[1], detail.shape[0])
    grown = cv2.resize(base, size_wh, interpolation=cv2.INTER_LINEAR)
    return fit_detail(np.asarray(grown, np.float32), detail, sigma_px=sigma_px)


def fit_detail(
    base: NDArray[np.float32], detail: NDArray[np.float32], *, sigma_px: float
) -> NDArray[np.float32]:
    """As `merge_detail`, of maps of one size (H, W)."""
    gain, shift = fit_affine(detail, base)
    aligned = detail * np.float32(gain) + np.float32(shift)
    merged: NDArray[np.float32] = aligned + smooth(base - aligned, sigma_px)
    return merged


def fit_affine(source: NDArray[np.float32], target: NDArray[np.float32]) -> tuple[float, float]:
    """Gain ≥ 0 and shift that bring the source closest to the target, by least squares."""
    mean_s, mean_t = float(source.mean()), float(target.mean())
    variance = float(((source - mean_s) ** 2).mean())
    covariance = float(((source - mean_s) * (target - mean_t)).mean())
    gain = max(covariance, 0.0) / variance if variance > 1e-8 else 0.0
    return gain, mean_t - gain * mean_s


def smooth(value: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    """A Gaussian blur, made small first where it is wide: nearly the same, far cheaper."""
    shrink = max(1, int(sigma_px / 2))
    height, width = value.shape
    small_wh = (max(1, width // shrink), max(1, height // shrink))
    small = cv2.resize(value, small_wh, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma_px / shrink, borderType=cv2.BORDER_REFLECT)
    grown = cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(grown, np.float32)
