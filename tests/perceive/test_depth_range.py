import numpy as np
import pytest

from parallax.perceive.depth_range import (
    LEAST_RATIO,
    MOST_RATIO,
    SKY_RATIO,
    inv_depth_from_log_disparity,
)


def slope(span):
    return np.tile(np.linspace(0, span, 200, dtype=np.float32)[:, None], (1, 40))


NO_SKY = np.zeros((200, 40), np.bool_)
FLAT = np.zeros((200, 40), np.float32)


@pytest.mark.parametrize(
    ("ratio_in", "ratio_out"), [(10, 10), (200, MOST_RATIO), (2.5, LEAST_RATIO), (1.2, 1.2**2)]
)
def test_the_ratio_of_near_and_far_is_brought_into_the_usual_range(ratio_in, ratio_out):
    inv_depth = inv_depth_from_log_disparity(slope(np.log(ratio_in)), NO_SKY)
    assert inv_depth.max() == 1
    assert np.isclose(1 / inv_depth.min(), ratio_out, rtol=0.05)


def test_scale_and_shift_of_the_network_do_not_turn_the_order_around():
    for shift in (-50.0, 0.0, 50.0):
        inv_depth = inv_depth_from_log_disparity(slope(3) + np.float32(shift), NO_SKY)
        assert (np.diff(inv_depth, axis=0) >= 0).all()


def test_the_sky_is_behind_everything():
    sky = NO_SKY.copy()
    sky[150:] = True  # where the network, wrongly, says near
    inv_depth = inv_depth_from_log_disparity(slope(2), sky)
    assert np.allclose(inv_depth[150:], inv_depth[:150].min() / SKY_RATIO)
    assert inv_depth[:150].max() == 1


def test_a_photo_of_nothing_but_sky_is_flat_and_far():
    inv_depth = inv_depth_from_log_disparity(slope(2), np.ones_like(NO_SKY))
    assert np.ptp(inv_depth) == 0
    assert 0 < inv_depth.min() < 1


def test_a_photo_without_any_depth_is_a_wall_at_one():
    assert (inv_depth_from_log_disparity(FLAT, NO_SKY) == 1).all()


def test_one_wild_pixel_does_not_change_the_rest():
    calm, wild = slope(2), slope(2)
    wild[0, 0] = 100
    a, b = (inv_depth_from_log_disparity(v, NO_SKY) for v in (calm, wild))
    assert np.abs(a - b).ravel()[1:].max() < 0.02
