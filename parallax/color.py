"""sRGB and linear light (IEC 61966-2-1:1999)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

LUMINANCE_OF_LINEAR = np.array([0.2126, 0.7152, 0.0722], np.float32)  # BT.709 primaries


def linear_from_srgb(srgb: NDArray[Any]) -> NDArray[np.float32]:
    """Light, 0…1, of encoded sRGB values, 0…1, of any shape."""
    srgb = np.asarray(srgb, np.float32)
    high = ((srgb + 0.055) / 1.055) ** np.float32(2.4)
    return np.where(srgb <= 0.04045, srgb / 12.92, high).astype(np.float32)


def srgb_from_linear(linear: NDArray[Any]) -> NDArray[np.float32]:
    """Encoded sRGB values, 0…1, of light of any shape; light outside 0…1 is clipped."""
    linear = np.clip(np.asarray(linear, np.float32), 0.0, 1.0)
    high = 1.055 * linear ** np.float32(1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, linear * 12.92, high).astype(np.float32)


_LINEAR_OF_BYTE = linear_from_srgb(np.arange(256, dtype=np.float32) / 255)


def linear_from_srgb8(srgb8: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Light, 0…1, of encoded bytes of any shape, by table."""
    return _LINEAR_OF_BYTE[srgb8]


def srgb8_from_linear(linear: NDArray[Any]) -> NDArray[np.uint8]:
    """Encoded bytes of light of any shape, rounded to nearest."""
    return np.rint(srgb_from_linear(linear) * 255).astype(np.uint8)
