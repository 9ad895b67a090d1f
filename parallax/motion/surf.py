"""Surf, found beside a sea: white water that lies on land."""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.canvas import Canvas
from parallax.motion.outline import outline_of, parts_of
from parallax.motion_plan import MaskSpec, Region, RegionType

MOST_SURF = 0.3  # of a sea's surface; more is a breaker in the air, which no wash to and fro draws


def find_surf(
    small: Canvas,
    name: str,
    kind: RegionType,
    part: NDArray[np.bool_],
    sure: float,
    level: float,
) -> list[Region]:
    """The surf of a sea, where it is white and beside land."""
    if kind != "water.sea" or level < 0.2:
        return []
    srgb = small.photo.srgb8.astype(np.float32) / 255
    white = (srgb.min(-1) > 0.84 * srgb.max(-1)) & (srgb.max(-1) > 0.72)
    labels = small.labels.resized(small.photo.size_wh)
    land = labels.mask("ground") + labels.mask("other") + labels.mask("building") > 0.5
    short = min(part.shape)
    land &= cv2.blur(white.astype(np.float32), (9, 9)) < 0.5  # white water is no beach,
    side = 2 * round(0.02 * short) + 1  # nor is the seam between it and the sea
    solid = cv2.morphologyEx(land.astype(np.uint8), cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    reach = 2 * round(0.09 * short) + 1
    beach = cv2.dilate(solid, np.ones((reach, reach), np.uint8)) > 0
    rough = np.abs(small.grey() - cv2.GaussianBlur(small.grey(), (0, 0), 4)) > 0.03
    foam = white & part & beach & cv2.dilate(rough.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if foam.mean() < 0.006 or foam[part].mean() > MOST_SURF:
        return []
    around = cv2.morphologyEx(
        foam.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)
    )
    largest = parts_of(around.astype(np.float32), 0.004)[:2]
    return [
        Region(
            id=f"{name}-surf-{index + 1}",
            type="water.shore",
            mask=MaskSpec(polygons=outline_of(piece)),
            confidence=round(0.8 * sure, 2),
            provenance="auto",
            note="white water beside land",
        )
        for index, piece in enumerate(largest)
    ]
