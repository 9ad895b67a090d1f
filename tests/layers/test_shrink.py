"""Slow pictures at a fraction of the size."""

import cv2
import numpy as np
import pytest

from parallax.layers.shrink import sample_shrunk, shrink_for, shrunk_size


def test_small_pictures_are_not_shrunk_and_large_ones_by_powers_of_two():
    assert shrink_for(600_000) == 1
    assert shrink_for(2_000_000) == 2
    assert shrink_for(12_000_000) == 4


def test_a_shrunk_size_holds_the_whole_picture():
    assert shrunk_size((101, 200, 3), 4) == (50, 26)


@pytest.mark.parametrize("shrink", [1, 2, 4])
def test_a_gradient_is_read_as_it_was(shrink):
    y, x = np.mgrid[:64, :96].astype(np.float32)
    gradient = np.dstack([x, y, x + y])
    small_wh = shrunk_size(gradient.shape, shrink)
    small = cv2.resize(gradient, small_wh, interpolation=cv2.INTER_AREA)
    at_y, at_x = np.mgrid[4:60, 4:92].reshape(2, -1)
    found = sample_shrunk(small, at_y, at_x, shrink)
    np.testing.assert_allclose(found, gradient[at_y, at_x], atol=0.1)


def test_any_number_of_points_can_be_read():
    picture = np.ones((8, 8, 3), np.float32)
    for num in (1, 4096, 4097, 50_000):
        place = np.zeros(num, np.int64)
        assert sample_shrunk(picture, place, place, 2).shape == (num, 3)
