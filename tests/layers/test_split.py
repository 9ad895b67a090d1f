"""Tears, and the surfaces at them."""

import numpy as np
import pytest

from parallax.layers.split import SPARE_PX, find_tears, split_surfaces
from parallax.nearest import nearest_of

GAP_PX_OF_INV = 20.0  # a step of 0.5 parts by 10 px
NEAR, FAR = 0.75, 0.25
EDGE_X = 40


def step_map(height=24, width=96):
    """Near on the left of EDGE_X, far on the right."""
    inv_depth = np.full((height, width), FAR, np.float32)
    inv_depth[:, :EDGE_X] = NEAR
    return inv_depth


def tears_of(inv_depth):
    return find_tears(inv_depth, gap_px_of_inv=GAP_PX_OF_INV, tear_gap_px=2.0)


def split(inv_depth, tears=None, px_of_output_px=1.0):
    return split_surfaces(
        inv_depth,
        tears or tears_of(inv_depth),
        gap_px_of_inv=GAP_PX_OF_INV,
        px_of_output_px=px_of_output_px,
        extension_px=12.0,
        taken_px=24.0,
    )


def test_the_nearest_pixel_of_a_mask_is_found():
    mask = np.zeros((5, 9), np.bool_)
    mask[2, 1] = mask[2, 7] = True
    distance_px, index = nearest_of(mask)
    assert index[2, 2] == 2 * 9 + 1
    assert index[0, 8] == 2 * 9 + 7
    assert distance_px[2, 3] == pytest.approx(2)


def test_a_step_tears_and_each_side_knows_the_other():
    tears = tears_of(step_map())
    assert tears.exists
    assert (tears.distance_px[:, EDGE_X - 1] == 0).all()
    assert (tears.distance_px[:, EDGE_X] == 1).all()
    np.testing.assert_allclose(tears.near_inv, NEAR)
    np.testing.assert_allclose(tears.far_inv, FAR)


def test_a_slope_does_not_tear():
    slope = np.linspace(0, 1, 96, dtype=np.float32)[None].repeat(24, 0)  # 0.2 px a pixel
    assert not tears_of(slope).exists


def test_the_threshold_is_in_output_pixels():
    low = np.where(step_map() == NEAR, FAR + 0.09, FAR).astype(np.float32)  # parts by 1.8 px
    high = np.where(step_map() == NEAR, FAR + 0.11, FAR).astype(np.float32)  # parts by 2.2 px
    assert not tears_of(low).exists
    assert tears_of(high).exists


def test_a_tear_runs_on_to_where_its_gap_is_small():
    rows = np.linspace(0, 0.5, 24, dtype=np.float32)[:, None]
    fading = np.full((24, 96), FAR, np.float32)
    fading[:, :EDGE_X] += rows
    torn = tears_of(fading).distance_px[:, EDGE_X - 1] == 0
    gap_px = rows[:, 0] * GAP_PX_OF_INV
    np.testing.assert_array_equal(torn, gap_px > 1.0)


def test_without_tears_both_surfaces_are_the_map():
    slope = np.linspace(0, 1, 96, dtype=np.float32)[None].repeat(24, 0)
    surfaces = split(slope)
    np.testing.assert_array_equal(surfaces.near_inv, slope)
    np.testing.assert_array_equal(surfaces.far_inv, slope)
    assert not surfaces.hidden.any()
    assert surfaces.edge_px.max() < -100 or surfaces.edge_px.min() > 100


def test_the_near_surface_goes_on_past_its_edge():
    surfaces = split(step_map())
    np.testing.assert_allclose(surfaces.near_inv[:, : EDGE_X + 10], NEAR)
    np.testing.assert_allclose(surfaces.near_inv[:, EDGE_X + 15 :], FAR)


def test_the_far_surface_goes_on_behind_the_near_one_as_far_as_may_be_seen():
    surfaces = split(step_map())
    gap_px = (NEAR - FAR) * GAP_PX_OF_INV
    uncovered = int(gap_px + SPARE_PX)
    np.testing.assert_allclose(surfaces.far_inv[:, EDGE_X - uncovered :], FAR, atol=1e-5)
    assert surfaces.hidden[:, EDGE_X - uncovered : EDGE_X].all()
    assert not surfaces.hidden[:, : EDGE_X - uncovered - 2].any()
    assert not surfaces.hidden[:, EDGE_X:].any()


def test_a_map_at_half_the_films_size_hides_half_as_many_pixels():
    whole, half = split(step_map()), split(step_map(), px_of_output_px=0.5)
    assert half.hidden[0].sum() == pytest.approx(whole.hidden[0].sum() / 2, abs=1)


def test_distance_to_the_edge_is_positive_on_the_near_side():
    edge_px = split(step_map()).edge_px[12]
    np.testing.assert_allclose(edge_px[EDGE_X - 3 : EDGE_X + 3], [2.5, 1.5, 0.5, -0.5, -1.5, -2.5])


def test_a_fill_is_taken_from_the_far_side_only():
    surfaces = split(step_map())
    assert not surfaces.background[:, :EDGE_X].any()
    assert surfaces.background[:, EDGE_X : EDGE_X + 20].all()


def test_a_thin_pole_is_near_all_through():
    pole = np.full((24, 96), FAR, np.float32)
    pole[:, 50] = NEAR
    surfaces = split(pole)
    assert (surfaces.edge_px[:, 50] > 0).all()
    assert (surfaces.edge_px[:, 49] < 0).all()
    assert (surfaces.edge_px[:, 51] < 0).all()
    np.testing.assert_allclose(surfaces.near_inv[:, 45:56], NEAR)
    np.testing.assert_allclose(surfaces.far_inv, FAR, atol=1e-5)


@pytest.mark.parametrize("seed", range(10))
def test_the_far_surface_is_never_before_the_near_one(seed):
    rng = np.random.default_rng(seed)
    blocks = rng.uniform(size=(4, 5)).astype(np.float32)
    inv_depth = blocks.repeat(rng.integers(6, 14), 0).repeat(rng.integers(6, 14), 1)
    surfaces = split(inv_depth)
    assert (surfaces.far_inv <= surfaces.near_inv + 1e-6).all()
    assert (surfaces.far_inv <= inv_depth + 1e-6).all()
    assert (surfaces.near_inv >= inv_depth - 1e-6).all()


def test_between_two_far_surfaces_the_guess_is_gentle():
    inv_depth = np.full((96, 96), 0.1, np.float32)
    inv_depth[48:] = 0.2  # below, what is behind is nearer
    inv_depth[8:88, :EDGE_X] = NEAR
    surfaces = split(inv_depth)
    steps = np.abs(np.diff(surfaces.far_inv[20:76, EDGE_X - 12], axis=0))
    assert steps.sum() == pytest.approx(0.1, abs=0.05)
    assert steps.max() < 0.1 / 8


def test_relief_of_its_own_does_not_tear_what_is_behind_a_thing():
    inv_depth = np.full((24, 160), FAR, np.float32)
    inv_depth[:, :80] = NEAR
    inv_depth[:, 56:66] = 0.6  # a furrow, 14 px from the outline
    gap_px_of_inv = 100.0
    surfaces = split_surfaces(
        inv_depth,
        find_tears(inv_depth, gap_px_of_inv=gap_px_of_inv, tear_gap_px=2.0),
        gap_px_of_inv=gap_px_of_inv,
        px_of_output_px=1.0,
        extension_px=12.0,
        taken_px=24.0,
    )
    steps = np.abs(np.diff(surfaces.far_inv[12, 73:81]))  # to half-way between the edges
    assert steps.max() <= 1.5 / gap_px_of_inv + 1e-6  # the worst pose stretches it 1.5 px a pixel
    np.testing.assert_allclose(surfaces.far_inv[12, 56:66], 0.6)  # what is seen stays
    assert surfaces.far_inv[12, 50:56].min() >= 0.5  # and goes on behind its own edges


def test_an_edge_with_a_ledge_is_one_step():
    inv_depth = step_map()
    inv_depth[:, EDGE_X : EDGE_X + 3] = 0.45
    tears = find_tears(inv_depth, gap_px_of_inv=GAP_PX_OF_INV, tear_gap_px=2.0, ledge_px=3)
    np.testing.assert_allclose(tears.near_inv, NEAR)
    np.testing.assert_allclose(tears.far_inv, FAR)


def test_a_slope_of_the_near_surface_is_no_background():
    inv_depth = step_map(height=24, width=200)
    inv_depth[:, EDGE_X:140] = np.linspace(NEAR, 0.4, 100)  # 0.07 px a pixel
    inv_depth[:, :EDGE_X] = 0.0  # the only edge is on the left; from x = 116 below its middle
    inv_depth[:, 140:] = 0.35
    surfaces = split(inv_depth)
    assert (surfaces.edge_px[:, EDGE_X:] > 0).all()
    assert not surfaces.background[:, EDGE_X:].any()
