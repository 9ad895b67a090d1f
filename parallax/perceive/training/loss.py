"""What the student is told off for."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from parallax.perceive.training.batch import Batch

NUM_GRADIENT_SCALES = 4
SMALLEST_SIDE = 8  # pixels of a scale: with fewer, its gradient is no edge any more
MEDIAN_GRID = 40  # pixels a side, at least: 1600 are enough for a median
SPREAD_FLOOR = 0.05  # log disparity: photos flatter than this are not blown up


@dataclass(frozen=True, slots=True)
class LossWeights:
    """How much each part counts.

    Attributes:
        depth: Shape of the depth, after scale and shift.
        gradient: Its edges, at four scales.
        span: How many times nearer near is than far, up to a common factor.
        label: Soft labels.
        feature: The teacher's features; decays over the training.
    """

    depth: float = 1.5
    gradient: float = 0.5
    span: float = 0.1
    label: float = 2.0
    feature: float = 0.7


def measure_loss(
    outputs: tuple[Tensor, Tensor, Tensor], batch: Batch, weights: LossWeights
) -> dict[str, Tensor]:
    """The parts of the loss, unweighted, and `total`.

    Args:
        outputs: Log disparity (N, 1, H, W), logits (N, 7, H/2, W/2), features (N, C, H/16, W/16)
            already mapped to the teacher's.
        batch: The targets.
        weights: How much each part counts.
    """
    log_disparity, logits, feature = (output.float() for output in outputs)
    trust = batch.trust[:, None, None, None]
    student = normalise(log_disparity, batch.known)
    target = normalise(batch.log_disparity, batch.known)
    difference = (student - target) * batch.known
    shifted = log_disparity - batch.log_disparity
    shifted = shifted - _weighted_median(shifted, batch.known)
    parts = {
        "depth": _mean(difference.abs(), batch.known * trust),
        "gradient": _gradient_loss(difference, batch.known, trust),
        "span": _mean(shifted.abs(), batch.known * trust),
        "label": _label_loss(logits, batch.probability, batch.labelled * trust),
        "feature": _feature_loss(feature, batch.feature, batch.featured),
    }
    parts["total"] = torch.stack(
        [part * getattr(weights, name) for name, part in parts.items()]
    ).sum()
    return parts


def normalise(log_disparity: Tensor, known: Tensor) -> Tensor:
    """Log disparity with median 0 and mean absolute deviation 1 over the known pixels.

    Ranftl et al. 2020, "Towards Robust Monocular Depth Estimation", equations 5 and 6.
    """
    centred = log_disparity - _weighted_median(log_disparity, known)
    count = known.sum((2, 3), keepdim=True).clamp_min(1)
    spread = (centred.abs() * known).sum((2, 3), keepdim=True) / count
    return centred / spread.clamp_min(SPREAD_FLOOR)


def _weighted_median(value: Tensor, known: Tensor) -> Tensor:
    """(N, 1, 1, 1): the median of the known pixels of a coarser grid (it is enough)."""
    step = max(1, min(value.shape[2:]) // MEDIAN_GRID)
    coarse = value[:, :, step // 2 :: step, step // 2 :: step].flatten(1)
    coarse_known = known[:, :, step // 2 :: step, step // 2 :: step].flatten(1)
    coarse = torch.where(coarse_known > 0, coarse, torch.nan)
    return coarse.nanmedian(dim=1).values.nan_to_num(0)[:, None, None, None]


def _gradient_loss(difference: Tensor, known: Tensor, trust: Tensor) -> Tensor:
    """Mean absolute gradient of the difference, at four scales (Ranftl et al., equation 11)."""
    total = difference.new_zeros(())
    for scale in range(NUM_GRADIENT_SCALES):
        step = 2**scale
        d, k = difference[:, :, ::step, ::step], known[:, :, ::step, ::step]
        if min(d.shape[2:]) < SMALLEST_SIDE:
            break
        both_x, both_y = k[..., 1:] * k[..., :-1], k[:, :, 1:] * k[:, :, :-1]
        total = total + _mean((d[..., 1:] - d[..., :-1]).abs(), both_x * trust)
        total = total + _mean((d[:, :, 1:] - d[:, :, :-1]).abs(), both_y * trust)
    return total


def _label_loss(logits: Tensor, probability: Tensor, weight: Tensor) -> Tensor:
    """Kullback-Leibler divergence from the soft labels; the sure pixels count more."""
    surety = probability.amax(1, keepdim=True) ** 2
    divergence = functional.kl_div(
        functional.log_softmax(logits, 1), probability.clamp_min(1e-4), reduction="none"
    ).sum(1, keepdim=True)
    return _mean(divergence, weight * surety)


def _feature_loss(feature: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Squared distance of whitened principal components, the leading ones counting most."""
    rank = torch.arange(1, feature.shape[1] + 1, dtype=torch.float32)
    share = rank**-0.5 / (rank**-0.5).mean()
    squared = (feature - target).pow(2) * share[:, None, None]
    return _mean(squared.mean(1, keepdim=True), weight)


def _mean(value: Tensor, weight: Tensor) -> Tensor:
    weight = weight.expand_as(value)
    return (value * weight).sum() / weight.sum().clamp_min(1)
