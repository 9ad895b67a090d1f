"""How much memory is kept of what was freed."""

import platform
import subprocess
import sys

import pytest

HOLES = """
import sys, ctypes
from parallax.memory import give_back_free_memory
def resident_kb():
    with open("/proc/self/smaps_rollup") as about:
        return next(int(line.split()[1]) for line in about if line.startswith("Rss"))
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
places = [libc.malloc(100_000) for _ in range(1000)]
for place in places:
    ctypes.memset(place, 1, 100_000)
for place in places[:-1]:  # the last one keeps the heap from shrinking
    libc.free(place)
before = resident_kb()
give_back_free_memory()
print(before - resident_kb())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="holes in the heap are glibc's")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_holes_in_the_heap_are_given_back():
    told = subprocess.run([sys.executable, "-c", HOLES], check=True, capture_output=True, text=True)
    assert int(told.stdout) > 80_000  # of 97,656 kB
