"""Connected parts of masks."""

import numpy as np
import pytest

from parallax.layers.part import parts_holding


def parse(*rows):
    return np.array([[pixel == "#" for pixel in row] for row in rows])


@pytest.mark.parametrize(
    ("connectivity", "kept"), [(4, ("##..", "....", "....")), (8, ("##..", "..#.", "...#"))]
)
def test_parts_are_kept_whole_if_a_seed_is_in_them(connectivity, kept):
    mask = parse("##..", "..#.", "#..#")
    seed = parse("#...", "....", "....")
    found = parts_holding(mask, seed, connectivity=connectivity)
    np.testing.assert_array_equal(found, parse(*kept))


def test_a_seed_outside_the_mask_keeps_nothing():
    assert not parts_holding(parse("#.."), parse("..#"), connectivity=8).any()
