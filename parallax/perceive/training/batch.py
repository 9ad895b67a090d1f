"""Batches of random crops: each is a pure function of the samples, the seed and the step."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from parallax.perceive.training.sample import Sample

FEATURE_STRIDE_PX = 16


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Crops and what there is to learn from them; all float32.

    Attributes:
        srgb: (N, 3, H, W), 0…1.
        log_disparity: (N, 1, H, W); 0 where unknown.
        known: (N, 1, H, W), 1 where the depth counts.
        probability: (N, 7, H/2, W/2), sums to 1.
        labelled: (N, 1, H/2, W/2), how much the labels count.
        feature: (N, C, H/16, W/16).
        featured: (N, 1, H/16, W/16), how much the features count.
        trust: (N,), how far the teachers are believed.
    """

    srgb: Tensor
    log_disparity: Tensor
    known: Tensor
    probability: Tensor
    labelled: Tensor
    feature: Tensor
    featured: Tensor
    trust: Tensor


def coarsen(batch: Batch, stride_px: int) -> Batch:
    """The same photos with depth and labels at 1/`stride_px`."""

    def shrink(plane: Tensor, factor: int) -> Tensor:
        return functional.avg_pool2d(plane, factor)

    share = shrink(batch.known, stride_px)
    summed = shrink(batch.log_disparity * batch.known, stride_px)
    known = (share > 0.5).float()
    return replace(
        batch,
        log_disparity=summed / share.clamp_min(1e-3) * known,
        known=known,
        probability=shrink(batch.probability, stride_px // 2),
        labelled=shrink(batch.labelled, stride_px // 2),
    )


@dataclass(frozen=True, slots=True)
class CropParams:
    """How photos are cut.

    Attributes:
        sides_px: Side of a square crop; oblong ones have the same area.
        num: Crops in a batch.
        measured_share: Share of crops from photos with measured depth and from rendered scenes.
        smallest: Side of the smallest crop, as a share of the photo's.
        whole_share: Share of crops that show (nearly) the whole photo.
    """

    sides_px: int = 192
    num: int = 32
    measured_share: float = 0.22
    smallest: float = 0.4
    whole_share: float = 0.4


class Cropper:
    """Cuts batches out of samples held in memory."""

    def __init__(self, guessed: list[Sample], measured: list[Sample], *, seed: int) -> None:
        if not guessed and not measured:
            raise ValueError("Cropper: expected at least one sample, got none")
        self._guessed, self._measured, self._seed = guessed, measured, seed
        self._chance = _rare_first(guessed)

    def cut(self, step: int, *, params: CropParams) -> Batch:
        """The batch of this step, always the same for the same step."""
        rng = np.random.default_rng([self._seed, step])
        aspect = float(rng.choice([0.75, 1.0, 1.0, 4 / 3, 1.5]))
        height, width = (
            max(32, round(params.sides_px * side / 32) * 32) for side in (aspect**-0.5, aspect**0.5)
        )
        crops = [
            _cut_one(self._pick(rng, params), rng, (width, height), params)
            for _ in range(params.num)
        ]
        return Batch(*(torch.from_numpy(np.stack(part)) for part in zip(*crops, strict=True)))

    def _pick(self, rng: np.random.Generator, params: CropParams) -> Sample:
        measured = self._measured and rng.random() < params.measured_share
        if measured or not self._guessed:
            return self._measured[int(rng.integers(len(self._measured)))]
        return self._guessed[int(np.searchsorted(self._chance, rng.random()))]


def _rare_first(samples: list[Sample]) -> NDArray[np.float64]:
    """Running sum of the chances of photos; those of rare labels are taken more often.

    A label's pixels count by one over the root of their share in all photos: half-way between as
    often as they are and equally often.
    """
    shares = np.array([sample.probability.mean((0, 1)) / 255 for sample in samples])
    weight = (shares / np.sqrt(shares.mean(0) + 1e-3)).sum(1) if samples else np.ones(1)
    return np.cumsum(weight / weight.sum()) / (1 + 1e-9)


def _cut_one(
    sample: Sample, rng: np.random.Generator, size_wh: tuple[int, int], params: CropParams
) -> tuple[NDArray[np.float32], ...]:
    box = _random_box(sample.srgb8.shape[:2], rng, size_wh[0] / size_wh[1], params)
    # On the grid of the coarsest plane, so that all planes show the same place to a fraction
    grid = np.tile(sample.feature.shape[1::-1], 2)
    box = np.maximum(np.round(box * grid), [0, 0, 1, 1]) / grid
    mirrored = rng.random() < 0.5
    half_wh, feature_wh = ((size_wh[0] // s, size_wh[1] // s) for s in (2, FEATURE_STRIDE_PX))

    srgb = _resize(sample.srgb8, box, size_wh) / 255
    known = _resize(np.isfinite(sample.log_disparity), box, size_wh)[..., None] > 0.99
    filled = np.nan_to_num(sample.log_disparity.astype(np.float32))
    log_disparity = _resize(filled, box, size_wh)[..., None]
    probability = _resize(sample.probability, box, half_wh)
    total = probability.sum(axis=-1, keepdims=True)
    probability /= np.maximum(total, 1)
    feature = _resize(sample.feature, box, feature_wh) / 32

    # A rendered scene has neither labels nor features
    labelled = (total > 0).astype(np.float32)
    featured = np.full((*feature_wh[::-1], 1), float(labelled.any()), np.float32)
    planes = (srgb, log_disparity * known, known, probability, labelled, feature, featured)
    flipped = [plane[:, ::-1] if mirrored else plane for plane in planes]
    return (
        *(np.ascontiguousarray(plane.transpose(2, 0, 1), np.float32) for plane in flipped),
        np.asarray(sample.confidence, np.float32),
    )


def _random_box(
    size_hw: tuple[int, int], rng: np.random.Generator, aspect: float, params: CropParams
) -> NDArray[np.float64]:
    """Left, top, width, height in uv, of about the wanted aspect."""
    height, width = size_hw
    share = 1.0
    if rng.random() > params.whole_share:
        share = params.smallest + (1 - params.smallest) * rng.random()
    stretch = aspect * width**-1 * height * np.exp(rng.uniform(-0.15, 0.15))
    sides = np.array([share * min(1, stretch), share * min(1, 1 / stretch)])
    return np.concatenate([rng.random(2) * (1 - sides), sides])


def _resize(
    plane: NDArray[np.generic], box: NDArray[np.float64], size_wh: tuple[int, int]
) -> NDArray[np.float32]:
    """A box of a plane, resampled; shrinking averages, so nothing flickers."""
    height, width = plane.shape[:2]
    left, top = round(box[0] * width), round(box[1] * height)
    left, top = min(left, width - 2), min(top, height - 2)
    right = min(width, max(left + 2, round((box[0] + box[2]) * width)))
    bottom = min(height, max(top + 2, round((box[1] + box[3]) * height)))
    cut = np.ascontiguousarray(plane[top:bottom, left:right])
    if cut.dtype != np.uint8:
        cut = cut.astype(np.float32)
    few = cut.ndim == 2 or cut.shape[2] <= 4
    shrinks = cut.shape[0] > size_wh[1] * 1.2 and few
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(cut, size_wh, interpolation=method), np.float32)
