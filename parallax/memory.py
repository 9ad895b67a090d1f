"""How the process asks the system for memory, where the C library is glibc."""

import ctypes

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's mallopt(3)


def share_one_heap() -> None:
    """Let all threads take memory from one heap.

    It would give each thread a heap of its own, which keeps what is freed in it: 85 MB of a film
    of 1920×1080. Threads here ask for large arrays and seldom, so they do not wait for each other.
    """
    _ask_c("mallopt", _ARENA_MAX, 1)


def give_back_free_memory() -> None:
    """Give the system back what is free between what is used.

    Planning and building leave 200 MB of holes in the heap, which the encoder, asking for whole
    frames, would not fill.
    """
    _ask_c("malloc_trim", 0)


def _ask_c(function: str, *arguments: int) -> None:
    """Calls a function of the C library; does nothing where there is none of that name."""
    try:
        getattr(ctypes.CDLL(None), function)(*arguments)
    except (OSError, AttributeError, TypeError):  # macOS, musl, Windows
        return
