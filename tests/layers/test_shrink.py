"""Slow pictures at a fraction of the size."""

import cv2
import numpy as np
import pytest

from parallax.layers.shrink import (
    rows_and_columns,
    sample_shrunk,
    shrink_for,
    shrunk_place,
    shrunk_size,
)


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


def test_flat_indices_are_rows_and_columns():
    y, x = rows_and_columns(np.array([0, 6, 7, 20]), 7)
    np.testing.assert_array_equal(y, [0, 0, 1, 2])
    np.testing.assert_array_equal(x, [0, 6, 0, 6])


def test_a_flat_index_is_found_again_in_the_shrunk_picture():
    whole = np.arange(9 * 7)  # shrunk by 2 that is 5 rows of 4
    rows, columns = whole // 7 // 2, whole % 7 // 2
    np.testing.assert_array_equal(shrunk_place(whole, 7, 4, 2), rows * 4 + columns)
