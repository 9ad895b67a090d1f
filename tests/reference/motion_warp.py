"""A motion drawn on a flat photo, slowly and plainly: the oracle of the motion shaders."""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion_plan import Motion

TAU = 2 * np.pi


def draw_motion(motion: Motion, srgb8: NDArray[np.uint8], time_s: float) -> NDArray[np.uint8]:
    """The photo at a moment: `parallax/motion_plan/field.py`, line by line."""
    turn = time_s / motion.period_s
    height, width = srgb8.shape[:2]
    v, u = np.mgrid[0:height, 0:width].astype(np.float32)
    x = np.stack([(u + 0.5) / width, (v + 0.5) / height], -1)

    swing = np.zeros((*motion.modes_uv.shape[1:3], 2), np.float32)
    for n, mode in zip(motion.cycles, motion.modes_uv, strict=True):
        swing += mode[..., :2] * np.cos(TAU * n * turn) + mode[..., 2:] * np.sin(TAU * n * turn)
    wisps, light = veil_of(motion, turn) if motion.veil else (swing[..., 0] * 0, 0)
    gain = (swing * motion.shade[..., :2]).sum(-1)
    gain += motion.shade[..., 2] * light + motion.shade[..., 3] * wisps
    sparkle = gain * 0
    if motion.glint:
        first, second = (TAU * n * turn for n in motion.glint.cycles)
        waves = np.array([np.cos(first), np.sin(first), np.cos(second), np.sin(second)])
        sparkle = (motion.glint.swing @ waves) * motion.glint.largest
    shift = sample(np.dstack([swing, gain, wisps, sparkle]), x)
    y = x + shift[..., :2]
    weight = sample(motion.mask8 / np.float32(255), y)
    factor = 1 + shift[..., 2]
    if motion.glint:
        strength = sample(motion.glint.strength8[..., None] / np.float32(255), y)[..., 0]
        factor = factor + strength * shift[..., 4]
    if motion.ripple:
        waves = (sample(motion.ripple.waves8 / np.float32(255), y) * 255 - 128) / 127
        for band, n in enumerate(motion.ripple.cycles):
            p, q = waves[..., 2 * band], waves[..., 2 * band + 1]
            a = TAU * n * turn
            factor = factor + motion.ripple.largest * (p * np.cos(a) + q * np.sin(a))
    color = sample(srgb8 / np.float32(255), y) * factor[..., None]
    if motion.flow:
        way = sample(motion.flow.travel_uv, y)
        plate = motion.flow.plate_srgb8 / np.float32(255)
        flowing = np.zeros_like(color)
        for k in range(3):
            age = way[..., 3] * turn + way[..., 2] + k / 3
            p = np.mod(age, 1)
            renewal = np.mod(np.floor(age), way[..., 3]) + k
            right, down = way[..., 0] * width, way[..., 1] * height  # px
            sideways = np.stack([-down / width, right / height], -1)
            aside = motion.flow.aside * (np.mod(0.618034 * renewal, 1) - 0.5)
            at = y - way[..., :2] * (p - 0.5)[..., None] + sideways * aside[..., None]
            share = (1 - np.cos(TAU * p)) / 3
            flowing += share[..., None] * sample(plate, at, motion.flow.window_uv)
        color += weight[..., :1] * (flowing - color)
    if motion.foam:
        sweep = sample(motion.foam.sweep_uv, y)
        p = TAU * (sweep[..., 3] * turn + sweep[..., 2])
        way = sweep[..., :2] * np.cos(p + 0.6 * np.sin(p))[..., None]
        plate = motion.foam.plate_srgb8 / np.float32(255)
        color += weight[..., 2:3] * (sample(plate, y - way) - sample(plate, y))
    if motion.drift:
        drift, plate = motion.drift, motion.drift.plate_srgb8 / np.float32(255)
        speed = 0.45 + 0.55 * np.clip(1 - y[..., 1] / drift.horizon_v, 0, 1)
        way = speed[..., None] * np.array(drift.velocity_uv_s) * time_s
        moved = sample(plate, y - way, drift.window_uv) - sample(plate, y, drift.window_uv)
        color += weight[..., 1:2] * moved
    if motion.veil:
        opaque = (weight[..., 1] * shift[..., 3])[..., None]
        color += opaque * (np.array(motion.veil.color_srgb, np.float32) - color)
    frame: NDArray[np.uint8] = np.rint(np.clip(color, 0, 1) * 255).astype(np.uint8)
    return frame


def veil_of(motion, turn):
    """(h, w) twice: opacity of the wisps, and change of brightness by the light."""
    veil, (high, wide) = motion.veil, motion.modes_uv.shape[1:3]
    noise = veil.noise8 / np.float32(255)
    v, u = np.mgrid[0:high, 0:wide] + 0.5
    v = np.minimum(v / high, 2 * veil.mirror_v - v / high)
    at = np.stack([u / wide - 0.5, 0.6 * v], -1)
    if veil.horizon_v > 0:
        slant = np.maximum(1 - v / veil.horizon_v, 0.1)[..., None]
        at = np.stack([u / wide - 0.5, np.full_like(v, 0.6)], -1) / (0.4 + 0.6 * slant)
    first, second = (
        sample_tiling(noise, at * tiles - np.array(cycles) * turn)
        for tiles, cycles in zip(veil.tiles, veil.cycles_xy, strict=True)
    )
    both = first + second
    return veil.opacity * both[..., 0] / 2, veil.light * (2 * both[..., 1] - 2)


def sample(texture, uv, window=(0.0, 0.0, 1.0, 1.0)):
    """Bilinear, clamped at the edge; the texture covers a window of the uv plane."""
    height, width = texture.shape[:2]
    u = (uv[..., 0] - window[0]) / (window[2] - window[0]) * width - 0.5
    v = (uv[..., 1] - window[1]) / (window[3] - window[1]) * height - 0.5
    u, v = np.clip(u, 0, width - 1), np.clip(v, 0, height - 1)
    left, top = np.floor(u).astype(int), np.floor(v).astype(int)
    right, low = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    fu, fv = (u - left)[..., None], (v - top)[..., None]
    upper = texture[top, left] * (1 - fu) + texture[top, right] * fu
    lower = texture[low, left] * (1 - fu) + texture[low, right] * fu
    return (upper * (1 - fv) + lower * fv).astype(np.float32)


def sample_tiling(texture, uv):
    """Bilinear, repeating."""
    side = texture.shape[0]
    wrapped = cv2.copyMakeBorder(texture, 1, 1, 1, 1, cv2.BORDER_WRAP)
    pad = 1 / side
    return sample(wrapped, np.mod(uv, 1), (-pad, -pad, 1 + pad, 1 + pad))
