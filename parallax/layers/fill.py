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

_ALL = 0.999  # of the most background in any shrunk pixel is as much


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
    *,
    params: FillParams,
) -> NDArray[np.uint8]:
    """The photo with its foreground replaced by a continuation of the background.

    Works on encoded values: it guesses what is seen, it does not mix light.

    Args:
        srgb8: (H, W, 3), the photo.
        background: (H, W), where the photo shows background.
        wanted: (H, W), where a fill will be looked at; elsewhere it is the photo.
        params: How.

    Returns:
        (H, W, 3); the photo where it shows background.
    """
    wanted = wanted & ~background
    if not wanted.any() or not background.any():
        return srgb8.copy()
    shrink = shrink_for(background.size)
    smooth = _spread_structure(srgb8, background, shrink)
    sigma_px = params.texture_sigma_px * max(srgb8.shape) / 1000 / shrink
    low = cv2.GaussianBlur(smooth, (0, 0), max(0.8, sigma_px))
    closest = _closest_small(background, shrink)
    place, filled = np.flatnonzero(wanted), srgb8.copy()

    def paint(piece: slice) -> None:
        y, x = np.divmod(place[piece], srgb8.shape[1])
        painted = sample_shrunk(smooth, y, x, shrink)
        if closest is not None:
            detail = _mirrored_detail(srgb8, low, background, closest, (y, x, shrink))
            painted = painted + np.float32(params.texture) * detail
        filled.reshape(-1, 3)[place[piece]] = np.rint(np.clip(painted, 0, 255))

    by_pieces(paint, len(place))
    return filled


def _spread_structure(
    srgb8: NDArray[np.uint8], background: NDArray[np.bool_], shrink: int
) -> NDArray[np.float32]:
    """(h, w, 3), 0…255: the background spread over the foreground, at a fraction of the size."""
    known = background.astype(np.float32)
    if shrink == 1:
        return spread_known(srgb8.astype(np.float32), known)
    small_wh = shrunk_size(srgb8.shape, shrink)
    small = cv2.resize(srgb8, small_wh, interpolation=cv2.INTER_AREA).astype(np.float32)
    share = cv2.resize(known, small_wh, interpolation=cv2.INTER_AREA)
    # Only pixels that are background all over, so that no foreground comes in
    return spread_known(small, (share >= share.max() * _ALL).astype(np.float32))


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
    border_y, border_x = np.divmod(closest[y // shrink, x // shrink], closest.shape[1])
    from_y = np.clip(2 * border_y * shrink - y, 0, height - 1)
    from_x = np.clip(2 * border_x * shrink - x, 0, width - 1)
    source = from_y * width + from_x
    fine = srgb8.reshape(-1, 3)[source] - sample_shrunk(low, from_y, from_x, shrink)
    return np.asarray(fine * background.ravel()[source, None], np.float32)
