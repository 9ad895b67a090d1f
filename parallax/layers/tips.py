"""Tips that were taken for sky, given back to what they belong to: twigs, feathers, spires.

A network's sky mask is rounder than what stands before it. A tip left in the sky would stay there
when the rest moves.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.split import nearest_of

_REACH_SIGMAS = 12.0  # of the map's blur: longest tip
_UNLIKE = 5.0  # deviations from the sky around: not sky
_NOISE = 0.03  # least deviation of a sky's colours; black to white is 2
_SURE_PX = 2  # sky this far from its border is sky
_SUM = np.ones((1, 3), np.float32)  # adds three channels, faster than a sum over so short an axis
_FAR = 1.2  # a thing is so many times nearer than the sky, or is as good as sky itself


def rejoin_tips(
    inv_depth: NDArray[np.float32],
    sky: NDArray[np.bool_],
    colours: NDArray[np.float32],
    *,
    sigma_px: float,
) -> NDArray[np.float32]:
    """The map with tips in the sky at the depth of what they are joined to.

    A tip is unlike the sky around it, and closer in colour to what it is joined to.

    Args:
        inv_depth: (H, W), 1/su, sharpened.
        sky: (H, W), where the sky is.
        colours: (H, W, 3), the photo, 0…2.
        sigma_px: Of the blur that the map had.
    """
    reach_px = round(_REACH_SIGMAS * sigma_px)
    if reach_px < 2 or not sky.any():
        return inv_depth
    far_inv = float(np.median(inv_depth[sky]))
    thing = inv_depth > _FAR * far_inv + 1e-3
    if not thing.any():
        return inv_depth
    distance_px, closest = nearest_of(thing)
    near = ~thing & (distance_px <= reach_px)
    unlike = near & _is_unlike_sky(colours, sky & ~thing, thing, reach_px)
    # Joined to it, by pixels that are as unlike
    num, part = cv2.connectedComponents((unlike | thing).astype(np.uint8), connectivity=8)
    joined = np.zeros(num, np.bool_)
    joined[part[thing]] = True
    return np.where(unlike & joined[part], inv_depth.ravel()[closest], inv_depth)


def _is_unlike_sky(
    colours: NDArray[np.float32],
    sky: NDArray[np.bool_],
    thing: NDArray[np.bool_],
    reach_px: int,
) -> NDArray[np.bool_]:
    """(H, W), whether pixels are not of the sky around, and more like the thing around."""
    sure = cv2.erode(sky.view(np.uint8), np.ones((2 * _SURE_PX + 1,) * 2, np.uint8))
    window = (reach_px | 1,) * 2  # at a quarter of the size: means vary slowly
    small_wh = -(-sky.shape[1] // 4), -(-sky.shape[0] // 4)
    small = cv2.resize(colours, small_wh, interpolation=cv2.INTER_AREA)

    def around(mask: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(H, W), squared distance to the mean of a mask around, and (H, W), its variance."""
        weight = cv2.resize(mask * np.float32(1), small_wh, interpolation=cv2.INTER_AREA)
        mean, variance = _mean_and_variance(small, weight, window)
        mean = cv2.resize(mean, (sky.shape[1], sky.shape[0]), interpolation=cv2.INTER_LINEAR)
        variance = cv2.resize(variance, (sky.shape[1], sky.shape[0]))
        return _squared(cv2.subtract(colours, mean)), np.asarray(variance, np.float32)

    from_sky, sky_variance = around(np.asarray(sure, np.uint8))
    from_thing, _ = around(thing.view(np.uint8))
    unlike = from_sky > _UNLIKE**2 * (sky_variance + _NOISE**2)
    return np.asarray(unlike & (from_thing < from_sky))


def _mean_and_variance(
    colours: NDArray[np.float32], weight: NDArray[np.float32], window: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(H, W, 3) and (H, W), of the weighted colours in the window of each pixel."""
    share = 1 / np.maximum(cv2.blur(weight, window), np.float32(1e-6))
    mean = cv2.blur(colours * weight[..., None], window) * share[..., None]
    square = cv2.blur(_squared(colours) * weight, window) * share
    return mean, np.maximum(square - _squared(mean), 0)


def _squared(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W), the squared length of (H, W, 3)."""
    return np.asarray(cv2.transform(cv2.multiply(colours, colours), _SUM), np.float32)
