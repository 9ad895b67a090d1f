"""The whole command, photo to film, and what each stage of it takes.

    python -m benchmarks.bench_animate [PHOTO …] [--runs 5] [--size 1920x1080] [--seconds 6]

Each run is a process of its own, as a user starts it; medians are printed and written to
`benchmarks/results/animate.json`, a row for each photo's size. On a shared machine processor time
is the steadier number.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import print_table, run_process, write_result

SAMPLE = Path(__file__).parent.parent / "samples" / "lake.jpg"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="*", type=Path, default=[SAMPLE])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--motion", default="auto", help="auto or none")
    options = parser.parse_args()
    rows = {}
    for photo in options.photos:
        runs = [_animate(photo, options) for _ in range(options.runs + 1)][1:]  # one to warm up
        width, height = runs[0]["photo_size_wh"]
        rows[f"{width}×{height}"] = _medians(runs)
    stages = list(dict.fromkeys(name for row in rows.values() for name in row))
    print_table(
        ["photo", *stages], [[n, *(r.get(s, "–") for s in stages)] for n, r in rows.items()]
    )
    path = write_result("animate", {"arguments": vars(options) | {"photos": None}, **rows})
    print(f"\n{path}")


def _animate(photo: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The report of one run, with the time as seen from outside."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(sys.executable, "-m", "parallax", "animate", str(photo)),
            *("-o", f"{folder}/film.mp4", "--size", options.size, "--json"),
            *("--duration", str(options.seconds), "--motion", options.motion),
        ]
        run = run_process(command)
    return {**json.loads(run.output), "wall_s": run.wall_s, "cpu_s": run.cpu_s}


def _medians(runs: list[dict[str, Any]]) -> dict[str, float]:
    """The median of every number that a run reports."""
    row = {
        what: round(statistics.median(run[what] for run in runs), 2) for what in ("wall_s", "cpu_s")
    }
    for stage in runs[0]["seconds"]:
        row[f"{stage}_s"] = round(statistics.median(run["seconds"][stage] for run in runs), 3)
    row["film_fps"] = round(statistics.median(run["film_frames_per_second"] for run in runs), 1)
    row["peak_mb"] = round(statistics.median(run["peak_memory_mb"] for run in runs))
    row["runs"] = len(runs)
    return row


if __name__ == "__main__":
    main()
