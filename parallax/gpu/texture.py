"""The textures that go to the device: a layer's, resampled to the film's pixels."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, fov_to_cover
from parallax.scene import Layer

ALIGNED_PX = 1e-3  # texels this close to the film's pixels are taken as they are


@dataclass(frozen=True, slots=True, eq=False)
class FittedTexture:
    """A layer's texture whose texels lie where the film's pixels do while the camera rests.

    Attributes:
        srgb8: uint8 (H, W, 4), sRGB with straight alpha.
        texture_from_layer: float32 (4,), scale x, y and shift x, y: uv of this texture from uv of
            the layer's.
    """

    srgb8: NDArray[np.uint8]
    texture_from_layer: NDArray[np.float32]


def fit_texture(
    layer: Layer, intrinsics: Intrinsics, *, size_wh: tuple[int, int], texels_per_px: float
) -> FittedTexture:
    """A layer's texture on the film's own pixel grid, extended to the layer's window.

    Seen from the photo's camera each output pixel then reads one texel and nothing is blurred;
    and the sampler never shrinks, so that it needs no mipmaps.

    Args:
        layer: With a texture of any size.
        intrinsics: Of the photo.
        size_wh: Of the film.
        texels_per_px: A side; as many as there are samples in a pixel.
    """
    film = Intrinsics.from_fov(size_wh, fov_to_cover(intrinsics, size_wh))
    texels_per_photo_px = film.focal_px / intrinsics.focal_px * texels_per_px
    photo_texels = np.array(intrinsics.size_wh) * texels_per_photo_px
    # The window's corners on the grid whose origin is the film's top left corner at rest
    corners_uv = np.array(layer.window_uv).reshape(2, 2)
    corners = (corners_uv - 0.5) * photo_texels + np.array(size_wh) * texels_per_px / 2
    first = np.floor(corners[0] + ALIGNED_PX).astype(int)
    last = np.ceil(corners[1] - ALIGNED_PX).astype(int)
    num_texels = np.maximum(last - first, 1)
    span = corners[1] - corners[0]
    texture_from_layer = np.concatenate([span, corners[0] - first]) / np.tile(num_texels, 2)
    srgb8 = _resample(
        layer.srgb8,
        scale=span / np.array(layer.srgb8.shape[1::-1]),
        shift_px=corners[0] - first,
        size_wh=(int(num_texels[0]), int(num_texels[1])),
    )
    return FittedTexture(srgb8, texture_from_layer.astype(np.float32))


def _resample(
    srgb8: NDArray[np.uint8],
    *,
    scale: NDArray[np.float64],
    shift_px: NDArray[np.float64],
    size_wh: tuple[int, int],
) -> NDArray[np.uint8]:
    """A picture scaled, then shifted: averaged where it shrinks, Lanczos where it grows.

    Colour is filtered straight, not weighted by alpha: a layer's texture continues its colour to
    where it is invisible.
    """
    # Most of the shrinking, by averaging over whole areas
    height, width = srgb8.shape[:2]
    shrunk_wh = (
        min(width, max(1, round(width * scale[0]))),
        min(height, max(1, round(height * scale[1]))),
    )
    if shrunk_wh != (width, height):
        srgb8 = _as_bytes(cv2.resize(srgb8, shrunk_wh, interpolation=cv2.INTER_AREA))

    # What is left: a hair's breadth of scaling, or any growing, and a shift of less than a texel
    rest = scale * (width, height) / shrunk_wh
    moved_px = np.abs((rest - 1) * shrunk_wh).max() + np.abs(shift_px).max()
    if moved_px < ALIGNED_PX and shrunk_wh == size_wh:
        return srgb8
    shrunk_from_grid = np.array(
        [
            [1 / rest[0], 0, (0.5 - shift_px[0]) / rest[0] - 0.5],
            [0, 1 / rest[1], (0.5 - shift_px[1]) / rest[1] - 0.5],
        ]
    )
    return _as_bytes(
        cv2.warpAffine(
            srgb8,
            shrunk_from_grid,
            size_wh,
            flags=cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def _as_bytes(picture: NDArray[Any]) -> NDArray[np.uint8]:
    """The same picture, with the type that OpenCV keeps but does not promise."""
    return picture.astype(np.uint8, copy=False)
