"""What reading a photo takes, by size and quality: in a warm process, and as a whole command.

    python -m benchmarks.bench_depth [PHOTO] [--runs 5]

The photo is resampled to 2, 12 and 24 megapixels. Medians are printed and written to
`benchmarks/results/depth.json`; the command's rows have the peak memory of its process.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import get_args

import cv2
import numpy as np

from benchmarks.measure import Run, print_table, run_process, time_calls, write_result
from parallax.perceive import PerceiveParams, perceive_photo
from parallax.perceive.views import Quality
from parallax.photo import Photo, load_photo

SAMPLE = Path(__file__).parent.parent / "samples" / "lake.jpg"
MEGAPIXELS = (2, 12, 24)
QUALITIES = get_args(Quality)
JPEG_QUALITY = 92  # as cameras write


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    photo = load_photo(options.photo)
    rows: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        for megapixels in MEGAPIXELS:
            resized = _at_megapixels(photo, megapixels)
            file = Path(name) / f"{megapixels}.jpg"
            flags = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
            cv2.imwrite(str(file), resized.srgb8[..., ::-1], flags)
            rows |= _measure_calls(file, resized, f"{megapixels} MP", options.runs)
            runs = [_run_command(file) for _ in range(options.runs)]
            rows[f"parallax depth, {megapixels} MP"] = _medians(runs)
    columns = ("wall_ms", "cpu_ms", "spread_ms", "peak_mb")
    table = [[name, *(row.get(c, "") for c in columns)] for name, row in rows.items()]
    print_table(["what", *(c.replace("_", " ") for c in columns)], table)
    print(write_result("depth", rows))


def _measure_calls(
    file: Path, photo: Photo, size: str, num_runs: int
) -> Mapping[str, dict[str, float]]:
    """Decoding, then perceiving at each quality, in this process."""
    calls = {f"decode, {size}": partial(load_photo, file)} | {
        f"perceive, {size}, {quality}": partial(
            perceive_photo, photo, params=PerceiveParams(model="embedded", quality=quality)
        )
        for quality in QUALITIES
    }
    found = {}
    for name, call in calls.items():
        timing = time_calls(call, num_runs=num_runs)
        found[name] = {
            "wall_ms": timing.wall_ms, "cpu_ms": timing.cpu_ms, "spread_ms": timing.spread_ms
        }  # fmt: skip
    return found


def _run_command(file: Path) -> Run:
    """From the command to the depth map on the disk."""
    command = ["depth", str(file), "-o", str(file.with_suffix(".png")), "-y"]
    return run_process([sys.executable, "-m", "parallax", *command, "--depth-model", "embedded"])


def _medians(runs: list[Run]) -> dict[str, float]:
    walls = [1000 * run.wall_s for run in runs]
    return {
        "wall_ms": round(statistics.median(walls), 1),
        "cpu_ms": round(1000 * statistics.median(run.cpu_s for run in runs), 1),
        "spread_ms": round(max(walls) - min(walls), 1),
        "peak_mb": round(statistics.median(run.peak_mb for run in runs), 1),
    }


def _at_megapixels(photo: Photo, megapixels: float) -> Photo:
    """The photo resampled to so many pixels."""
    scale = float(np.sqrt(megapixels * 1e6 / (photo.size_wh[0] * photo.size_wh[1])))
    return photo.resized((round(photo.size_wh[0] * scale), round(photo.size_wh[1] * scale)))


if __name__ == "__main__":
    main()
