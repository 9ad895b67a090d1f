"""Work for all cores: on many pixels, piece by piece, and on two things at once.

A piece fits the processor's cache. OpenCV and numpy let other threads run while they compute. There
are never more threads than cores: each more would take memory and gain nothing.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Semaphore
from typing import TypeVar

_PIECE = 1 << 15  # pixels; half and twice as many are slower
_MOST_THREADS = 8  # memory is the limit from there on
_IDLE_CORES = Semaphore(min(_MOST_THREADS, os.cpu_count() or 1) - 1)
_First = TypeVar("_First")
_Second = TypeVar("_Second")
_Thing = TypeVar("_Thing")


def by_pieces(work: Callable[[slice], None], num: int) -> None:
    """Calls a function for consecutive slices of `num` things, several at a time.

    Each call writes what belongs to its slice and nothing else, so the order does not matter.
    """
    for_each(work, [slice(at, min(at + _PIECE, num)) for at in range(0, num, _PIECE)])


def for_each(work: Callable[[_Thing], None], things: Sequence[_Thing]) -> None:
    """Calls a function for each of some things, several at a time; the order must not matter."""
    left = iter(things)  # that all threads take from

    def work_on() -> None:
        for thing in left:
            work(thing)

    with _borrow_cores(len(things) - 1) as num_cores:
        if num_cores == 0:
            work_on()
            return
        with ThreadPoolExecutor(num_cores) as threads:
            others = [threads.submit(work_on) for _ in range(num_cores)]
            work_on()
        for other in others:
            other.result()


def both(first: Callable[[], _First], second: Callable[[], _Second], /) -> tuple[_First, _Second]:
    """What two functions return that need nothing of one another; at the same time if they can."""
    with _borrow_cores(1) as num_cores:
        if num_cores == 0:
            return first(), second()
        with ThreadPoolExecutor(1) as thread:
            other = thread.submit(second)
            return first(), other.result()


@contextmanager
def _borrow_cores(most: int) -> Iterator[int]:
    """How many idle cores there are, at most so many, which nobody else uses meanwhile."""
    num_cores = 0
    try:
        while num_cores < most and _IDLE_CORES.acquire(blocking=False):
            num_cores += 1
        yield num_cores
    finally:
        for _ in range(num_cores):
            _IDLE_CORES.release()
