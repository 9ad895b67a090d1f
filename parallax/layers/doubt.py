"""Steps of a sharpened depth map that are not believed, and made gentle slopes.

A tear where the photo shows one surface is the worst that can happen to it: skies in shards, trunks
cut through, lines across a face. A slope in its place is hardly seen.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.cores import both
from parallax.nearest import nearest_of

_SHOWN = 0.12  # change of the photo's colours that makes an edge; black to white is 2
_LEVELS = 128.0  # bytes per unit of colour
_LOW_PX = 8.0  # a step that parts by less has to be long to be believed
_SHORT_UV = 0.12  # of the map's long side: shorter than that is short
_BORDER_PX = 2  # width of the border that `find_border` draws
_HEIGHT_PX = 3  # how far from its border the height of a step is looked for


def find_border(near: NDArray[np.bool_], far: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(H, W), the pixels where two masks touch."""
    square = np.ones((3, 3), np.uint8)
    return np.asarray(
        (cv2.dilate(near.view(np.uint8), square) & cv2.dilate(far.view(np.uint8), square)) > 0
    )


def soften_doubtful(
    stepped: NDArray[np.float32],
    inv_depth: NDArray[np.float32],
    colours: NDArray[np.float32],
    border: NDArray[np.bool_],
    *,
    radius: int,
    gap_px_of_inv: float,
) -> NDArray[np.float32]:
    """The sharpened map with gentle slopes where its steps are not believed.

    Args:
        stepped: (H, W), the sharpened map, 1/su.
        inv_depth: (H, W), the map as it was.
        colours: (H, W, 3), the photo, 0…2.
        border: (H, W), where the steps are.
        radius: Of the ramps before, in pixels.
        gap_px_of_inv: Output pixels of relative shift per 1/su at the worst pose.
    """
    if not border.any():
        return stepped
    window = (2 * radius + 1,) * 2
    (is_shown, is_great), ((distance_px, closest), gentle) = both(
        lambda: both(
            lambda: _is_shown(colours, border, radius),
            lambda: _is_great(stepped * np.float32(gap_px_of_inv), border),
        ),
        lambda: (nearest_of(border), cv2.blur(cv2.blur(inv_depth, window), window)),
    )
    # Away from the step as far as a gentle slope needs
    doubtful = ~(is_shown & is_great).take(closest) & (distance_px < 4 * radius)
    share = 2 * cv2.blur(doubtful.astype(np.float32), window) - 1
    return np.asarray(stepped + np.clip(share, 0, 1) * (gentle - stepped), np.float32)


def _is_shown(
    colours: NDArray[np.float32], border: NDArray[np.bool_], radius: int
) -> NDArray[np.bool_]:
    """(H, W), whether the photo changes across the border, on a piece of it around each pixel."""
    smooth = cv2.GaussianBlur(cv2.convertScaleAbs(colours, alpha=_LEVELS), (0, 0), 1.0)
    wide = np.ones((5, 5), np.uint8)  # in bytes: a third of the time
    red, green, blue = cv2.split(cv2.subtract(cv2.dilate(smooth, wide), cv2.erode(smooth, wide)))
    change = cv2.max(cv2.max(red, green), blue) * np.float32(1 / _LEVELS)
    piece = (2 * (radius // 3) + 1,) * 2
    length = cv2.blur(border.astype(np.float32), piece)
    return np.asarray(cv2.blur(border * change, piece) > _SHOWN * length)


def _is_great(shift_px: NDArray[np.float32], border: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(H, W), False on the pieces of the border that are both low and short."""
    size = (2 * _HEIGHT_PX + 1,) * 2
    height_px = cv2.morphologyEx(shift_px, cv2.MORPH_GRADIENT, np.ones(size, np.uint8))
    num, piece, stats, _ = cv2.connectedComponentsWithStats(border.view(np.uint8), connectivity=8)
    highest_px = np.zeros(num, np.float32)
    np.maximum.at(highest_px, piece[border], height_px[border])
    length_px = stats[:, cv2.CC_STAT_AREA] / _BORDER_PX
    great = (highest_px > _LOW_PX) | (length_px > _SHORT_UV * max(border.shape))
    return np.asarray(great.take(piece))
