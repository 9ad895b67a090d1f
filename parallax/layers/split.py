"""Where the picture tears, and the two surfaces that part there.

At a tear a near surface hides a far one. Both are continued a little: the near one outwards (its
soft edge has to lie somewhere), the far one inwards (a moving camera uncovers it). So every pixel
near a tear has two inverse depths; elsewhere they are the same.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.cores import both
from parallax.layers.part import parts_holding
from parallax.layers.spread import spread_known
from parallax.nearest import nearest_of

WEAK_SHARE = 0.5  # a tear runs on along its edge down to this share of the gap that starts one
STEP_PX = 10  # past an edge the far side is looked for so far: steps in stairs are one step
SPARE_PX = 8.0  # built past what the worst pose uncovers
_BESIDE_PX = 2.0  # of an edge: pixels that are at it
_RELAXED_PX = (8, 4, 2)  # half widths, from coarse to fine, over which a guess is made gentle
_GENTLE = (
    1.5  # pixels by which the worst pose may stretch one of the far surface where it is guessed
)
_REACHES_PX = (1, 2, 4, 8, 16, 32)  # together as far as a guess may give way to one that is farther


@dataclass(frozen=True, slots=True, eq=False)
class Tears:
    """The near edges of tears, and for every pixel the one it is closest to.

    Attributes:
        distance_px: float32 (H, W), to the closest near edge; huge where there is none.
        near_inv: float32 (H, W), inverse depth of that edge.
        far_inv: float32 (H, W), inverse depth just past it.
        exists: Whether there is any tear.
    """

    distance_px: NDArray[np.float32]
    near_inv: NDArray[np.float32]
    far_inv: NDArray[np.float32]
    exists: bool


@dataclass(frozen=True, slots=True, eq=False)
class Surfaces:
    """The near and the far surface of each pixel.

    Attributes:
        near_inv: float32 (H, W), the near surface, continued outwards past its edge.
        far_inv: float32 (H, W), the far surface, continued inwards behind the near one.
        edge_px: float32 (H, W), distance to the nearest tear, positive on its near side.
        hidden: bool (H, W), where the far surface is behind the near one and may be uncovered.
        background: bool (H, W), where the photo shows what a fill may be taken from.
    """

    near_inv: NDArray[np.float32]
    far_inv: NDArray[np.float32]
    edge_px: NDArray[np.float32]
    hidden: NDArray[np.bool_]
    background: NDArray[np.bool_]


def find_tears(
    inv_depth: NDArray[np.float32],
    *,
    gap_px_of_inv: float,
    tear_gap_px: float | NDArray[np.float32],
    ledge_px: int = 0,
) -> Tears:
    """The tears of a depth map: neighbours that part by more than `tear_gap_px` output pixels.

    Args:
        inv_depth: (H, W), 1/su.
        gap_px_of_inv: Output pixels of relative shift per 1/su at the worst pose.
        tear_gap_px: Least gap that starts a tear, everywhere or (H, W) at each pixel.
        ledge_px: How wide ledges are, in pixels of the map, that sharpening leaves along edges:
            the near side of an edge is looked for so far.
    """
    # The deepest drop from each pixel to one of its four neighbours
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    lowest = cv2.erode(inv_depth, cross)
    gap_px = (inv_depth - lowest) * gap_px_of_inv
    is_weak, is_strong = gap_px > tear_gap_px * WEAK_SHARE, gap_px > tear_gap_px
    edge = parts_holding(is_weak, is_strong, connectivity=8)
    if not edge.any():
        far_away = np.full(inv_depth.shape, 1e6, np.float32)
        return Tears(far_away, inv_depth, inv_depth, exists=False)
    # Many an edge goes down in stairs: what is past it is the lowest value within their reach
    (distance_px, edge_index), (top, past) = both(
        lambda: nearest_of(edge),
        lambda: (
            cv2.dilate(inv_depth, np.ones((2 * ledge_px + 1,) * 2, np.uint8)),
            cv2.erode(inv_depth, np.ones((2 * STEP_PX + 1,) * 2, np.uint8)),
        ),
    )
    near_inv, far_inv = both(lambda: top.take(edge_index), lambda: past.take(edge_index))
    return Tears(distance_px, near_inv, far_inv, exists=True)


def split_surfaces(
    inv_depth: NDArray[np.float32],
    tears: Tears,
    *,
    gap_px_of_inv: float,
    px_of_output_px: float,
    extension_px: float,
    taken_px: float,
) -> Surfaces:
    """The two surfaces at every pixel.

    Args:
        inv_depth: (H, W), 1/su.
        tears: Of this map.
        gap_px_of_inv: Output pixels of relative shift per 1/su at the worst pose.
        px_of_output_px: Pixels of the map per output pixel.
        extension_px: How far near surfaces are continued, in pixels of the map.
        taken_px: How far from its edge a fill is taken, in pixels of the map: what is closest
            fits best.
    """
    middle_inv = (tears.near_inv + tears.far_inv) / 2
    gap_px = (tears.near_inv - tears.far_inv) * gap_px_of_inv * px_of_output_px
    band_px = gap_px + SPARE_PX * px_of_output_px
    # What comes up to an edge; elsewhere a slope of the near surface has gone down that far
    beside_edge = tears.distance_px <= _BESIDE_PX
    above = ~parts_holding(inv_depth <= middle_inv, beside_edge, connectivity=4)

    edge_px = np.where(above, tears.distance_px + 0.5, 0.5 - tears.distance_px)
    hidden = above & (tears.distance_px <= band_px) & tears.exists
    background = ~above & (tears.distance_px <= taken_px)

    def continue_near() -> NDArray[np.float32]:
        beside = ~above & (tears.distance_px <= extension_px)
        outwards = np.where(beside, np.maximum(tears.near_inv, inv_depth), inv_depth)
        return np.where(beside, cv2.medianBlur(outwards, 5), inv_depth)

    def continue_far() -> NDArray[np.float32]:
        if not hidden.any():
            return inv_depth
        shunned = above & (tears.distance_px <= 2 * band_px + 16)
        highest = np.minimum(middle_inv, inv_depth)
        behind = np.minimum(spread_known(inv_depth, background.astype(np.float32)), highest)
        guessed = hidden | shunned
        relaxed = _relax(np.where(guessed, behind, inv_depth), guessed, highest)
        steepest = _GENTLE / max(gap_px_of_inv * px_of_output_px, 1e-9)
        lowest = np.minimum(relaxed, tears.far_inv)
        return np.where(guessed, np.maximum(_lower_slopes(relaxed, steepest), lowest), inv_depth)

    near_inv, far_inv = both(continue_near, continue_far)
    return Surfaces(near_inv, far_inv, edge_px, hidden, background)


def _relax(
    inv_depth: NDArray[np.float32], guessed: NDArray[np.bool_], highest: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The surface as gentle as can be where it is guessed: a steep guess would be stretched."""
    for half_px in _RELAXED_PX:
        level = cv2.min(cv2.blur(inv_depth, (2 * half_px + 1,) * 2), highest)
        inv_depth = np.where(guessed, level, inv_depth)
    return inv_depth


def _lower_slopes(inv_depth: NDArray[np.float32], steepest: float) -> NDArray[np.float32]:
    """The highest surface below this one that is nowhere steeper, a pixel: it gives way backwards.

    Behind a wing with relief of its own, the sky's depth would else rise to that relief's at once,
    and the surface be torn to pieces.
    """
    for reach_px in _REACHES_PX:
        lowest = cv2.erode(inv_depth, np.ones((2 * reach_px + 1,) * 2, np.uint8))
        inv_depth = np.minimum(inv_depth, lowest + np.float32(steepest * reach_px))
    return inv_depth
