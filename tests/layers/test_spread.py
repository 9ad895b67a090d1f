"""Known values spread over unknown ones."""

import numpy as np
import pytest

from parallax.layers.spread import spread_known

FLOAT_ERROR = 1e-5  # of values up to 1, through ten levels of float32


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def test_a_constant_stays_constant(rng):
    values = np.full((37, 53), 0.7, np.float32)
    weight = (rng.uniform(size=(37, 53)) < 0.02).astype(np.float32)
    np.testing.assert_allclose(spread_known(values, weight), 0.7, atol=FLOAT_ERROR)


def test_one_known_pixel_fills_everything():
    values, weight = np.zeros((20, 31, 3), np.float32), np.zeros((20, 31), np.float32)
    values[4, 7] = (0.1, 0.5, 0.9)
    weight[4, 7] = 1
    spread = spread_known(values, weight)
    np.testing.assert_allclose(spread, np.broadcast_to(values[4, 7], (20, 31, 3)), atol=FLOAT_ERROR)


def test_known_pixels_are_not_changed(rng):
    values = rng.uniform(size=(33, 40, 3)).astype(np.float32)
    known = rng.uniform(size=(33, 40)) < 0.4
    spread = spread_known(values, known.astype(np.float32))
    np.testing.assert_allclose(spread[known], values[known], atol=FLOAT_ERROR)


@pytest.mark.parametrize("seed", range(10))
def test_a_fill_is_between_the_least_and_the_greatest_known_value(seed):
    rng = np.random.default_rng(seed)
    height, width = rng.integers(2, 70, 2)
    values = rng.uniform(size=(height, width)).astype(np.float32)
    known = rng.uniform(size=(height, width)) < 0.2
    known[0, 0] = True
    spread = spread_known(values, known.astype(np.float32))
    assert np.isfinite(spread).all()
    assert spread.min() >= values[known].min() - FLOAT_ERROR
    assert spread.max() <= values[known].max() + FLOAT_ERROR


def test_a_gap_takes_the_value_of_its_nearer_side():
    values = np.zeros((32, 64), np.float32)
    values[:, 48:] = 1
    weight = np.zeros((32, 64), np.float32)
    weight[:, :16] = weight[:, 48:] = 1
    spread = spread_known(values, weight)
    assert (spread[:, 20] < 0.3).all()
    assert (spread[:, 43] > 0.7).all()


def test_values_where_nothing_is_known_are_ignored(rng):
    values = rng.uniform(size=(16, 16)).astype(np.float32)
    weight = (rng.uniform(size=(16, 16)) < 0.3).astype(np.float32)
    spoiled = np.where(weight > 0, values, 1e6).astype(np.float32)
    np.testing.assert_allclose(
        spread_known(spoiled, weight), spread_known(values, weight), atol=FLOAT_ERROR
    )


def test_sides_of_odd_length_lose_nothing():
    values, weight = np.zeros((5, 7), np.float32), np.zeros((5, 7), np.float32)
    values[4, 6], weight[4, 6] = 3, 1
    np.testing.assert_allclose(spread_known(values, weight), 3, atol=FLOAT_ERROR)
