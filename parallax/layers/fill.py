"""What may lie behind the foreground: a fill from the background alone.

Smooth structure by push-pull, and on it texture: the fine detail of the closest background,
mirrored at its border. Nothing of the foreground enters either.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.split import nearest_of
from parallax.layers.spread import spread_known


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
    srgb: NDArray[np.float32],
    background: NDArray[np.float32],
    wanted: NDArray[np.bool_],
    *,
    params: FillParams,
) -> NDArray[np.float32]:
    """The photo with its foreground replaced by a continuation of the background.

    Works on encoded values: it guesses what is seen, it does not mix light.

    Args:
        srgb: (H, W, 3), 0…1.
        background: (H, W), 1 where the photo shows background.
        wanted: (H, W), where a fill will be looked at; elsewhere detail is not made.
        params: How.

    Returns:
        (H, W, 3); the photo where `background` is 1.
    """
    known = background >= 1
    if known.all() or not known.any():
        return srgb
    filled = spread_known(srgb, background)
    sigma_px = max(0.8, params.texture_sigma_px * max(known.shape) / 1000)
    detail = _mirrored_detail(srgb, filled, known, wanted & ~known, sigma_px=sigma_px)
    return np.clip(filled + params.texture * detail, 0, 1).astype(np.float32)


def _mirrored_detail(
    srgb: NDArray[np.float32],
    filled: NDArray[np.float32],
    known: NDArray[np.bool_],
    wanted: NDArray[np.bool_],
    *,
    sigma_px: float,
) -> NDArray[np.float32]:
    """(H, W, 3), fine detail of the background at each wanted pixel's mirror image, else 0."""
    detail = np.zeros_like(srgb)
    y, x = np.nonzero(wanted)
    if len(y) == 0:
        return detail
    # The image of a pixel, mirrored at the closest known pixel
    height, width = known.shape
    _, closest = nearest_of(known)
    border_y, border_x = np.divmod(closest[y, x], width)
    from_y = np.clip(2 * border_y - y, 0, height - 1)
    from_x = np.clip(2 * border_x - x, 0, width - 1)
    # Detail is what is left of the background without its smooth part; none where unknown
    fine = (srgb - cv2.GaussianBlur(filled, (0, 0), sigma_px)) * known[..., None]
    detail[y, x] = fine[from_y, from_x]
    return detail
