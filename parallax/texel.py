"""Pixels of a picture by their flat indices: found piece by piece, read and written whole.

Numpy's own indexing copies the channels of each pixel one by one, and takes four to nine times as
long.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from parallax.cores import by_pieces

_Value = TypeVar("_Value", bound=np.generic)


def find_pixels(is_sought: Callable[[slice], NDArray[np.bool_]], num: int) -> NDArray[np.int64]:
    """(N,), flat indices of the pixels, of so many, that a test of a piece of them is true for."""
    found: dict[int, NDArray[np.int64]] = {}

    def find(piece: slice) -> None:
        found[piece.start] = np.flatnonzero(is_sought(piece)) + piece.start

    by_pieces(find, num)
    return np.concatenate([np.zeros(0, np.int64), *(found[start] for start in sorted(found))])


def take_pixels(picture: NDArray[_Value], place: NDArray[np.integer]) -> NDArray[_Value]:
    """(N, C), the pixels at N places of a picture, (H, W, C) or in one long row."""
    whole = _as_whole(picture).take(place)
    return whole.view(picture.dtype).reshape(len(place), picture.shape[-1])


def put_pixels(
    picture: NDArray[_Value], place: NDArray[np.integer], pixels: NDArray[_Value]
) -> None:
    """Writes (N, C) pixels to N places of a picture, (H, W, C) or in one long row."""
    _as_whole(picture)[place] = _as_whole(np.ascontiguousarray(pixels))


def _as_whole(picture: NDArray[Any]) -> NDArray[np.void]:
    """(M,), all pixels of a picture, each one thing of so many bytes; shares its memory."""
    pixel = np.dtype((np.void, picture.dtype.itemsize * picture.shape[-1]))
    return picture.view(pixel).reshape(-1)
