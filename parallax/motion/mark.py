"""Small things that stand out of a sky or a water: letters, birds, the moon, the sun."""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.canvas import Canvas
from parallax.motion.judge import likely
from parallax.motion.outline import box_around
from parallax.motion.standing import SURE_WATER
from parallax.motion_plan import MaskSpec, Region

STRONG, WEAK = 0.22, 0.08  # luma against what is around: of a mark, and of what belongs to it
MOST_GROWTH = 2.0  # of a mark's box by what belongs to it; more is a cloud behind it
SHARP = 0.22  # luma a pixel: edges of letters, beaks and wings have 0.29 and more, of clouds 0.17
Box = tuple[int, int, int, int]  # left, top, width and height, in pixels


def find_marks(small: Canvas, regions: list[Region]) -> list[MaskSpec]:
    """Small things that stand out of a sky or a water: letters, birds, the moon, the sun."""
    marks: list[MaskSpec] = []
    grey = small.grey()
    slope = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    steepness = np.hypot(*slope) / 8
    moving = {region.mask.label for region in regions}
    for label in ("sky", "water"):
        if label not in moving:
            continue
        chance = likely(small, label)
        inside = chance > 0.5
        inside = cv2.erode(inside.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
        even = cv2.medianBlur((grey * 255).astype(np.uint8), 31) / np.float32(255)
        apart = np.where(inside, np.abs(grey - even), 0)
        count, stats, _ = _parts(apart > STRONG)
        _, weak_stats, weak = _parts(apart > WEAK)
        small_ones = [
            (int(stats[i][0]), int(stats[i][1]), int(stats[i][2]), int(stats[i][3]))
            for i in range(1, count)
            if 12 <= stats[i][4] <= 0.012 * grey.size
        ]
        if not 1 <= len(small_ones) <= 8:  # more is texture, not marks
            continue
        for x, y, wide, tall in small_ones:
            ring = grey[max(0, y - 6) : y + tall + 6, max(0, x - 6) : x + wide + 6]
            edge = np.concatenate([ring[:3].ravel(), ring[-3:].ravel()])
            surely = float(chance[y : y + tall, x : x + wide].mean()) > SURE_WATER
            if label == "water" and surely:  # light upon it
                continue
            if label == "sky" and steepness[y : y + tall, x : x + wide].max() < SHARP:  # a cloud
                continue
            if float(edge.std()) < 0.04:  # it stands alone on an even ground
                part = np.unique(weak[y : y + tall, x : x + wide])
                box = _grown((x, y, wide, tall), weak_stats[part[part > 0]])
                marks.append(MaskSpec(polygons=(box_around(*box, grey.shape),)))
    return marks


def _parts(
    stands_out: NDArray[np.bool_],
) -> tuple[int, NDArray[np.int32], NDArray[np.int32]]:
    """How many parts there are, small gaps closed, their boxes and areas, and which is where."""
    gap = np.ones((9, 9), np.uint8)
    joined = cv2.morphologyEx(stands_out.astype(np.uint8), cv2.MORPH_CLOSE, gap)
    count, part, stats, _ = cv2.connectedComponentsWithStats(joined)
    return count, np.asarray(stats), np.asarray(part)


def _grown(box: Box, fainter: NDArray[np.int32]) -> Box:
    """A mark's box with the fainter parts that reach into it, a letter's shadow or a pale sign."""
    x, y, wide, tall = box
    left, top = min(x, *fainter[:, 0]), min(y, *fainter[:, 1])
    right = max(x + wide, *(fainter[:, 0] + fainter[:, 2]))
    bottom = max(y + tall, *(fainter[:, 1] + fainter[:, 3]))
    whole = int(left), int(top), int(right - left), int(bottom - top)
    return whole if whole[2] * whole[3] <= MOST_GROWTH * wide * tall else box
