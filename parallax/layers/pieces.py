"""Work for all cores: on many pixels, piece by piece, and on two things at once.

A piece fits the processor's cache. OpenCV and numpy let other threads run while they compute.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_PIECE = 1 << 15  # pixels; half and twice as many are slower
_MOST_THREADS = 8  # memory is the limit from there on
_Thing = TypeVar("_Thing")
_First = TypeVar("_First")
_Second = TypeVar("_Second")


def by_pieces(work: Callable[[slice], None], num: int) -> None:
    """Calls a function for consecutive slices of `num` things, several at a time.

    Each call writes what belongs to its slice and nothing else, so the order does not matter.
    """
    for_each(work, [slice(at, min(at + _PIECE, num)) for at in range(0, num, _PIECE)])


def for_each(work: Callable[[_Thing], None], things: Sequence[_Thing]) -> None:
    """Calls a function for each of some things, several at a time; the order must not matter."""
    if len(things) <= 1:
        for thing in things:
            work(thing)
        return
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as threads:
        list(threads.map(work, things))


def both(first: Callable[[], _First], second: Callable[[], _Second], /) -> tuple[_First, _Second]:
    """What two functions return that need nothing of one another; they run at the same time."""
    with ThreadPoolExecutor(1) as thread:
        other = thread.submit(second)
        return first(), other.result()
