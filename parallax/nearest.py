"""The closest pixel of a mask, for every pixel."""

import cv2
import numpy as np
from numpy.typing import NDArray


def nearest_of(mask: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """(H, W) distance to the closest pixel of a mask that is not empty, and its flat index."""
    distance_px, label = cv2.distanceTransformWithLabels(
        (~mask).view(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    # The mask's pixels are labelled row by row, from 1 on
    return distance_px, np.insert(np.flatnonzero(mask), 0, 0).take(label)
