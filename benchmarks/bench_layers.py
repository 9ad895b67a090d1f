"""What building a scene takes, step by step, by size of photo; and writing and reading it.

Step by step for a film as large as the photo; as a whole also for one of the usual size, which is
built from the photo shrunk to it.

    python -m benchmarks.bench_layers [PHOTO DEPTH] [--runs 5] [--megapixels 2 12]

The depth map is blurred as a network's is, so that its edges have to be sharpened. Medians are
printed and written to `benchmarks/results/layers.json`.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np

from benchmarks.measure import peak_memory_mb, print_table, time_calls, write_result
from parallax.camera import Reach
from parallax.depth_map import DepthMap, load_depth
from parallax.label_map import LABELS, LabelMap
from parallax.layers.build import build_scene
from parallax.layers.glb import load_scene, save_scene
from parallax.photo import Photo, load_photo
from parallax.scene import Scene

SAMPLES = Path(__file__).parent.parent / "samples"
STEPS = (
    "measure_blur",
    "refine_edges",
    "snap_mixed",
    "level_rims",
    "rejoin_tips",
    "straighten_outlines",
    "find_things",
    "keep_rigid",
    "slope_dents",
    "widen_near",
    "find_tears",
    "split_surfaces",
    "cover_surfaces",
    "extend_mirrored",
    "rank_behind",
    "find_kinds",
    "fill_background",
    "cut_rim",
    "triangulate",
    "make_backdrop",
)
NETWORK_PX = 512  # long side of a depth network's output
FILM_PX = 1920  # long side of the film that `animate` makes where no size is given
SHIFT = 0.04  # of the film's width, at the nearest point: a wide move


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", nargs="?", type=Path, default=SAMPLES / "still_life.jpg")
    parser.add_argument("depth", nargs="?", type=Path, default=SAMPLES / "still_life.depth.png")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--megapixels", type=float, nargs="+", default=[2, 12, 48])
    options = parser.parse_args()
    photo, depth = load_photo(options.photo), _as_a_network(load_depth(options.depth))
    rows, table = {}, []
    for megapixels in options.megapixels:
        enlarged = _at_megapixels(photo, megapixels)
        whole = time_calls(partial(_build, enlarged, depth), num_runs=options.runs)
        for_film = time_calls(partial(_build_for_film, enlarged, depth), num_runs=options.runs)
        steps = [_step_times(enlarged, depth) for _ in range(options.runs)]
        scene = _build(enlarged, depth)
        row = {step: round(statistics.median(s[step] for s in steps), 1) for step in STEPS}
        files = _time_files(scene, options.runs)
        about = {"triangles": scene.num_triangles, "peak_memory_mb": peak_memory_mb(), **files}
        times = {"whole": asdict(whole), "for_film": asdict(for_film)}
        rows[f"{megapixels:g} MP"] = {**times, "steps_ms": row, **about}
        wholes = {
            "whole, wall": whole.wall_ms,
            "whole, cpu": whole.cpu_ms,
            f"for a film of {FILM_PX}, wall": for_film.wall_ms,
            f"for a film of {FILM_PX}, cpu": for_film.cpu_ms,
        }
        table.append((megapixels, wholes | row | about))
    names = list(table[0][1])
    print_table(
        ["ms", *(f"{megapixels:g} MP" for megapixels, _ in table)],
        [[name, *(column[name] for _, column in table)] for name in names],
    )
    print(write_result("layers", rows))


def _as_a_network(depth: DepthMap) -> DepthMap:
    """The map as a network would give it: small and soft."""
    shrink = NETWORK_PX / max(depth.size_wh)
    small = depth.resized((round(depth.size_wh[0] * shrink), round(depth.size_wh[1] * shrink)))
    return DepthMap(cv2.GaussianBlur(small.inv_depth, (0, 0), 1.5))


def _at_megapixels(photo: Photo, megapixels: float) -> Photo:
    """The photo resampled to so many pixels."""
    scale = float(np.sqrt(megapixels * 1e6 / (photo.size_wh[0] * photo.size_wh[1])))
    return photo.resized((round(photo.size_wh[0] * scale), round(photo.size_wh[1] * scale)))


def _build(photo: Photo, depth: DepthMap) -> Scene:
    """The scene for a film of the photo's size."""
    shift_su = SHIFT * photo.size_wh[0] / photo.intrinsics().focal_px
    probability = np.full((*depth.inv_depth.shape, len(LABELS)), 255 // len(LABELS), np.uint8)
    reach = Reach(shift_su, (0.03, 0.03, 0.03, 0.03))
    return build_scene(photo, depth, LabelMap(probability), reach=reach, size_wh=photo.size_wh)


def _build_for_film(photo: Photo, depth: DepthMap) -> Scene:
    """The scene as `animate` builds it: no larger than its film shows."""
    scale = min(1.0, FILM_PX / max(photo.size_wh))
    return _build(
        photo.resized((round(photo.size_wh[0] * scale), round(photo.size_wh[1] * scale))), depth
    )


def _step_times(photo: Photo, depth: DepthMap) -> dict[str, float]:
    """Milliseconds in each step of one build, all of its calls together, on whichever core."""
    calls: list[tuple[str, float]] = []

    def timed(step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            start_s = time.perf_counter()
            found = function(*args, **kwargs)
            calls.append((step, (time.perf_counter() - start_s) * 1000))
            return found

        return call

    with ExitStack() as patches:
        for name, module in list(sys.modules.items()):
            if name.startswith("parallax.layers."):
                for step in vars(module).keys() & set(STEPS):
                    function = timed(step, getattr(module, step))
                    patches.enter_context(patch.object(module, step, function))
        _build(photo, depth)
    return {step: sum(ms for called, ms in calls if called == step) for step in STEPS}


def _time_files(scene: Scene, num_runs: int) -> dict[str, float]:
    """What writing and reading the scene takes, and how large the file is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scene.glb"
        written = time_calls(lambda: save_scene(path, scene), num_runs=num_runs)
        read = time_calls(lambda: load_scene(path), num_runs=num_runs)
        size_mb = round(path.stat().st_size / 1e6, 1)
    return {"save_scene": written.wall_ms, "load_scene": read.wall_ms, "file_mb": size_mb}


if __name__ == "__main__":
    main()
