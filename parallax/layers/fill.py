"""What may lie behind the foreground: a fill from the background alone.

Smooth structure by push-pull, and on it texture: the fine detail of the closest background,
mirrored at its border. Nothing of the foreground enters either.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.pieces import by_pieces
from parallax.layers.shrink import sample_shrunk, shrink_for, shrunk_size
from parallax.layers.split import nearest_of
from parallax.layers.spread import spread_known


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


def fill_background(
    srgb8: NDArray[np.uint8],
    background: NDArray[np.bool_],
    wanted: NDArray[np.bool_],
    rank: NDArray[np.uint8],
    *,
    params: FillParams,
) -> NDArray[np.uint8]:
    """The photo with its foreground replaced by a continuation of the background.

    Works on encoded values: it guesses what is seen, it does not mix light.

    Args:
        srgb8: (H, W, 3), the photo.
        background: (H, W), where the photo shows background.
        wanted: (H, W), where a fill will be looked at; elsewhere it is the photo.
        rank: (H, W), a pixel is filled from background of its own rank and of lower ones.
        params: How.

    Returns:
        (H, W, 3); the photo where it shows background.
    """
    wanted = wanted & ~background
    filled = srgb8.copy()
    if not wanted.any() or not background.any():
        return filled
    shrink = shrink_for(background.size)
    small = cv2.resize(srgb8, shrunk_size(srgb8.shape, shrink), interpolation=cv2.INTER_AREA)
    canvas = _Canvas(srgb8, small.astype(np.float32), shrink, filled)
    place = np.flatnonzero(wanted)
    place_rank = rank.ravel()[place]
    for highest in np.flatnonzero(np.bincount(place_rank)):
        source = background & (rank <= highest)
        _fill_from(
            canvas, source if source.any() else background, place[place_rank == highest], params
        )
    return filled


@dataclass(frozen=True, slots=True, eq=False)
class _Canvas:
    """A photo, and what it is filled on.

    Attributes:
        srgb8: uint8 (H, W, 3), the photo.
        small: float32 (h, w, 3), the photo shrunk, 0…255.
        shrink: How many of its pixels one of these is wide.
        filled: uint8 (H, W, 3), is written to.
    """

    srgb8: NDArray[np.uint8]
    small: NDArray[np.float32]
    shrink: int
    filled: NDArray[np.uint8]


def _fill_from(
    canvas: _Canvas, background: NDArray[np.bool_], place: NDArray[np.int64], params: FillParams
) -> None:
    """Fills some pixels, by their flat indices, from a background."""
    srgb8, shrink = canvas.srgb8, canvas.shrink
    smooth = _spread_structure(canvas.small, background, shrink)
    sigma_px = params.texture_sigma_px * max(srgb8.shape) / 1000 / shrink
    low = cv2.GaussianBlur(smooth, (0, 0), max(0.8, sigma_px))
    closest = _closest_small(background, shrink)

    def paint(piece: slice) -> None:
        y = place[piece] // srgb8.shape[1]
        x = place[piece] - y * srgb8.shape[1]
        painted = sample_shrunk(smooth, y, x, shrink)
        if closest is not None:
            detail = _mirrored_detail(srgb8, low, background, closest, (y, x, shrink))
            painted = painted + np.float32(params.texture) * detail
        canvas.filled.reshape(-1, 3)[place[piece]] = np.rint(np.clip(painted, 0, 255))

    by_pieces(paint, len(place))


def _spread_structure(
    small: NDArray[np.float32], background: NDArray[np.bool_], shrink: int
) -> NDArray[np.float32]:
    """(h, w, 3), 0…255: the background spread over the foreground, at a fraction of the size."""
    known = background.view(np.uint8) * np.uint8(255)
    if shrink > 1:
        # Only pixels that are background all over, so that no foreground comes in
        known = cv2.resize(known, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    return spread_known(small, (known == known.max()).astype(np.float32))


def _closest_small(background: NDArray[np.bool_], shrink: int) -> NDArray[np.int64] | None:
    """(h, w), flat index of the closest background pixel in the shrunk picture; None without."""
    small = np.ascontiguousarray(background[::shrink, ::shrink])
    return nearest_of(small)[1] if small.any() else None


def _mirrored_detail(
    srgb8: NDArray[np.uint8],
    low: NDArray[np.float32],
    background: NDArray[np.bool_],
    closest: NDArray[np.int64],
    place: tuple[NDArray[np.int64], NDArray[np.int64], int],
) -> NDArray[np.float32]:
    """(N, 3), fine detail of the background at the mirror images of N pixels, 0 where it is not.

    Each is mirrored at the background pixel closest to it; detail is what the photo has over its
    smooth part. A place is y, x and how far the small pictures are shrunk.
    """
    height, width = background.shape
    y, x, shrink = place
    border = closest[y // shrink, x // shrink]
    border_y = border // closest.shape[1]
    border_x = border - border_y * closest.shape[1]
    from_y = np.clip(2 * border_y * shrink - y, 0, height - 1)
    from_x = np.clip(2 * border_x * shrink - x, 0, width - 1)
    source = from_y * width + from_x
    fine = srgb8.reshape(-1, 3)[source] - sample_shrunk(low, from_y, from_x, shrink)
    return np.asarray(fine * background.ravel()[source, None], np.float32)
