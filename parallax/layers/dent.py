"""Dents: low steps within a thing that stands before something much farther.

A network's map has them where sharpening, outlines and tips meet. Torn, they are slits and dots in
feathers, walls and faces; as a gentle slope they are hardly seen.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.cores import by_bands
from parallax.layers.refine import wide_range
from parallax.layers.split import WEAK_SHARE

_AROUND_UV = 0.03  # of the map's long side: what a thing stands before is looked for so far
_EVERY_PX = 4  # is enough to know what is around
_STEP_SHARE = 0.3  # of all the height around: higher steps are edges
_MOST_PX = 8.0  # output pixels: as high a step is an edge, too
_GENTLE = 0.9  # of the slope that is torn


def slope_dents(
    inv_depth: NDArray[np.float32], *, gap_px_of_inv: float, tear_gap_px: float
) -> NDArray[np.float32]:
    """The map with the lower sides of dents raised to slopes that are not torn.

    Args:
        inv_depth: (H, W), 1/su, sharpened.
        gap_px_of_inv: Output pixels of relative shift per 1/su at the worst pose.
        tear_gap_px: Neighbours that part by more are torn apart.
    """
    reach_px = round(_AROUND_UV * max(inv_depth.shape)) // _EVERY_PX * _EVERY_PX
    low, high = wide_range(inv_depth, inv_depth, reach_px, every_px=_EVERY_PX)
    most_inv = np.float32(_MOST_PX / max(gap_px_of_inv, 1e-6))
    slope_inv = _GENTLE * WEAK_SHARE * tear_gap_px / max(gap_px_of_inv, 1e-6)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    num_steps = int(np.ceil(_MOST_PX / (_GENTLE * WEAK_SHARE * tear_gap_px)))

    def raise_dents(
        inv_depth: NDArray[np.float32], low: NDArray[np.float32], high: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        share = np.float32(_STEP_SHARE) * (high - low)
        highest = inv_depth + np.minimum(share, most_inv)
        highest[inv_depth < low + share] = 0  # that is what the thing stands before
        raised = inv_depth.copy()
        for _ in range(num_steps):
            slope = cv2.subtract(cv2.dilate(raised, cross), slope_inv)
            cv2.copyTo(cv2.max(raised, slope), cv2.compare(slope, highest, cv2.CMP_LE), raised)
        return raised

    return by_bands(raise_dents, inv_depth, low, high, reach_px=num_steps)
