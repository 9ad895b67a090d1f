"""What reading a photo takes: decoding, loading the network, one pass, by size.

    python -m benchmarks.bench_depth [PHOTO …] [--runs 5]

Medians are printed and written to `benchmarks/results/depth.json`.
"""

import argparse
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import get_args

import numpy as np

from benchmarks.measure import peak_memory_mb, print_table, time_calls, write_result
from parallax.perceive import PerceiveParams, perceive_photo
from parallax.perceive.predict import Quality
from parallax.photo import Photo, load_photo

SAMPLE = Path(__file__).parent.parent / "samples" / "lake.jpg"
MEGAPIXELS = (2, 12, 24)
QUALITIES = get_args(Quality)
FIRST_DEPTH = (
    "import time, pathlib, sys\n"
    "from parallax.photo import load_photo\n"
    "from parallax.perceive import PerceiveParams, perceive_photo\n"
    "perceive_photo(load_photo(pathlib.Path(sys.argv[1])), params=PerceiveParams())\n"
)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="*", type=Path, default=[SAMPLE])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    rows = {}
    for photo_path in options.photos:
        photo = load_photo(photo_path)
        rows[f"decode {photo_path.name}"] = time_calls(
            partial(load_photo, photo_path), num_runs=options.runs
        )
        for megapixels in MEGAPIXELS:
            enlarged = _at_megapixels(photo, megapixels)
            for quality in QUALITIES:
                rows[f"{photo_path.name} {megapixels} MP {quality}"] = time_calls(
                    partial(perceive_photo, enlarged, params=PerceiveParams(quality=quality)),
                    num_runs=options.runs,
                )
    first_s = sorted(_first_depth_s(options.photos[0]) for _ in range(options.runs))
    print_table(
        ["what", "wall ms", "cpu ms", "spread ms"],
        [[name, t.wall_ms, t.cpu_ms, t.spread_ms] for name, t in rows.items()],
    )
    median_s = round(first_s[len(first_s) // 2], 2)
    print(f"\nfrom an interpreter's start to the first depth map: {median_s} s")
    print(f"peak memory: {peak_memory_mb()} MB")
    table = {
        name: {"wall_ms": t.wall_ms, "cpu_ms": t.cpu_ms, "spread_ms": t.spread_ms}
        for name, t in rows.items()
    }
    print(write_result("depth", {**table, "first_depth_s": median_s}))


def _at_megapixels(photo: Photo, megapixels: float) -> Photo:
    """The photo resampled to so many pixels."""
    scale = float(np.sqrt(megapixels * 1e6 / (photo.size_wh[0] * photo.size_wh[1])))
    return photo.resized((round(photo.size_wh[0] * scale), round(photo.size_wh[1] * scale)))


def _first_depth_s(photo_path: Path) -> float:
    """Seconds from starting an interpreter to a depth map in it."""
    start_s = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST_DEPTH, str(photo_path)], check=True)
    return time.perf_counter() - start_s


if __name__ == "__main__":
    main()
