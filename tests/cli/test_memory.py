"""How much memory is kept for threads that are gone."""

import platform
import subprocess
import sys

import pytest

KEPT_BY_THREADS = """
import sys, threading, ctypes, resource
if sys.argv[1] == "one":
    from parallax.cli.memory import share_one_heap
    share_one_heap()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
def ask():
    print(hex(libc.malloc(1000) >> 28))
ask()
thread = threading.Thread(target=ask)
thread.start()
thread.join()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps of threads are glibc's")
@pytest.mark.parametrize(("heaps", "is_shared"), [("one", True), ("many", False)])
def test_threads_take_memory_from_one_heap(heaps, is_shared):
    told = subprocess.run(
        [sys.executable, "-c", KEPT_BY_THREADS, heaps], check=True, capture_output=True, text=True
    )
    main, thread = told.stdout.split()
    assert (main == thread) == is_shared
