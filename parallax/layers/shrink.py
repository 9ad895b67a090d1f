"""Slowly varying pictures, made at a fraction of the size and read at full size."""

import cv2
import numpy as np
from numpy.typing import NDArray

_ENOUGH_PIXELS = 900_000  # for what varies slowly: more costs time and shows nothing
_ROW = 4096  # points are remapped in rows, for OpenCV has no longer pictures than 32767


def shrink_for(num_pixels: int) -> int:
    """By which power of two a picture is shrunk to be quick to work on."""
    shrink = 1
    while num_pixels / shrink**2 > _ENOUGH_PIXELS:
        shrink *= 2
    return shrink


def shrunk_size(shape: tuple[int, ...], shrink: int) -> tuple[int, int]:
    """Width and height of a shrunk picture."""
    return -(-shape[1] // shrink), -(-shape[0] // shrink)


def rows_and_columns(
    place: NDArray[np.integer], width: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Of flat indices in a picture: in 32 bits, and by a scalar, this takes a quarter of `divmod`.

    To subtract them, make them signed or floats.
    """
    short = place.astype(np.uint32, copy=False)
    y = short // np.uint32(width)
    return y, short - y * np.uint32(width)


def shrunk_place(
    place: NDArray[np.integer], width: int, small_width: int, shrink: int
) -> NDArray[np.uint32]:
    """Flat indices in a shrunk picture of those in the whole one."""
    y, x = rows_and_columns(place, width)
    return np.asarray(
        y // np.uint32(shrink) * np.uint32(small_width) + x // np.uint32(shrink), np.uint32
    )


def sample_shrunk(
    picture: NDArray[np.float32], y: NDArray[np.integer], x: NDArray[np.integer], shrink: int
) -> NDArray[np.float32]:
    """(N, 3), a shrunk picture at N pixels of the whole one, bilinear."""
    if shrink == 1:
        return np.asarray(picture[y, x], np.float32)
    rows = -(-len(y) // _ROW)
    at = np.zeros((2, rows * _ROW), np.float32)
    at[0, : len(x)] = (x + 0.5) / shrink - 0.5
    at[1, : len(y)] = (y + 0.5) / shrink - 0.5
    at_x, at_y = at.reshape(2, rows, _ROW)
    found = cv2.remap(picture, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found.reshape(rows * _ROW, -1)[: len(y)], np.float32)
