"""How the benchmarks measure and report: medians of repeated runs, the machine, one JSON a run."""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Run:
    """What a process and its children took.

    Attributes:
        wall_s: From its start to its end.
        cpu_s: Processor time of all of them together.
        peak_mb: The most memory that the largest of them held, in MB (10⁶ bytes).
        output: What it printed.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    output: str


_WATCHER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("\\n", code, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def run_process(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Run:
    """A process of its own, as a user starts it, and what it took.

    Args:
        command: The program and its arguments.
        environment: Added to this process's.

    Raises:
        subprocess.CalledProcessError: It did not end with 0; `stderr` holds its last words.
    """
    start_s = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _WATCHER, *command],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **(environment or {})},
    )
    wall_s = time.perf_counter() - start_s
    output, last, _ = done.stdout.rsplit("\n", 2)
    code, cpu_s, peak_kib = last.split()
    if int(code) != 0:
        raise subprocess.CalledProcessError(int(code), list(command), output, done.stderr[-2000:])
    return Run(wall_s, float(cpu_s), float(peak_kib) * 1024 / 1e6, output)


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
        cells = " | ".join(str(c).ljust(w) for c, w in zip(line, widths, strict=True))
        print(
            f"| {cells} |", flush=True
        )  # into a pipe, too: what ends this process takes none of it
