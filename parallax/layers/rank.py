"""From how far back what is behind each pixel may be taken.

Behind the foreground there may be a wall, behind that the sky, and the foreground has edges of its
own. Behind an edge nothing may appear that is nearer than it: no rock in the sky beside the rock.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.split import Surfaces, Tears

NUM_RANKS = 4  # of depth; 2 leave foreground in the fill, 6 gain nothing more
_ABOUT = 16  # every so many pixels are enough to know how depths are distributed
_AS_FAR = 1.2  # times as near as the sky is as good as the sky
_SKY_SHARE = 0.9  # of the sky lies behind this depth: less where its mask is wrong


def rank_behind(
    inv_depth: NDArray[np.float32],
    tears: Tears,
    surfaces: Surfaces,
    sky: NDArray[np.bool_] | None,
) -> NDArray[np.uint8]:
    """(H, W), the rank of each pixel, 0 the farthest.

    A pixel that shows background has the rank of its depth; others have the rank of the depth that
    what is behind them is beyond. The sky, if it is known, is alone in rank 0, with what is torn
    from it, so that only sky is painted into it.

    Args:
        inv_depth: (H, W), 1/su.
        tears: Of this map.
        surfaces: Of this map.
        sky: (H, W), where the sky is; None where that is not known.
    """
    beyond_inv = (tears.near_inv + tears.far_inv) / 2
    depth_inv = np.where(surfaces.background, inv_depth, beyond_inv)
    some = beyond_inv[surfaces.hidden][::_ABOUT]
    if some.size == 0:
        return np.zeros(inv_depth.shape, np.uint8)
    rank = np.zeros(inv_depth.shape, np.uint8)
    for share in np.arange(1, NUM_RANKS) / NUM_RANKS:
        rank += depth_inv > np.quantile(some, share)
    if sky is None or not (sky & surfaces.background).any():
        return rank
    sky_inv = _AS_FAR * float(np.quantile(inv_depth[sky][::_ABOUT], _SKY_SHARE))
    is_sky = np.where(surfaces.background, sky, tears.far_inv <= sky_inv)
    return np.where(is_sky, np.uint8(0), cv2.add(rank, 1))
