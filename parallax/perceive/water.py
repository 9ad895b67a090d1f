"""Falls and rivers that the labels took for rock, sky or ground, put right by a second head.

It was taught by few photos, and what it is half sure of is as often snow, sand or a pale wall. So
some of a part has to be sure, and what is smooth surer: running water never is.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS
from parallax.perceive.photo_planes import resize_photo

SURE_ODDS = 1.4  # log odds that the surest tenth of a part needs
LIKELY_ODDS = -0.2  # that all of it needs
ROUGH = 0.045  # fine contrast of running water, median; snow and sand have 0.005 to 0.04
ROUGH_GAIN = 1.2  # on its logarithm, in log odds
ROUGHEST, SMOOTHEST = 0.4, -1.2  # most that it changes them by
LEAST_AREA = 0.012  # of the photo: smaller parts would not be moved
RAISED = 0.85  # likelihood of water in the labels of such a part; the others share the rest
RIM_ODDS = (0.3, 1.5)  # log odds between which its likelihood rises to that
TEXTURE_LONG_SIDE_PX = 480
TEXTURE_SIGMA_PX, TEXTURE_SIDE_PX = 3.0, 15


def settle_water(
    probability: NDArray[np.float32],
    odds: Sequence[NDArray[np.float32]],
    srgb8: NDArray[np.uint8],
) -> NDArray[np.float32]:
    """Probabilities (h, w, 7) of the labels with the water that the second head is sure of.

    Args:
        probability: Of the labels, as the first head says.
        odds: Log odds that there is water, in planes of any size, the finest last.
        srgb8: The photo (H, W, 3), of any size.
    """
    size_wh = (odds[-1].shape[1], odds[-1].shape[0])
    planes = [cv2.resize(plane, size_wh, interpolation=cv2.INTER_LINEAR) for plane in odds]
    contrast = cv2.resize(fine_contrast(srgb8), size_wh, interpolation=cv2.INTER_AREA)
    rougher = ROUGH_GAIN * np.log(np.maximum(contrast, 1e-4) / ROUGH)
    log_odds = np.mean(planes, axis=0) + np.clip(rougher, SMOOTHEST, ROUGHEST)

    # Parts that the labels did not know, with enough that is sure
    index = LABELS.index("water")
    known = cv2.resize(probability[..., index], size_wh, interpolation=cv2.INTER_AREA)
    likely = (log_odds > LIKELY_ODDS) & (known < 0.5)
    count, part = cv2.connectedComponents(likely.astype(np.uint8))
    found = np.zeros(likely.shape, np.float32)
    for number in range(1, count):
        own = part == number
        if own.mean() > LEAST_AREA and np.percentile(log_odds[own], 90) > SURE_ODDS:
            found[own] = 1
    if not found.any():
        return probability

    # Places are coarse, but between them the odds tell where the bank is
    grown_wh = probability.shape[1::-1]
    near = cv2.resize(cv2.dilate(found, np.ones((3, 3), np.uint8)), grown_wh)
    rim = cv2.resize(log_odds.astype(np.float32), grown_wh, interpolation=cv2.INTER_CUBIC)
    raised = (RAISED * near * np.interp(rim, RIM_ODDS, (0, 1)))[..., None]
    settled = probability * (1 - raised)
    settled[..., index] += raised[..., 0]
    return np.asarray(settled, np.float32)


def fine_contrast(srgb8: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(h, w): the local standard deviation of fine texture, 0…1, of a small picture of a photo."""
    scale = min(1.0, TEXTURE_LONG_SIDE_PX / max(srgb8.shape[:2]))
    small = resize_photo(srgb8, tuple(max(1, round(s * scale)) for s in srgb8.shape[1::-1]))
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32) / np.float32(255)
    detail = grey - cv2.GaussianBlur(grey, (0, 0), TEXTURE_SIGMA_PX)
    square = cv2.blur(detail * detail, (TEXTURE_SIDE_PX, TEXTURE_SIDE_PX))
    return np.asarray(np.sqrt(np.maximum(square, 0)), np.float32)
