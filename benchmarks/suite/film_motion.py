"""How much a film moves, and whether its loop runs on: from the frames alone.

`benchmarks.motion_metric` holds what concerns a part of the picture.
"""

import itertools

import cv2
import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.uint8]
ENERGY_WIDTH_PX, ENERGY_STEP_S = 96, 1 / 15
MOVES_LEVELS = 2.0  # standard deviation over time, of 255: less is the codec


def motion_energy(frames: Frames, fps: float) -> float:
    """Mean absolute change of grey at 96 px width over 1/15 s, of 255.

    A flat zoom has about 1, a strong parallax move 5.
    """
    step = max(1, round(fps * ENERGY_STEP_S))
    height = max(1, round(frames.shape[1] * ENERGY_WIDTH_PX / frames.shape[2]))
    small = [
        cv2.resize(_gray(frame), (ENERGY_WIDTH_PX, height), interpolation=cv2.INTER_AREA)
        for frame in frames[::step]
    ]
    return float(np.mean([np.abs(b - a).mean() for a, b in itertools.pairwise(small)]))


def moving_mask(frames: Frames) -> NDArray[np.bool_]:
    """(H, W), where the picture changes more than an encoder changes it."""
    grays = np.stack([_gray(frame) for frame in frames])
    return np.asarray(grays.std(0) > MOVES_LEVELS)


def velocity_ratio(loop: Frames) -> float:
    """How much the step changes at a loop's end over how much it does elsewhere; 1 is even.

    |(f₀ − f₋₁) − (f₁ − f₀)| over the mean of |(f_{t+1} − f_t) − (f_t − f_{t−1})| inside the film.
    """
    signed = loop.astype(np.int16)
    inner = [
        float(np.abs(signed[t + 1] - 2 * signed[t] + signed[t - 1]).mean())
        for t in range(1, len(loop) - 1)
    ]
    at_end = float(np.abs(signed[1] - 2 * signed[0] + signed[-1]).mean())
    return at_end / max(float(np.mean(inner)), 1e-9)


def _gray(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(H, W), 0…255."""
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.float32)
