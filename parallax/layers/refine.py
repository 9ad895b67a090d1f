"""Depth edges made as sharp as the photo's own, and put where the photo has them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.cores import both, by_bands, by_pieces
from parallax.layers.doubt import find_border, soften_doubtful
from parallax.layers.sides import Look, choose_side
from parallax.nearest import nearest_of

EXACT_PX = 0.6  # edges blurred by less are steps already
_RAMP_SIGMAS = 3.0  # half a blurred edge with its tails: less leaves a second step beside the first
_PEAK = 1.7  # steepest over mean slope around: 1 a plane, 3 a blurred step
_LEVEL = 0.2  # of the steepest slope around: less steep is the surface, not the blurred edge
_CALM = 0.3  # of the steepest slope around: a surface beside an edge
_TORN_PX = 1.0  # output pixels of shift a pixel of the map: as steep as that is torn
_EVERY_PX = 2  # in wide windows that is enough
_BETWEEN = 0.5  # of a ramp's height: as far apart are the surfaces beside it
_STEEP_SIGMAS = 2.0  # around a pixel: where the steepest slope of its edge is
_SPECK_PX = 5  # window of a median; what is smaller was not in the map, but came from sharpening
_RIM_PX = 1  # camera blur: a photo's edge pixels are mixed, and belong with the foreground
_LEAST_WINDOW_PX = 4  # in which a blur is measured first
_EDGE_SHARE = 0.1  # of the depth range: lower steps are surfaces


@dataclass(frozen=True, slots=True, kw_only=True)
class RefineParams:
    """How depth edges are cleaned."""

    depth_blur_uv: float | None = None
    """How soft the depth map's edges are: the sigma of the blur as a fraction of the long side.
    0 is exact: edges stay as they are. None: measured on the map."""
    min_step: float = 0.02
    """Ramps lower than this share of the depth range are surfaces, not blurred edges."""
    colour_trust: float = 1.5
    """How much the photo's colours may move an edge against the depth map's word."""

    def __post_init__(self) -> None:
        if self.depth_blur_uv is not None and not 0 <= self.depth_blur_uv <= 0.1:
            raise ValueError(f"depth_blur_uv: expected 0…0.1, got {self.depth_blur_uv}")


def measure_blur(
    inv_depth: NDArray[np.float32], *, ignored: NDArray[np.bool_] | None = None
) -> float:
    """The sigma of the blur of a map's edges in its pixels; 0 where it has no edges.

    An edge of height h blurred by sigma is h / (sigma √2π) steep at its steepest. The median over
    the steepest places, each counted by the height of its edge.

    Args:
        inv_depth: (H, W), 1/su.
        ignored: (H, W), True where edges were cut, and say nothing of the blur.
    """
    steepness = _steepness(inv_depth)
    span = float(np.subtract(*np.percentile(inv_depth, (99.5, 0.5))))
    sigma_px, radius = 0.0, _LEAST_WINDOW_PX
    while True:
        low, high = _local_range(inv_depth, radius)
        steepest = cv2.dilate(steepness, np.ones((2 * radius + 1,) * 2, np.uint8))
        edge = (steepness >= steepest) & (high - low > _EDGE_SHARE * span) & (steepness > 0)
        if ignored is not None:
            edge &= ~ignored
        if not edge.any():
            return sigma_px
        width_px = _weighted_median((high - low)[edge] / steepness[edge], (high - low)[edge])
        sigma_px = float(np.sqrt(max(0.0, width_px**2 - 1) / (2 * np.pi)))  # a step takes a pixel
        # The window must hold the whole edge
        if radius >= 2.5 * sigma_px or 4 * radius > min(inv_depth.shape):
            return sigma_px
        radius *= 2


def refine_edges(
    inv_depth: NDArray[np.float32],
    look: Look,
    *,
    gap_px_of_inv: float,
    sigma_px: float,
    stair_px: int = 1,
    params: RefineParams,
) -> NDArray[np.float32]:
    """Inverse depth with each blurred edge replaced by a step where the photo has its edge.

    Each pixel of a ramp goes to the surface on one side of it (min/max toggling, Kramer and
    Bruckner 1975), chosen by its place in the ramp and by which side its colour looks like.

    Args:
        inv_depth: (H, W), 1/su.
        look: Of the same pixels.
        gap_px_of_inv: Output pixels of relative shift per 1/su at the worst pose.
        sigma_px: Of the blur of the edges.
        stair_px: Odd; at least as wide as the treads of the stairs that enlarging left in the map.
        params: Trust.

    Returns:
        (H, W).
    """
    if sigma_px < EXACT_PX:
        return inv_depth
    radius = int(np.ceil(_RAMP_SIGMAS * sigma_px))
    near, (ramp, steepness) = both(
        lambda: choose_side(inv_depth, look, radius=radius, colour_trust=params.colour_trust),
        lambda: _find_ramps(inv_depth, stair_px, radius, gap_px_of_inv, params),
    )
    if not ramp.any():
        return inv_depth
    # The step: each side is continued from the closest place where it is level
    steepest = cv2.dilate(
        steepness, np.ones((2 * int(np.ceil(_STEEP_SIGMAS * sigma_px)) + 1,) * 2, np.uint8)
    )
    level = (steepness < _LEVEL * steepest) | ~ramp
    # Blurring has brought each side closer to the other: undone, it is no closer than it was
    moved = ramp & ~level
    from_near, from_far = both(
        lambda: np.maximum(_from_closest(inv_depth, level & near, moved), inv_depth[moved]),
        lambda: np.minimum(_from_closest(inv_depth, level & ~near, moved), inv_depth[moved]),
    )
    # No ramp leads to what is farther away than both of its ends
    lowest, highest = wide_range(inv_depth, inv_depth, 2 * radius, every_px=_EVERY_PX)
    snapped = np.where(near[moved], from_near, from_far)
    stepped = inv_depth.copy()
    stepped[moved] = np.clip(snapped, lowest[moved], highest[moved])
    near_mean, far_mean = both(
        lambda: _mean_where(stepped, near, radius // 2),
        lambda: _mean_where(stepped, ~near, radius // 2),
    )
    even = np.where(near, near_mean, far_mean)
    believed = soften_doubtful(
        np.where(moved, even, stepped),
        inv_depth,
        look.colours,
        find_border(near & ramp, ~near & ramp),
        radius=radius,
        gap_px_of_inv=gap_px_of_inv,
    )
    return np.asarray(cv2.medianBlur(believed, _SPECK_PX), np.float32)


def _from_closest(
    inv_depth: NDArray[np.float32], mask: NDArray[np.bool_], wanted: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """(N,), for N wanted pixels the value at the closest of a mask; if that is empty their own."""
    if not mask.any():
        return inv_depth[wanted]
    _, closest = nearest_of(mask)
    return inv_depth.take(closest[wanted])


def _find_ramps(
    inv_depth: NDArray[np.float32],
    stair_px: int,
    radius: int,
    gap_px_of_inv: float,
    params: RefineParams,
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """(H, W) and (H, W): True within a radius of a blurred edge; how steep, treads like stairs.

    A slope has its height all over, not so a blurred edge.
    """
    steepness = _steepness(inv_depth)
    # A tread is no level place
    stair = np.ones((stair_px, stair_px), np.uint8)
    closed = np.asarray(cv2.morphologyEx(steepness, cv2.MORPH_CLOSE, stair), np.float32)
    span = float(np.subtract(*np.percentile(inv_depth, (99.5, 0.5))))
    least_step = max(params.min_step * span, 4 / max(gap_px_of_inv, 1e-6))
    low, high = _local_range(inv_depth, radius)
    height, size = high - low, (2 * radius + 1,) * 2
    peak = cv2.dilate(steepness, np.ones(size, np.uint8)) > _PEAK * cv2.blur(steepness, size)
    # An edge lies between two levels; where ground meets the sky there is one. But what is as
    # steep as to be torn in stairs had better be a step
    wide = np.ones((4 * radius // _EVERY_PX + 1,) * 2, np.uint8)
    steepest = cv2.dilate(np.ascontiguousarray(closed[::_EVERY_PX, ::_EVERY_PX]), wide)
    calm = closed < _CALM * _enlarged(steepest, closed.shape)
    bottom, top = wide_range(
        np.where(calm, inv_depth, np.float32(np.inf)),
        np.where(calm, inv_depth, 0),
        2 * radius,
        every_px=_EVERY_PX,
    )
    edge = (top - bottom > _BETWEEN * height) | (height * gap_px_of_inv > _TORN_PX * size[0])
    return (height > least_step) & peak & edge, closed


def _steepness(inv_depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W), change of inverse depth a pixel."""
    right, below = np.zeros_like(inv_depth), np.zeros_like(inv_depth)
    np.subtract(inv_depth[:, 1:], inv_depth[:, :-1], out=right[:, :-1])
    np.subtract(inv_depth[1:], inv_depth[:-1], out=below[:-1])
    steepness = np.empty(right.size, np.float32)
    right, below = right.ravel(), below.ravel()

    def measure(piece: slice) -> None:
        np.hypot(right[piece], below[piece], out=steepness[piece])

    by_pieces(measure, right.size)
    return steepness.reshape(inv_depth.shape)


def _weighted_median(values: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    """The value with half of the weight below it."""
    order = np.argsort(values)
    share = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(share, share[-1] / 2)])


def snap_mixed(
    inv_depth: NDArray[np.float32], *, gap_px_of_inv: float, tear_gap_px: float
) -> NDArray[np.float32]:
    """The map without pixels that hang between two surfaces: each goes to the closer one.

    Even measured depth has them, where a pixel's rays met both sides of an edge.
    """
    least = tear_gap_px / max(gap_px_of_inv, 1e-9)

    def snap(inv_depth: NDArray[np.float32]) -> NDArray[np.float32]:
        low, high = _local_range(inv_depth, 1)
        below, above = inv_depth - low, high - inv_depth
        hangs = (above > least) & (below > least)
        return np.where(hangs, np.where(above < below, high, low), inv_depth)

    return by_bands(snap, inv_depth, reach_px=1)


def widen_near(
    inv_depth: NDArray[np.float32], *, gap_px_of_inv: float, tear_gap_px: float
) -> NDArray[np.float32]:
    """The map with the near side of every tear widened by a pixel, over the edge's mixed pixels."""

    def widen(inv_depth: NDArray[np.float32]) -> NDArray[np.float32]:
        widest = cv2.dilate(inv_depth, np.ones((2 * _RIM_PX + 1,) * 2, np.uint8))
        torn = (widest - inv_depth) * gap_px_of_inv > tear_gap_px
        return np.where(torn, widest, inv_depth)

    return by_bands(widen, inv_depth, reach_px=_RIM_PX)


def _mean_where(
    inv_depth: NDArray[np.float32], mask: NDArray[np.bool_], radius: int
) -> NDArray[np.float32]:
    """(H, W), mean of the masked values in the window of each pixel; 0 where there is none."""
    size = (2 * radius + 1,) * 2
    weight = mask.astype(np.float32)
    total = cv2.blur(weight, size)
    mean = cv2.blur(inv_depth * weight, size) / np.maximum(total, 1e-6)
    return np.asarray(mean, np.float32)


def _local_range(
    inv_depth: NDArray[np.float32], radius: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lowest and highest value of the square window about each pixel."""
    kernel = np.ones((2 * radius + 1,) * 2, np.uint8)
    return cv2.erode(inv_depth, kernel), cv2.dilate(inv_depth, kernel)


def wide_range(
    lower: NDArray[np.float32], upper: NDArray[np.float32], radius: int, *, every_px: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(H, W), lowest of one and highest of another map in a wide window, at every few pixels."""
    kernel = np.ones((2 * radius // every_px + 1,) * 2, np.uint8)
    some_lower, some_upper = (
        np.ascontiguousarray(field[::every_px, ::every_px]) for field in (lower, upper)
    )
    lowest, highest = cv2.erode(some_lower, kernel), cv2.dilate(some_upper, kernel)
    return _enlarged(lowest, lower.shape), _enlarged(highest, upper.shape)


def _enlarged(field: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """(H, W), a field that has a value for every few pixels."""
    return np.asarray(cv2.resize(field, shape[::-1], interpolation=cv2.INTER_NEAREST), np.float32)
