"""Parts of masks, and polygons around them for a plan."""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.mask import disc
from parallax.motion_plan import Point

MAX_PARTS = 4  # of one label; smaller ones are not worth a line in the plan
OUTLINE = 0.012  # of the short side: how exactly polygons follow a part; labels do the rest


def parts_of(mask: NDArray[np.float32], minimum: float) -> list[NDArray[np.bool_]]:
    """The connected parts of a mask that are large enough, the largest first."""
    count, part, stats, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA] / mask.size
    order = sorted(range(1, count), key=lambda i: -areas[i])
    return [part == i for i in order[:MAX_PARTS] if areas[i] >= minimum]


def outline_of(part: NDArray[np.bool_]) -> tuple[tuple[Point, ...], ...]:
    """Polygons in uv around a part, a little outside it: the label draws the exact edge."""
    grown = cv2.dilate(part.astype(np.uint8), disc(max(2, round(2 * OUTLINE * min(part.shape)))))
    contours, _ = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = sorted(contours, key=cv2.contourArea, reverse=True)[:3]
    polygons = (polygon_of(contour, part.shape, exactness=OUTLINE) for contour in largest)
    return tuple(polygon for polygon in polygons if polygon)


def polygon_of(
    contour: NDArray[np.int32], shape: tuple[int, ...], *, exactness: float
) -> tuple[Point, ...]:
    """A contour in a picture (H, W) in uv, simplified; empty if nothing is left of it.

    What touches the picture's border lies on it. `exactness` is a share of the short side.
    """
    height, width = shape
    simple = cv2.approxPolyDP(contour, exactness * min(shape), closed=True)[:, 0]
    if len(simple) < 3:
        return ()
    uv = (simple + 0.5) / (width, height)
    edge = np.abs(uv - np.rint(uv)) < 1.01 / np.array([width, height])
    return tuple(
        (round(float(u), 4), round(float(v), 4)) for u, v in np.where(edge, np.rint(uv), uv)
    )


def box_around(x: int, y: int, wide: int, tall: int, shape: tuple[int, ...]) -> tuple[Point, ...]:
    """The corners in uv of a box of pixels, a little wider."""
    height, width = shape
    u0, u1 = (x - 4) / width, (x + wide + 4) / width
    v0, v1 = (y - 4) / height, (y + tall + 4) / height
    corners = ((u0, v0), (u1, v0), (u1, v1), (u0, v1))
    return tuple((round(u, 4), round(v, 4)) for u, v in corners)
