"""People and things kept rigid: no bent faces, and writing on a box stays straight.

A depth map has bumps that are not there, and a moving camera turns them into rubber. A straight
line on a plane stays straight, whatever the camera does; so people and single things are flattened
towards a plane each, until nothing of them bends by more than the eye forgives.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.refine import EXACT_PX
from parallax.layers.thing import find_things

MOST_BEND_PX = 2.0  # output pixels off the plane at the worst pose: a head still turns a little
MOST_THING_BEND_PX = 1.0  # straight lines on things stay straight to about as much
_LEAST_SHARE = 0.002  # of the map: smaller pieces bend by nothing that is seen
_MOST_PIECES = 16
_JOIN_PX = 24  # map pixels over which a piece goes over into what it is joined to
_OUTLINE_PX = 2  # width of what lies between a piece and the step that ends it
_NUM_ROUNDS = 3  # of least squares; an arm held out counts less each time
_SAMPLES = 4000  # of a piece's pixels
_RELIEF = 95  # percentile of the deviations that must not bend more


def keep_rigid(
    inv_depth: NDArray[np.float32],
    people: NDArray[np.bool_],
    unnamed: NDArray[np.bool_],
    *,
    gap_px_of_inv: float,
    sigma_px: float,
    tear_gap_px: float,
) -> NDArray[np.float32]:
    """The map with people and things as flat as they have to be to look rigid.

    An exact map is left as it is: its bumps are there.

    Args:
        inv_depth: (H, W), 1/su, sharpened.
        people: (H, W), where people are.
        unnamed: (H, W), where things may be: neither people nor scenery.
        gap_px_of_inv: Output pixels of relative shift per 1/su at the worst pose.
        sigma_px: Of the blur of the map's edges before they were sharpened.
        tear_gap_px: Neighbours that part by more are torn apart.
    """
    if sigma_px < EXACT_PX:
        return inv_depth
    square = np.ones((3, 3), np.uint8)
    step = cv2.morphologyEx(inv_depth, cv2.MORPH_GRADIENT, square) * gap_px_of_inv > tear_gap_px
    inv_of_px = 1 / max(gap_px_of_inv, 1e-9)
    flattened = inv_depth.copy()
    for mask, bend_px in (
        (people & ~step, MOST_BEND_PX),
        (find_things(unnamed & ~step), MOST_THING_BEND_PX),
    ):
        if mask.any():
            _flatten_pieces(flattened, mask, step, bend_px * inv_of_px, tear_gap_px * inv_of_px)
    return flattened


def _flatten_pieces(
    inv_depth: NDArray[np.float32],
    mask: NDArray[np.bool_],
    step: NDArray[np.bool_],
    most_relief_inv: float,
    tear_inv: float,
) -> None:
    """Brings each large piece of a mask, and its outline, as close to its plane as it has to be."""
    square = np.ones((3, 3), np.uint8)
    num, piece, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    areas = stats[1:num, cv2.CC_STAT_AREA]
    chosen = [
        i + 1 for i in np.argsort(-areas)[:_MOST_PIECES] if areas[i] > _LEAST_SHARE * step.size
    ]
    for index in chosen:
        x, y, width, height = stats[index, :4]
        box = (
            slice(max(y - _OUTLINE_PX, 0), y + height + _OUTLINE_PX),
            slice(max(x - _OUTLINE_PX, 0), x + width + _OUTLINE_PX),
        )
        inside = piece[box] == index
        change = _flattening(inv_depth[box], inside, most_relief_inv)
        # Where it is joined to something else the change begins at nothing
        around = cv2.dilate(inside.astype(np.uint8), square) > 0
        joined = around & ~inside & ~step[box]
        share = _share_away_from(joined)
        # What is at a step is in no piece: it goes with the piece it is as near as
        inner = np.where(inside, inv_depth[box], 0)
        beside = cv2.dilate(inner, np.ones((2 * _OUTLINE_PX + 1,) * 2, np.uint8))
        outline = step[box] & (beside > 0) & (np.abs(inv_depth[box] - beside) <= tear_inv)
        inv_depth[box] += np.where(inside | outline, share * change, 0)


def _flattening(
    inv_depth: NDArray[np.float32], inside: NDArray[np.bool_], most_relief_inv: float
) -> NDArray[np.float32]:
    """(h, w), what brings a piece as close to its plane as it has to be."""
    y, x = np.nonzero(inside)
    some = np.linspace(0, len(y) - 1, min(len(y), _SAMPLES)).astype(int)
    places = np.stack([x[some], y[some], np.ones(len(some))], 1)
    values = inv_depth[y[some], x[some]].astype(np.float64)
    weight = np.ones(len(some))
    for _ in range(_NUM_ROUNDS):
        plane, *_ = np.linalg.lstsq(places * weight[:, None], values * weight, rcond=None)
        off = np.abs(values - places @ plane)
        weight = 1 / np.sqrt(1 + np.square(off / max(float(np.median(off)), 1e-9)))
    relief_inv = float(np.percentile(off, _RELIEF))
    kept = min(1.0, most_relief_inv / max(relief_inv, 1e-9))
    rows, columns = np.indices(inside.shape, np.float32)
    level = plane[0] * columns + plane[1] * rows + plane[2]
    return np.asarray((kept - 1) * (inv_depth - level), np.float32)


def _share_away_from(joined: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(h, w), 0 at a mask, 1 from a little away on."""
    distance_px = cv2.distanceTransform((~joined).astype(np.uint8), cv2.DIST_L2, 5)
    share = np.clip(distance_px / _JOIN_PX, 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)
