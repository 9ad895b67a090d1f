"""Smooth random fields, seeded, for phases, eddies and clouds."""

import cv2
import numpy as np
from numpy.typing import NDArray

Size = tuple[int, int]


def smooth_noise(rng: np.random.Generator, size_wh: Size, cell_px: float) -> NDArray[np.float32]:
    """(h, w), mean about 0 and variance about 1, that changes over about `cell_px`."""
    coarse_w = max(2, round(size_wh[0] / cell_px) + 3)
    coarse_h = max(2, round(size_wh[1] / cell_px) + 3)
    coarse = rng.standard_normal((coarse_h, coarse_w)).astype(np.float32)
    field = cv2.resize(coarse, size_wh, interpolation=cv2.INTER_CUBIC)
    return np.asarray(field * 1.35, np.float32)  # cubic interpolation takes that much away


def smooth_complex(
    rng: np.random.Generator, size_wh: Size, cell_px: float
) -> NDArray[np.complex64]:
    """(h, w), complex, mean about 0, mean square about 1."""
    real = smooth_noise(rng, size_wh, cell_px)
    imag = smooth_noise(rng, size_wh, cell_px)
    return np.asarray((real + 1j * imag) / np.sqrt(2), np.complex64)


def curl_noise(rng: np.random.Generator, size_wh: Size, cell_px: float) -> NDArray[np.float32]:
    """(h, w, 2), root mean square about 1, free of divergence: the turned gradient of a noise."""
    potential = smooth_noise(rng, size_wh, cell_px)
    down, right = np.gradient(potential)
    curl = np.stack([down, -right], -1)
    return np.asarray(curl / max(float(np.sqrt((curl**2).sum(-1).mean())), 1e-9), np.float32)


def tiling_fbm(
    rng: np.random.Generator, side_px: int, *, cells: int, num_octaves: int
) -> NDArray[np.float32]:
    """(side, side), 0…1, seamless across its borders: octaves of cubic value noise.

    Args:
        rng: Source of chance.
        side_px: Width and height.
        cells: Of the coarsest octave along a side.
        num_octaves: Each has double the cells and 0.55 of the height of the one before.
    """
    total = np.zeros((side_px, side_px), np.float32)
    height = 1.0
    for octave in range(num_octaves):
        count = cells << octave
        if count * 2 > side_px:
            break
        lattice = rng.standard_normal((count, count)).astype(np.float32)
        wrapped = np.tile(lattice, (3, 3))
        big = cv2.resize(wrapped, (3 * side_px, 3 * side_px), interpolation=cv2.INTER_CUBIC)
        total += height * big[side_px : 2 * side_px, side_px : 2 * side_px]
        height *= 0.55
    low, high = np.percentile(total, (2, 98))
    return np.asarray(np.clip((total - low) / (high - low), 0, 1), np.float32)
