"""From the network's log disparity, known up to scale and shift, to inverse depth in 1/su."""

import numpy as np
from numpy.typing import NDArray

NEAREST_PERCENTILE = 99.5  # robust against a few wild pixels
FARTHEST_PERCENTILE = 1.0
LEAST_RATIO = 4.0  # near : far of most photos lies between these; the ends are what a small
MOST_RATIO = 30.0  # network guesses worst, and a film with 1 : 30 already has a still background
MOST_STRETCH = 2.0  # a flat photo stays flat: its noise is not blown up into a relief
SKY_RATIO = 1.1  # the sky lies behind the farthest ground by this: more tears it where it is missed
LEAST_AREA = 0.01  # of the photo: where less than this is no sky, all of it is looked at


def inv_depth_from_log_disparity(
    log_disparity: NDArray[np.float32], is_sky: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Inverse depth (H, W) in 1/su: 1 at the nearest point, small and positive far away.

    The network tells ratios of distances up to a power. The power is 1 where that puts the far
    end 4 to 30 times farther than the near end, and else brings it there.

    Args:
        log_disparity: (H, W), near is larger.
        is_sky: (H, W); sky is farthest.
    """
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
