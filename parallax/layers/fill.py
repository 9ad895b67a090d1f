"""What may lie behind the foreground: a fill from the background alone.

Smooth structure by push-pull, and on it texture: the fine detail of the closest background,
mirrored at its border. Nothing of the foreground enters either.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.split import nearest_of
from parallax.layers.spread import halve, spread_known

_SHRINK_ABOVE = 700_000  # pixels: larger pictures are structured at half their size, 4 × faster


@dataclass(frozen=True, slots=True, kw_only=True)
class FillParams:
    """How hidden parts are painted."""

    texture: float = 0.6
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
    smooth = _spread_structure(srgb8, background)
    y, x = np.nonzero(wanted)
    size = max(srgb8.shape)
    sigma_px = max(0.8, params.texture_sigma_px * size / 1000 * smooth.shape[1] / srgb8.shape[1])
    low = cv2.GaussianBlur(smooth, (0, 0), sigma_px)
    detail = _mirrored_detail(srgb8, low, background, y, x)
    painted = _sample(smooth, srgb8.shape, y, x) + params.texture * detail
    filled = srgb8.copy()
    filled[y, x] = np.rint(np.clip(painted, 0, 255))
    return filled


def _spread_structure(
    srgb8: NDArray[np.uint8], background: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """(h, w, 3), 0…255: the background spread over the foreground, at half the size if large."""
    known = background.astype(np.float32)
    pixels = srgb8.astype(np.float32)
    if known.size > _SHRINK_ABOVE:
        share = halve(known)
        lit = halve(pixels * known[..., None])
        pixels = np.divide(lit, np.maximum(share, 1e-6)[..., None], dtype=np.float32)
        known = np.minimum(share * 4, 1)
    return spread_known(pixels, known)


def _mirrored_detail(
    srgb8: NDArray[np.uint8],
    low: NDArray[np.float32],
    background: NDArray[np.bool_],
    y: NDArray[np.int64],
    x: NDArray[np.int64],
) -> NDArray[np.float32]:
    """(N, 3), fine detail of the background at the mirror images of N pixels, 0 where it is not.

    Each is mirrored at the background pixel closest to it; detail is what the photo has over its
    smooth part.
    """
    height, width = background.shape
    _, closest = nearest_of(background)
    border_y, border_x = np.divmod(closest[y, x], width)
    from_y = np.clip(2 * border_y - y, 0, height - 1)
    from_x = np.clip(2 * border_x - x, 0, width - 1)
    fine = srgb8[from_y, from_x] - _sample(low, srgb8.shape, from_y, from_x)
    return np.asarray(fine * background[from_y, from_x, None], np.float32)


def _sample(
    picture: NDArray[np.float32],
    shape: tuple[int, ...],
    y: NDArray[np.int64],
    x: NDArray[np.int64],
) -> NDArray[np.float32]:
    """(N, 3), a picture at N pixels of another of this shape, bilinear."""
    if picture.shape == shape:
        return picture[y, x]
    whole = cv2.resize(picture, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole[y, x], np.float32)
