"""Soft edges: how much of a pixel is foreground, and what colour that foreground is.

A pixel on a silhouette mixes the light of both surfaces, I = a·F + (1 − a)·B. Given what lies
beside it on either side, a and F follow, and the two drawn over one another give back I. All
arithmetic here is on LINEAR light.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.color import linear_from_srgb8, srgb8_from_linear
from parallax.layers.shrink import shrink_for, shrunk_size
from parallax.layers.spread import spread_known

_NOISE = 0.03  # of the brightness: differences below it say nothing
_DARK = 0.02  # light below which brightness counts as this
_APART = 10.0  # squared deviations between the sides at which colour decides rather than place
_LEAST_ALPHA = 2 / 255  # differences below it are rounding
_CLEAR = 0.1  # alpha below this is nothing: the pixel is background
_LIKE_BACK, _UNLIKE_BACK = 2.5, 4.5  # deviations from the background: none of it is hair, all
_MIDDLE_WEIGHT = 1e-6  # against 1 for an inside, so that it counts only where there is none
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
        pure_back: bool (H, W), pixels of the soft band without any foreground in them.
    """

    srgb8: NDArray[np.uint8]
    pure_back: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The light of one side of an edge, around N pixels: mean (N, 3) and variance (N,)."""

    mean: NDArray[np.float32]
    variance: NDArray[np.float32]


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
    alpha8 = np.where(edge_px > 0, 255, 0).astype(np.uint8)
    rim = np.dstack([srgb8, alpha8])
    pure_back = np.zeros(edge_px.shape, np.bool_)
    zone = (edge_px < params.inside_px) & (edge_px > -params.outside_px - _CONTINUED_PX)
    y, x = np.nonzero(zone)
    if len(y) == 0:
        return Rim(rim, pure_back)
    front, back = _sides_at(srgb8, edge_px, y, x, params=params)
    linear, back_linear = linear_from_srgb8(srgb8[y, x]), linear_from_srgb8(back_srgb8[y, x])
    place_px = edge_px[y, x]
    alpha = estimate_alpha(linear, back_linear, place_px, front, back.variance)
    alpha = np.where(place_px > -params.outside_px, alpha, 0)
    alpha8[y, x] = np.rint(alpha * 255)
    alpha = np.asarray(_drop_islands(alpha8, edge_px)[y, x] / 255, np.float32)
    light = solve_light(linear, back_linear, front.mean, alpha)
    rim[y, x, :3] = np.where((alpha == 1)[:, None], srgb8[y, x], srgb8_from_linear(light))
    rim[y, x, 3] = np.rint(alpha * 255)
    pure_back[y, x] = alpha == 0
    return Rim(rim, pure_back)


def estimate_alpha(
    linear: NDArray[np.float32],
    back_linear: NDArray[np.float32],
    edge_px: NDArray[np.float32],
    front: _Side,
    back_variance: NDArray[np.float32],
) -> NDArray[np.float32]:
    """How much of each of N pixels of a soft band is the near surface.

    Alpha is the place of the pixel between the light of the background and that of the
    foreground beside it, each distance measured in deviations of that side, so that a smooth
    side (sky) decides over a rough one (leaves). Where the sides look alike alpha is a step at
    the edge.

    Args:
        linear: (N, 3), the photo.
        back_linear: (N, 3), the far surface.
        edge_px: (N,), distance to the edge, positive on the near side.
        front: The near surface around.
        back_variance: (N,), of the far surface around.
    """
    noise = np.square(_NOISE * np.maximum(linear.mean(-1), _DARK))
    from_front = np.sqrt(_squared(linear - front.mean) / (front.variance + noise))
    from_back = np.sqrt(_squared(linear - back_linear) / (back_variance + noise))
    by_color = from_back / np.maximum(from_front + from_back, 1e-6)
    smoother = np.minimum(front.variance, back_variance) + noise
    trust = 1 - np.exp(-_squared(front.mean - back_linear) / smoother / _APART)
    # Outside the edge a pixel is background unless it stands out from it
    stands_out = np.clip((from_back - _LIKE_BACK) / (_UNLIKE_BACK - _LIKE_BACK), 0, 1)
    trust = np.where(edge_px < 0, trust * stands_out, trust)
    step = np.clip(0.5 + edge_px, 0, 1)
    alpha = step + trust * (by_color - step)
    mixed = np.maximum(alpha, _least_alpha(linear, back_linear, front.mean))
    return np.where(alpha < _CLEAR, 0, mixed).astype(np.float32)


def solve_light(
    linear: NDArray[np.float32],
    back_linear: NDArray[np.float32],
    front_mean: NDArray[np.float32],
    alpha: NDArray[np.float32],
) -> NDArray[np.float32]:
    """(N, 3), the near surface's light that mixes with the far one to the photo.

    Where there is none of it, the surface around is continued, for texture filters to find.
    """
    mixed = (linear - (1 - alpha[:, None]) * back_linear) / np.maximum(alpha, 1 / 255)[:, None]
    light = np.where((alpha > 0)[:, None], np.clip(mixed, 0, 1), front_mean)
    return np.asarray(light, np.float32)


def _drop_islands(alpha8: NDArray[np.uint8], edge_px: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The matte without specks of foreground off the near side and holes off the far side."""
    is_near = edge_px > 0
    speck = (alpha8 > 0) & ~_touching(alpha8 > 0, is_near & (alpha8 > 127))
    hole = (alpha8 < 128) & ~_touching(alpha8 < 128, ~is_near)
    return np.where(speck, 0, np.where(hole, 255, alpha8)).astype(np.uint8)


def _touching(mask: NDArray[np.bool_], seed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The connected parts of a mask that hold a pixel of another."""
    num, part = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    keep = np.zeros(num, np.bool_)
    keep[part[seed & mask]] = True
    keep[0] = False
    return np.asarray(keep[part])


def _sides_at(
    srgb8: NDArray[np.uint8],
    edge_px: NDArray[np.float32],
    y: NDArray[np.int64],
    x: NDArray[np.int64],
    *,
    params: MatteParams,
) -> tuple[_Side, _Side]:
    """The near and the far side of the edge around N pixels."""
    shrink = shrink_for(edge_px.size)
    if shrink > 1:
        small_wh = shrunk_size(edge_px.shape, shrink)
        srgb8 = cv2.resize(srgb8, small_wh, interpolation=cv2.INTER_AREA)
        edge_px = cv2.resize(edge_px, small_wh, interpolation=cv2.INTER_AREA)
    window = 2 * int(np.ceil((params.inside_px + params.outside_px) / shrink)) + 5
    linear = linear_from_srgb8(srgb8)
    # Thin things have no inside: there their middle stands for the foreground
    inside = (edge_px >= params.inside_px).astype(np.float32)
    middle = np.float32(_MIDDLE_WEIGHT) * np.square(np.clip(edge_px, 0, 30))
    place = (y // shrink, x // shrink)
    near = _side_at(linear, np.maximum(inside, middle), window, place)
    outside = (edge_px <= -params.outside_px).astype(np.float32)
    return near, _side_at(linear, outside, window, place)


def _side_at(
    linear: NDArray[np.float32],
    weight: NDArray[np.float32],
    window: int,
    place: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> _Side:
    """Mean and variance of the weighted light in windows about some pixels."""
    size = (window, window)
    weighted = linear * weight[..., None]
    total = cv2.blur(weight, size)
    mean = cv2.blur(weighted, size) / np.maximum(total, 1e-12)[..., None]
    square = cv2.blur(_squared(linear) * weight, size)[place] / np.maximum(total, 1e-12)[place]
    variance = np.maximum(square - _squared(mean[place]), 0)
    seen = total > _MIDDLE_WEIGHT / 1e4
    if not seen[place].all():
        mean = spread_known(mean, seen.astype(np.float32))
        variance = np.where(seen[place], variance, 0)
    return _Side(mean[place], variance)


def _least_alpha(
    linear: NDArray[np.float32], back_linear: NDArray[np.float32], front: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N,), the alpha below which the foreground would have to be a colour that is not there.

    With less alpha its light is farther from the background's; it must not go past the brighter
    and the darker of the pixel and the foreground around, or bright and dark lines appear.
    """
    spare = _NOISE + _NOISE * linear
    highest = np.minimum(np.maximum(linear, front) + spare, 1)
    lowest = np.maximum(np.minimum(linear, front) - spare, 0)
    brighter = (linear - back_linear) / np.maximum(highest - back_linear, 1e-6)
    darker = (back_linear - linear) / np.maximum(back_linear - lowest, 1e-6)
    least = np.clip(np.maximum(brighter, darker).max(-1), 0, 1)
    return np.where(least < _LEAST_ALPHA, 0, least).astype(np.float32)


def _squared(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """The squared length of vectors of three; faster than a sum over so short an axis."""
    return np.asarray(
        light[..., 0] * light[..., 0]
        + light[..., 1] * light[..., 1]
        + light[..., 2] * light[..., 2]
    )
