"""Connected parts of a mask, chosen by what is in them."""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray


def parts_holding(
    mask: NDArray[np.bool_], seed: NDArray[np.bool_], *, connectivity: Literal[4, 8]
) -> NDArray[np.bool_]:
    """(H, W), the connected parts of a mask that hold a pixel of a seed."""
    num, part = cv2.connectedComponents(mask.view(np.uint8), connectivity=connectivity)
    keep = np.zeros(num, np.bool_)
    keep[part[seed & mask]] = True
    return np.asarray(keep.take(part))
