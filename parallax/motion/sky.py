"""Skies: a rigid drift with the sky continued, or thin cloud and light that pass over in a loop.

Clouds are never warped and cross-faded: two copies of a sharp cloud are seen as two clouds
(Braddick 1971: they fuse below about 5 minutes of arc only).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.mask import mean_inside
from parallax.motion.noise import tiling_fbm
from parallax.motion.plate import continue_picture
from parallax.motion_plan import Drift, Veil, Wind

NOISE_SIDE_PX = 256
HORIZON_SPEED = 0.45  # of the speed overhead, at the horizon: far clouds cross slower
MARGIN = 0.02  # of the photo's width beyond what the drift needs
EDGE = 0.012  # of the short side: so far from its border, a mask of sky may hold something else


def drift_of(
    srgb8: NDArray[np.uint8],
    matte: NDArray[np.float32],
    *,
    velocity_uv_s: tuple[float, float],
    duration_s: float,
    horizon_v: float,
    rng: np.random.Generator,
) -> Drift:
    """A sky that moves as one piece.

    Args:
        srgb8: (H, W, 3), the photo.
        matte: (H, W), the sky.
        velocity_uv_s: At the top of the photo.
        duration_s: Of the film.
        horizon_v: Where it is slowest.
        rng: Source of chance.
    """
    height, width = matte.shape
    left = max(0.0, velocity_uv_s[0] * duration_s) + MARGIN
    right = max(0.0, -velocity_uv_s[0] * duration_s) + MARGIN
    top = max(0.0, velocity_uv_s[1] * duration_s) + MARGIN
    foot = int(np.clip(round((horizon_v + MARGIN) * height), 8, height))
    pad = round(top * height), round(left * width), round(right * width)
    around = np.ones((2 * max(1, round(EDGE * min(width, height))) + 1,) * 2, np.uint8)
    known = cv2.erode((matte > 0.7).astype(np.uint8), around)[:foot] > 0
    canvas = cv2.copyMakeBorder(srgb8[:foot], pad[0], 0, pad[1], pad[2], cv2.BORDER_REPLICATE)
    wider = cv2.copyMakeBorder(
        known.astype(np.uint8), pad[0], 0, pad[1], pad[2], cv2.BORDER_CONSTANT, value=0
    )
    plate = continue_picture(np.asarray(canvas, np.uint8), wider > 0, rng)
    window = (-pad[1] / width, -pad[0] / height, 1 + pad[2] / width, foot / height)
    return Drift(plate, window, velocity_uv_s, horizon_v)


def veil_of(
    srgb8: NDArray[np.uint8],
    matte: NDArray[np.float32],
    *,
    wind: Wind,
    gain: float,
    opacity: float | None,
    horizon_v: float,
    period_s: float,
    rng: np.random.Generator,
) -> Veil:
    """Thin cloud in the colour of the sky's brightest part, as dense as the sky is cloudy.

    Args:
        srgb8: (H, W, 3), the photo.
        matte: (H, W), the sky.
        wind: Moves it.
        gain: Factor on density and light.
        opacity: Of the densest wisp, if it was given.
        horizon_v: Where the sheets are seen edge-on.
        period_s: In which it passes whole tiles.
        rng: Source of chance.
    """
    sky = srgb8[matte > 0.9]
    bright = sky[sky.sum(-1) >= np.percentile(sky.sum(-1), 92)].mean(0) / 255
    cloudy = cloudiness(srgb8, matte)
    wisps = tiling_fbm(rng, NOISE_SIDE_PX, cells=4, num_octaves=5)
    wisps = np.clip((wisps - 0.42) / 0.58, 0, 1) ** 1.3
    light = tiling_fbm(rng, NOISE_SIDE_PX, cells=3, num_octaves=2)
    light = light - light.mean() + 0.5
    noise8 = np.rint(np.clip(np.stack([wisps, light], -1), 0, 1) * 255).astype(np.uint8)
    side = 1 if np.cos(np.radians(wind.direction_deg)) >= 0 else -1
    passes = max(1, round(period_s * (0.3 + wind.speed) / 12))
    density = (0.04 + 0.16 * cloudy) * min(gain, 2.0) if opacity is None else opacity
    return Veil(
        noise8=noise8,
        tiles=(2, 3),
        cycles_xy=((side * passes, 0), (side * (passes + (period_s > 8)), 0)),
        color_srgb=(float(bright[0]), float(bright[1]), float(bright[2])),
        opacity=float(min(density, 0.4)),
        light=float(min((0.012 + 0.02 * cloudy) * gain, 0.08)),
        horizon_v=horizon_v,
    )


def cloudiness(srgb8: NDArray[np.uint8], matte: NDArray[np.float32]) -> float:
    """0 for an even sky … 1 for one full of clouds: its contrast finer than a fifth of the side."""
    level = srgb8.astype(np.float32).mean(-1) / 255
    scale = min(1.0, 240 / min(matte.shape))
    matte, level = (
        cv2.resize(f, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        for f in (matte, level)
    )
    inside = (matte > 0.9).astype(np.float32)
    if not inside.any():
        return 0.0
    sigma = 0.06 * min(matte.shape)
    shade = mean_inside(level, inside, sigma_px=sigma)
    ratio = ((level - shade) / np.maximum(shade, 0.02))[inside > 0]
    return float(np.clip((float(ratio.std()) - 0.01) / 0.07, 0, 1))
