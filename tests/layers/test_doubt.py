"""Which steps are believed."""

import numpy as np
import pytest

from parallax.layers.doubt import find_border, soften_doubtful

HEIGHT, WIDTH, EDGE_X, GAP_PX_OF_INV, RADIUS = 200, 300, 150, 50.0, 6


def step(height, rows=slice(None), columns=slice(0, EDGE_X)):
    near = np.zeros((HEIGHT, WIDTH), np.bool_)
    near[rows, columns] = True
    return np.where(near, np.float32(0.2 + height), np.float32(0.2)).astype(np.float32), near


def colours_of(near, change):
    return np.where(near[..., None], np.float32(0.5 + change), np.float32(0.5)).repeat(3, 2)


def soften(stepped, near, change):
    border = find_border(near, ~near)
    return soften_doubtful(
        stepped,
        stepped,
        colours_of(near, change),
        border,
        radius=RADIUS,
        gap_px_of_inv=GAP_PX_OF_INV,
    )


def steepest_px(inv_depth):
    return np.abs(np.diff(inv_depth, axis=1)).max() * GAP_PX_OF_INV


def test_a_border_is_where_two_masks_touch():
    _, near = step(0.3)
    border = find_border(near, ~near)
    assert border[:, EDGE_X - 1 : EDGE_X + 1].all()
    assert border.sum() == 2 * HEIGHT


@pytest.mark.parametrize("height", [0.1, 0.4])
def test_a_long_step_that_the_photo_shows_stays(height):
    stepped, near = step(height)
    np.testing.assert_array_equal(soften(stepped, near, 0.5), stepped)


def test_a_step_that_the_photo_does_not_show_becomes_a_slope():
    stepped, near = step(0.4)
    assert steepest_px(stepped) == pytest.approx(20)
    assert steepest_px(soften(stepped, near, 0.02)) < 2


def test_a_low_short_step_becomes_a_slope_and_a_high_one_stays():
    bump = (slice(95, 101), slice(140, 150))
    low, near = step(0.1, *bump)
    assert steepest_px(soften(low, near, 0.5)) < 0.4 * steepest_px(low)
    high, near = step(0.4, *bump)
    np.testing.assert_array_equal(soften(high, near, 0.5), high)


def test_far_from_a_doubtful_step_nothing_changes():
    stepped, near = step(0.4)
    softened = soften(stepped, near, 0.0)
    away = np.abs(np.arange(WIDTH) - EDGE_X) > 5 * RADIUS + 2
    np.testing.assert_array_equal(softened[:, away], stepped[:, away])


def test_a_map_without_steps_stays():
    stepped, _ = step(0.4)
    nothing = np.zeros((HEIGHT, WIDTH), np.bool_)
    np.testing.assert_array_equal(soften(stepped, nothing, 0.0), stepped)
