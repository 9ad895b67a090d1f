"""Still water and sea: waves on a plane seen in perspective, sparkle, and surf.

Waves have frequencies of the course, so that every wave fits the loop, and the wavelength follows
from the frequency: for swell by the dispersion of deep water, ω² = g·k (Tessendorf 2001). Ripples
are drawn longer than that: true ones would be finer than the field of shifts can hold, and water
without fast ripples looks like jelly (films of lakes have half their motion above 1 to 2 Hz).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.course import Course, Modes, limit_stretch, rms_of
from parallax.motion.mask import disc, distance_inside, smoothstep
from parallax.motion.noise import smooth_noise
from parallax.motion_plan import RegionType, Wind

FOCAL_OF_HEIGHT = 1.2  # focal length in picture heights; a usual lens
NUM_DIRECTIONS = 4  # waves a frequency
CONE_DEG = 38.0  # half the spread of directions about the mean
SIDEWAYS = 0.33  # a ripple shifts a mirror image mainly up and down
FARTHEST = 0.10  # of the nearest slant: beyond it the plane is not foreshortened any more
SPREAD = 0.8  # of ln(frequency) about the strongest wave
RIPPLE_POWER = 1.1  # a wave of double the frequency is so much shorter: see the module's text
MAX_WATER_STRETCH = 0.6  # mirror images in water are torn about more than leaves are; 1 folds
FADE_TEXELS = (3.0, 6.0)  # wavelengths that the field cannot hold fade out
PEAK_OF_RMS = 2.2


@dataclass(frozen=True, slots=True)
class WaveKind:
    """How a kind of water waves.

    Attributes:
        amplitude: Peak shift at the nearest row, of the short side.
        dominant_s: Period of the strongest wave.
        length: Of the strongest wave, up and down the picture at the nearest row, of its height.
        edge: Width of the calm along banks, of the short side.
        shade: Change of brightness at the peak slope.
    """

    amplitude: float
    dominant_s: float
    length: float
    edge: float
    shade: float


KINDS: dict[RegionType, WaveKind] = {
    "water.calm": WaveKind(0.0036, 1.6, 0.050, 0.014, 0.100),
    "water.sea": WaveKind(0.0075, 2.6, 0.105, 0.020, 0.100),
}


def wave_modes(
    mask: NDArray[np.float32],
    kind: WaveKind,
    course: Course,
    *,
    horizon_v: float,
    wind: Wind,
    amplitude: float,
    period_s: float | None,
    rng: np.random.Generator,
) -> Modes:
    """How the mirror image in a plane of water is shifted by waves: mainly up and down.

    Args:
        mask: (h, w), the water.
        kind: Which water.
        course: The frequencies.
        horizon_v: Where the plane is seen edge-on.
        wind: Turns the waves.
        amplitude: Peak at the nearest row, of the short side.
        period_s: Of the strongest wave, if not the kind's.
        rng: Source of chance.

    Returns:
        (K, h, w, 2), exactly 0 outside the mask.
    """
    across, away, slant = plane_of(mask.shape, horizon_v, bottom_v=_bottom_v(mask))
    nearest = float(slant.max())
    dominant_hz = 1 / (period_s or kind.dominant_s)
    longest = kind.length * FOCAL_OF_HEIGHT / nearest**2
    mean_deg = -way_deg(wind)
    modes = np.zeros((len(course.cycles), *mask.shape, 2), np.complex64)
    for j, f in enumerate(course.frequencies_hz):
        ratio = f / dominant_hz
        shorter = ratio ** (-2 if ratio < 1 else -RIPPLE_POWER)
        wavelength = longest * shorter
        height = np.exp(-0.5 * (np.log(ratio) / SPREAD) ** 2) * shorter**0.5
        for _ in range(NUM_DIRECTIONS):
            angle = np.radians(mean_deg + rng.uniform(-CONE_DEG, CONE_DEG))
            kx, kz = np.cos(angle), np.sin(angle)
            turn = 2 * np.pi / wavelength
            phase = turn * (kx * across + kz * away) + rng.uniform(0, 2 * np.pi)
            wave = height * _fade(phase) * np.exp(1j * phase)
            modes[j, ..., 0] += SIDEWAYS * kx * wave
            modes[j, ..., 1] += wave * (0.4 + 0.6 * abs(kz))
    # Peak at the nearest row, a tenth of it at the horizon, calm at the banks
    rms = rms_of(modes)
    near_rows = (mask > 0.5) & (slant > 0.75 * nearest)
    level = float(np.median(rms[near_rows])) if near_rows.any() else float(rms.max())
    calm = smoothstep(0, kind.edge * min(mask.shape), distance_inside(mask) - 1)
    scale = amplitude / PEAK_OF_RMS / max(level, 1e-12)
    weight = scale * calm * np.maximum(FARTHEST, slant / nearest)
    modes = modes * weight[None, :, :, None].astype(np.float32)
    return limit_stretch(modes, course, limit=MAX_WATER_STRETCH)


def way_deg(wind: Wind) -> float:
    """Where waves run to in the picture: towards us, which is 90, turned a little by the wind."""
    return 90.0 - 35.0 * float(np.cos(np.radians(wind.direction_deg)))


def plane_of(
    shape: tuple[int, ...], horizon_v: float, *, bottom_v: float
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Across and away (in camera heights) of a level plane at each pixel, and its slant.

    For a pixel `slant` picture heights below the horizon: x / slant and f / slant. Far away the
    slant is held, and `away` grows on evenly, so that waves stay wide enough to be seen.
    """
    height, width = shape[:2]
    v = (np.arange(height, dtype=np.float64) + 0.5) / height
    nearest = max(bottom_v - horizon_v, 0.05)
    slant = np.clip(v - horizon_v, 0.22 * nearest, None)
    away = -np.cumsum(FOCAL_OF_HEIGHT / slant**2) / height
    x = ((np.arange(width) + 0.5) / width - 0.5) * (width / height)
    across = x[None, :] / slant[:, None]
    rows = np.ones((1, width))
    return (
        across.astype(np.float32),
        (away[:, None] * rows).astype(np.float32),
        (slant[:, None] * rows).astype(np.float32),
    )


def horizon_of(
    mask: NDArray[np.float32], inv_depth: NDArray[np.float32], focal_hint_v: float = 0.0
) -> float:
    """V where the level plane under the mask would be infinitely far.

    On such a plane the inverse depth is linear in v: a line through its medians by rows, and its
    zero. It is never below the mask's top, nor more than a picture height above it.
    """
    rows = np.nonzero((mask > 0.5).sum(1) > 0.02 * mask.shape[1])[0]
    if len(rows) < 4:
        return focal_hint_v
    height = mask.shape[0]
    medians = np.array([np.median(inv_depth[r][mask[r] > 0.5]) for r in rows])
    v = (rows + 0.5) / height
    slope, offset = np.polyfit(v, medians, 1)
    top = float(v[0])
    zero = -offset / slope if slope > 1e-6 else top - 0.3
    tall = float(v[-1] - v[0])
    return float(np.clip(zero, top - max(1.5 * tall, 0.1), top - 0.02 * tall))


def sparkle_of(luminance: NDArray[np.float32], mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W), 0…1: what share of a pixel's light is highlight that stands out of the water."""
    side = max(3, round(0.012 * min(mask.shape)) | 1)
    residual = luminance - cv2.morphologyEx(luminance, cv2.MORPH_OPEN, disc(side // 2))
    inside = residual[mask > 0.5]
    if inside.size == 0:
        return np.zeros_like(mask)
    floor = float(np.percentile(inside, 60))
    share = np.clip(residual - floor, 0, None) / np.maximum(luminance, 0.05)
    calm = smoothstep(0, 0.006 * min(mask.shape), distance_inside(mask) - 1)
    return np.asarray(np.clip(share * 1.5, 0, 1) * calm, np.float32)


def swing_of(
    size_wh: tuple[int, int], rng: np.random.Generator, *, cell: float | None
) -> NDArray[np.float32]:
    """(h, w, 4): cosine and sine of two frequencies with phases of each place's own.

    Args:
        size_wh: Of the grid.
        rng: Source of chance.
        cell: Size of what sparkles as one, of the short side, but at least a texel; None for all
            of it.

    Returns:
        Waves of 0.5 for each frequency; less between cells, whose phases have nothing in common.
    """
    swing = np.empty((size_wh[1], size_wh[0], 4), np.float32)
    for pair in range(2):
        phase = np.full(swing.shape[:2], rng.uniform(0, 2 * np.pi), np.float32)
        if cell is not None:
            cell_px = max(1.0, cell * min(size_wh))
            phase = 2 * np.pi * 1.3 * smooth_noise(rng, size_wh, cell_px)
        swing[..., 2 * pair] = 0.5 * np.cos(phase)
        swing[..., 2 * pair + 1] = 0.5 * np.sin(phase)
    return swing


def foam_of(srgb: NDArray[np.float32], mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W, 3): what white water adds to the water, sand and stones under it.

    The residual of an opening in each channel, where it is bright and pale.
    """
    side = max(5, round(0.035 * min(mask.shape)) | 1)
    under = cv2.GaussianBlur(
        cv2.morphologyEx(srgb, cv2.MORPH_OPEN, disc(side // 2)), (0, 0), side / 4
    )
    bright, dark = srgb.max(-1), srgb.min(-1)
    pale = smoothstep(0.75, 0.88, dark / np.maximum(bright, 1e-3))
    white = pale * smoothstep(0.5, 0.7, bright)
    return np.asarray(np.clip(srgb - under, 0, None) * (white * mask)[..., None], np.float32)


def _bottom_v(mask: NDArray[np.float32]) -> float:
    """V of the lowest row that holds some of the mask."""
    rows = np.nonzero((mask > 0.5).any(1))[0]
    return float((rows[-1] + 1) / mask.shape[0]) if len(rows) else 1.0


def _fade(phase: NDArray[np.float32]) -> NDArray[np.float32]:
    """(h, w): 0 where a wave is too short for the field's texels, else 1."""
    down, right = np.gradient(phase)
    texels = 2 * np.pi / np.maximum(np.hypot(down, right), 1e-6)
    return smoothstep(*FADE_TEXELS, texels)
