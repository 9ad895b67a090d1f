"""Soft edges: how much of a pixel is foreground, and what colour that foreground is.

A pixel on a silhouette mixes the light of both surfaces, I = a·F + (1 − a)·B. Given what lies
beside it on either side, a and F follow, and the two drawn over one another give back I. All
arrays here are LINEAR light.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.spread import spread_known

_PRIOR_TRUST = 0.02  # squared contrast at which colours and distance have an equal say
_LEAST_ALPHA = 2 / 255  # differences below it are rounding


def estimate_alpha(
    linear: NDArray[np.float32],
    back_linear: NDArray[np.float32],
    is_near: NDArray[np.bool_],
    *,
    soft_px: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much of each pixel is the near surface, and the light of that surface around.

    Only the band of `soft_px` either side of an edge is soft. In it alpha is the place of the
    pixel between the light of the background and the foreground beside it, the projection of
    Chuang et al. 2001, "A Bayesian approach to digital matting", equation 10, and where these look
    alike a ramp across the edge.

    Args:
        linear: (H, W, 3), the photo.
        back_linear: (H, W, 3), the far surface, filled behind the near one.
        is_near: (H, W), which surface each pixel shows.
        soft_px: Half the width of the band.

    Returns:
        (H, W) alpha and (H, W, 3) light of the near surface, continued past its edge.
    """
    near8 = is_near.astype(np.uint8)
    inside_px = cv2.distanceTransform(near8, cv2.DIST_L2, 5)
    outside_px = cv2.distanceTransform(1 - near8, cv2.DIST_L2, 5)
    signed_px = np.where(is_near, inside_px - 0.5, 0.5 - outside_px)
    band = np.abs(signed_px) < soft_px

    # Thin things have no inside: there their middle stands for the foreground
    inside = is_near & (signed_px >= soft_px)
    weight = np.where(inside, 1, 1e-3 * is_near * np.square(inside_px)).astype(np.float32)
    front = spread_known(linear, weight)
    toward = front - back_linear
    contrast = np.square(toward).sum(-1)
    along = ((linear - back_linear) * toward).sum(-1)
    ramp = np.clip(0.5 + signed_px, 0, 1)
    alpha = np.clip((along + _PRIOR_TRUST * ramp) / (contrast + _PRIOR_TRUST), 0, 1)
    alpha = np.where(band, np.maximum(alpha, _least_alpha(linear, back_linear)), is_near)
    return alpha.astype(np.float32), front


def solve_light(
    linear: NDArray[np.float32],
    back_linear: NDArray[np.float32],
    front: NDArray[np.float32],
    alpha8: NDArray[np.uint8],
) -> NDArray[np.float32]:
    """(H, W, 3), the near surface's light that mixes with the far one to the photo.

    Where there is none of it, the surface around is continued, for texture filters to find.
    """
    alpha = (alpha8.astype(np.float32) / 255)[..., None]
    mixed = (linear - (1 - alpha) * back_linear) / np.maximum(alpha, 1 / 255)
    return np.where(alpha > 0, np.clip(mixed, 0, 1), front).astype(np.float32)


def _least_alpha(
    linear: NDArray[np.float32], back_linear: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(H, W), the alpha below which no light from 0 to 1 makes up for a wrong background."""
    brighter = (linear - back_linear) / np.maximum(1 - back_linear, 1e-6)
    darker = (back_linear - linear) / np.maximum(back_linear, 1e-6)
    least = np.clip(np.maximum(brighter, darker).max(-1), 0, 1)
    return np.where(least < _LEAST_ALPHA, 0, least).astype(np.float32)
