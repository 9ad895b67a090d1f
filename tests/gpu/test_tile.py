"""Tiles of frames."""

import numpy as np
import pytest

from parallax.gpu.tile import WHOLE_UV, plan_tiles


def test_a_frame_that_fits_is_one_tile():
    (tile,) = plan_tiles((96, 64), 96)
    assert tile.part_uv == WHOLE_UV
    assert tile.box_px == (0, 0, 96, 64)


@pytest.mark.parametrize("side_px", [7, 10, 32, 50, 64])
def test_tiles_are_alike_and_every_pixel_is_some_tile_s_own_once(side_px):
    frame_wh = (95, 64)
    owners = np.zeros(frame_wh[::-1], int)
    for tile in plan_tiles(frame_wh, side_px):
        x, y, wide, high = tile.box_px
        assert (wide, high) == plan_tiles(frame_wh, side_px)[0].size_wh
        assert max(wide, high) <= side_px
        own = tile.own_samples(np.ones((2 * high, 2 * wide, 1), np.uint8))
        rows, columns = own.shape[0] // 2, own.shape[1] // 2
        owners[y + high - rows : y + high, x + wide - columns : x + wide] += 1
    assert (owners == 1).all()
