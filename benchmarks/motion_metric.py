"""Numbers that say whether a film moves well, from its frames alone; no network, no weights.

Frames are uint8 (N, H, W, 3), sRGB, from a camera at rest; a loop's frames hold one period, the
first one not again at the end. Masks are bool (H, W).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.uint8]
Mask = NDArray[np.bool_]
FLOW_LONG_SIDE_PX = 480  # optical flow is measured at this size
FLICKER_HZ = 3.0  # slower changes of light are clouds, faster ones a fault
FINE = 0.045  # sigma, of the short side: what is finer is renewed or stands
SPECTRUM_HZ = 6.0  # films of 12 frames a second still show this


def seam_ratio(loop: Iterable[Frames]) -> float:
    """Mean difference from the last frame to the first over the mean between neighbours.

    1 is a loop that nobody can find the end of.
    """
    end, step = seam_of(loop)
    return end / max(step, 1e-9)


def seam_of(loop: Iterable[Frames]) -> tuple[float, float]:
    """Mean difference, of 255, from the last frame to the first, and the mean between neighbours.

    Frames may come one by one.
    """
    frames = iter(loop)
    first = last = next(frames)
    steps = []
    for frame in frames:
        steps.append(_mean_difference(last, frame))
        last = frame
    return _mean_difference(last, first), float(np.mean(steps))


def static_leak(frames: Frames, still: Frames, moving: Mask) -> int:
    """Largest change, of 255, of any pixel that must not move; 0 is the aim.

    Args:
        frames: (N, H, W, 3).
        still: (H, W, 3), the same without motion.
        moving: (H, W), what may move.
    """
    if moving.all():
        return 0
    held = still[~moving].astype(np.int16)
    return max(int(np.abs(frame[~moving].astype(np.int16) - held).max()) for frame in frames)


def contrast_pulsing(frames: Frames, moving: Mask) -> float:
    """Standard deviation over time of the contrast of detail where it moves, of its mean."""
    contrast = np.array([fine_contrast(frame, moving) for frame in frames])
    return float(contrast.std() / max(float(contrast.mean()), 1e-9))


def sharpness(frames: Frames, still: Frames, moving: Mask) -> float:
    """Contrast of detail where it moves, over the still picture's; 1 is as sharp."""
    contrast = np.mean([fine_contrast(frame, moving) for frame in frames])
    return float(contrast) / max(fine_contrast(still, moving), 1e-9)


def fine_contrast(frame: Frames, inside: Mask) -> float:
    """Standard deviation, of 255, of what is finer than two pixels, inside a mask."""
    grey = frame.astype(np.float32).mean(-1)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 2)
    return float(fine[inside].std()) if inside.any() else 0.0


def flicker(frames: Frames, moving: Mask, *, fps: float) -> float:
    """Standard deviation, of 255, of the moving part's mean brightness above 3 Hz."""
    if not moving.any():
        return 0.0
    level = np.array([float(frame[moving].mean()) for frame in frames])
    power = np.abs(np.fft.rfft(level - level.mean())) ** 2
    fast = np.fft.rfftfreq(len(level), 1 / fps) > FLICKER_HZ
    return float(np.sqrt(2 * power[fast].sum()) / len(level))


@dataclass(frozen=True, slots=True)
class Liveliness:
    """How a part of a film moves, measured by optical flow from each frame to the next.

    Attributes:
        dominant_hz: Half of the velocity's power lies below: slow waves under 1, leaves over it.
        typical_pct_s: Median speed where anything moves, % of the short side a second.
        fast_pct_s: 95th percentile of the speed.
        sideways: Share of the power that is left and right.
        light_rms: Standard deviation over time of a pixel's brightness, median, of 255.
        renewed_soon: How much of the fine contrast is another one a quarter of a second later: 0
            of what stands, 1 of what has nothing in common with what was there.
        renewed_later: The same, a second later.
    """

    dominant_hz: float
    typical_pct_s: float
    fast_pct_s: float
    sideways: float
    light_rms: float
    renewed_soon: float
    renewed_later: float


def liveliness(frames: Frames, moving: Mask, *, fps: float) -> Liveliness:
    """How the moving part of a film moves; the camera's own shake is taken out.

    Args:
        frames: (N, H, W, 3), at least 8.
        moving: (H, W), the part.
        fps: Frames a second.
    """
    scale = min(1.0, FLOW_LONG_SIDE_PX / max(frames.shape[1:3]))
    size_wh = round(frames.shape[2] * scale), round(frames.shape[1] * scale)
    greys = [
        cv2.cvtColor(cv2.resize(f, size_wh, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
        for f in frames
    ]
    inside = cv2.resize(moving.astype(np.uint8), size_wh, interpolation=cv2.INTER_NEAREST) > 0
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    steps = []
    for before, after in pairwise(greys):
        step = finder.calc(before, after, np.zeros((*before.shape, 2), np.float32))
        held = step[~inside] if (~inside).mean() > 0.1 else np.zeros((1, 2), np.float32)
        steps.append((step - np.median(held, 0))[inside])
    velocity = np.stack(steps) * (fps / min(size_wh))  # (N − 1, pixels, 2), short sides a second
    speed = np.linalg.norm(velocity, axis=-1)
    lively = speed.mean(0) > np.percentile(speed.mean(0), 40)  # smooth parts show no flow
    velocity, speed = velocity[:, lively], speed[:, lively]
    power = (np.abs(np.fft.rfft(velocity - velocity.mean(0), axis=0)) ** 2).sum((1, 2))
    hertz = np.fft.rfftfreq(len(velocity), 1 / fps)
    seen = (hertz > 0) & (hertz <= SPECTRUM_HZ)
    running = np.cumsum(power[seen]) / max(float(power[seen].sum()), 1e-12)
    square = (velocity**2).sum((0, 1))
    fine = [_fine_contrast(grey)[inside] for grey in greys]
    light = np.stack([grey[inside] for grey in greys]).astype(np.float32)
    return Liveliness(
        dominant_hz=round(float(np.interp(0.5, running, hertz[seen])), 2),
        typical_pct_s=round(100 * float(np.median(speed)), 2),
        fast_pct_s=round(100 * float(np.percentile(speed, 95)), 2),
        sideways=round(float(square[0] / max(float(square.sum()), 1e-12)), 2),
        light_rms=round(float(np.median(light.std(0))), 2),
        renewed_soon=_renewed(fine, round(0.25 * fps)),
        renewed_later=_renewed(fine, round(fps)),
    )


def _fine_contrast(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(H, W): what is finer than `FINE`."""
    level = grey.astype(np.float32)
    return np.asarray(level - cv2.GaussianBlur(level, (0, 0), FINE * min(grey.shape)), np.float32)


def _renewed(fine: list[NDArray[np.float32]], later: int) -> float:
    """Change of the fine contrast in so many frames, over that of unlike pictures."""
    changes = [((b - a) ** 2).mean() for a, b in zip(fine, fine[max(1, later) :], strict=False)]
    if not changes:
        return 0.0
    unlike = 2 * np.mean([values.var() for values in fine])
    return round(float(np.sqrt(np.mean(changes) / max(float(unlike), 1e-9))), 2)


def _mean_difference(a: Frames, b: Frames) -> float:
    """Of 255."""
    return float(np.abs(a.astype(np.int16) - b.astype(np.int16)).mean())
