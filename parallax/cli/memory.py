"""How the process asks the system for memory."""

import ctypes

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's mallopt(3)


def share_one_heap() -> None:
    """Let all threads take memory from one heap, where the C library is glibc.

    It would give each thread a heap of its own, which keeps what is freed in it: 85 MB of a film
    of 1920×1080. Threads here ask for large arrays and seldom, so they do not wait for each other.
    """
    try:
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
    except (OSError, AttributeError, TypeError):  # macOS, musl, Windows
        return
