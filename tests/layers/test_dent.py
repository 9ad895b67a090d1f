"""Dents within things."""

import numpy as np
import pytest

from parallax.layers.dent import slope_dents
from parallax.layers.split import find_tears

GAP_PX_OF_INV, TEAR_GAP_PX = 40.0, 2.0
FAR = 0.1


def thing(step_px, lower=0.6):
    """A thing before something far, whose right half lies so many output pixels lower."""
    inv_depth = np.full((64, 320), FAR, np.float32)
    inv_depth[24:40, 40:280] = lower
    inv_depth[24:40, 40:160] = lower + step_px / GAP_PX_OF_INV
    return inv_depth


def slope(inv_depth):
    return slope_dents(inv_depth, gap_px_of_inv=GAP_PX_OF_INV, tear_gap_px=TEAR_GAP_PX)


@pytest.fixture
def inside():
    mask = np.zeros((64, 320), np.bool_)
    mask[28:36, 150:180] = True
    return mask


def test_a_low_step_within_a_thing_is_not_torn(inside):
    sloped = slope(thing(step_px=5))
    tears = find_tears(sloped, gap_px_of_inv=GAP_PX_OF_INV, tear_gap_px=TEAR_GAP_PX)
    assert tears.distance_px[inside].min() >= 3  # none there, but at the outline
    assert (sloped[30, 170:] == thing(step_px=5)[30, 170:]).all()  # 5 px take 6 pixels


@pytest.mark.parametrize("step_px", [9, 14])
def test_a_high_step_stays(step_px):
    np.testing.assert_array_equal(slope(thing(step_px)), thing(step_px))


def test_the_outline_of_a_thing_stays():
    sloped, before = slope(thing(step_px=5)), thing(step_px=5)
    np.testing.assert_array_equal(sloped[before == FAR], np.float32(FAR))


def test_a_low_thing_before_its_ground_stays():
    low = thing(step_px=0, lower=FAR + 5 / GAP_PX_OF_INV)
    np.testing.assert_array_equal(slope(low), low)
