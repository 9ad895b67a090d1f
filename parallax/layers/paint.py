"""The pictures of the layers: the photo, what is behind its foreground, and the edges between."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.color import linear_from_srgb8, srgb8_from_linear
from parallax.layers.fill import FillParams, fill_background
from parallax.layers.matte import estimate_alpha, solve_light

_CLEAR = 4 / 255  # alpha below this is nothing


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """What the surfaces look like, all of one size.

    Attributes:
        back_srgb8: uint8 (H, W, 3), the far surface.
        rim_srgb8: uint8 (H, W, 4), the near surface with its soft edge.
    """

    back_srgb8: NDArray[np.uint8]
    rim_srgb8: NDArray[np.uint8]


def paint_surfaces(
    srgb8: NDArray[np.uint8],
    is_near: NDArray[np.bool_],
    hidden: NDArray[np.bool_],
    background: NDArray[np.float32],
    *,
    soft_px: float,
    params: FillParams,
) -> Pictures:
    """The far and the near surface; drawn over one another they are the photo.

    Args:
        srgb8: (H, W, 3), the photo.
        is_near: (H, W), False where the photo shows the far surface beside a tear.
        hidden: (H, W), where the far surface needs a fill.
        background: (H, W), 1 where the photo shows what a fill may be taken from.
        soft_px: Half the width of the band of mixed pixels at edges.
        params: Of the fill.
    """
    # Pixels of the soft band are mixed: no fill is taken from them
    reach = 2 * int(np.ceil(soft_px)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    mixed = cv2.dilate((is_near & hidden).astype(np.uint8), disc).astype(bool)
    clean = np.where(mixed, 0, background).astype(np.float32)
    srgb = srgb8.astype(np.float32) / np.float32(255)
    back = fill_background(srgb, clean, hidden | mixed, params=params)
    back_srgb8 = np.rint(back * 255).astype(np.uint8)

    linear, back_linear = linear_from_srgb8(srgb8), linear_from_srgb8(back_srgb8)
    alpha, front = estimate_alpha(linear, back_linear, is_near, soft_px=soft_px)
    alpha8 = np.rint(np.where(alpha < _CLEAR, 0, alpha) * 255).astype(np.uint8)
    # A far pixel without any foreground in it is background after all
    pure = ~is_near & (alpha8 == 0)
    back_srgb8[pure] = srgb8[pure]
    back_linear[pure] = linear[pure]
    light = solve_light(linear, back_linear, front, alpha8)
    rim = srgb8_from_linear(light)
    opaque = alpha8 == 255
    rim[opaque] = srgb8[opaque]
    return Pictures(back_srgb8, np.dstack([rim, alpha8]))
