"""Textures on the film's pixel grid."""

from functools import partial

import cv2
import numpy as np
import pytest

from parallax.camera import Intrinsics, fov_to_cover
from parallax.gpu.texture import SampleGrid, fit_texture
from parallax.scene import Layer
from tests.scenes import INTRINSICS, SIZE_WH, framed_back, plane, with_alpha

WAVE_PX = 12.0


fit = partial(fit_texture, max_side_px=8192)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def layer_of(srgb8, window_uv):
    return Layer("any", plane(0.5), with_alpha(srgb8), window_uv)


def texel_centres_px(fitted, layer, size_wh):
    """Where the texels' centres lie at rest, in the film's pixels, along x and y."""
    places = []
    for axis in (0, 1):
        num_texels = fitted.srgb8.shape[1 - axis]
        uv = (np.arange(num_texels) + 0.5) / num_texels
        layer_uv = (uv - fitted.texture_from_layer[2 + axis]) / fitted.texture_from_layer[axis]
        low, high = layer.window_uv[axis], layer.window_uv[axis + 2]
        places.append(film_px(low + layer_uv * (high - low), axis, size_wh))
    return places


def film_px(uv, axis, size_wh):
    """Where the photo's uv lie at rest, in the film's pixels, along an axis."""
    film = Intrinsics.from_fov(size_wh, fov_to_cover(INTRINSICS, size_wh))
    photo_px = (uv - 0.5) * INTRINSICS.size_wh[axis]
    return photo_px * film.focal_px / INTRINSICS.focal_px + size_wh[axis] / 2


def random_layer(rng, size_wh):
    """Waves of WAVE_PX of the film from left to right in red, from top to bottom in green."""
    window = [*rng.uniform(-0.3, 0.3, 2), *rng.uniform(0.6, 1.3, 2)]
    num_texels = rng.integers(60, 300, 2)
    waves = []
    for axis in (0, 1):
        uv = np.linspace(window[axis], window[axis + 2], num_texels[axis], endpoint=False)
        uv += (window[axis + 2] - window[axis]) / num_texels[axis] / 2
        waves.append(128 + 100 * np.cos(2 * np.pi * film_px(uv, axis, size_wh) / WAVE_PX))
    red, green, blue = np.broadcast_arrays(waves[0][None, :], waves[1][:, None], 128.0)
    srgb8 = np.rint(np.stack([red, green, blue], -1)).astype(np.uint8)
    return layer_of(srgb8, tuple(float(n) for n in window))


GRIDS = [(1, 1, 1.0), (2, 1, 1.0), (2, 1, 1.4), (2, 1, 2.0), (2, 2, 2.0), (2, 4, 2.0)]


@pytest.mark.parametrize(("texels_per_px", "samples_per_px", "detail_per_px"), GRIDS)
def test_a_texel_lies_on_every_pixel_s_first_sample(
    rng, texels_per_px, samples_per_px, detail_per_px
):
    for _ in range(10):
        size_wh = (int(rng.integers(60, 200)), int(rng.integers(60, 200)))
        layer = random_layer(rng, size_wh)
        grid = SampleGrid(size_wh, texels_per_px, samples_per_px, detail_per_px)
        for px in texel_centres_px(fit(layer, INTRINSICS, grid), layer, size_wh):
            off = (px - 0.5 / samples_per_px) * texels_per_px
            assert np.abs(off - np.rint(off)).max() < 1e-3


@pytest.mark.parametrize(("texels_per_px", "samples_per_px", "detail_per_px"), GRIDS)
def test_a_texel_shows_what_lies_where_it_lies(rng, texels_per_px, samples_per_px, detail_per_px):
    for _ in range(10):
        size_wh = (int(rng.integers(60, 200)), int(rng.integers(60, 200)))
        layer = random_layer(rng, size_wh)
        grid = SampleGrid(size_wh, texels_per_px, samples_per_px, detail_per_px)
        fitted = fit(layer, INTRINSICS, grid)
        for axis, px in enumerate(texel_centres_px(fitted, layer, size_wh)):
            shown = fitted.srgb8[..., axis].mean(axis) - 128
            turned = (shown * np.hanning(len(px)) * np.exp(-2j * np.pi * px / WAVE_PX)).sum()
            assert abs(np.angle(turned) / (2 * np.pi) * WAVE_PX) < 0.05


def test_a_texture_that_fits_is_not_touched(rng):
    layer = framed_back(rng.integers(0, 256, (64, 96, 3), np.uint8))
    fitted = fit(layer, INTRINSICS, SampleGrid(SIZE_WH, 1, 1, 1.0))
    assert np.array_equal(fitted.srgb8, layer.srgb8)
    assert np.allclose(fitted.texture_from_layer, (1, 1, 0, 0))


def test_a_finer_texture_has_the_given_texels_in_it(rng):
    layer = framed_back(rng.integers(0, 256, (64, 96, 3), np.uint8))
    fitted = fit(layer, INTRINSICS, SampleGrid(SIZE_WH, 2, 1, 1.0))
    assert np.array_equal(fitted.srgb8[1::2, 1::2], layer.srgb8)


def test_a_texture_much_coarser_than_the_film_is_not_touched(rng):
    layer = framed_back(rng.integers(0, 256, (64, 96, 3), np.uint8))
    fitted = fit(layer, INTRINSICS, SampleGrid((960, 640), 2, 1, 1.0))
    assert fitted.srgb8 is layer.srgb8


def test_one_colour_stays_one_colour():
    srgb8 = np.full((50, 70, 4), (10, 100, 200, 77), np.uint8)
    layer = Layer("any", plane(0.5), srgb8, (-0.1, -0.2, 1.3, 1.1))
    for size_wh in ((33, 47), (200, 120)):
        for numbers in GRIDS:
            fitted = fit(layer, INTRINSICS, SampleGrid(size_wh, *numbers))
            assert (fitted.srgb8 == (10, 100, 200, 77)).all()


@pytest.mark.parametrize("max_side_px", [500, 60])
def test_a_texture_that_the_device_cannot_hold_keeps_the_photo_s_texels_or_fewer(rng, max_side_px):
    layer = framed_back(rng.integers(0, 256, (64, 96, 3), np.uint8))
    fitted = fit_texture(
        layer, INTRINSICS, SampleGrid((960, 640), 1, 1, 1.0), max_side_px=max_side_px
    )
    assert max(fitted.srgb8.shape) <= max_side_px
    assert max(fitted.srgb8.shape) >= min(max_side_px, max(layer.srgb8.shape)) - 1


def test_a_finer_picture_whose_border_is_between_pixels_is_shrunk_onto_them(rng):
    # Twice as fine as the film, and begun half a pixel to the left of and above it
    fine = rng.integers(0, 256, (2 * 64 + 2, 2 * 96 + 2, 3), np.uint8)
    half_px_uv = 0.5 / np.array(SIZE_WH)
    layer = Layer("any", plane(0.5), with_alpha(fine), (*-half_px_uv, *(1 + half_px_uv)))
    fitted = fit(layer, INTRINSICS, SampleGrid(SIZE_WH, 1, 1, 1.0))
    expected = cv2.resize(fine[1:-1, 1:-1], SIZE_WH, interpolation=cv2.INTER_AREA)
    shown = fitted.srgb8[1:-1, 1:-1, :3].astype(int)
    assert shown.shape == expected.shape
    assert np.abs(shown - expected).max() <= 1
