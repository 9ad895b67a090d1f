"""How the process asks the system for memory, where the C library is glibc."""

import ctypes


def give_back_free_memory() -> None:
    """Give the system back what is free between what is used.

    Planning and building leave 200 MB of holes in the heap, which the encoder, asking for whole
    frames, would not fill. One heap for all threads would leave fewer, but x264 encodes the ends of
    a loop by what it finds in memory: beside other threads its films would not be the same twice.
    """
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError, TypeError):  # macOS, musl, Windows
        return
