"""Pixels by their flat indices."""

import numpy as np
import pytest

from parallax.texel import find_pixels, put_pixels, take_pixels


@pytest.mark.parametrize("num", [0, 1, 100_000])
def test_pixels_are_found_in_their_order(num):
    mask = np.random.default_rng(num).random(num) < 0.1
    np.testing.assert_array_equal(find_pixels(lambda piece: mask[piece], num), np.flatnonzero(mask))


@pytest.mark.parametrize(("dtype", "channels"), [(np.uint8, 3), (np.uint8, 4), (np.float32, 3)])
def test_pixels_are_those_at_their_places(dtype, channels):
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 255, (6, 7, channels)).astype(dtype)
    place = rng.permutation(42)[:20]
    taken = take_pixels(picture, place)
    assert taken.dtype == dtype
    assert (taken == picture.reshape(-1, channels)[place]).all()


def test_pixels_that_are_put_are_there_and_no_others_change():
    picture = np.arange(5 * 4 * 3, dtype=np.uint8).reshape(5, 4, 3)
    before = picture.copy()
    put_pixels(picture, np.array([3, 11]), np.full((2, 3), 200, np.uint8))
    changed = (picture != before).any(-1).ravel()
    assert np.flatnonzero(changed).tolist() == [3, 11]
    assert (picture.reshape(-1, 3)[[3, 11]] == 200).all()


def test_no_pixels_are_none():
    assert take_pixels(np.zeros((2, 2, 3), np.uint8), np.zeros(0, int)).shape == (0, 3)
