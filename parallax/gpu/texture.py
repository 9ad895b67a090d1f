"""The textures that go to the device: a layer's, resampled to the film's pixels.

A sampler that mixes four texels blurs between them and not on them. Where a picture creeps by
fractions of a pixel, as in every slow move, it would breathe: at a texel for every pixel, the
energy of the finest detail goes up and down five-fold, at two texels a pixel hardly two-fold.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, fov_to_cover
from parallax.cores import for_each
from parallax.scene import Layer

SAME_SCALE = 1e-4  # pictures whose scales differ by less are a fifth of a pixel apart at 4K
LARGEST_GROWTH = 4.0  # coarser textures are blurred ones: the sampler enlarges them as well
LANCZOS_LOBES = 4


@dataclass(frozen=True, slots=True)
class SampleGrid:
    """Where the texels of a film's textures are to lie while the camera rests.

    Attributes:
        size_wh: Of the film, in pixels.
        texels_per_px: A side.
        samples_per_px: A side; each sample falls on a texel's centre.
        detail_per_px: The finest detail to keep, in texels of its own, a side: more would shimmer,
            less would be blurred when the camera comes nearer.
    """

    size_wh: tuple[int, int]
    texels_per_px: int
    samples_per_px: int
    detail_per_px: float

    @property
    def phase(self) -> float:
        """How far, in texels, the grid lies to the right of and below the film's corner."""
        return (self.texels_per_px / self.samples_per_px / 2 - 0.5) % 1.0


@dataclass(frozen=True, slots=True, eq=False)
class FittedTexture:
    """A layer's texture on the film's grid.

    Attributes:
        srgb8: uint8 (H, W, 4), sRGB with straight alpha.
        texture_from_layer: float32 (4,), scale x, y and shift x, y: uv of this texture from uv of
            the layer's.
    """

    srgb8: NDArray[np.uint8]
    texture_from_layer: NDArray[np.float32]


def fit_texture(
    layer: Layer, intrinsics: Intrinsics, grid: SampleGrid, *, max_side_px: int
) -> FittedTexture:
    """A layer's texture on the film's grid, extended to the layer's window.

    Seen from the photo's camera each sample then reads one texel and nothing is blurred; and the
    sampler never shrinks, so that it needs no mipmaps. Colour is filtered straight, not weighted
    by alpha: a layer's texture continues its colour to where it is invisible.

    Args:
        layer: With a texture of any size.
        intrinsics: Of the photo.
        grid: Of the film.
        max_side_px: Of a texture. One that would be larger gets the photo's own texels.
    """
    film = Intrinsics.from_fov(grid.size_wh, fov_to_cover(intrinsics, grid.size_wh))
    film_px = film.focal_px / intrinsics.focal_px * np.array(intrinsics.size_wh)
    corners_uv = np.array(layer.window_uv).reshape(2, 2)
    corners_px = (corners_uv - 0.5) * film_px + np.array(grid.size_wh) / 2
    span_px = corners_px[1] - corners_px[0]
    given_per_px = np.array(layer.srgb8.shape[1::-1]) / span_px
    is_too_large = span_px.max() * grid.texels_per_px + 1 > max_side_px
    if is_too_large or given_per_px.max() * LARGEST_GROWTH < 1:
        srgb8 = _scale(
            layer.srgb8, np.minimum(1.0, max_side_px / np.array(layer.srgb8.shape[1::-1]))
        )
        return FittedTexture(srgb8, np.array([1, 1, 0, 0], np.float32))

    # The layer's corners on the grid, and the whole texels between them
    corners = corners_px * grid.texels_per_px - grid.phase
    first = np.floor(corners[0] + SAME_SCALE)
    num_texels = np.maximum(np.ceil(corners[1] - SAME_SCALE) - first, 1).astype(int)
    texture_from_layer = np.concatenate([corners[1] - corners[0], corners[0] - first])
    texture_from_layer /= np.tile(num_texels, 2)

    srgb8, padded_px = _pad_to_line(layer.srgb8, corners_px[0], given_per_px, grid)
    srgb8, per_px = _keep_detail(srgb8, given_per_px, grid)
    phases = grid.texels_per_px // per_px
    begin = padded_px * grid.texels_per_px - grid.phase
    shift = (first - begin + 0.5) / phases - 0.5
    srgb8 = _interpolate(srgb8, phases, shift, (int(num_texels[0]), int(num_texels[1])))
    return FittedTexture(srgb8, texture_from_layer.astype(np.float32))


def _pad_to_line(
    srgb8: NDArray[np.uint8],
    corner_px: NDArray[np.float64],
    given_per_px: NDArray[np.float64],
    grid: SampleGrid,
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The picture begun at a line of the film's pixels, as nearly as whole texels allow.

    A picture that is shrunk from there lies on the film's pixels. From anywhere else it would have
    to be moved by a part of a pixel afterwards, which blurs it.

    Returns:
        The picture, and (2,): where its corner lies, in pixels of the film.
    """
    kept_per_px = np.minimum(given_per_px, grid.detail_per_px)
    line_px = np.floor(corner_px * kept_per_px + SAME_SCALE) / kept_per_px
    spare = np.rint((corner_px - line_px) * given_per_px) * (given_per_px > kept_per_px)
    x, y = (max(0, int(n)) for n in spare)
    if x or y:
        padded = cv2.copyMakeBorder(srgb8, y, 0, x, 0, borderType=cv2.BORDER_REPLICATE)
        srgb8 = np.asarray(padded, np.uint8)
    return srgb8, corner_px - (x, y) / given_per_px


def _keep_detail(
    srgb8: NDArray[np.uint8], given_per_px: NDArray[np.float64], grid: SampleGrid
) -> tuple[NDArray[np.uint8], int]:
    """The picture with no more detail than wanted, and its texels per pixel: 1 or the grid's.

    Averaged where it shrinks and enlarged by Lanczos where it grows, about its top left corner.
    """
    kept = np.minimum(given_per_px, grid.detail_per_px)
    per_px = 1 if kept.max() < 1 + SAME_SCALE else grid.texels_per_px
    srgb8 = _scale(srgb8, kept / given_per_px)
    if per_px == 1 and grid.samples_per_px > 1:
        srgb8 = _sharpen_before_mean(srgb8)
    return _scale(srgb8, per_px / kept), per_px


def _scale(srgb8: NDArray[np.uint8], scale: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A picture scaled by exactly these numbers along x and y."""
    if np.abs(scale - 1).max() < SAME_SCALE:
        return srgb8
    how = cv2.INTER_AREA if scale.max() < 1 else cv2.INTER_LANCZOS4
    scaled = cv2.resize(srgb8, None, fx=float(scale[0]), fy=float(scale[1]), interpolation=how)
    return np.asarray(scaled, np.uint8)


def _interpolate(
    srgb8: NDArray[np.uint8],
    phases: int,
    shift: NDArray[np.float64],
    size_wh: tuple[int, int],
) -> NDArray[np.uint8]:
    """The picture on a grid `phases` times as fine.

    Args:
        srgb8: (H, W, 4).
        phases: Texels of the result for each texel, a side.
        shift: (2,), x and y of the result's first texel, in texels of `srgb8` from its first.
        size_wh: Of the result; past the picture its border goes on.
    """
    if phases == 1 and np.abs(shift).max() < SAME_SCALE and srgb8.shape[1::-1] == size_wh:
        return srgb8
    width, height = size_wh
    wide, high = -(-width // phases), -(-height // phases)
    edge = LANCZOS_LOBES
    padded = cv2.copyMakeBorder(
        srgb8,
        *(edge, max(0, high - srgb8.shape[0]) + edge),
        *(edge, max(0, wide - srgb8.shape[1]) + edge),
        borderType=cv2.BORDER_REPLICATE,
    )
    fine = np.empty((high * phases, wide * phases, 4), np.uint8)
    pixels = _as_words(fine)

    def interpolate(phase: int) -> None:
        y_phase, x_phase = divmod(phase, phases)
        x_whole, x_kernel = _lanczos_kernel(shift[0] + x_phase / phases)
        y_whole, y_kernel = _lanczos_kernel(shift[1] + y_phase / phases)
        moved = cv2.sepFilter2D(padded, cv2.CV_8U, x_kernel, y_kernel, anchor=(3, 3))
        moved_pixels = _as_words(np.asarray(moved, np.uint8))
        y, x = edge + y_whole, edge + x_whole
        pixels[y_phase::phases, x_phase::phases] = moved_pixels[y : y + high, x : x + wide]

    for_each(interpolate, range(phases * phases))
    return np.ascontiguousarray(fine[:height, :width])


def _as_words(pixels: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """(H, W, 4) bytes as (H, W) words, which are copied seven times as fast."""
    return np.ascontiguousarray(pixels).view(np.uint32)[..., 0]


def _lanczos_kernel(shift: float) -> tuple[int, NDArray[np.float64]]:
    """Whole texels of a shift, and the weights of the eight texels −3…4 beside them for the rest.

    Lanczos' window about a sinc (Duchon 1979, "Lanczos Filtering in One and Two Dimensions").
    """
    whole = math.floor(shift + SAME_SCALE)
    rest = shift - whole
    if rest < SAME_SCALE:
        rest = 0.0
    x = np.arange(1 - LANCZOS_LOBES, LANCZOS_LOBES + 1) - rest
    weights = np.sinc(x) * np.sinc(x / LANCZOS_LOBES)
    return whole, weights / weights.sum()


def _sharpen_before_mean(srgb8: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture that is itself again once it has been enlarged two-fold and averaged by pairs.

    What these two do to each wave is divided out, as far as a short kernel can.
    """
    _, before = _lanczos_kernel(-0.25)
    _, after = _lanczos_kernel(0.25)
    mean = np.zeros(32)  # taps at 0, 1, … and −1, −2, … from the end
    mean[np.arange(1 - LANCZOS_LOBES, LANCZOS_LOBES + 1)] += after / 2
    mean[np.arange(-LANCZOS_LOBES, LANCZOS_LOBES)] += before / 2
    inverse = np.real(np.fft.ifft(1 / np.fft.fft(mean)))
    kernel = np.roll(inverse, 5)[:11]
    kernel /= kernel.sum()
    sharp = cv2.sepFilter2D(srgb8, cv2.CV_8U, kernel, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(sharp, np.uint8)
