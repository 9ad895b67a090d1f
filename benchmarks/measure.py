"""How the benchmarks measure and report: medians of repeated runs, the machine, one JSON a run."""

import json
import os
import platform
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("numpy", "opencv-python-headless", "moderngl", "av", "torch")


@dataclass(frozen=True, slots=True)
class Timing:
    """Repeated measurements of one thing.

    Attributes:
        wall_ms: Median of the wall-clock times.
        cpu_ms: Median of the processor times of all threads: steadier on a shared machine.
        spread_ms: Slowest minus fastest wall-clock time.
        num_runs: How many were counted, after one that was not.
    """

    wall_ms: float
    cpu_ms: float
    spread_ms: float
    num_runs: int


def time_calls(function: Callable[[], object], *, num_runs: int = 5) -> Timing:
    """The time of a call, after one call to warm up."""
    function()
    walls, cpus = [], []
    for _ in range(num_runs):
        start_s, start_cpu_s = time.perf_counter(), time.process_time()
        function()
        walls.append((time.perf_counter() - start_s) * 1000)
        cpus.append((time.process_time() - start_cpu_s) * 1000)
    wall_ms, cpu_ms = statistics.median(walls), statistics.median(cpus)
    return Timing(round(wall_ms, 2), round(cpu_ms, 2), round(max(walls) - min(walls), 2), num_runs)


def peak_memory_mb() -> float:
    """The most memory this process has held, in MB (10⁶ bytes)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 1)


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": [round(n, 2) for n in os.getloadavg()],
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def write_result(name: str, rows: Mapping[str, Any], *, folder: Path = RESULTS) -> Path:
    """Writes `NAME.json`: the rows beside the commit, the date and the machine."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    whole = {
        "benchmark": name,
        "commit": commit,
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": machine(),
        "peak_memory_mb": peak_memory_mb(),
        "rows": dict(rows),
    }
    path.write_text(json.dumps(whole, indent=1) + "\n")
    return path


def print_table(header: list[str], rows: list[list[Any]]) -> None:
    """Prints a table in Markdown, so that it can be pasted where it is quoted."""
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    lines = [header, ["-" * w for w in widths], *rows]
    for line in lines:
        print("| " + " | ".join(str(c).ljust(w) for c, w in zip(line, widths, strict=True)) + " |")
