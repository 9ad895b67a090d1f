"""Better targets than the teachers' raw answers: sharp sky, sky at the far end, crisp edges."""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS

SKY_BAND_PX = 4  # how far the depth teacher's blur reaches over a skyline at 384 px
FLAT_RANGE = 0.05  # of the photo's depth range: slopes below it are left alone
MERGE_REACH = 1 / 12  # of the long side: within it the layout is a line of the detail
MERGE_FLOOR = 0.03  # of the photo's depth range: smaller relief is no detail
STEP_RANGE = 0.15  # above it within 5 px: an edge, snapped to one of its two sides


def merge_matte(
    coarse: NDArray[np.float32], matte: NDArray[np.float32], *, reach_px: int
) -> NDArray[np.float32]:
    """A sharp mask where the matte and the coarse mask speak of the same thing.

    The matte is believed within `reach_px` of the coarse mask. Where the coarse mask is sure and
    the matte says no over a whole neighbourhood (night skies), the coarse mask is kept.

    Args:
        coarse: (H, W), 0…1, blurred edges but seldom wrong about what it sees.
        matte: (H, W), 0…1, sharp edges, sometimes of the wrong thing.
        reach_px: How far the coarse mask's edges may be off.
    """
    kernel = np.ones((2 * reach_px + 1, 2 * reach_px + 1), np.uint8)
    agrees = _smoothstep(cv2.dilate(coarse, kernel), 0.3, 0.7)
    alive = _smoothstep(cv2.GaussianBlur(matte, (0, 0), reach_px), 0.1, 0.3)
    merged: NDArray[np.float32] = agrees * (alive * matte + (1 - alive) * coarse)
    return merged


def replace_label(
    probability: NDArray[np.float32], label_index: int, mask: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Labels (H, W, 7) with one plane replaced; the others share what is left."""
    others = probability.copy()
    others[..., label_index] = 0
    # A pixel that was all of the old label becomes "other"
    total = others.sum(axis=-1, keepdims=True)
    others[..., 0] += np.maximum(1e-3 - total[..., 0], 0)
    others *= (1 - mask[..., None]) / np.maximum(others.sum(axis=-1, keepdims=True), 1e-3)
    others[..., label_index] = mask
    return others


def snap_edges(log_disparity: NDArray[np.float32], *, num_rounds: int = 2) -> NDArray[np.float32]:
    """Depth whose blurred steps are steps: each pixel of an edge takes the side it is nearer to.

    The toggle mapping of Kramer and Bruckner 1975, only where the local range says "edge".
    """
    low, high = np.percentile(log_disparity, [2, 98])
    span = max(float(high - low), 1e-6)
    kernel = np.ones((5, 5), np.uint8)
    snapped = log_disparity
    for _ in range(num_rounds):
        near, far = cv2.dilate(snapped, kernel), cv2.erode(snapped, kernel)
        toggled = np.where(near - snapped < snapped - far, near, far)
        edge = _smoothstep((near - far) / span, FLAT_RANGE, STEP_RANGE)
        snapped = snapped + edge * (toggled - snapped)
    return np.asarray(snapped, np.float32)


def merge_scales(
    structure: NDArray[np.float32], detail: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Log disparity with the layout of one map and the edges of a larger one.

    He et al. 2013, "Guided Image Filtering", the larger map as the guide: wherever the one is
    locally a rising line of the other it takes that line, or else its own local mean.

    Args:
        structure: (h, w), a network's answer at the size it was made for.
        detail: (H, W), its answer to the same photo twice as large.

    Returns:
        (H, W).
    """
    size_wh = (detail.shape[1], detail.shape[0])
    grown = cv2.resize(structure, size_wh, interpolation=cv2.INTER_CUBIC)
    wanted = np.asarray(grown, np.float32)
    window = 2 * round(MERGE_REACH * max(size_wh)) + 1
    low, high = (float(end) for end in np.percentile(detail, [2, 98]))

    def mean(value: NDArray[np.float32]) -> NDArray[np.float32]:
        blurred = cv2.blur(value, (window, window), borderType=cv2.BORDER_REFLECT)
        return np.asarray(blurred, np.float32)

    guide, target = mean(detail), mean(wanted)
    covariance = mean(detail * wanted) - guide * target
    variance = mean(detail * detail) - guide * guide
    floor = np.float32((MERGE_FLOOR * (high - low)) ** 2 + 1e-9)
    slope = np.asarray(np.maximum(covariance, 0) / (variance + floor), np.float32)
    merged: NDArray[np.float32] = mean(slope) * detail + mean(target - slope * guide)
    return merged


def push_sky_far(
    log_disparity: NDArray[np.float32], sky: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Depth with the sky at the far end, and a skyline as sharp as the sky's mask."""
    if float((sky > 0.5).mean()) < 0.002:
        return log_disparity
    ground = sky < 0.1
    far = float(np.percentile(log_disparity, 1))
    if ground.any():
        far = min(far, float(np.percentile(log_disparity[ground], 2)))

    # Ground near the skyline was blurred towards the sky: it takes the ground's own depth
    size = 2 * SKY_BAND_PX + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    on_ground = np.where(ground, log_disparity, np.float32(far))
    nearest = cv2.GaussianBlur(cv2.dilate(on_ground, kernel), (0, 0), SKY_BAND_PX / 2)
    band = cv2.GaussianBlur(cv2.dilate(sky, kernel), (0, 0), 1)
    cleaned = log_disparity + band * np.maximum(nearest - log_disparity, 0)
    pushed: NDArray[np.float32] = cleaned * (1 - sky) + np.float32(far) * sky
    return pushed


def label_index(name: str) -> int:
    """Place of a label in `LABELS`."""
    return [str(label) for label in LABELS].index(name)


def _smoothstep(value: NDArray[np.float32], low: float, high: float) -> NDArray[np.float32]:
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
