"""This project against DepthFlow: same photo, depth, move, size, x264 settings, in turns.

    python -m venv depthflow-env && depthflow-env/bin/pip install depthflow==1.0.1
    apt-get install -y ffmpeg
    python -m benchmarks.compare_depthflow --depthflow depthflow-env/bin/python

DepthFlow runs as a process of its own, in its own environment, with the move of its own package
that is called as ours. Both whole processes are timed, A B A B …, depth given and no network run;
start-up is a film of one frame, and what it takes is taken off the others. DepthFlow's films are
shorter, so that ten of a frame a second are done in minutes, and films of more pixels than
1920×1080 are shorter for both. On a shared machine processor time is the steadier number. Medians
go to `benchmarks/results/compare_depthflow.json`. One size takes four to six minutes on two cores.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from benchmarks.measure import Run, print_table, write_result
from parallax.depth_map import load_depth

SAMPLES = Path(__file__).parent.parent / "samples"
FPS = 30
X264 = ("--preset", "superfast", "--crf", "17")  # as our standard quality
MOVE = (
    "import sys; from depthflow.examples.presets import Horizontal; "
    "Horizontal(backend='headless').cli.meta(sys.argv[1:])"
)
HEADLESS = {"WINDOW_BACKEND": "headless", "LIBGL_ALWAYS_SOFTWARE": "1"}
SAMPLE_S = 0.05  # between looks at the memory
SIZES = ("1280x720", "1920x1080", "3840x2160")
FULL_LENGTH_PX = 1920 * 1080  # larger films are shorter, for as many pixels in all
LEAST_FRAMES = 3  # of a film: one is taken off


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--depthflow", type=Path, required=True, help="its python")
    parser.add_argument("--photo", type=Path, default=SAMPLES / "lake.jpg")
    parser.add_argument("--depth", type=Path, default=SAMPLES / "lake.depth.png")
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    parser.add_argument("--seconds", type=float, default=3.0, help="length of our films")
    parser.add_argument("--their-seconds", type=float, default=0.2, help="length of DepthFlow's")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        depth8 = Path(folder) / "depth8.png"
        levels = np.rint(load_depth(options.depth).inv_depth * 255).astype(np.uint8)
        cv2.imwrite(str(depth8), levels)  # DepthFlow reads 16 bits as a flat picture
        for size in options.sizes:
            rows[size] = _compare(options, depth8, size, Path(folder))
    header = ["size", *next(iter(rows.values()))]
    print_table(header, [[size, *row.values()] for size, row in rows.items()])
    print(
        write_result(
            "compare_depthflow",
            {
                "seconds": options.seconds,
                "their_seconds": options.their_seconds,
                "runs": options.runs,
                **rows,
            },
        )
    )


def _compare(options: argparse.Namespace, depth: Path, size: str, folder: Path) -> dict[str, float]:
    """Both programs at one size: medians of whole films, less those of films of one frame."""
    seconds = {
        "ours": _film_s(options.seconds, size),
        "DepthFlow": _film_s(options.their_seconds, size),
    }
    commands = {"ours": _our_command, "DepthFlow": _their_command}
    films: dict[str, list[Run]] = {name: [] for name in commands}
    starts: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(options.runs):
        for name, command in commands.items():
            films[name].append(_run(command(options, depth, size, seconds[name], folder)))
            starts[name].append(_run(command(options, depth, size, 1 / FPS, folder)))
    row: dict[str, float] = {f"{name} s": round(seconds[name], 2) for name in commands}
    for name in commands:
        wall_s, cpu_s, start_wall_s, start_cpu_s = (
            statistics.median(getattr(run, what) for run in runs)
            for runs in (films[name], starts[name])
            for what in ("wall_s", "cpu_s")
        )
        num_more = round(seconds[name] * FPS) - 1
        row[f"{name} fps"] = round(num_more / max(wall_s - start_wall_s, 1e-3), 2)
        row[f"{name} cpu ms a frame"] = round(1000 * (cpu_s - start_cpu_s) / num_more, 1)
        row[f"{name} start s"] = round(start_wall_s, 2)
        row[f"{name} start cpu s"] = round(start_cpu_s, 2)
        row[f"{name} MB"] = round(statistics.median(run.peak_mb for run in films[name]))
    row["fps ratio"] = round(row["ours fps"] / row["DepthFlow fps"], 1)
    row["cpu ratio"] = round(row["DepthFlow cpu ms a frame"] / row["ours cpu ms a frame"], 1)
    return row


def _film_s(seconds: float, size: str) -> float:
    """How long a film of a size is to be, in whole frames."""
    width, height = (int(side) for side in size.split("x"))
    share = min(1.0, FULL_LENGTH_PX / (width * height))
    return max(LEAST_FRAMES, round(seconds * share * FPS)) / FPS


def _our_command(
    options: argparse.Namespace, depth: Path, size: str, seconds: float, folder: Path
) -> list[str]:
    return [
        *(sys.executable, "-m", "parallax", "animate", str(options.photo)),
        *("-o", str(folder / "ours.mp4"), "-y", "--depth", str(depth), "--motion", "none"),
        *("--camera", "horizontal", "--size", size, "--duration", str(seconds)),
    ]


def _their_command(
    options: argparse.Namespace, depth: Path, size: str, seconds: float, folder: Path
) -> list[str]:
    width, height = size.split("x")
    return [
        *(str(options.depthflow), "-c", MOVE),
        *("input", "-i", str(options.photo), "-d", str(depth), "h264", *X264),
        *("main", "-w", width, "-h", height, "-f", str(FPS), "-t", str(seconds), "-s", "1"),
        *("-o", str(folder / "theirs.mp4")),
    ]


def _run(command: list[str]) -> Run:
    """One process and all its children, whose memory is looked at together while they run."""
    environment = {**os.environ, **HEADLESS}
    with tempfile.TemporaryFile("w+") as said:
        start_s = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=said, text=True, env=environment
        )
        peak_mb, status = 0.0, 0
        while True:
            peak_mb = max(peak_mb, _resident_mb(process.pid))
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(SAMPLE_S)
        wall_s = time.perf_counter() - start_s
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            raise SystemExit(f"{command[0]} failed:\n{said.read()[-2000:]}")
    return Run(wall_s, used.ru_utime + used.ru_stime, peak_mb, "")


def _resident_mb(pid: int) -> float:
    """What a process and its children hold; 0 for one that has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6 + sum(map(_resident_mb, children))


if __name__ == "__main__":
    main()
