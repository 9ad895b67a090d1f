"""sRGB and linear light (IEC 61966-2-1:1999)."""

from typing import Any

import cv2
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


def linear_from_srgb8(srgb8: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Light, 0…1, of encoded bytes of any shape, by table."""
    return _look_up(srgb8, _LINEAR_OF_BYTE)


def srgb8_from_linear(linear: NDArray[Any]) -> NDArray[np.uint8]:
    """Encoded bytes of light of any shape, rounded to nearest; light outside 0…1 is clipped.

    By tables that hold what `srgb_from_linear` gives, ten times as fast: light with the same sign,
    exponent and first seven bits of its fraction becomes one of two bytes.
    """
    linear = np.clip(np.asarray(linear, np.float32), 0.0, 1.0) + np.float32(0)  # no negative zero
    byte = _BYTE_OF_UPPER_BITS[linear.view(np.uint32) >> 16]
    return np.asarray(byte + (linear >= _look_up(byte, _LEAST_OF_NEXT_BYTE)), np.uint8)


def _look_up(srgb8: NDArray[np.uint8], table: NDArray[np.float32]) -> NDArray[np.float32]:
    """The value of each byte; OpenCV takes a fifth of numpy's time."""
    if srgb8.size == 0:
        return np.zeros(srgb8.shape, np.float32)
    return np.asarray(cv2.LUT(srgb8.reshape(1, -1), table), np.float32).reshape(srgb8.shape)


def _round_to_byte(linear: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The encoded byte nearest to some light."""
    return np.rint(srgb_from_linear(linear) * 255).astype(np.uint8)


def _least_lights() -> NDArray[np.float32]:
    """(255,), the least light of each byte from 1 on, found by halving between 0 and 1."""
    # The bits of positive floats are in the order of the floats
    below, above = np.zeros(255, np.uint32), np.full(255, _ONE, np.uint32)
    while (above - below > 1).any():
        middle = below + (above - below) // 2
        enough = _round_to_byte(middle.view(np.float32)) >= np.arange(1, 256)
        below, above = np.where(enough, below, middle), np.where(enough, middle, above)
    return above.view(np.float32)


_ONE = np.float32(1).view(np.uint32)
_LINEAR_OF_BYTE = linear_from_srgb(np.arange(256, dtype=np.float32) / 255)
_LEAST_OF_NEXT_BYTE = np.append(_least_lights(), np.float32(np.inf))
_BYTE_OF_UPPER_BITS = _round_to_byte(
    (np.arange((_ONE >> 16) + 1, dtype=np.uint32) << 16).view(np.float32)
)
