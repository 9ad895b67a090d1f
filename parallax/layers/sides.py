"""Which of the surfaces around a pixel it belongs to: by its depth, its colour, its labels."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.cores import both
from parallax.label_map import LabelMap
from parallax.layers.part import parts_holding

_QUARTER = 4  # what sides look like varies slowly, and is found at this fraction of the size
_UNSEEN = 1.0  # squared distance to a side that is not in the window
_IS_THAT = 0.5
_AS_FAR = 1.2  # times as near as the sky is as good as the sky
_SKY_TRUST = 1.5  # its label's word against that of colours
_SURE = 0.5  # of the way from the middle of a ramp to its end, where place is to be believed
_SUM = np.ones((1, 3), np.float32)  # adds three channels, faster than a sum over so short an axis


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the pixels of a map look like, in numbers whose unit distance is "differs".

    Attributes:
        colours: float32 (H, W, 3), 0…2.
        labels: float32 (h, w, L), 0…1, a quarter of the size; None where there are none.
        sky: float32 (H, W), 0…1, how likely each pixel is sky; None where there are no labels.
    """

    colours: NDArray[np.float32]
    labels: NDArray[np.float32] | None
    sky: NDArray[np.float32] | None = None


def look_at(srgb8: NDArray[np.uint8], labels: LabelMap | None) -> Look:
    """What a photo of the map's size looks like."""
    colours = srgb8.astype(np.float32) / np.float32(128)
    if labels is None:
        return Look(colours, None)
    small = labels.resized(_quarter(srgb8.shape)).probability
    sky = cv2.resize(labels.mask("sky"), srgb8.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return Look(colours, small.astype(np.float32) / np.float32(255), np.asarray(sky, np.float32))


def choose_side(
    inv_depth: NDArray[np.float32], look: Look, *, radius: int, colour_trust: float
) -> NDArray[np.bool_]:
    """(H, W), True where a pixel belongs to the nearer of the surfaces around it.

    At the ends of a ramp its place decides, in the middle what it looks like.

    Args:
        inv_depth: (H, W), 1/su.
        look: Of the same pixels.
        radius: Of the ramps between surfaces, in pixels.
        colour_trust: How far looks overrule place.
    """
    # Where in the ramp a pixel is: 0 on the far side … 1 on the near side
    kernel = np.ones((2 * radius + 1,) * 2, np.uint8)
    low, high = cv2.erode(inv_depth, kernel), cv2.dilate(inv_depth, kernel)
    place = (inv_depth - low) / np.maximum(high - low, 1e-9)
    # Whom it looks like: −1 the far side … 1 the near side
    window = 4 * radius + 1
    small = cv2.resize(look.colours, _quarter(place.shape), interpolation=cv2.INTER_AREA)
    near_gap, far_gap = both(
        lambda: _distance_to_mean(look, small, np.clip(place * 4 - 3, 0, 1), window),
        lambda: _distance_to_mean(look, small, np.clip(1 - place * 4, 0, 1), window),
    )
    likeness = (far_gap - near_gap) / (far_gap + near_gap + 0.05)
    side = 2 * place - 1
    if look.sky is not None:
        likeness = _heed_sky(likeness, look.sky, inv_depth, low, kernel)
    score = side + colour_trust * likeness * (1 - np.abs(side))
    near = np.asarray(cv2.GaussianBlur(score, (0, 0), max(0.7, radius / 6)) > 0)
    # Looks move edges, and make no islands: every piece of a side has a place that says so
    near = ~parts_holding(~near, side < -_SURE, connectivity=4)
    return parts_holding(near, side > _SURE, connectivity=4)


def _heed_sky(
    likeness: NDArray[np.float32],
    sky: NDArray[np.float32],
    inv_depth: NDArray[np.float32],
    low: NDArray[np.float32],
    kernel: NDArray[np.uint8],
) -> NDArray[np.float32]:
    """(H, W), the likeness, with the sky's label heeded where a ramp goes down to the sky.

    It is surer than colours, which are the same in a cloud and in a white wall.
    """
    is_sky = sky > _IS_THAT
    if not is_sky.any():
        return likeness
    far_inv = float(np.median(inv_depth[is_sky]))
    by_sky = (cv2.dilate(sky, kernel) > _IS_THAT) & (low <= _AS_FAR * far_inv + 1e-3)
    return np.where(by_sky, np.clip(likeness + _SKY_TRUST * (1 - 2 * sky), -1, 1), likeness)


def _quarter(shape: tuple[int, ...]) -> tuple[int, int]:
    """Width and height of the small pictures for a map."""
    return -(-shape[1] // _QUARTER), -(-shape[0] // _QUARTER)


def _distance_to_mean(
    look: Look, small_colours: NDArray[np.float32], weight: NDArray[np.float32], window: int
) -> NDArray[np.float32]:
    """(H, W), squared, how far each pixel's look is from the weighted mean of its window."""
    height, width = weight.shape
    small_weight = cv2.resize(weight, _quarter(weight.shape), interpolation=cv2.INTER_AREA)
    size = (window // _QUARTER | 1,) * 2
    total = cv2.blur(small_weight, size)
    share = np.maximum(total, 1e-4)[..., None]
    gap = np.where(total > 1e-4, 0, _UNSEEN).astype(np.float32)
    if look.labels is not None:
        mean_label = cv2.blur(look.labels * small_weight[..., None], size) / share
        gap += np.square(look.labels - mean_label).sum(-1)
    gap = cv2.resize(gap, (width, height), interpolation=cv2.INTER_LINEAR)
    mean = cv2.blur(small_colours * small_weight[..., None], size) / share
    mean = cv2.resize(mean, (width, height), interpolation=cv2.INTER_LINEAR)
    difference = cv2.subtract(look.colours, mean)
    return np.asarray(gap + cv2.transform(cv2.multiply(difference, difference), _SUM), np.float32)
