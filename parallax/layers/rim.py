"""What stands before the sky made level along its outline.

Networks cut the sky out sharply, and let what stands before it slope away towards it. The outline
of a tree would stay with the sky while its middle moves: it bends, and stretches like rubber.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.split import find_tears

_REACH_SIGMAS = 8.0  # of the map's blur: how far inside its outline a surface is level
_STEP_SHARE = 0.3  # of all the height around: a larger step is the outline of another surface


def level_rims(
    inv_depth: NDArray[np.float32],
    sky: NDArray[np.bool_],
    *,
    sigma_px: float,
    gap_px_of_inv: float,
    tear_gap_px: float,
) -> NDArray[np.float32]:
    """The map with the rims of what stands before the sky raised to what is just inside.

    Args:
        inv_depth: (H, W), 1/su, sharpened.
        sky: (H, W), where the sky is.
        sigma_px: Of the blur that the map had.
        gap_px_of_inv: Output pixels of relative shift per 1/su at the worst pose.
        tear_gap_px: Neighbours that part by more are torn apart.
    """
    reach_px = round(_REACH_SIGMAS * sigma_px)
    if reach_px < 2 or not sky.any():
        return inv_depth
    tears = find_tears(inv_depth, gap_px_of_inv=gap_px_of_inv, tear_gap_px=tear_gap_px)
    window = np.ones((2 * reach_px + 1,) * 2, np.uint8)
    by_sky = cv2.dilate(sky.view(np.uint8), window) > 0
    rim = by_sky & ~sky & (inv_depth > (tears.near_inv + tears.far_inv) / 2)
    if not tears.exists or not rim.any():
        return inv_depth
    height = cv2.dilate(inv_depth, window) - cv2.erode(inv_depth, window)
    end_step = np.maximum(_STEP_SHARE * height, np.float32(tear_gap_px / max(gap_px_of_inv, 1e-6)))
    inside = _highest_around(inv_depth, inv_depth, end_step, reach_px)
    further = _highest_around(inside, inv_depth, end_step, reach_px)
    # A slope goes on further inside, and stays; a rim does not
    level = 2 * inside - further
    rim &= level > inv_depth
    # As smooth as a surface is
    size, weight = (reach_px | 1,) * 2, rim.astype(np.float32)
    level = cv2.blur(level * weight, size) / np.maximum(cv2.blur(weight, size), 1e-6)
    share = np.clip(2 - 2 * tears.distance_px / reach_px, 0, 1) * rim
    return np.asarray(inv_depth + share * np.maximum(level - inv_depth, 0), np.float32)


def _highest_around(
    values: NDArray[np.float32],
    surface: NDArray[np.float32],
    end_step: NDArray[np.float32],
    reach_px: int,
) -> NDArray[np.float32]:
    """(H, W), the highest value of the square about each pixel, on the same surface."""
    along = _highest_in_row(values, surface, end_step, reach_px)
    return _highest_in_row(along.T, surface.T, end_step.T, reach_px).T


def _highest_in_row(
    values: NDArray[np.float32],
    surface: NDArray[np.float32],
    end_step: NDArray[np.float32],
    reach_px: int,
) -> NDArray[np.float32]:
    """(H, W), the highest value so far to the left or right, up to where the surface ends."""
    left, right = values.copy(), values.copy()
    joined = np.abs(np.diff(surface, axis=1)) <= end_step[:, :-1]  # with the pixel `step` ahead
    step = 1
    while joined.shape[1] > 0:
        # Twice as far each time: what is `step` away has looked as far from there
        right[:, :-step] = np.maximum(right[:, :-step], np.where(joined, right[:, step:], 0))
        left[:, step:] = np.maximum(left[:, step:], np.where(joined, left[:, :-step], 0))
        if 3 * step > reach_px:
            break
        joined, step = joined[:, :-step] & joined[:, step:], 2 * step
    return np.maximum(left, right)
