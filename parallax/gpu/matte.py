"""How much of a film's picture is there, where the photo is transparent in places."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.color import linear_from_srgb, srgb8_from_linear
from parallax.frame import Frame
from parallax.gpu.motion_mask import spread_over_layers
from parallax.motion_plan import Motion
from parallax.scene import Layer, Scene

# Layers blend in LINEAR light, so a matte's bytes are sRGB whose light is the photo's alpha
SRGB8_OF_ALPHA8 = srgb8_from_linear(np.arange(256) / 255)
ALPHA8_OF_SRGB8 = np.rint(linear_from_srgb(np.arange(256) / 255) * 255).astype(np.uint8)


def matte_scene(scene: Scene, alpha8: NDArray[np.uint8]) -> Scene:
    """The scene in gray: white where the photo is there, black where it is not.

    Behind what stands in front, a layer is as transparent as where the photo shows it next.

    Args:
        scene: What there is.
        alpha8: uint8 (H, W), of the photo.
    """
    mattes8 = spread_over_layers(scene, cv2.merge([SRGB8_OF_ALPHA8[alpha8]] * 3).astype(np.uint8))
    layers = (_shown(layer, m8) for layer, m8 in zip(scene.layers, mattes8, strict=True))
    return replace(scene, layers=tuple(layers))


def matte_motion(motion: Motion) -> Motion:
    """What of a motion moves the matte: what is displaced, and no change of colour."""
    return replace(
        motion,
        shade=np.zeros_like(motion.shade),
        mask8=np.zeros_like(motion.mask8),
        flow=None, drift=None, veil=None, glint=None, ripple=None, foam=None, particles=(),
    )  # fmt: skip


def join_alpha(frames: Iterable[Frame], mattes: Iterable[Frame]) -> Iterator[Frame]:
    """The frames, each with the light of its matte as its alpha."""
    for frame, matte in zip(frames, mattes, strict=True):
        srgb8 = frame.srgb8.copy()
        srgb8[..., 3] = cv2.LUT(np.ascontiguousarray(matte.srgb8[..., 1]), ALPHA8_OF_SRGB8)
        yield replace(frame, srgb8=srgb8)


def _shown(layer: Layer, matte8: NDArray[np.uint8]) -> Layer:
    """A layer whose texture shows a matte, (H, W, 3) of the whole photo, its border continued."""
    height, width = layer.srgb8.shape[:2]
    u0, v0, u1, v1 = layer.window_uv
    x_px = (u0 + (np.arange(width) + 0.5) / width * (u1 - u0)) * matte8.shape[1] - 0.5
    y_px = (v0 + (np.arange(height) + 0.5) / height * (v1 - v0)) * matte8.shape[0] - 0.5
    x_px, y_px = np.meshgrid(x_px.astype(np.float32), y_px.astype(np.float32))
    shown = cv2.remap(matte8, x_px, y_px, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return replace(layer, srgb8=np.dstack([np.asarray(shown, np.uint8), layer.srgb8[..., 3]]))
