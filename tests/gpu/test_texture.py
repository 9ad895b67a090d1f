"""Textures on the film's pixel grid."""

import numpy as np
import pytest

from parallax.camera import Intrinsics, fov_to_cover
from parallax.gpu.texture import fit_texture
from parallax.scene import Layer
from tests.scenes import INTRINSICS, SIZE_WH, framed_back, plane, smooth_photo, with_alpha


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def texel_centres_px(fitted, layer, size_wh, texels_per_px):
    """Where the texels' centres lie in the film's pixels at rest, along x and y."""
    film = Intrinsics.from_fov(size_wh, fov_to_cover(INTRINSICS, size_wh))
    places = []
    for axis in (0, 1):
        num_texels = fitted.srgb8.shape[1 - axis]
        uv = (np.arange(num_texels) + 0.5) / num_texels
        layer_uv = (uv - fitted.texture_from_layer[2 + axis]) / fitted.texture_from_layer[axis]
        low, high = layer.window_uv[axis], layer.window_uv[axis + 2]
        photo_px = (low + layer_uv * (high - low) - 0.5) * INTRINSICS.size_wh[axis]
        film_px = photo_px * film.focal_px / INTRINSICS.focal_px + size_wh[axis] / 2
        places.append(film_px * texels_per_px)
    return places


@pytest.mark.parametrize("texels_per_px", [1, 2])
def test_texels_lie_where_the_film_s_samples_do(rng, texels_per_px):
    for _ in range(10):
        width, height = (int(n) for n in rng.integers(20, 200, 2))
        size_wh = (width, height)
        u0, v0 = rng.uniform(-0.3, 0.3, 2)
        u1, v1 = rng.uniform(0.6, 1.3, 2)
        srgb8 = smooth_photo(rng, tuple(int(n) for n in rng.integers(30, 120, 2)))
        layer = Layer("any", plane(0.5), with_alpha(srgb8), (u0, v0, u1, v1))
        fitted = fit_texture(layer, INTRINSICS, size_wh=size_wh, texels_per_px=texels_per_px)
        for px in texel_centres_px(fitted, layer, size_wh, texels_per_px):
            assert np.abs(px % 1 - 0.5).max() < 1e-3


def test_a_texture_that_fits_is_not_touched(rng):
    layer = framed_back(rng.integers(0, 256, (64, 96, 3), np.uint8))
    fitted = fit_texture(layer, INTRINSICS, size_wh=SIZE_WH, texels_per_px=1)
    assert np.array_equal(fitted.srgb8, layer.srgb8)
    assert np.allclose(fitted.texture_from_layer, (1, 1, 0, 0))


def test_one_colour_stays_one_colour(rng):
    srgb8 = np.full((50, 70, 4), (10, 100, 200, 77), np.uint8)
    layer = Layer("any", plane(0.5), srgb8, (-0.1, -0.2, 1.3, 1.1))
    for size_wh in ((33, 47), (300, 200)):
        fitted = fit_texture(layer, INTRINSICS, size_wh=size_wh, texels_per_px=1)
        assert (fitted.srgb8 == (10, 100, 200, 77)).all()
