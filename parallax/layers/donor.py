"""Where fine detail for what is painted comes from: mirrored background of like structure and kind.

Mirrored at its border, a texture goes on without a seam. But the mirror image may be of something
else: a shore, a branch, foreground. So what is mirrored is folded back at several distances, and
for each place the one counts whose smooth part is most like what is painted there; if none is,
there is no detail.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.shrink import rows_and_columns, sample_shrunk
from parallax.layers.spread import times
from parallax.nearest import nearest_of
from parallax.texel import take_pixels

_FOLDS_UV = (2.0, 0.023, 0.012, 0.005)  # of the long side; the first never folds
_ALIKE = 40.0  # levels of 255 by which structure differs at which detail counts 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A photo, and what of it is taken.

    Attributes:
        srgb8: uint8 (H, W, 3), the photo.
        rank: uint8 (H, W), of depth.
        highest: Pixels up to this rank are taken.
    """

    srgb8: NDArray[np.uint8]
    rank: NDArray[np.uint8]
    highest: int


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """The smooth part of a picture, shrunk, known in places and continued in others.

    Attributes:
        smooth: float32 (h, w, 3), 0…255.
        low: float32 (h, w, 3), the same without what counts as detail.
        known: bool (h, w), where the picture shows it.
        kind: uint8 (h, w), what it shows there.
        shrink: How many pixels of the whole picture one is wide.
    """

    smooth: NDArray[np.float32]
    low: NDArray[np.float32]
    known: NDArray[np.bool_]
    kind: NDArray[np.uint8]
    shrink: int


@dataclass(frozen=True, slots=True, eq=False)
class Donors:
    """From where each pixel of a shrunk picture has its detail.

    Attributes:
        border: int64 (h, w), flat index of the closest known pixel: the mirror.
        fold_px: float32 (h, w), how far behind it detail is mirrored back, in shrunk pixels.
        share: float32 (h, w), how much detail counts.
    """

    border: NDArray[np.int64]
    fold_px: NDArray[np.float32]
    share: NDArray[np.float32]


def choose_donors(structure: Structure, wanted: NDArray[np.bool_]) -> Donors:
    """The donors of detail, chosen where (h, w) they are wanted; something must be known."""
    height, width = structure.known.shape
    _, border = nearest_of(structure.known)
    fold_px = np.full((height, width), max(height, width), np.float32)
    share = np.zeros((height, width), np.float32)
    place = np.flatnonzero(wanted)
    target = take_pixels(structure.smooth, place)
    kind = structure.kind
    y, x = rows_and_columns(place, width)
    border_at = border.take(place)
    border_yx, kind_at = rows_and_columns(border_at, width), kind.take(border_at)
    best = np.zeros(len(place), np.float32)
    for fold_uv in _FOLDS_UV:
        limit_px = np.float32(fold_uv * max(height, width))
        source = _mirrored((y, x), border_yx, limit_px, (height, width))
        gap = take_pixels(structure.low, source) - target
        alike = np.exp(np.square(gap).sum(1) / np.float32(-2 * _ALIKE * _ALIKE))
        alike *= structure.known.take(source) & (kind.take(source) == kind_at)
        better = alike > best
        best = np.where(better, alike, best)
        fold_px.ravel()[place[better]] = limit_px
    share.ravel()[place] = best
    return Donors(border, fold_px, share)


def fetch_detail(
    source: Source,
    structure: Structure,
    donors: Donors,
    place: NDArray[np.integer],
) -> NDArray[np.float32]:
    """(N, 3), fine detail for N pixels of the whole picture, by flat index.

    Detail is what the photo has over its smooth part; it is 0 where the donor is no source.
    """
    height, width = source.rank.shape
    shrink = structure.shrink
    y, x = rows_and_columns(place, width)
    cell = y // shrink * donors.border.shape[1] + x // shrink
    border = rows_and_columns(donors.border.take(cell), donors.border.shape[1])
    fold_px = donors.fold_px.take(cell) * np.float32(shrink)
    donor = _mirrored((y, x), (border[0] * shrink, border[1] * shrink), fold_px, (height, width))
    fine = take_pixels(source.srgb8, donor) - sample_shrunk(
        structure.low, *rows_and_columns(donor, width), shrink
    )
    share = donors.share.take(cell) * (source.rank.take(donor) <= source.highest)
    return np.asarray(times(fine[None], share[None])[0])


def _mirrored(
    place_yx: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    border_yx: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    fold_px: NDArray[np.float32] | np.float32,
    shape: tuple[int, int],
) -> NDArray[np.int32]:
    """(N,), flat indices of places mirrored at their borders, and back at `fold_px` from them."""
    place, border = ([axis.astype(np.float32) for axis in both] for both in (place_yx, border_yx))
    step_y, step_x = border[0] - place[0], border[1] - place[1]
    distance_px = np.maximum(cv2.magnitude(step_y, step_x).ravel(), np.float32(1e-3))
    # A triangle wave: out to the fold, back to the border, and out again
    turned = distance_px + fold_px
    np.mod(turned, 2 * fold_px, out=turned, where=turned >= 2 * fold_px)
    turned -= fold_px
    share = np.abs(turned) / distance_px
    y = np.clip(np.rint(border[0] + share * step_y), 0, shape[0] - 1).astype(np.int32)
    x = np.clip(np.rint(border[1] + share * step_x), 0, shape[1] - 1).astype(np.int32)
    return np.asarray(y * np.int32(shape[1]) + x)
