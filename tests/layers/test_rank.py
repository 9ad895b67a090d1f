"""From how far back a fill is taken."""

import numpy as np

from parallax.layers.rank import rank_behind
from parallax.layers.split import find_tears, split_surfaces

SKY, HILL, ROCK, NEAR_ROCK = 0.02, 0.2, 0.6, 0.9


def a_rock_before_hill_and_sky(size=128):
    """Sky above, a hill below, before them a rock that has a nearer rock before it."""
    inv_depth = np.full((size, size), SKY, np.float32)
    inv_depth[64:] = HILL
    inv_depth[20:108, 40:100] = ROCK
    inv_depth[50:80, 60:80] = NEAR_ROCK
    return inv_depth


def rank_of(inv_depth, sky):
    tears = find_tears(inv_depth, gap_px_of_inv=30.0, tear_gap_px=2.0)
    surfaces = split_surfaces(
        inv_depth, tears, gap_px_of_inv=30.0, px_of_output_px=1.0, extension_px=12.0, taken_px=24.0
    )
    return rank_behind(inv_depth, tears, surfaces, sky), surfaces


def test_behind_an_outline_nothing_of_the_foreground_is_taken():
    inv_depth = a_rock_before_hill_and_sky()
    rank, surfaces = rank_of(inv_depth, None)
    by_near_rock = surfaces.background & (inv_depth == ROCK)
    assert by_near_rock.any()
    assert rank[64, 44] < rank[by_near_rock].min()  # just behind the rock's left outline
    assert rank[64, 62] >= rank[by_near_rock].max()  # just behind the nearer rock's


def test_into_the_sky_only_sky_is_painted():
    inv_depth = a_rock_before_hill_and_sky()
    sky = inv_depth == np.float32(SKY)
    rank, surfaces = rank_of(inv_depth, sky)
    np.testing.assert_array_equal(rank[surfaces.background & sky], 0)
    assert rank[22, 70] == 0  # behind the rock's upper outline
    assert rank[surfaces.background & ~sky].min() > 0
    assert rank[90, 43] > 0  # behind its left outline, where the hill is
