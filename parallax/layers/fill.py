"""What may lie behind the foreground: a fill from the background alone.

Smooth structure by push-pull, and on it texture: the fine detail of the closest background,
mirrored at its border. Nothing of the foreground enters either.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.shrink import sample_shrunk, shrink_for, shrunk_size
from parallax.layers.split import nearest_of
from parallax.layers.spread import spread_known

_KNOWN_SHARE = 0.25  # of a shrunk pixel must be background to count


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
        return srgb8
    shrink = shrink_for(background.size)
    smooth = _spread_structure(srgb8, background, shrink)
    y, x = np.nonzero(wanted)
    sigma_px = params.texture_sigma_px * max(srgb8.shape) / 1000 / shrink
    low = cv2.GaussianBlur(smooth, (0, 0), max(0.8, sigma_px))
    detail = _mirrored_detail(srgb8, low, background, y, x, shrink)
    painted = sample_shrunk(smooth, y, x, shrink) + np.float32(params.texture) * detail
    filled = srgb8.copy()
    filled[y, x] = np.rint(np.clip(painted, 0, 255))
    return filled


def _spread_structure(
    srgb8: NDArray[np.uint8], background: NDArray[np.bool_], shrink: int
) -> NDArray[np.float32]:
    """(h, w, 3), 0…255: the background spread over the foreground, at a fraction of the size."""
    known = background.astype(np.float32)
    if shrink == 1:
        return spread_known(srgb8.astype(np.float32), known)
    small_wh = shrunk_size(srgb8.shape, shrink)
    masked = cv2.bitwise_and(srgb8, srgb8, mask=background.astype(np.uint8))
    lit = cv2.resize(masked, small_wh, interpolation=cv2.INTER_AREA).astype(np.float32)
    share = cv2.resize(known, small_wh, interpolation=cv2.INTER_AREA)
    pixels = np.divide(lit, np.maximum(share, 1e-3)[..., None], dtype=np.float32)
    return spread_known(pixels, np.where(share > _KNOWN_SHARE, 1, 0).astype(np.float32))


def _mirrored_detail(
    srgb8: NDArray[np.uint8],
    low: NDArray[np.float32],
    background: NDArray[np.bool_],
    y: NDArray[np.int64],
    x: NDArray[np.int64],
    shrink: int,
) -> NDArray[np.float32]:
    """(N, 3), fine detail of the background at the mirror images of N pixels, 0 where it is not.

    Each is mirrored at the background pixel closest to it; detail is what the photo has over its
    smooth part.
    """
    height, width = background.shape
    small = background[::shrink, ::shrink]
    if not small.any():
        return np.zeros((len(y), 3), np.float32)
    _, closest = nearest_of(small)
    border_y, border_x = np.divmod(closest[y // shrink, x // shrink], small.shape[1])
    from_y = np.clip(2 * border_y * shrink - y, 0, height - 1)
    from_x = np.clip(2 * border_x * shrink - x, 0, width - 1)
    fine = srgb8[from_y, from_x] - sample_shrunk(low, from_y, from_x, shrink)
    return np.asarray(fine * background[from_y, from_x, None], np.float32)
