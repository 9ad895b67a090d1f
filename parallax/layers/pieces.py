"""Work on many pixels, piece by piece: a piece fits the processor's cache, and all cores work."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_PIECE = 1 << 15  # pixels; half and twice as many are slower
_MOST_THREADS = 8  # memory is the limit from there on


def by_pieces(work: Callable[[slice], None], num: int) -> None:
    """Calls a function for consecutive slices of `num` things, several at a time.

    Each call writes what belongs to its slice and nothing else, so the order does not matter.
    """
    pieces = [slice(start, min(start + _PIECE, num)) for start in range(0, num, _PIECE)]
    if len(pieces) <= 1:
        for piece in pieces:
            work(piece)
        return
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as threads:
        list(threads.map(work, pieces))
