"""Squares: they tile, they fit, neighbours differ by one level at most."""

import numpy as np
import pytest

from parallax.layers.quadtree import (
    LARGEST_PX,
    SMALLEST_PX,
    corner_values,
    grow_squares,
    mask_of,
    measure_misfit,
    pool_squares,
)


def bumpy(rng, height, width):
    """A map with a flat part, a slope and a rough part."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    rough = rng.uniform(size=(height, width)) * (x > width * 0.7)
    return (x / width + 0.2 * np.sin(y / 9) * (y > height / 2) + rough).astype(np.float32)


def grow(field, tolerance, limits=None):
    misfit = measure_misfit(field, np.ones(field.shape, np.bool_))
    return grow_squares(
        misfit, limits or {}, size_wh=(field.shape[1], field.shape[0]), tolerance=tolerance
    )


def sides_on_map(squares):
    """(H, W), the side of the square that holds each pixel; fails if two do."""
    width, height = squares.size_wh
    sides = np.zeros((height, width), int)
    for x, y, side in zip(squares.x_px, squares.y_px, squares.side_px, strict=True):
        assert (sides[y : y + side, x : x + side] == 0).all()
        sides[y : y + side, x : x + side] = side
    return sides


def test_corner_values_are_means_of_the_pixels_around():
    field = np.array([[0, 2], [4, 6]], np.float32)
    corners = corner_values(field, *np.ogrid[:3, :3])
    np.testing.assert_allclose(corners, [[0, 1, 2], [2, 3, 4], [4, 5, 6]])


def test_pooling_finds_the_largest_value_of_each_square():
    rng = np.random.default_rng(1)
    values = rng.uniform(size=(100, 130)).astype(np.float32)
    pooled = pool_squares(values)
    assert pooled[16][2, 3] == values[32:48, 48:64].max()
    assert pooled[64][1, 2] == values[64:, 128:].max()


def test_a_plane_needs_only_the_largest_squares():
    y, x = np.mgrid[:128, :192].astype(np.float32)
    squares = grow(0.01 * x + 0.02 * y, tolerance=0.02)  # half a step at the border
    assert (squares.side_px == LARGEST_PX).all()
    assert len(squares.x_px) == 6


@pytest.mark.parametrize("seed", range(5))
def test_squares_tile_the_map_and_neighbours_differ_by_one_level(seed):
    rng = np.random.default_rng(seed)
    height, width = rng.integers(20, 200, 2)
    sides = sides_on_map(grow(bumpy(rng, height, width), tolerance=0.05))
    assert (sides > 0).all()
    for one, other in ((sides[1:], sides[:-1]), (sides[:, 1:], sides[:, :-1])):
        ratio = np.maximum(one, other) / np.minimum(one, other)
        assert ratio.max() <= 2


def test_some_squares_have_the_mask_of_their_pixels():
    rng = np.random.default_rng(9)
    squares = grow(bumpy(rng, 100, 150), tolerance=0.05)
    chosen = rng.uniform(size=len(squares.x_px)) < 0.3
    expected = np.zeros((100, 150), np.bool_)
    for i in np.flatnonzero(chosen):
        x, y, side = squares.x_px[i], squares.y_px[i], squares.side_px[i]
        expected[y : y + side, x : x + side] = True
    np.testing.assert_array_equal(mask_of(squares, chosen), expected)


def test_hanging_sides_are_those_with_smaller_neighbours():
    rng = np.random.default_rng(2)
    squares = grow(bumpy(rng, 128, 128), tolerance=0.05)
    sides = np.pad(sides_on_map(squares), 1)
    for x, y, side, hanging in zip(
        squares.x_px + 1, squares.y_px + 1, squares.side_px, squares.hanging, strict=True
    ):
        around = (sides[y - 1, x], sides[y, x + side], sides[y + side, x], sides[y, x - 1])
        expected = [0 < neighbour < side for neighbour in around]
        assert [bool(hanging >> bit & 1) for bit in range(4)] == expected


def test_squares_fit_within_the_tolerance():
    rng = np.random.default_rng(3)
    field, tolerance = bumpy(rng, 128, 192), 0.05
    squares = grow(field, tolerance)
    corners = corner_values(field, *np.ogrid[:129, :193])
    for x, y, side in zip(squares.x_px, squares.y_px, squares.side_px, strict=True):
        if side == SMALLEST_PX:
            continue
        place = (np.arange(side) + 0.5) / side
        u, v = place[None], place[:, None]
        tl, tr = corners[y, x], corners[y, x + side]
        bl, br = corners[y + side, x], corners[y + side, x + side]
        upper = tl + u * (tr - tl) + v * (bl - tl)
        lower = br + (1 - u) * (bl - br) + (1 - v) * (tr - br)
        drawn = np.where(u + v <= 1, upper, lower)
        deviation = np.abs(field[y : y + side, x : x + side] - drawn)
        if side > 16:  # looked at in 16×16 places
            step = side // 16
            deviation = deviation[step // 2 :: step, step // 2 :: step]
        assert deviation.max() <= tolerance + 1e-5


def test_marked_pixels_lie_in_squares_no_larger_than_their_limit():
    flat = np.zeros((128, 128), np.float32)
    marked = np.zeros((128, 128), np.bool_)
    marked[70, 33] = True
    squares = grow(flat, 1.0, {8: pool_squares(marked)})
    assert sides_on_map(squares)[70, 33] == 8
    assert squares.side_px.max() == 32  # 8 beside 16 beside 32 and so on, both ways
    assert squares.any_of(pool_squares(marked)).sum() == 1


def test_what_does_not_count_does_not_split():
    rng = np.random.default_rng(4)
    field = rng.uniform(size=(64, 64)).astype(np.float32)
    misfit = measure_misfit(field, np.zeros((64, 64), np.bool_))
    squares = grow_squares(misfit, {}, size_wh=(64, 64), tolerance=0.01)
    assert len(squares.x_px) == 1


def test_sizes_above_the_largest_asked_for_are_not_looked_at():
    rng = np.random.default_rng(5)
    misfit = measure_misfit(
        rng.uniform(size=(64, 64)).astype(np.float32), np.ones((64, 64), np.bool_), largest_px=8
    )
    assert misfit[8].min() > 0
    assert misfit[16].max() == 0
