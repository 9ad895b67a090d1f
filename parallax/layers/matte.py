"""Soft edges: how much of a pixel is foreground, and what colour that foreground is.

A pixel on a silhouette mixes the light of both surfaces, I = a·F + (1 − a)·B. Given what lies
beside it on either side, a and F follow, and the two drawn over one another give back I. All
arithmetic here is on LINEAR light.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.color import linear_from_srgb8, srgb8_from_linear
from parallax.cores import both, by_pieces, by_rows
from parallax.layers.mixture import estimate_alpha, solve_light, squared
from parallax.layers.part import parts_holding
from parallax.layers.shrink import shrink_for, shrunk_place, shrunk_size
from parallax.layers.spread import spread_known, times
from parallax.texel import find_pixels, put_pixels, take_pixels

_ADD_ALPHA = cv2.COLOR_RGB2RGBA  # of 255
_MIDDLE_WEIGHT = 1e-6  # against 1 for an inside, so that it counts only where there is none
_RING_PX = 3.0  # of the opaque inside is looked at, to know what hangs together with it
_CONTINUED_PX = 3.0  # the near surface's colour goes on past its edge, for texture filters


@dataclass(frozen=True, slots=True, kw_only=True)
class MatteParams:
    """How soft silhouettes are."""

    inside_px: float = 1.5
    """How far inside the edge a pixel may be mixed with the background."""
    outside_px: float = 0.0
    """How far outside the edge foreground may reach: hair, and edges that are not exact."""


@dataclass(frozen=True, slots=True, eq=False)
class Rim:
    """The near surface along its edges.

    Attributes:
        srgb8: uint8 (H, W, 4), its own colour, straight alpha.
        pure_back: int64 (N,), flat indices of the pixels of the soft band without any foreground.
    """

    srgb8: NDArray[np.uint8]
    pure_back: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Band:
    """N pixels along edges, and the pictures they are in, as long rows of pixels.

    Attributes:
        place: int64 (N,), where in the rows.
        srgb8: uint8 (M, 3), the photo.
        back_srgb8: uint8 (M, 3), the far surface.
        edge_px: float32 (M,), distance to the edge.
    """

    place: NDArray[np.int64]
    srgb8: NDArray[np.uint8]
    back_srgb8: NDArray[np.uint8]
    edge_px: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """The light of both sides of an edge around each pixel of a shrunk picture.

    Attributes:
        near_mean: float32 (h, w, 3).
        near_variance: float32 (h, w).
        far_variance: float32 (h, w).
        width: Of the whole picture.
        shrink: How many of its pixels one is wide.
    """

    near_mean: NDArray[np.float32]
    near_variance: NDArray[np.float32]
    far_variance: NDArray[np.float32]
    width: int
    shrink: int

    def at(
        self, place: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """(N, 3), (N,), (N,): all three at N places of the whole picture."""
        small = shrunk_place(place, self.width, self.near_variance.shape[1], self.shrink)
        mean = take_pixels(self.near_mean, small)
        return mean, self.near_variance.take(small), self.far_variance.take(small)


def cut_rim(
    srgb8: NDArray[np.uint8],
    back_srgb8: NDArray[np.uint8],
    edge_px: NDArray[np.float32],
    *,
    params: MatteParams,
) -> Rim:
    """The near surface with its soft edge, freed of the background's light.

    Args:
        srgb8: (H, W, 3), the photo.
        back_srgb8: (H, W, 3), the far surface, filled behind the near one and its soft edge.
        edge_px: (H, W), distance to the nearest edge, positive on the near side.
        params: Width of the soft band.

    Returns:
        Drawn over the far surface it gives back the photo.
    """
    edge = edge_px.ravel()
    least_px, most_px = -params.outside_px - _CONTINUED_PX, params.inside_px + _RING_PX
    place, (alpha8, rim) = both(
        lambda: find_pixels(
            lambda piece: (edge[piece] >= least_px) & (edge[piece] <= most_px), edge.size
        ),
        lambda: (cv2.compare(edge_px, 0.0, cv2.CMP_GT), cv2.cvtColor(srgb8, _ADD_ALPHA)),
    )
    here = _Band(place, srgb8.reshape(-1, 3), back_srgb8.reshape(-1, 3), edge)
    if len(place) > 0:
        sides = _find_sides(srgb8, edge_px, place, params=params)
        _match(alpha8, here, sides, params)
        _drop_islands(alpha8, here)
        _free(rim, alpha8, here, sides)
    return Rim(cv2.insertChannel(alpha8, rim, 3), _find_pure_back(alpha8, here, params))


def _match(alpha8: NDArray[np.uint8], band: _Band, sides: _Sides, params: MatteParams) -> None:
    """Writes the alpha of a band of pixels."""

    def match(piece: slice) -> None:
        at = band.place[piece]
        place_px = band.edge_px[at]
        front_mean, front_variance, back_variance = sides.at(at)
        alpha = estimate_alpha(
            linear_from_srgb8(take_pixels(band.srgb8, at)),
            linear_from_srgb8(take_pixels(band.back_srgb8, at)),
            place_px,
            front_mean,
            (front_variance, back_variance),
        )
        alpha = np.where(place_px > -params.outside_px, alpha, 0)
        alpha = np.where(place_px < params.inside_px, alpha, 1)
        alpha8.ravel()[at] = np.rint(alpha * 255)

    by_pieces(match, len(band.place))


def _free(
    rim_srgb8: NDArray[np.uint8], alpha8: NDArray[np.uint8], band: _Band, sides: _Sides
) -> None:
    """Writes the near surface's own colours into a band of pixels."""

    def free(piece: slice) -> None:
        at = band.place[piece]
        at = at[alpha8.ravel()[at] < 255]
        if len(at) == 0:
            return
        light = solve_light(
            linear_from_srgb8(take_pixels(band.srgb8, at)),
            linear_from_srgb8(take_pixels(band.back_srgb8, at)),
            sides.at(at)[0],
            alpha8.ravel()[at].astype(np.float32) / np.float32(255),
        )
        put_pixels(rim_srgb8, at, cv2.cvtColor(srgb8_from_linear(light)[None], _ADD_ALPHA)[0])

    by_pieces(free, len(band.place))


def _drop_islands(alpha8: NDArray[np.uint8], band: _Band) -> None:
    """Takes specks of foreground off the near side and holes off the far side out of a matte."""
    alpha = alpha8.ravel()
    coarse = max(shrink_for(alpha8.size) // 2, 1)  # what is one piece is seen on less, too
    small_wh = shrunk_size(alpha8.shape, coarse)
    near_seed, far_seed = (np.zeros(small_wh[::-1], np.bool_) for _ in range(2))

    def sow(piece: slice) -> None:
        at = band.place[piece]
        cell = shrunk_place(at, alpha8.shape[1], small_wh[0], coarse)
        is_near, is_most = band.edge_px.take(at) > 0, alpha.take(at) > 127
        near_seed.ravel()[cell[is_near & is_most]] = True
        far_seed.ravel()[cell[~(is_near | is_most)]] = True

    by_pieces(sow, len(band.place))
    near, far = both(
        lambda: parts_holding(_pool(alpha8, coarse, lambda a: a > 0), near_seed, connectivity=8),
        lambda: parts_holding(_pool(alpha8, coarse, lambda a: a < 128), far_seed, connectivity=8),
    )

    def drop(piece: slice) -> None:
        at = band.place[piece]
        cell = shrunk_place(at, alpha8.shape[1], small_wh[0], coarse)
        share = alpha.take(at)
        hole = ~far.take(cell) & (share < 128)
        alpha[at] = np.where(near.take(cell) | (share == 0), np.where(hole, 255, share), 0)

    by_pieces(drop, len(band.place))


def _find_pure_back(
    alpha8: NDArray[np.uint8], band: _Band, params: MatteParams
) -> NDArray[np.int64]:
    """(N,), flat indices of the pixels of the soft band that nothing of the near surface is in."""

    def is_pure(piece: slice) -> NDArray[np.bool_]:
        at = band.place[piece]
        edge_px = band.edge_px.take(at)
        is_soft = (edge_px >= -params.outside_px) & (edge_px <= params.inside_px)
        return np.asarray((alpha8.take(at) == 0) & is_soft)

    return band.place[find_pixels(is_pure, len(band.place))]


def _pool(
    alpha8: NDArray[np.uint8],
    side_px: int,
    is_in: Callable[[NDArray[np.uint8]], NDArray[np.bool_]],
) -> NDArray[np.bool_]:
    """(⌈H/side⌉, ⌈W/side⌉), whether a test is true for any pixel of a square.

    A side is a power of two.
    """
    width, height = shrunk_size(alpha8.shape, side_px)
    found = np.empty((height, width), np.bool_)

    def pool(rows: slice) -> None:
        mask = is_in(alpha8[rows.start * side_px : rows.stop * side_px])
        spare = (-mask.shape[0] % side_px, -mask.shape[1] % side_px)
        padded = np.pad(mask, ((0, spare[0]), (0, spare[1]))) if any(spare) else mask
        pooled = np.bitwise_or.reduce(padded.reshape(-1, side_px, padded.shape[1]), axis=1)
        # Two pixels side by side are a word that is not 0
        for _ in range(side_px.bit_length() - 1):
            pooled = pooled.view(np.uint16) != 0
        found[rows] = pooled

    by_rows(pool, found.shape)
    return found


def _find_sides(
    srgb8: NDArray[np.uint8],
    edge_px: NDArray[np.float32],
    place: NDArray[np.int64],
    *,
    params: MatteParams,
) -> _Sides:
    """The near and the far side of the edges around the pixels of a band, by their flat indices."""
    shape = edge_px.shape
    shrink = shrink_for(edge_px.size)
    small_wh = shrunk_size(shape, shrink)
    window = 2 * int(np.ceil((params.inside_px + params.outside_px) / shrink)) + 5

    def weigh_sides() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        small_px = cv2.resize(edge_px, small_wh, interpolation=cv2.INTER_AREA)
        # Thin things have no inside: there their middle stands for the foreground
        inside = (small_px >= params.inside_px).astype(np.float32)
        middle = np.float32(_MIDDLE_WEIGHT) * np.square(np.clip(small_px, 0, 30))
        outside = (small_px <= -params.outside_px).astype(np.float32)
        return np.maximum(inside, middle), outside

    linear, (near_weight, far_weight) = both(
        lambda: linear_from_srgb8(
            np.asarray(cv2.resize(srgb8, small_wh, interpolation=cv2.INTER_AREA), np.uint8)
        ),
        weigh_sides,
    )
    near, far = both(
        lambda: _side_of(linear, near_weight, window), lambda: _side_of(linear, far_weight, window)
    )
    near_mean = near.mean
    small_width = near.seen.shape[1]
    unseen = find_pixels(
        lambda piece: ~near.seen.take(shrunk_place(place[piece], shape[1], small_width, shrink)),
        len(place),
    )
    if len(unseen) > 0:
        near_mean = spread_known(near_mean, near.seen.astype(np.float32))
    return _Sides(near_mean, near.variance, far.variance, shape[1], shrink)


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The light of one side in the window of each pixel.

    Attributes:
        mean: float32 (h, w, 3).
        variance: float32 (h, w); 0 where the side is not in the window.
        seen: bool (h, w), where it is.
    """

    mean: NDArray[np.float32]
    variance: NDArray[np.float32]
    seen: NDArray[np.bool_]


def _side_of(linear: NDArray[np.float32], weight: NDArray[np.float32], window: int) -> _Side:
    """What is seen of a side, which is where its weight is."""
    size = (window, window)
    total = cv2.blur(weight, size)
    share = 1 / np.maximum(total, np.float32(1e-12))
    mean = times(np.asarray(cv2.blur(times(linear, weight), size), np.float32), share)
    square = cv2.blur(squared(linear) * weight, size) * share
    seen = total > _MIDDLE_WEIGHT / 1e4
    variance = np.where(seen, np.maximum(square - squared(mean), 0), 0)
    return _Side(mean, np.asarray(variance, np.float32), seen)
