"""Photos with cut-outs of other photos in front: shapes, twigs, people, whole skylines."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.perceive.training.sample import Sample, load_sample
from parallax.perceive.training.scene import draw_blob, draw_twigs
from parallax.perceive.training.target import label_index

KINDS = ("blob", "twigs", "person", "person", "sky", "sky")
USUAL_AREA = (0.05, 0.75)  # of the photo that a cut-out is taken from
STEEPER = 4.0  # than labels at half size are its edges
MOST_TRIES = 30

Floats = NDArray[np.float32]


def paste_cutouts(
    rng: np.random.Generator, paths: list[Path], *, num_layers: int
) -> tuple[NDArray[np.uint8], Floats]:
    """A photo uint8 (H, W, 3) and, float32 (H, W), the number of the foremost cut-out, from 1 on.

    Args:
        rng: Of all that is random.
        paths: Cached samples of photos.
        num_layers: Cut-outs at most.
    """
    srgb8 = _pick(rng, paths).srgb8.copy()
    height, width = srgb8.shape[:2]
    layer = np.zeros((height, width), np.float32)
    for number in range(1, num_layers + 1):
        kind = str(rng.choice(KINDS))
        found = _find_cutout(rng, paths, kind)
        if found is None:
            continue
        piece, alpha = found
        if kind in ("blob", "twigs"):
            scale = rng.uniform(0.25, 0.9) * height / alpha.shape[0]
        else:
            scale = rng.uniform(0.5, 1.3) * height / alpha.shape[0]
        piece, alpha = (
            np.asarray(cv2.resize(plane, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
            for plane in (piece, alpha)
        )
        left = _place(rng, width, alpha.shape[1])
        stands = kind in ("person", "sky")
        top = height - alpha.shape[0] if stands else _place(rng, height, alpha.shape[0])
        here, there = _overlap((height, width), alpha.shape, top, left)
        front = alpha[there][..., None]
        light = np.float32(np.exp(rng.normal() * 0.2))
        lit = np.clip(piece[there].astype(np.float32) * light, 0, 255)
        srgb8[here] = np.rint(srgb8[here] * (1 - front) + lit * front).astype(np.uint8)
        layer[here][front[..., 0] > 0.5] = number
    if rng.random() < 0.4:
        srgb8 = np.asarray(cv2.GaussianBlur(srgb8, (0, 0), rng.uniform(0.4, 1.0)), np.uint8)
    return srgb8, layer


def _find_cutout(
    rng: np.random.Generator, paths: list[Path], kind: str
) -> tuple[NDArray[np.uint8], Floats] | None:
    """A photo (H, W, 3) and its opacity (H, W), 0…1; None if none was found with such a thing."""
    for _ in range(MOST_TRIES):
        sample = _pick(rng, paths)
        piece = sample.srgb8
        if kind in ("blob", "twigs"):
            mask = (draw_blob if kind == "blob" else draw_twigs)(rng)
            side = mask.shape[0]
            return cv2.resize(piece, (side, side)).astype(np.uint8), mask.astype(np.float32)
        plane = sample.probability[..., label_index(kind)].astype(np.float32) / 255
        plane = 1 - plane if kind == "sky" else plane
        grown = cv2.resize(plane, piece.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        alpha = np.clip((grown - 0.5) * STEEPER + 0.4, 0, 1).astype(np.float32)
        if USUAL_AREA[0] < alpha.mean() < USUAL_AREA[1]:
            flip = slice(None, None, int(rng.choice([-1, 1])))
            return np.ascontiguousarray(piece[:, flip]), np.ascontiguousarray(alpha[:, flip])
    return None


def _pick(rng: np.random.Generator, paths: list[Path]) -> Sample:
    return load_sample(paths[int(rng.integers(len(paths)))])


def _place(rng: np.random.Generator, side: int, part: int) -> int:
    """Where a part begins, so that it lies within a side, or the side within it."""
    return int(rng.integers(min(0, side - part), max(0, side - part) + 1))


def _overlap(
    shape: tuple[int, int], part: tuple[int, ...], top: int, left: int
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The place of a part in a picture, and what of the part lies there."""
    ends = [
        min(side, start + size) for side, start, size in zip(shape, (top, left), part, strict=True)
    ]
    starts = [max(0, start) for start in (top, left)]
    here = slice(starts[0], ends[0]), slice(starts[1], ends[1])
    there = slice(starts[0] - top, ends[0] - top), slice(starts[1] - left, ends[1] - left)
    return here, there
