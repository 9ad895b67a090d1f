"""Outlines before the sky."""

import cv2
import numpy as np

from parallax.layers.rim import level_rims

SKY, THING = 0.1, 0.8


def tower(slope_px):
    """A tower from column 30 to 70 whose last pixels slope away to a third of its height."""
    x = np.arange(100)
    inside_px = np.minimum(x - 30, 69 - x)
    height = THING * np.clip(1 / 3 + 2 / 3 * inside_px / slope_px, 0, 1)
    row = np.where(inside_px >= 0, height, SKY)
    return np.broadcast_to(row, (40, 100)).astype(np.float32).copy()


def level(inv_depth, sky=None):
    sky = inv_depth == np.float32(SKY) if sky is None else sky
    return level_rims(inv_depth, sky, sigma_px=1.5, gap_px_of_inv=60.0, tear_gap_px=2.0)


def test_the_rim_before_the_sky_is_as_near_as_the_inside():
    levelled = level(tower(slope_px=6))
    assert np.abs(levelled[10:30, 30:70] - THING).max() < 0.1 * THING
    np.testing.assert_array_equal(levelled[:, :30], np.float32(SKY))


def test_a_slope_that_goes_on_inside_stays():
    inv_depth = np.full((120, 100), SKY, np.float32)
    inv_depth[20:] = np.linspace(0.4, 0.9, 100, dtype=np.float32)[:, None]  # ground
    assert np.abs(level(inv_depth) - inv_depth).max() < 0.03


def test_without_sky_nothing_changes():
    inv_depth = tower(slope_px=6)
    np.testing.assert_array_equal(level(inv_depth, np.zeros(inv_depth.shape, bool)), inv_depth)


def test_a_nearer_thing_beside_the_rim_does_not_raise_it():
    inv_depth = np.full((40, 100), SKY, np.float32)
    inv_depth[:, 30:60], inv_depth[:, 40:60] = 0.4, 0.9
    np.testing.assert_allclose(level(inv_depth), inv_depth, atol=0.02)


def test_an_exact_map_is_left_alone():
    inv_depth = cv2.GaussianBlur(tower(slope_px=6), (0, 0), 1.0)
    sky = tower(slope_px=6) == np.float32(SKY)
    same = level_rims(inv_depth, sky, sigma_px=0.0, gap_px_of_inv=60.0, tear_gap_px=2.0)
    np.testing.assert_array_equal(same, inv_depth)


def test_levelling_makes_no_step_within_a_thing():
    inv_depth = np.full((160, 100), SKY, np.float32)
    inv_depth[20:80, 35:65] = 0.5  # a tower
    inv_depth[80:] = 0.8  # on a nearer pier
    before = cv2.GaussianBlur(inv_depth, (0, 0), 5.0)
    inside = cv2.erode((inv_depth > SKY).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    before = np.where(inv_depth > SKY, np.maximum(before, 0.4), SKY).astype(np.float32)
    levelled = level_rims(
        before, inv_depth == np.float32(SKY), sigma_px=5.0, gap_px_of_inv=60.0, tear_gap_px=2.0
    )

    def steepest_px(field):
        return np.abs(np.diff(field, axis=0))[inside[1:] & inside[:-1]].max() * 60.0

    assert steepest_px(levelled) < max(2.0, steepest_px(before))
