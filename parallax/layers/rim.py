"""What stands before the sky made level along its outline.

Networks cut the sky out sharply, and let what stands before it slope away towards it. The outline
of a tree would stay with the sky while its middle moves: it bends, and stretches like rubber.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.cores import for_each
from parallax.layers.split import find_tears

_REACH_SIGMAS = 8.0  # of the map's blur: how far inside its outline a surface is level
_COLUMNS = 128  # are looked along at once: so many fit the processor's cache
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
    # As smooth as a surface is, where it is raised, and from there to where it is not
    size, raised = (reach_px | 1,) * 2, (rim & (level > inv_depth)).astype(np.float32)
    weight = cv2.blur(raised, size)
    level = cv2.blur(level * raised, size) / np.maximum(weight, 1e-6)
    weight = np.minimum(2 * weight / np.maximum(cv2.blur(rim.astype(np.float32), size), 1e-6), 1)
    share = np.clip(2 - 2 * tears.distance_px / reach_px, 0, 1) * rim * weight
    return np.asarray(inv_depth + share * np.maximum(level - inv_depth, 0), np.float32)


def _highest_around(
    values: NDArray[np.float32],
    surface: NDArray[np.float32],
    end_step: NDArray[np.float32],
    reach_px: int,
) -> NDArray[np.float32]:
    """(H, W), the highest value of the square about each pixel, on the same surface."""
    across, turned, end = (np.ascontiguousarray(field.T) for field in (values, surface, end_step))
    along = _highest_in_column(across, turned, end, reach_px)
    return _highest_in_column(np.ascontiguousarray(along.T), surface, end_step, reach_px)


def _highest_in_column(
    values: NDArray[np.float32],
    surface: NDArray[np.float32],
    end_step: NDArray[np.float32],
    reach_px: int,
) -> NDArray[np.float32]:
    """(H, W), the highest value so far up or down, up to where the surface ends."""
    highest = np.empty_like(values)

    def look_along(columns: slice) -> None:
        of_surface = surface[:, columns], end_step[:, columns]
        highest[:, columns] = _highest_along(values[:, columns], *of_surface, reach_px)

    width = values.shape[1]
    for_each(look_along, [slice(at, at + _COLUMNS) for at in range(0, width, _COLUMNS)])
    return highest


def _highest_along(
    values: NDArray[np.float32],
    surface: NDArray[np.float32],
    end_step: NDArray[np.float32],
    reach_px: int,
) -> NDArray[np.float32]:
    """(H, w), what `_highest_in_column` looks for in some columns."""
    up, down = values.copy(), values.copy()
    # 1 where a pixel is joined with the one `step` below, else 0
    joined = (np.abs(surface[1:] - surface[:-1]) <= end_step[:-1]).astype(np.float32)
    step = 1
    while len(joined) > 0:
        # Twice as far each time: what is `step` away has looked as far from there
        np.maximum(down[:-step], down[step:] * joined, out=down[:-step])
        np.maximum(up[step:], up[:-step] * joined, out=up[step:])
        if 3 * step > reach_px:
            break
        joined, step = joined[:-step] * joined[step:], 2 * step
    return np.maximum(up, down)
