"""This project against DepthFlow: the same photo, depth, size, length and x264 preset, in turns.

    python -m venv depthflow-env && depthflow-env/bin/pip install depthflow==1.0.1
    apt-get install -y ffmpeg
    python -m benchmarks.compare_depthflow --depthflow depthflow-env/bin/depthflow

DepthFlow runs as a process of its own, by its own command line. That draws a constant camera; its
cost hardly depends on the camera, for every frame is marched anew. Both whole processes are timed,
A B A B …; start-up is the time of a one-frame film. Medians go to
`benchmarks/results/depthflow.json`.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from benchmarks.measure import Run, print_table, run_process, write_result
from parallax.depth_map import load_depth

SAMPLES = Path(__file__).parent.parent / "samples"
FPS = 30
PRESET = "veryfast"  # what our standard quality encodes with
HEADLESS = {"WINDOW_BACKEND": "headless", "LIBGL_ALWAYS_SOFTWARE": "1"}
SIZES = ("1280x720", "1920x1080", "3840x2160")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--depthflow", type=Path, required=True, help="its command")
    parser.add_argument("--photo", type=Path, default=SAMPLES / "lake.jpg")
    parser.add_argument("--depth", type=Path, default=SAMPLES / "lake.depth.png")
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    parser.add_argument("--seconds", type=float, default=1.0)
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
    print(write_result("depthflow", {"seconds": options.seconds, "runs": options.runs, **rows}))


def _compare(options: argparse.Namespace, depth: Path, size: str, folder: Path) -> dict[str, float]:
    """Both programs at one size: medians, and the median of the ratios run by run."""
    num_frames = round(options.seconds * FPS)
    ours, theirs, starts = [], [], []
    for _ in range(options.runs):
        ours.append(_run(_our_command(options, depth, size, options.seconds, folder)))
        theirs.append(_run(_their_command(options, depth, size, options.seconds, folder)))
    for _ in range(options.runs):
        starts.append(
            (
                _run(_our_command(options, depth, size, 1 / FPS, folder)).wall_s,
                _run(_their_command(options, depth, size, 1 / FPS, folder)).wall_s,
            )
        )
    our_start_s, their_start_s = (statistics.median(s) for s in zip(*starts, strict=True))

    def fps(runs: list[Run], start_s: float) -> float:
        """Frames a second once a program has started."""
        drawing_s = statistics.median([run.wall_s for run in runs]) - start_s
        return float((num_frames - 1) / max(drawing_s, 1e-3))

    ratios = [b.wall_s / a.wall_s for a, b in zip(ours, theirs, strict=True)]
    our_fps, their_fps = fps(ours, our_start_s), fps(theirs, their_start_s)
    return {
        "ours fps": round(our_fps, 2),
        "DepthFlow fps": round(their_fps, 2),
        "fps ratio": round(our_fps / their_fps, 1),
        "wall ratio": round(statistics.median(ratios), 1),
        "ours start s": round(our_start_s, 2),
        "DepthFlow start s": round(their_start_s, 2),
        "ours cpu s": round(statistics.median(r.cpu_s for r in ours), 2),
        "DepthFlow cpu s": round(statistics.median(r.cpu_s for r in theirs), 2),
        "ours MB": round(statistics.median(r.peak_mb for r in ours)),
        "DepthFlow MB": round(statistics.median(r.peak_mb for r in theirs)),
    }


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
        *(str(options.depthflow), "input", "-i", str(options.photo), "-d", str(depth)),
        *("state", "--offset", "0.3", "0", "h264", "--preset", PRESET),
        *("main", "-w", width, "-h", height, "-f", str(FPS), "-t", str(seconds), "-s", "1"),
        *("-o", str(folder / "theirs.mp4")),
    ]


def _run(command: list[str]) -> Run:
    """One process; it draws in software, without a screen."""
    try:
        return run_process(command, environment=HEADLESS)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{command[0]} failed:\n{error.stderr}") from error


if __name__ == "__main__":
    main()
