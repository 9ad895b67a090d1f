"""Views from beside the photo with the network's own depth (test T4): the whole chain, no truth in.

    python -m benchmarks.mono_view STEREO_FOLDER [--qualities standard maximum]

The network's inverse depth is brought to the pair's true shifts by a robust gain and offset, then
the scene is built and drawn as by `animate` and held against the second photo. Beside it a flat
photo that is only moved, which any depth must beat. Written to `benchmarks/results/mono_view.json`.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import print_table, write_result
from benchmarks.novel_view import render_pair
from benchmarks.stereo import Pair, Score, fit_robust, load_pairs, score_view
from parallax.perceive import PerceiveParams, perceive_photo
from parallax.photo import Photo


def main() -> None:
    """Read, fit, render, score, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stereo", type=Path)
    parser.add_argument("--qualities", nargs="+", default=["standard", "maximum"])
    options = parser.parse_args()
    rows: dict[str, Score] = {}
    error_px: dict[str, float] = {}
    for pair in load_pairs(options.stereo):
        known = np.isfinite(pair.shift_px)
        guesses = {
            quality: _guess_shift(pair, known, PerceiveParams(model="embedded", quality=quality))
            for quality in options.qualities
        }
        middle_px = float(np.median(pair.shift_px[known]))
        guesses["flat"] = np.full(pair.shift_px.shape, middle_px, np.float32)
        for name, shift_px in guesses.items():
            case = f"{pair.name}, {name}"
            view, _ = render_pair(pair, shift_px)
            rows[case] = score_view(view, pair)
            error_px[case] = float(np.abs(shift_px - pair.shift_px)[known].mean())
    print_table(
        ["case", "whole dB", "visible dB", "in-hole dB", "mean error px"],
        [
            [name, *(f"{n:.2f}" for n in (s.whole_db, s.visible_db, s.hole_db, error_px[name]))]
            for name, s in rows.items()
        ],
    )
    table = {name: {**asdict(s), "error_px": error_px[name]} for name, s in rows.items()}
    print(write_result("mono_view", table))


def _guess_shift(
    pair: Pair, known: NDArray[np.bool_], params: PerceiveParams
) -> NDArray[np.float32]:
    """Shifts (H, W) in px as the network sees them, scaled and moved to fit the true ones."""
    perceived = perceive_photo(Photo(pair.srgb8), params=params).depth
    inv_depth = perceived.resized((pair.srgb8.shape[1], pair.srgb8.shape[0])).inv_depth
    gain, offset = fit_robust(inv_depth[known], pair.shift_px[known])
    return np.asarray(np.maximum(gain * inv_depth + offset, 0), np.float32)


if __name__ == "__main__":
    main()
