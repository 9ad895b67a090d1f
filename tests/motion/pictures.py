"""Small photos whose parts are known."""

import cv2
import numpy as np

from parallax.depth_map import DepthMap
from parallax.label_map import LABELS, LabelMap
from parallax.photo import Photo

SIZE_WH = (96, 64)
SKY_ROWS, TREE_ROWS = slice(0, 24), slice(24, 44)  # and water below


def noise_photo(rng, size_wh=SIZE_WH, *, blur_px=1.2):
    """A photo of smooth noise, full of detail."""
    width, height = size_wh
    noise = cv2.GaussianBlur(rng.normal(size=(height, width, 3)), (0, 0), blur_px)
    noise = (noise - noise.mean()) / noise.std()
    return Photo(np.clip(128 + 45 * noise, 0, 255).astype(np.uint8))


def labels_of(rows_of_label, size_wh=SIZE_WH):
    """A label map of level bands; what is in none is "other"."""
    probability = np.zeros((size_wh[1], size_wh[0], len(LABELS)), np.uint8)
    probability[..., 0] = 255
    for label, rows in rows_of_label.items():
        probability[rows] = 0
        probability[rows, :, LABELS.index(label)] = 255
    return LabelMap(probability)


def ground_depth(size_wh=SIZE_WH, horizon_v=0.4):
    """A level plane below a horizon, and far away above it."""
    v = (np.arange(size_wh[1]) + 0.5) / size_wh[1]
    rows = np.clip((v - horizon_v) / (1 - horizon_v), 0.001, 1)
    return DepthMap(np.repeat(rows[:, None], size_wh[0], 1).astype(np.float32))


def landscape(rng):
    """Photo, depth and labels: sky above trees above water."""
    labels = labels_of({"sky": SKY_ROWS, "vegetation": TREE_ROWS, "water": slice(44, 64)})
    depth = ground_depth().inv_depth.copy()
    depth[TREE_ROWS] = 0.5
    return noise_photo(rng), DepthMap(depth), labels
