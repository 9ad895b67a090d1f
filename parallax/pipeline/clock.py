"""`StageClock`: what the stages of one job cost."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


class StageClock:
    """Seconds per stage, in the order the stages began, and the peak memory of the process."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._start_s = time.perf_counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Counts the time until the block ends; a name that comes again adds up."""
        start_s = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, time.perf_counter() - start_s)

    def add(self, name: str, seconds: float) -> None:
        """Counts time that was measured elsewhere."""
        self._seconds[name] = self._seconds.get(name, 0.0) + seconds

    def seconds(self) -> dict[str, float]:
        """Seconds per stage, rounded to 0.1 ms, with the "total" since the clock was made."""
        total_s = time.perf_counter() - self._start_s
        return {name: round(s, 4) for name, s in (*self._seconds.items(), ("total", total_s))}


def peak_memory_mb() -> float:
    """The most memory this process has held, in MB (10⁶ bytes)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 1)
