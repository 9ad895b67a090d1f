"""What may lie behind the foreground: a fill from the background alone.

Smooth structure by push-pull, and on it texture: fine detail of background close by, mirrored, from
where the structure is alike. Nothing of the foreground enters either.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.cores import both, by_pieces, for_each
from parallax.layers.donor import Source, Structure, choose_donors, fetch_detail
from parallax.layers.kind import SKY
from parallax.layers.shrink import (
    rows_and_columns,
    sample_shrunk,
    shrink_for,
    shrunk_place,
    shrunk_size,
)
from parallax.layers.spread import spread_known
from parallax.texel import find_pixels, put_pixels

_KNOWN_SHARE = 0.2  # of a shrunk pixel: with less background in it, it is not known
_CORE_SHARE = 0.5  # specks without a pixel that is so much background are not believed
_BLUR_SIGMAS = 2.5  # half width of the blur; 4, as is usual, takes twice as long
_NO_RANK = 255  # of what is no source
_STRANGE = 0.0002  # what sky counts where land lies behind: something only if no land is around


@dataclass(frozen=True, slots=True, kw_only=True)
class FillParams:
    """How hidden parts are painted."""

    texture: float = 0.9
    """Amplitude of mirrored detail, 0 smooth … 1 as strong as beside. Smooth scores higher,
    textured looks right; measured in `benchmarks/novel_view.py`."""
    texture_sigma_px: float = 3.0
    """What counts as fine detail, in pixels of the picture at 1000 px long side."""

    def __post_init__(self) -> None:
        if not 0 <= self.texture <= 1:
            raise ValueError(f"texture: expected 0…1, got {self.texture}")


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """What a fill may be taken from.

    Attributes:
        background: bool (H, W), where the photo shows background.
        rank: uint8 (H, W), a pixel is filled from background of its own rank and of lower ones.
        kind: uint8 (H, W) or smaller, what the photo shows, as `find_kinds` names it.
    """

    background: NDArray[np.bool_]
    rank: NDArray[np.uint8]
    kind: NDArray[np.uint8]


def fill_background(
    srgb8: NDArray[np.uint8],
    wanted: NDArray[np.bool_],
    sources: Sources,
    *,
    params: FillParams,
) -> NDArray[np.uint8]:
    """The photo with its foreground replaced by a continuation of the background.

    Works on encoded values: it guesses what is seen, it does not mix light.

    Args:
        srgb8: (H, W, 3), the photo.
        wanted: (H, W), where a fill will be looked at; elsewhere it is the photo.
        sources: What it is made from.
        params: How.

    Returns:
        (H, W, 3); the photo where it shows background.
    """
    background = sources.background
    is_wanted, is_known = wanted.ravel(), background.ravel()
    place = find_pixels(lambda piece: is_wanted[piece] > is_known[piece], wanted.size)
    if len(place) == 0 or not background.any():
        return srgb8.copy()
    shrink = shrink_for(background.size)
    filled = np.asarray(cv2.copyTo(srgb8, background.view(np.uint8)), np.uint8)
    small = _shrink_background(filled, background, shrink)
    np.copyto(filled, srgb8)  # what is not filled is the photo; anew, so much memory takes longer
    small_wh = shrunk_size(srgb8.shape, shrink)
    kind = cv2.resize(sources.kind, small_wh, interpolation=cv2.INTER_NEAREST)
    canvas = _Canvas(small, np.asarray(kind, np.uint8), shrink, filled)
    source_rank = cv2.max(sources.rank, (~background).view(np.uint8) * _NO_RANK)
    lowest = int(source_rank.min())
    place_rank = sources.rank.take(place)

    def fill_rank(rank: int) -> None:
        # What is nearer, where nothing is that far away
        highest = rank if rank >= lowest else _NO_RANK - 1
        source = Source(srgb8, source_rank, highest)
        beyond_sky = rank == 0
        _fill_from(canvas, source, place[place_rank == rank], beyond_sky=beyond_sky, params=params)

    for_each(fill_rank, np.flatnonzero(np.bincount(place_rank)).tolist())
    return filled


@dataclass(frozen=True, slots=True, eq=False)
class _Canvas:
    """What a photo is filled on.

    Attributes:
        small: float32 (h, w, 3), its background shrunk, 0…255.
        kind: uint8 (h, w), what it shows.
        shrink: How many of its pixels one of these is wide.
        filled: uint8 (H, W, 3), is written to.
    """

    small: NDArray[np.float32]
    kind: NDArray[np.uint8]
    shrink: int
    filled: NDArray[np.uint8]


def _shrink_background(
    back_srgb8: NDArray[np.uint8], background: NDArray[np.bool_], shrink: int
) -> NDArray[np.float32]:
    """(h, w, 3), 0…255: means over the background in each small pixel, black elsewhere."""
    if shrink == 1:
        return back_srgb8.astype(np.float32)
    small_wh = shrunk_size(back_srgb8.shape, shrink)
    mask = background.view(np.uint8) * np.uint8(255)
    total, share = both(
        lambda: cv2.resize(back_srgb8, small_wh, interpolation=cv2.INTER_AREA),
        lambda: cv2.resize(mask, small_wh, interpolation=cv2.INTER_AREA),
    )
    factor = 255 / np.maximum(share, 1).astype(np.float32)
    return np.asarray(cv2.multiply(total.astype(np.float32), cv2.merge([factor] * 3)), np.float32)


def _fill_from(
    canvas: _Canvas,
    source: Source,
    place: NDArray[np.int64],
    *,
    beyond_sky: bool,
    params: FillParams,
) -> None:
    """Fills some pixels, by their flat indices, from a background."""
    width, shrink = canvas.filled.shape[1], canvas.shrink
    structure = _spread_structure(canvas, source, beyond_sky=beyond_sky, params=params)
    cells = np.zeros(canvas.kind.shape, np.bool_)
    cells.ravel()[shrunk_place(place, width, canvas.kind.shape[1], shrink)] = True
    donors = choose_donors(structure, cells) if structure.known.any() else None

    def paint(piece: slice) -> None:
        y, x = rows_and_columns(place[piece], width)
        painted = sample_shrunk(structure.smooth, y, x, shrink)
        if donors is not None:
            detail = fetch_detail(source, structure, donors, place[piece])
            painted = painted + np.float32(params.texture) * detail
        # Rounded, and no more than 255
        put_pixels(canvas.filled, place[piece], cv2.convertScaleAbs(np.maximum(painted, 0)))

    by_pieces(paint, len(place))


def _spread_structure(
    canvas: _Canvas, source: Source, *, beyond_sky: bool, params: FillParams
) -> Structure:
    """The background spread over the foreground, at a fraction of the size."""
    known = _find_known(source, canvas)
    weight = known.astype(np.float32)
    if not beyond_sky:
        weight[canvas.kind == SKY] *= np.float32(_STRANGE)
    smooth = spread_known(canvas.small, weight)
    cv2.copyTo(canvas.small, known.view(np.uint8), smooth)
    sigma_px = max(0.8, params.texture_sigma_px * max(canvas.filled.shape) / 1000 / canvas.shrink)
    window = (2 * round(_BLUR_SIGMAS * sigma_px) + 1,) * 2
    low = cv2.GaussianBlur(smooth, window, sigma_px)
    return Structure(smooth, low, known, canvas.kind, canvas.shrink)


def _find_known(source: Source, canvas: _Canvas) -> NDArray[np.bool_]:
    """(h, w), the small pixels that show enough of a background, and not just specks of it."""
    mask = cv2.compare(source.rank, source.highest, cv2.CMP_LE)
    if canvas.shrink == 1:
        return np.asarray(mask > 0)
    share = cv2.resize(mask, canvas.kind.shape[::-1], interpolation=cv2.INTER_AREA)
    core = cv2.compare(share, 255 * _CORE_SHARE, cv2.CMP_GE)
    around = cv2.dilate(core, np.ones((3, 3), np.uint8)) > 0
    known = share > 255 * _KNOWN_SHARE
    return np.asarray(known & around if core.any() else known)
