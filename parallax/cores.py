"""Work for all cores: on many pixels, piece by piece, and on two things at once.

A piece fits the processor's cache. OpenCV and numpy let other threads run while they compute. There
are never more threads than cores: each more would take memory and gain nothing. A core that becomes
idle joins whatever work goes on, however long ago that began.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

_PIECE = 1 << 15  # pixels; half and twice as many are slower
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
    of_first: list[_First] = []
    of_second: list[_Second] = []
    for_each(
        lambda work: work(),
        [lambda: of_first.append(first()), lambda: of_second.append(second())],
    )
    return of_first[0], of_second[0]
