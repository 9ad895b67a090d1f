"""What stands out in a photo, by colour alone.

Two classical measures that fail in different places are joined: unlikeness to the picture's borders
finds things that are clear of them, the spectral residual finds what is small before what is plain.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

BORDER = 0.1  # of the short side: what lies along it is taken for background
COLOR_SCALE = (100.0, 200.0, 200.0)  # of light and the two chromas, about as CIELAB has them
COLOR_NOISE = 4.0  # variance: differences below 2 say nothing
SPECTRUM_PX = 64  # the scale at which the spectral residual was found to agree with people
SPECTRUM_BLUR_PX = 2.5
PLAIN_SPREAD = 0.5  # standard deviation, likewise: of a plainer picture the spectrum is noise
SMOOTHING_W = 0.03  # of the width: things, not texture

Floats = NDArray[np.float64]


def measure_saliency(srgb8: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(h, w), 0…1: how much each place stands out.

    Args:
        srgb8: (h, w, 3), small: what is finer than a hundredth of the width does not count.
    """
    ycc = COLOR_SCALE * cv2.cvtColor(srgb8.astype(np.float32) / 255, cv2.COLOR_RGB2YCrCb)
    if ycc.std((0, 1)).max() < PLAIN_SPREAD:
        return np.zeros(ycc.shape[:2], np.float32)
    sigma = SMOOTHING_W * srgb8.shape[1]
    apart = _stretch(cv2.GaussianBlur(_border_contrast(ycc), (0, 0), sigma))
    odd = _stretch(np.sqrt(_spectral_residual(ycc)))
    joined = 0.5 * np.sqrt(apart * odd) + 0.25 * (apart + odd)
    return np.asarray(joined, np.float32)


def _border_contrast(ycc: Floats) -> Floats:
    """(h, w): how unlike each colour is to those along the borders.

    The Mahalanobis distances to the four borders, the largest left out because a thing may touch
    one border. Zhang et al. 2015, "Minimum Barrier Salient Object Detection at 80 FPS", section 4.
    """
    width = max(2, round(BORDER * min(ycc.shape[:2])))
    distances = []
    for border in (ycc[:width], ycc[-width:], ycc[:, :width], ycc[:, -width:]):
        colors = border.reshape(-1, 3)
        precision = np.linalg.inv(np.cov(colors.T) + COLOR_NOISE * np.eye(3))
        away = ycc - colors.mean(0)
        distance = np.sqrt(((away @ precision) * away).sum(-1))
        distances.append(distance / max(float(distance.max()), 1e-9))
    found = np.stack(distances)
    return np.asarray(found.sum(0) - found.max(0))


def _spectral_residual(ycc: Floats) -> Floats:
    """(h, w): what the amplitudes of the spectrum have beyond their own local mean, in place.

    Hou and Zhang 2007, "Saliency Detection: A Spectral Residual Approach".
    """
    side = SPECTRUM_PX
    small = cv2.resize(ycc, (side, side), interpolation=cv2.INTER_AREA)
    spectrum = np.fft.fft2(small, axes=(0, 1))
    amplitude = np.log1p(np.abs(spectrum))
    residual = amplitude - cv2.blur(amplitude, (3, 3))
    power = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)), axes=(0, 1))) ** 2
    smooth = cv2.GaussianBlur(power.sum(-1), (0, 0), SPECTRUM_BLUR_PX)
    return np.asarray(cv2.resize(smooth, ycc.shape[1::-1], interpolation=cv2.INTER_LINEAR))


def _stretch(values: Floats) -> Floats:
    """The values from 0 to 1; 0 where they are all the same."""
    low, high = float(values.min()), float(values.max())
    return (values - low) / max(high - low, 1e-9)
