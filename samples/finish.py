"""From light to a photograph: tone curve, grain, and the files beside it."""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def develop(linear: Floats, *, exposure: float, grain: float, seed: int) -> NDArray[np.uint8]:
    """(H, W, 3) sRGB of LINEAR light: glow of the lens, falloff, tone curve, grain."""
    height, width = linear.shape[:2]
    light = linear * np.float32(exposure)
    glow = cv2.GaussianBlur(np.minimum(light, 8), (0, 0), width / 90)
    light = 0.965 * light + 0.035 * glow
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light *= (1 - 0.11 * (x**2 + y**2))[..., None].astype(np.float32)
    shown = _tone_curve(light)
    srgb = np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * shown ** (1 / 2.4) - 0.055)
    noise = np.random.default_rng(seed).normal(0, 1, (height, width, 3)).astype(np.float32)
    noise = 0.75 * noise.mean(-1, keepdims=True) * np.sqrt(3) + 0.4 * noise
    noise = cv2.GaussianBlur(noise, (0, 0), 0.6) * 2.0
    srgb = srgb + grain * noise * (1 - 0.6 * srgb)
    return np.asarray(np.clip(np.rint(srgb * 255), 0, 255), np.uint8)


def _tone_curve(light: Floats) -> Floats:
    """0…1 of LINEAR light; half of the curve works on luminance, so that colours stay colours.

    Narkowicz 2015, "ACES Filmic Tone Mapping Curve".
    """
    weights = np.array([0.2126, 0.7152, 0.0722], np.float32)
    luma = np.maximum((light @ weights)[..., None], 1e-6)
    together = light * (_filmic(luma) / luma)
    return np.asarray(np.clip(0.45 * together + 0.55 * _filmic(light), 0, 1), np.float32)


def _filmic(x: Floats) -> Floats:
    return np.asarray((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14), np.float32)
