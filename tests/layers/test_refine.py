"""Depth edges: sharpened, put where the photo has them, and left alone where they are right."""

import cv2
import numpy as np
import pytest

from parallax.label_map import LABELS, LabelMap
from parallax.layers.refine import (
    RefineParams,
    measure_blur,
    refine_edges,
    snap_mixed,
    widen_near,
)
from parallax.layers.sides import Look, look_at

GAP_PX_OF_INV = 60.0
NEAR, FAR, EDGE_X = 0.8, 0.3, 64
HEIGHT, WIDTH = 64, 128


def step(edge_x=EDGE_X):
    inv_depth = np.full((HEIGHT, WIDTH), FAR, np.float32)
    inv_depth[:, :edge_x] = NEAR
    return inv_depth


def photo_of(edge_x):
    """What a photo looks like that is dark on the left of an edge and bright on the right."""
    colours = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    colours[:, edge_x:] = 1.2
    return Look(colours, None)


def photo_of_horizon(horizon_y):
    """What a photo looks like that is bright above a line and dark below it."""
    colours = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    colours[:horizon_y] = 1.2
    return Look(colours, None)


def blurred(inv_depth, sigma_px):
    return cv2.GaussianBlur(inv_depth, (0, 0), sigma_px)


def refine(inv_depth, look, sigma_px, stair_px=1, **params):
    return refine_edges(
        inv_depth,
        look,
        gap_px_of_inv=GAP_PX_OF_INV,
        sigma_px=sigma_px,
        stair_px=stair_px,
        params=RefineParams(**params),
    )


def edge_of(inv_depth):
    """(H,), where each row falls below the middle."""
    return (inv_depth > (NEAR + FAR) / 2).sum(1)


@pytest.mark.parametrize("sigma_px", [1.5, 3, 5])
def test_the_blur_of_a_map_is_measured(sigma_px):
    assert measure_blur(blurred(step(), sigma_px)) == pytest.approx(sigma_px, rel=0.25)


def test_edges_that_were_cut_do_not_count():
    soft = blurred(step(), 3.0)
    soft[:, 100:] = 0.05  # sharp, and higher
    cut = np.zeros(soft.shape, bool)
    cut[:, 96:104] = True
    assert measure_blur(soft, ignored=cut) == pytest.approx(3.0, rel=0.25)
    assert measure_blur(step(), ignored=np.ones(soft.shape, bool)) == 0


def test_a_sharp_map_has_no_blur_nor_has_a_flat_one():
    assert measure_blur(step()) == 0
    assert measure_blur(np.full((40, 50), 0.5, np.float32)) == 0
    noise = np.random.default_rng(1).uniform(0, 1e-3, (40, 50)).astype(np.float32)
    assert measure_blur(step() + cv2.resize(noise, (WIDTH, HEIGHT))) < 0.1


@pytest.mark.parametrize("sigma_px", [2, 4])
def test_a_blurred_edge_becomes_a_step(sigma_px):
    refined = refine(blurred(step(), sigma_px), photo_of(EDGE_X), sigma_px)
    assert np.abs(edge_of(refined) - EDGE_X).max() <= 1
    away = np.abs(np.arange(WIDTH) + 0.5 - EDGE_X) > 1.5
    np.testing.assert_allclose(refined[:, away], step()[:, away], atol=0.02)


@pytest.mark.parametrize("shift_px", [-4, 4])
def test_the_step_is_put_where_the_photo_has_its_edge(shift_px):
    refined = refine(blurred(step(), 4.0), photo_of(EDGE_X + shift_px), 4.0)
    assert np.abs(edge_of(refined)[8:-8] - EDGE_X - shift_px).max() <= 1.5


def test_treads_of_an_enlarged_map_are_no_level_places():
    x = np.arange(WIDTH) // 4 * 4 + 1.5  # stairs down a ramp wider than the map's blur
    row = NEAR + (FAR - NEAR) * np.clip((x - EDGE_X + 10) / 20, 0, 1)
    stairs = np.broadcast_to(row, (HEIGHT, WIDTH)).astype(np.float32).copy()
    beside = np.s_[:, EDGE_X - 3 : EDGE_X]
    refined = refine(stairs, photo_of(EDGE_X), 3.0, stair_px=5)
    np.testing.assert_allclose(refined[beside], NEAR, atol=0.05)
    assert refine(stairs, photo_of(EDGE_X), 3.0)[beside].mean() < NEAR - 0.08


def test_labels_can_show_the_edge_that_colours_hardly_do():
    edge_x = EDGE_X + 4
    dim = np.full((HEIGHT, WIDTH, 3), 100, np.uint8)
    dim[:, edge_x:] = 125
    probability = np.zeros((HEIGHT, WIDTH, len(LABELS)), np.uint8)
    probability[:, :edge_x, LABELS.index("person")] = 255
    probability[:, edge_x:, LABELS.index("sky")] = 255
    refined = refine(blurred(step(), 4.0), look_at(dim, LabelMap(probability)), 4.0)
    assert np.abs(edge_of(refined)[8:-8] - edge_x).max() <= 2


def test_an_edge_that_the_photo_does_not_show_becomes_a_gentle_slope():
    plain = Look(np.full((HEIGHT, WIDTH, 3), 0.5, np.float32), None)
    refined = refine(blurred(step(), 3.0), plain, 3.0)
    steepest_px = np.abs(np.diff(refined, axis=1)).max() * GAP_PX_OF_INV
    before_px = np.abs(np.diff(blurred(step(), 3.0), axis=1)).max() * GAP_PX_OF_INV
    assert steepest_px < 0.6 * before_px
    assert steepest_px < 2


def test_a_slope_stays_a_slope():
    ground = np.linspace(0.1, 1, HEIGHT, dtype=np.float32)[:, None].repeat(WIDTH, 1)
    np.testing.assert_array_equal(refine(ground, photo_of(EDGE_X), 4.0), ground)


def test_an_exact_map_stays_as_it_is():
    np.testing.assert_array_equal(refine(step(), photo_of(EDGE_X + 5), 0.0), step())


def test_low_ramps_are_surfaces():
    low = FAR + 0.1 * (step() - FAR)  # parts by 3 px
    soft = blurred(low.astype(np.float32), 3)
    np.testing.assert_array_equal(refine(soft, photo_of(EDGE_X), 3.0), soft)


def test_a_pixel_between_two_surfaces_goes_to_the_closer_one():
    inv_depth = step()
    inv_depth[:, EDGE_X] = NEAR - 0.1
    inv_depth[10, EDGE_X] = FAR + 0.1
    snapped = snap_mixed(inv_depth, gap_px_of_inv=GAP_PX_OF_INV, tear_gap_px=2.0)
    assert snapped[30, EDGE_X] == pytest.approx(NEAR)
    assert snapped[10, EDGE_X] == pytest.approx(FAR)
    np.testing.assert_array_equal(np.delete(snapped, EDGE_X, 1), np.delete(inv_depth, EDGE_X, 1))


def test_near_sides_of_tears_are_widened_by_a_pixel_and_slopes_are_not():
    widened = widen_near(step(), gap_px_of_inv=GAP_PX_OF_INV, tear_gap_px=2.0)
    np.testing.assert_array_equal(widened, step(EDGE_X + 1))
    slope = np.linspace(0, 1, WIDTH, dtype=np.float32)[None].repeat(HEIGHT, 0)
    np.testing.assert_array_equal(
        widen_near(slope, gap_px_of_inv=GAP_PX_OF_INV, tear_gap_px=2.0), slope
    )


def test_a_blur_out_of_range_is_refused():
    with pytest.raises(ValueError, match=r"depth_blur_uv: expected 0…0\.1, got 3"):
        RefineParams(depth_blur_uv=3)


def ground_below_sky(steep_px):
    """Ground in treads, nearer by so many output pixels of shift with every pixel down."""
    y = (np.arange(HEIGHT) // 2 * 2)[:, None].repeat(WIDTH, 1)
    return (0.05 + steep_px / GAP_PX_OF_INV * np.clip(y - 24, 0, None)).astype(np.float32)


@pytest.mark.parametrize("steep_px", [0.4, 0.8])
def test_ground_that_meets_the_sky_stays_a_slope(steep_px):
    ground = ground_below_sky(steep_px)
    np.testing.assert_array_equal(refine(ground, photo_of_horizon(34), 3.0, stair_px=5), ground)


def test_ground_so_steep_that_it_would_be_torn_in_stairs_is_one_step():
    refined = refine(ground_below_sky(2.4), photo_of_horizon(34), 3.0, stair_px=5)
    assert (np.diff(refined, axis=0).max(0) * GAP_PX_OF_INV > 15).all()
