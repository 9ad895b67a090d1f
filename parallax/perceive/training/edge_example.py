"""Examples for the edge network: what the embedded network saw, and what it should have seen.

Where true edges are known - of rendered scenes, of shapes pasted in front, of measured rooms - the
embedded network's own soft answer is cut along them. The target keeps the answer's depths, right or
wrong: only where they end is to be learnt.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.perceive.photo_planes import resize_photo
from parallax.perceive.training.cutout import paste_cutouts
from parallax.perceive.training.sample import load_sample

REACH_PX = 15  # of an edge: so far the soft answer is replaced
EVERY_PX = 3  # of the places a mean is taken over
FALLOFF_PX = 8.0  # standard deviation of their weights
SOFT_PX = 6.0  # beside an edge the answer is a mix of both sides, and counts little
KEPT_PX = (8.0, 14.0)  # from an edge: between them the target goes over to the answer itself
STEP = 0.1  # in log disparity: neighbours that differ by more are an edge, and of another surface
UNKNOWN = 1e6  # beyond every depth: no edge where one side is not known
ELSEWHERE = 0.04  # weight of pixels far from true edges, beside 1 near them

Floats = NDArray[np.float32]
Read = Callable[[NDArray[np.uint8]], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class EdgeExample:
    """One photo to learn edges from.

    Attributes:
        srgb8: uint8 (H, W, 3).
        answer: (H, W), log disparity as the embedded network sees it.
        target: (H, W), the same with its edges where they are.
        weight: (H, W), how much each pixel counts.
    """

    srgb8: NDArray[np.uint8]
    answer: Floats
    target: Floats
    weight: Floats


def cut_along(answer: Floats, truth: Floats, known: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The answer cut along the truth's edges, and how far each pixel is from them, in pixels.

    Near an edge each pixel takes a mean of the answer on its own side of it, in which what lies
    farther from the edge counts more.

    Args:
        answer: (H, W), log disparity.
        truth: (H, W), of which only steps matter.
        known: (H, W), where there is a truth.
    """
    low = cv2.erode(np.where(known, truth, UNKNOWN).astype(np.float32), np.ones((3, 3)))
    high = cv2.dilate(np.where(known, truth, -UNKNOWN).astype(np.float32), np.ones((3, 3)))
    edge = known & (high - low > STEP)
    from_edge_px = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, 5)
    pure = np.clip(from_edge_px / SOFT_PX, 0.02, 1).astype(np.float32) * known
    height, width = answer.shape
    wide_answer, wide_truth, wide_pure = (
        cv2.copyMakeBorder(plane, *(REACH_PX,) * 4, kind, value=0)
        for plane, kind in (
            (answer, cv2.BORDER_REPLICATE),
            (truth.astype(np.float32), cv2.BORDER_REPLICATE),
            (pure, cv2.BORDER_CONSTANT),
        )
    )
    total, share = np.zeros_like(answer), np.full_like(answer, 1e-6)
    for dy in range(-REACH_PX, REACH_PX + 1, EVERY_PX):
        for dx in range(-REACH_PX, REACH_PX + 1, EVERY_PX):
            if dx**2 + dy**2 > REACH_PX**2:
                continue
            there = (
                slice(REACH_PX + dy, REACH_PX + dy + height),
                slice(REACH_PX + dx, REACH_PX + dx + width),
            )
            alike = np.clip(1.5 - np.abs(wide_truth[there] - truth) / STEP, 0, 1)
            falloff = np.exp(-(dx**2 + dy**2) / (2 * FALLOFF_PX**2))
            weight = alike * wide_pure[there] * np.float32(falloff)
            total += weight * wide_answer[there]
            share += weight
    near, far = KEPT_PX
    kept = np.clip((from_edge_px - near) / (far - near), 0, 1)
    target = np.where(known, kept * answer + (1 - kept) * total / share, answer)
    return target.astype(np.float32), from_edge_px


def make_example(
    srgb8: NDArray[np.uint8],
    truth: Floats,
    known: NDArray[np.bool_],
    read: Read,
    *,
    edges_only: bool,
) -> EdgeExample:
    """What the embedded network sees of a photo, and its answer cut along the truth's edges.

    Args:
        srgb8: (H, W, 3).
        truth: (h, w), log disparity, or any map with steps at the true edges.
        known: (h, w), where there is a truth.
        read: The embedded network: log disparity of a photo.
        edges_only: Other edges than the truth's are not known to be wrong.
    """
    answer = read(srgb8)
    size_wh = (answer.shape[1], answer.shape[0])
    sized = cv2.resize(truth.astype(np.float32), size_wh, interpolation=cv2.INTER_NEAREST)
    is_known = cv2.resize(known.astype(np.uint8), size_wh, interpolation=cv2.INTER_NEAREST) > 0
    target, from_edge_px = cut_along(answer, np.asarray(sized, np.float32), is_known)
    elsewhere = 0.0 if edges_only else ELSEWHERE
    weight = np.where(from_edge_px < KEPT_PX[1], 1, elsewhere) * is_known
    return EdgeExample(resize_photo(srgb8, size_wh), answer, target, weight.astype(np.float32))


def example_of_sample(path: Path, read: Read) -> EdgeExample:
    """Of a cached sample with exact depth: a rendered scene or a measured room."""
    sample = load_sample(path)
    known = np.isfinite(sample.log_disparity)
    truth = np.where(known, sample.log_disparity, 0).astype(np.float32)
    return make_example(sample.srgb8, truth, known, read, edges_only=False)


def example_of_cutouts(
    rng: np.random.Generator, paths: list[Path], read: Read, *, num_layers: int
) -> EdgeExample:
    """Of a cached photo with cut-outs of others in front, one before the other."""
    srgb8, layer = paste_cutouts(rng, paths, num_layers=num_layers)
    return make_example(srgb8, layer, np.ones(layer.shape, bool), read, edges_only=True)
