"""Are depth maps as sharp as the scene? F1 of occluding contours, before and after the edge step.

    python -m benchmarks.edge_f1 DATA [--every 2]

On held-out photos with measured depth: the embedded network and its depth teacher as they answer,
and as a scene is cut along (`refine_edges`, the first step of building one). Boundary F1 as in
Depth Pro (Bochkovskii et al. 2024), a pixel's error allowed. Needs the `train` extra. Written to
`benchmarks/results/edge_f1.json`.
"""

import argparse
import statistics
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import print_table, write_result
from parallax.layers.refine import RefineParams, measure_blur, refine_edges
from parallax.layers.sides import look_at
from parallax.perceive.card import EMBEDDED, load_card
from parallax.perceive.training.metric import score_depth
from parallax.perceive.training.report import Truth, read_nyu, read_stereo
from parallax.perceive.training.teacher import DepthTeacher
from parallax.perceive.views import read_photo, read_views
from parallax.perceive.weights import load_edges, load_embedded

GAP_PX_OF_INV = 60.0  # of a move that shifts near against far by 60 pixels

Guess = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def main() -> None:
    """Read, sharpen, score, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--every", type=int, default=2, help="of the indoor photos")
    options = parser.parse_args()
    card = load_card(EMBEDDED)
    network, edges = load_embedded(card), load_edges(card)
    teacher = DepthTeacher(options.data / "teachers" / "tiefenrausch_u8w.onnx")
    guesses: dict[str, Guess] = {
        "embedded": lambda srgb8: read_photo(network, edges, srgb8, card, "standard")[0],
        "embedded, edges as it saw them": lambda srgb8: read_views(
            network, srgb8, card, "standard"
        )[0],
        "depth teacher, 384 px": teacher.read,
    }
    truths = {
        "NYU": list(read_nyu(options.data))[:: options.every],
        "Middlebury": list(read_stereo(options.data / "stereo")),
    }
    rows = {
        f"{name}, {who}": _score(guess, pairs)
        for name, pairs in truths.items()
        for who, guess in guesses.items()
    }
    columns = ("as_answered", "as_cut")
    table = [[name, *(f"{row[c]:.3f}" for c in columns)] for name, row in rows.items()]
    print_table(["what", *(c.replace("_", " ") for c in columns)], table)
    print(write_result("edge_f1", rows))


def _score(guess: Guess, pairs: list[Truth]) -> dict[str, float]:
    answered: list[float] = []
    cut: list[float] = []
    for srgb8, truth, known in pairs:
        log_disparity = guess(srgb8)
        inv_depth = np.exp(log_disparity - log_disparity.max())
        for scores, inverse in ((answered, inv_depth), (cut, _cut_edges(inv_depth, srgb8))):
            sized = cv2.resize(inverse, truth.shape[::-1], interpolation=cv2.INTER_NEAREST)
            scores.append(score_depth(np.asarray(sized, np.float32), truth, known).boundary_f1)
    return {"as_answered": statistics.mean(answered), "as_cut": statistics.mean(cut)}


def _cut_edges(inv_depth: NDArray[np.float32], srgb8: NDArray[np.uint8]) -> NDArray[np.float32]:
    size_wh = inv_depth.shape[::-1]
    small = cv2.resize(srgb8, size_wh, interpolation=cv2.INTER_AREA)
    return refine_edges(
        inv_depth,
        look_at(np.asarray(small, np.uint8), None),
        gap_px_of_inv=GAP_PX_OF_INV,
        sigma_px=measure_blur(inv_depth),
        params=RefineParams(),
    )


if __name__ == "__main__":
    main()
