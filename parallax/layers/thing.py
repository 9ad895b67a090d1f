"""Single things in a photo: a car, a bottle, a bicycle, told from walls, rooms and scenery.

The labels have no word for them, but know what they are not. What is left over and stands alone in
the picture, in one compact piece, is a thing; what reaches the border is rather a room or a rock.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

_LEAST_SHARE = 0.004  # of the map: smaller things bend by nothing that is seen
_MOST_SHARE = 0.5
_MOST_CUT_OFF = 0.1  # of its outline on the border of the picture
_LEAST_SOLID = 0.7  # of its convex hull that it covers: branches and gaps between things do less
_COARSE_PX = 4  # things are large: they are found on a map so much smaller, which takes a tenth
_THREAD_PX = 2  # of that map: what hangs together by less does not


def find_things(unnamed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(H, W), where single things are, of what is neither scenery nor torn through."""
    coarse = cv2.resize(
        unnamed.view(np.uint8) * np.uint8(255),
        (-(-unnamed.shape[1] // _COARSE_PX), -(-unnamed.shape[0] // _COARSE_PX)),
        interpolation=cv2.INTER_AREA,
    )
    thread = np.ones((_THREAD_PX, _THREAD_PX), np.uint8)
    whole = cv2.morphologyEx((coarse > 127).view(np.uint8), cv2.MORPH_OPEN, thread)
    num, piece, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=4)
    shares = stats[:, cv2.CC_STAT_AREA] / whole.size
    things = np.zeros(whole.shape, np.uint8)
    for index in range(1, num):
        if not _LEAST_SHARE < shares[index] < _MOST_SHARE:
            continue
        x, y, width, height = stats[index, :4]
        box = (slice(y, y + height), slice(x, x + width))
        inside = piece[box] == index
        if _is_compact(inside) and _cut_off(inside, (x, y), whole.shape) < _MOST_CUT_OFF:
            things[box] |= inside
    if not things.any():
        return np.zeros(unnamed.shape, np.bool_)
    # Up to where they end, which is between two pixels of the smaller map
    around = cv2.dilate(things, np.ones((3, 3), np.uint8))
    size_wh = (unnamed.shape[1], unnamed.shape[0])
    return np.asarray(unnamed & (cv2.resize(around, size_wh, interpolation=cv2.INTER_NEAREST) > 0))


def _is_compact(inside: NDArray[np.bool_]) -> bool:
    """Whether a mask covers most of its convex hull."""
    outline = _outline_of(inside)
    hull = cv2.contourArea(cv2.convexHull(outline))
    return cv2.contourArea(outline) > _LEAST_SOLID * hull


def _cut_off(inside: NDArray[np.bool_], corner: tuple[int, int], shape: tuple[int, ...]) -> float:
    """The share of a mask's outline that is on the border of the picture."""
    (x, y), (height, width) = corner, inside.shape
    at_border = (
        (inside[0].sum() if y == 0 else 0)
        + (inside[-1].sum() if y + height == shape[0] else 0)
        + (inside[:, 0].sum() if x == 0 else 0)
        + (inside[:, -1].sum() if x + width == shape[1] else 0)
    )
    return float(at_border) / len(_outline_of(inside))


def _outline_of(inside: NDArray[np.bool_]) -> NDArray[np.int32]:
    """(N, 1, 2), the pixels along the longest outline of a mask."""
    found, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(max(found, key=len), np.int32)
