"""Tips that stand in the sky."""

import numpy as np
import pytest

from parallax.layers.tips import rejoin_tips

SKY, THING = 0.1, 0.8
SKY_COLOUR, THING_COLOUR = (0.8, 1.1, 1.7), (0.3, 0.2, 0.1)


@pytest.fixture
def scene():
    """A thing of which a spire, two pixels wide, was taken for sky."""
    inv_depth = np.full((80, 100), SKY, np.float32)
    inv_depth[40:, 30:70] = THING
    colours = np.full((80, 100, 3), SKY_COLOUR, np.float32)
    colours[40:, 30:70] = THING_COLOUR
    colours[28:40, 50:52] = THING_COLOUR
    return inv_depth, inv_depth == np.float32(SKY), colours


def test_a_tip_is_as_near_as_what_it_is_joined_to(scene):
    inv_depth, sky, colours = scene
    joined = rejoin_tips(inv_depth, sky, colours, sigma_px=1.5)
    assert (joined[28:40, 50:52] == np.float32(THING)).all()
    joined[28:40, 50:52] = SKY
    np.testing.assert_array_equal(joined, inv_depth)


def test_a_tip_is_as_near_as_the_thing_and_not_as_its_sloping_rim(scene):
    inv_depth, sky, colours = scene
    inv_depth[40] = np.where(inv_depth[40] > SKY, 0.2, SKY)
    joined = rejoin_tips(inv_depth, sky, colours, sigma_px=1.5)
    assert (joined[28:40, 50:52] == np.float32(THING)).all()


def test_a_bird_that_touches_nothing_stays_in_the_sky(scene):
    inv_depth, sky, colours = scene
    colours[34:40, 50:52] = SKY_COLOUR
    np.testing.assert_array_equal(rejoin_tips(inv_depth, sky, colours, sigma_px=1.5), inv_depth)


def test_a_cloud_behind_the_thing_stays_in_the_sky(scene):
    inv_depth, sky, colours = scene
    colours[20:40, 40:60] = (1.7, 1.8, 1.9)
    np.testing.assert_array_equal(rejoin_tips(inv_depth, sky, colours, sigma_px=1.5), inv_depth)


def test_a_tip_is_no_longer_than_the_map_is_soft(scene):
    inv_depth, sky, colours = scene
    colours[2:40, 50:52] = THING_COLOUR
    joined = rejoin_tips(inv_depth, sky, colours, sigma_px=1.0)
    assert (joined[36:40, 50] == np.float32(THING)).all()
    assert (joined[:26, 50] == np.float32(SKY)).all()


def test_without_sky_nothing_changes(scene):
    inv_depth, sky, colours = scene
    same = rejoin_tips(inv_depth, np.zeros_like(sky), colours, sigma_px=1.5)
    np.testing.assert_array_equal(same, inv_depth)


def test_broad_tips_are_found_though_they_were_taken_for_sky(scene):
    inv_depth, sky, colours = scene
    feather = np.s_[24:40, 44:56]
    colours[28:40, 50:52] = SKY_COLOUR
    colours[feather] = THING_COLOUR
    joined = rejoin_tips(inv_depth, sky, colours, sigma_px=1.5)
    assert (joined[feather] == np.float32(THING)).all()


def test_a_seam_between_a_thing_and_the_label_of_the_sky_belongs_to_the_thing(scene):
    inv_depth, sky, colours = scene
    pale = np.s_[36:40, 30:70]
    colours[28:40, 50:52] = SKY_COLOUR
    colours[pale] = np.array(SKY_COLOUR) - 0.08  # hardly like the sky, and not like the thing
    assert (rejoin_tips(inv_depth, sky, colours, sigma_px=1.5)[pale] == np.float32(SKY)).all()
    sky[pale] = False
    assert (rejoin_tips(inv_depth, sky, colours, sigma_px=1.5)[pale] == np.float32(THING)).all()


def test_a_far_hill_beside_a_thing_stays_far(scene):
    inv_depth, sky, colours = scene
    hill = np.s_[30:, :30]
    colours[28:40, 50:52] = SKY_COLOUR
    colours[hill] = (0.9, 0.9, 0.9)
    sky[hill] = False
    joined = rejoin_tips(inv_depth, sky, colours, sigma_px=1.5)
    assert (joined[hill] == np.float32(SKY)).mean() > 0.98
