"""Pixels that mix two surfaces, taken apart."""

import numpy as np
import pytest

from parallax.layers.mixture import estimate_alpha, solve_light

NEAR, FAR = np.array((0.8, 0.1, 0.05), np.float32), np.array((0.05, 0.2, 0.7), np.float32)


def a_pixel(alpha):
    return (np.float32(alpha) * NEAR + np.float32(1 - alpha) * FAR)[None]


def alpha_of(linear, *, edge_px, near=NEAR):
    nothing = np.zeros(1, np.float32)
    edge = np.array([edge_px], np.float32)
    return estimate_alpha(linear, FAR[None], edge, near[None], (nothing, nothing))[0]


@pytest.mark.parametrize("alpha", [0.3, 0.5, 0.8])
def test_alpha_is_the_place_between_the_two_sides(alpha):
    # Deviations grow with brightness, which is about the same on both sides
    assert alpha_of(a_pixel(alpha), edge_px=0.2) == pytest.approx(alpha, abs=1e-3)


def test_where_both_sides_look_alike_place_decides():
    assert alpha_of(FAR[None], edge_px=0.2, near=FAR) == pytest.approx(0.7)


def test_nearly_nothing_of_the_near_side_is_nothing():
    assert alpha_of(a_pixel(0.05), edge_px=0.2) == 0


@pytest.mark.parametrize("alpha", [0.1, 0.5, 1.0])
def test_the_light_that_mixes_to_the_photo_is_found_again(alpha):
    share = np.array([alpha], np.float32)
    light = solve_light(a_pixel(alpha), FAR[None], np.ones((1, 3), np.float32), share)
    np.testing.assert_allclose(light[0], NEAR, atol=1e-5)


def test_where_nothing_is_mixed_in_the_surface_around_goes_on():
    light = solve_light(FAR[None], FAR[None], NEAR[None], np.zeros(1, np.float32))
    np.testing.assert_array_equal(light[0], NEAR)
