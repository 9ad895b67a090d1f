"""Posts and outlines that do not wave."""

import numpy as np
import pytest

from parallax.layers.straight import straighten_outlines

GAP_PX_OF_INV = 60.0
WALL = 0.1
LEAN = 0.001  # 1/su a row


def a_post(dip_px, width=14):
    """A leaning post before a wall, seen farther than it is on 16 rows in its middle."""
    y = np.arange(240, dtype=np.float32)
    dip = dip_px / GAP_PX_OF_INV * (np.abs(y - 120) < 8)
    inv_depth = np.full((240, 480), WALL, np.float32)
    inv_depth[:, 150 : 150 + width] = (0.5 + LEAN * y - dip)[:, None]
    return inv_depth, np.s_[20:220, 150 : 150 + width]


def straight(inv_depth, *, sigma_px=2.0):
    return straighten_outlines(
        inv_depth, gap_px_of_inv=GAP_PX_OF_INV, sigma_px=sigma_px, tear_gap_px=2.0
    )


@pytest.mark.parametrize("dip_px", [3, 6])
def test_a_post_is_straight_and_still_leans(dip_px):
    inv_depth, post = a_post(dip_px)
    row = np.arange(20, 220, dtype=np.float32)[:, None]
    off_px = (straight(inv_depth)[post] - (0.5 + LEAN * row)) * GAP_PX_OF_INV
    assert np.abs(off_px).max() < dip_px / 4


def test_what_is_behind_is_left_alone():
    inv_depth, _ = a_post(6)
    straightened = straight(inv_depth)
    behind = inv_depth == np.float32(WALL)
    np.testing.assert_array_equal(straightened[behind], np.float32(WALL))


def test_a_thing_inside_another_keeps_its_own_depth():
    inv_depth, post = a_post(0)
    inv_depth[100:140, 40:120] = 0.95
    straightened = straight(inv_depth)
    np.testing.assert_allclose(straightened[100:140, 40:120], 0.95, atol=1e-4)
    np.testing.assert_allclose(straightened[post], inv_depth[post], atol=1e-3)


def test_a_surface_without_tears_is_left_alone():
    y, x = np.mgrid[:100, :140].astype(np.float32)
    wavy = (0.5 + 0.002 * y + 0.02 * np.sin(x / 9)).astype(np.float32)
    np.testing.assert_array_equal(straight(wavy), wavy)


def test_an_exact_map_is_believed():
    inv_depth, _ = a_post(6)
    np.testing.assert_array_equal(straight(inv_depth, sigma_px=0.0), inv_depth)
