"""From the network's log disparity, known up to scale and shift, to inverse depth in 1/su."""

import cv2
import numpy as np
from numpy.typing import NDArray

NEAREST_PERCENTILE = 99.5  # robust against a few wild pixels
FARTHEST_PERCENTILE = 1.0
LEAST_RATIO = 4.0  # near : far of most photos lies between these; the ends are what a small
MOST_RATIO = 30.0  # network guesses worst, and a film with 1 : 30 already has a still background
MOST_STRETCH = 2.0  # a flat photo stays flat: its noise is not blown up into a relief
SKY_RATIO = 1.1  # the sky lies behind the farthest ground by this: more tears it where it is missed
SURE_SKY = 0.5
LIKELY_SKY = 0.3  # enough beside sure sky, if it also looks far
FAR_PLACE = 0.35  # of the range from far to near
LEAST_AREA = 0.01  # of the photo: smaller islands of sky, and holes in it, are mistakes


def inv_depth_from_log_disparity(
    log_disparity: NDArray[np.float32], sky: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Inverse depth (H, W) in 1/su: 1 at the nearest point, small and positive far away.

    The network tells ratios of distances up to a power. The power is 1 where that puts the far
    end 4 to 30 times farther than the near end, and else brings it there.

    Args:
        log_disparity: (H, W), near is larger.
        sky: (H, W), 0…1, how likely each pixel is sky; sky is farthest.
    """
    is_sky = settle_sky(sky, log_disparity)
    seen = log_disparity[~is_sky]
    if seen.size < LEAST_AREA * log_disparity.size:
        seen = log_disparity.ravel()
    far, near = (float(v) for v in np.percentile(seen, (FARTHEST_PERCENTILE, NEAREST_PERCENTILE)))
    if is_sky.any():
        far = min(far, float(np.median(log_disparity[is_sky])))

    # The power that brings the ratio of far and near into the usual range
    span = max(near - far, 1e-6)
    wanted = min(max(span, np.log(LEAST_RATIO)), np.log(MOST_RATIO))
    power = min(wanted / span, MOST_STRETCH)
    farthest = np.exp(-span * power)

    inv_depth = np.exp(np.clip((log_disparity - near) * power, -span * power, 0))
    sky_inv_depth = farthest / SKY_RATIO if is_sky.any() else farthest
    return np.asarray(np.where(is_sky, sky_inv_depth, inv_depth), np.float32)


def settle_sky(sky: NDArray[np.float32], log_disparity: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where the sky is, in whole pieces: sure sky, the likely and far beside it, no specks.

    A patch of sky at another depth than the rest tears the sky open when the camera moves.
    """
    sure = sky > SURE_SKY
    far, near = np.percentile(log_disparity, (FARTHEST_PERCENTILE, NEAREST_PERCENTILE))
    likely = (sky > LIKELY_SKY) & (log_disparity < far + FAR_PLACE * (near - far))

    # Pieces of sure or likely sky with enough sure sky in them
    least = LEAST_AREA * sky.size
    _, piece = cv2.connectedComponents((sure | likely).astype(np.uint8))
    sure_area = np.bincount(piece[sure], minlength=int(piece.max()) + 1)
    keep = sure_area >= least
    keep[0] = False
    is_sky = keep[piece]

    # Small holes belong to it
    _, hole, stats, _ = cv2.connectedComponentsWithStats((~is_sky).astype(np.uint8))
    small = stats[:, cv2.CC_STAT_AREA] < least
    small[0] = False
    return np.asarray(is_sky | small[hole], np.bool_)
