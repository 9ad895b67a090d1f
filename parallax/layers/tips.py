"""Tips that were taken for sky, given back to what they belong to: twigs, feathers, spires.

A network's sky mask is rounder than what stands before it. A tip left in the sky would stay there
when the rest moves.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.cores import both
from parallax.layers.part import parts_holding
from parallax.nearest import nearest_of

_REACH_SIGMAS = 12.0  # of the map's blur: longest tip
_RIM_SIGMAS = 2.0  # so far inside its outline a thing is as near as it is
_UNLIKE = 5.0  # deviations from the sky around: not sky
_HARDLY_LIKE = 2.5  # the same on a seam, between a thing and the sky's mask
_SEAM_SIGMAS = 4.0  # of the map's blur: widest seam; what is wider is a far thing's outline
_ODD = 2.0  # deviations from the sky around at which a place is left out of it: it may be a tip
_NOISE = 0.03  # least deviation of a sky's colours; black to white is 2
_SURE_PX = 2  # sky this far from its border is sky
_SUM = np.ones((1, 3), np.float32)  # adds three channels, faster than a sum over so short an axis
_SOME = 1e-4  # of a window: less of it is rounding
_HUGE = 1e6  # as a variance
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
    # A rim that is more sky than thing is neither
    around = np.ones((2 * round(_RIM_SIGMAS * sigma_px) + 1,) * 2, np.uint8)
    whole = inv_depth > (far_inv + cv2.dilate(inv_depth, around)) / 2
    thing = whole & (inv_depth > _FAR * far_inv + 1e-3)
    if not thing.any():
        return inv_depth
    seam_px = round(_SEAM_SIGMAS * sigma_px) + 1
    left = (~sky & ~thing).view(np.uint8)
    seam = left & ~cv2.morphologyEx(left, cv2.MORPH_OPEN, np.ones((seam_px, seam_px), np.uint8))
    (distance_px, closest), unlike = both(
        lambda: nearest_of(thing),
        lambda: _is_unlike_sky(colours, sky & ~thing, thing, seam.view(np.bool_), reach_px),
    )
    # Joined to it, by pixels that are as unlike
    tip = unlike & ~thing & (distance_px <= reach_px)
    tip &= parts_holding(tip | thing, thing, connectivity=8)
    rejoined = inv_depth.copy()
    rejoined[tip] = inv_depth.take(closest[tip])
    return rejoined


def _is_unlike_sky(
    colours: NDArray[np.float32],
    sky: NDArray[np.bool_],
    thing: NDArray[np.bool_],
    seam: NDArray[np.bool_],
    reach_px: int,
) -> NDArray[np.bool_]:
    """(H, W), whether pixels are not of the sky around, and more like the thing around.

    On a seam it is enough that they are hardly like the sky.
    """
    sure = cv2.erode(sky.view(np.uint8), np.ones((2 * _SURE_PX + 1,) * 2, np.uint8))
    window = (reach_px | 1,) * 2  # at a quarter of the size: means vary slowly
    small_wh = -(-sky.shape[1] // 4), -(-sky.shape[0] // 4)
    small = cv2.resize(colours, small_wh, interpolation=cv2.INTER_AREA)

    def share_of(mask: NDArray[np.uint8]) -> NDArray[np.float32]:
        weight = cv2.resize(mask * np.float32(1), small_wh, interpolation=cv2.INTER_AREA)
        return np.asarray(weight, np.float32)

    def distance_to(mean: NDArray[np.float32]) -> NDArray[np.float32]:
        enlarged = cv2.resize(mean, sky.shape[::-1], interpolation=cv2.INTER_LINEAR)
        return _squared(cv2.subtract(colours, enlarged))

    # The sky's own colours: tips that were taken for sky are odd in it
    weight = share_of(np.asarray(sure, np.uint8))
    mean, variance = _mean_and_variance(small, weight, window)
    weight *= _squared(small - mean) <= _ODD**2 * (variance + _NOISE**2)
    mean, variance = _mean_and_variance(small, weight, window)
    from_sky = distance_to(mean)
    from_thing = distance_to(_mean_and_variance(small, share_of(thing.view(np.uint8)), window)[0])
    deviation = cv2.resize(variance, sky.shape[::-1]) + np.float32(_NOISE**2)
    tip = (from_sky > _UNLIKE**2 * deviation) & (from_thing < from_sky)
    return np.asarray(tip | seam & (from_sky > _HARDLY_LIKE**2 * deviation))


def _mean_and_variance(
    colours: NDArray[np.float32], weight: NDArray[np.float32], window: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(H, W, 3) and (H, W), of the weighted colours in the window of each pixel.

    The variance is huge where there are none: nothing is unlike them.
    """
    total = cv2.blur(weight, window)
    share = 1 / np.maximum(total, np.float32(1e-6))
    mean = cv2.blur(colours * weight[..., None], window) * share[..., None]
    square = cv2.blur(_squared(colours) * weight, window) * share
    variance = np.maximum(square - _squared(mean), 0)
    return mean, np.where(total > _SOME, variance, np.float32(_HUGE))


def _squared(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W), the squared length of (H, W, 3)."""
    return np.asarray(cv2.transform(cv2.multiply(colours, colours), _SUM), np.float32)
