"""Small things that stand out of a sky or a water: letters, birds, the moon, the sun."""

import cv2
import numpy as np

from parallax.motion.canvas import Canvas
from parallax.motion.judge import likely
from parallax.motion.outline import box_around
from parallax.motion.standing import SURE_WATER
from parallax.motion_plan import MaskSpec, Region

SHARP = 0.22  # luma a pixel: edges of letters, beaks and wings have 0.29 and more, of clouds 0.17


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
        stands_out = (np.abs(grey - even) > 0.22) & inside
        joined = cv2.morphologyEx(
            stands_out.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)
        )
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
        small_ones = [
            tuple(int(n) for n in stats[i][:4])
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
                marks.append(MaskSpec(polygons=(box_around(x, y, wide, tall, grey.shape),)))
    return marks
