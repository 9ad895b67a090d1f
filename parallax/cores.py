"""Work for all cores: on many pixels, piece by piece, and on two things at once.

A piece fits the processor's cache. OpenCV and numpy let other threads run while they compute. There
are never more threads than cores: each more would take memory and gain nothing. A core that becomes
idle joins whatever work goes on, however long ago that began.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

_PIECE = 1 << 15  # pixels; half and twice as many are slower
_BAND_ROWS = 128  # fewer, and rows that bands share are filtered too often
_MOST_THREADS = 8  # memory is the limit from there on
_NUM_OTHERS = min(_MOST_THREADS, os.cpu_count() or 1) - 1
_OTHERS = ThreadPoolExecutor(max(_NUM_OTHERS, 1), "parallax-core")
_First = TypeVar("_First")
_Second = TypeVar("_Second")
_Thing = TypeVar("_Thing")


def by_pieces(work: Callable[[slice], None], num: int) -> None:
    """Calls a function for consecutive slices of `num` things, several at a time.

    Each call writes what belongs to its slice and nothing else, so the order does not matter.
    """
    for_each(work, [slice(at, min(at + _PIECE, num)) for at in range(0, num, _PIECE)])


def by_rows(work: Callable[[slice], None], shape: tuple[int, ...]) -> None:
    """Calls a function for consecutive rows of a picture of some shape, as `by_pieces` does."""
    num_rows = max(1, _PIECE // shape[1])
    bands = [slice(at, min(at + num_rows, shape[0])) for at in range(0, shape[0], num_rows)]
    for_each(work, bands)


def by_bands(
    filtered: Callable[..., NDArray[Any]], *pictures: NDArray[Any], reach_px: int
) -> NDArray[Any]:
    """What a filter makes of pictures of one size, if it looks no farther than so many rows."""
    height, result = len(pictures[0]), np.empty_like(pictures[0])

    def filter_rows(rows: slice) -> None:
        first = max(rows.start - reach_px, 0)
        band = filtered(*(picture[first : rows.stop + reach_px] for picture in pictures))
        result[rows] = band[rows.start - first : rows.stop - first]

    for_each(
        filter_rows,
        [slice(at, min(at + _BAND_ROWS, height)) for at in range(0, height, _BAND_ROWS)],
    )
    return result


def for_each(work: Callable[[_Thing], None], things: Sequence[_Thing]) -> None:
    """Calls a function for each of some things, several at a time; the order must not matter."""
    left = iter(things)  # that all threads take from

    def work_on() -> None:
        for thing in left:
            work(thing)

    others = [_OTHERS.submit(work_on) for _ in range(min(_NUM_OTHERS, len(things) - 1))]
    try:
        work_on()
    finally:
        # Those that no core has had time for have nothing left to do
        joined = [other for other in others if not other.cancel()]
        wait(joined)
    for other in joined:
        other.result()


def both(first: Callable[[], _First], second: Callable[[], _Second], /) -> tuple[_First, _Second]:
    """What two functions return that need nothing of one another; at the same time if they can."""
    found: dict[int, Any] = {}

    def find(index: int) -> None:
        found[index] = (first, second)[index]()

    for_each(find, range(2))
    return found[0], found[1]
