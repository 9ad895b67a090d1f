"""Ripples that run on: the photo's own, whose phase turns while their outline stays.

Each ripple D of a band of scales has a partner H, a quarter of its length behind it. With their
sum cos(ωt)·D + sin(ωt)·H it runs on for ever, of the same contrast throughout, and closes after
any whole number of turns (Freeman, Adelson and Heeger 1991, "Motion Without Movement"). Added to
a photo that stays, it comes and goes as groups of waves do, and is never more than a quarter of a
length away from where the photo has it: nothing is seen twice, and no crest becomes a trough.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.mask import smoothstep
from parallax.motion.noise import smooth_noise
from parallax.motion_plan import RegionType

SCALES = (0.0008, 0.006, 0.02)  # sigma between the bands, of the short side; finer is mostly noise
GROUP = (0.16, 0.05)  # width and height of a group of waves, of the short side: its phase is one
GROUP_TURNS = 0.6  # by how many turns groups differ
DARK = 0.06  # of encoded luma: below, ripples are no more contrast than noise is
# Contrast (root mean square of the logarithm) over which water is white water, rock or a mirror
# image, whose outline would be seen to stay
ROUGH, ROUGH_POWER = 0.45, 4
WHITE = (0.80, 0.93)  # encoded luma of foam, which has no ripples
LARGEST = 0.35  # change of brightness by one band


@dataclass(frozen=True, slots=True)
class RippleKind:
    """How the ripples of a kind of water run.

    Attributes:
        share: Of the photo's ripples that run; the rest stay.
        periods_s: Of the fine band and the coarse one.
    """

    share: float
    periods_s: tuple[float, float]


KINDS: dict[RegionType, RippleKind] = {
    "water.calm": RippleKind(0.55, (1.1, 1.9)),
    "water.sea": RippleKind(0.80, (0.9, 1.6)),
}


def where_they_run(luma: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W), 0…1: the weight without white water, rocks and clear mirror images.

    Args:
        luma: (H, W), encoded, 0…1.
        weight: (H, W), 0…1: where there is water; exactly 0 elsewhere.
    """
    runs = np.zeros_like(weight)
    box = _box_of(weight)
    if box is not None:
        short = min(luma.shape)
        contrast, mean, mask = _contrast_of(luma[box], weight[box], short)
        rough = np.sqrt(_mean_inside((contrast - mean) ** 2, mask, SCALES[-1] * short / 2))
        bright = _mean_inside(luma[box], mask, SCALES[-1] * short / 4)
        calm = (1 - smoothstep(*WHITE, bright)) / (1 + (rough / ROUGH) ** ROUGH_POWER)
        runs[box] = weight[box] * calm
    return runs


def ripple_waves(
    luma: NDArray[np.float32],
    weight: NDArray[np.float32],
    *,
    way_deg: float,
    rng: np.random.Generator,
) -> NDArray[np.complex64]:
    """The ripples in a photo and their partners, a band a scale.

    Args:
        luma: (H, W), encoded, 0…1.
        weight: (H, W), 0…1: how much of the ripples run; exactly 0 outside the water.
        way_deg: Where they run to; 0 to the right, 90 down.
        rng: Source of chance.

    Returns:
        (2, H, W), Z of fine and coarse ripples: Re(Z·e^(−iωt)) is their change of brightness, as a
        share of it; at most `LARGEST`, and exactly 0 where the weight is.
    """
    waves = np.zeros((2, *luma.shape), np.complex64)
    box = _box_of(weight)
    if box is None:
        return waves
    short = min(luma.shape)
    contrast, mean, mask = _contrast_of(luma[box], weight[box], short)
    # What is beside the water goes on as its mean, so that no bank's edge rings in it
    bands = _running_bands(np.where(mask > 0, contrast, mean), way_deg, short)
    del contrast, mean, mask  # planning is where a film takes most memory
    for wave, band in zip(waves, bands, strict=True):
        phase = _group_noise(rng, luma.shape, short)[box]
        phase *= np.float32(-2 * np.pi * GROUP_TURNS)
        wave[box] = cv2.merge([np.cos(phase), np.sin(phase)]).view(np.complex64)[..., 0]
        wave[box] *= band
        wave[box] *= weight[box]
        wave[box] *= np.minimum(1, LARGEST / np.maximum(np.abs(wave[box]), 1e-6))
    return waves


def _box_of(weight: NDArray[np.float32]) -> tuple[slice, slice] | None:
    """Rows and columns of where there is any weight, and a margin."""
    inside = weight > 0
    if not inside.any():
        return None
    margin = _margin_px(min(weight.shape))
    rows, columns = (
        slice(max(0, int(at[0]) - margin), int(at[-1]) + 1 + margin)
        for at in (np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0)))
    )
    return rows, columns


def _margin_px(short: int) -> int:
    """How far the coarsest ripples reach."""
    return round(4 * SCALES[-1] * short)


def _contrast_of(
    luma: NDArray[np.float32], weight: NDArray[np.float32], short: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """(H, W) each: logarithm of the luma, its mean around, and 1 where there is water."""
    mask = (weight > 0).astype(np.float32)
    contrast = np.log(luma + np.float32(DARK))
    contrast -= contrast[weight > 0].mean()  # so that nothing is what it is far from all water
    return contrast, _mean_inside(contrast, mask, 2 * SCALES[-1] * short), mask


def _running_bands(
    contrast: NDArray[np.float32], way_deg: float, short: int
) -> Iterator[NDArray[np.complex64]]:
    """(H, W) each: D + iH of the ripples that run one way, by a one-sided spectrum."""
    margin = _margin_px(short)
    padded = cv2.copyMakeBorder(contrast, margin, margin, margin, margin, cv2.BORDER_REFLECT)
    shape = tuple(cv2.getOptimalDFTSize(side) for side in padded.shape)
    spectrum = np.fft.fft2(padded, shape)
    down = np.fft.fftfreq(shape[0]).astype(np.float32)[:, None]
    right = np.fft.fftfreq(shape[1]).astype(np.float32)[None]
    length = np.hypot(down, right)
    way = np.radians(way_deg)
    along = (right * np.cos(way) + down * np.sin(way)) / np.maximum(length, 1e-9)
    spectrum *= 2 * np.maximum(along, 0)
    passed = [np.exp(-2 * (np.pi * short * scale * length) ** 2) for scale in SCALES]
    rows, columns = (slice(margin, margin + side) for side in contrast.shape)
    for fine, coarse in pairwise(passed):
        yield np.asarray(np.fft.ifft2(spectrum * (fine - coarse))[rows, columns], np.complex64)


def _mean_inside(
    values: NDArray[np.float32], mask: NDArray[np.float32], sigma_px: float
) -> NDArray[np.float32]:
    """(H, W): as `mask.mean_inside`, which ends more abruptly far outside."""
    total = cv2.GaussianBlur(values * mask, (0, 0), sigma_px)
    return np.asarray(total / (cv2.GaussianBlur(mask, (0, 0), sigma_px) + 1e-4), np.float32)


def _group_noise(
    rng: np.random.Generator, shape: tuple[int, ...], short: int
) -> NDArray[np.float32]:
    """(H, W): smooth noise whose cells lie as groups of waves do."""
    cell_w, cell_h = GROUP
    squeezed_wh = max(8, round(shape[1] * cell_h / cell_w)), shape[0]
    noise = smooth_noise(rng, squeezed_wh, max(2.0, cell_h * short))
    return np.asarray(cv2.resize(noise, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
