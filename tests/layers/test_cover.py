"""Squares for all surfaces, within the budget."""

import numpy as np
import pytest

from parallax.layers.cover import COARSE_EDGE_SQUARE_PX, cover_surfaces
from parallax.layers.split import find_tears, split_surfaces

GAP_PX_OF_INV = 20.0


def cover_of(inv_depth, **options):
    tears = find_tears(inv_depth, gap_px_of_inv=GAP_PX_OF_INV, tear_gap_px=2.0)
    surfaces = split_surfaces(
        inv_depth,
        tears,
        gap_px_of_inv=GAP_PX_OF_INV,
        px_of_output_px=1.0,
        extension_px=16.0,
        taken_px=24.0,
    )
    band = np.abs(surfaces.edge_px) < 4
    settings = {"misfit_px": 0.5, "max_triangles": 20_000} | options
    cover = cover_surfaces(
        inv_depth, surfaces, band, surfaces.edge_px > -1, gap_px_of_inv=GAP_PX_OF_INV, **settings
    )
    return cover, surfaces, band


def disc_map():
    y, x = np.mgrid[:192, :256]
    return np.where(np.hypot(x - 128, y - 96) < 50, 0.9, 0.2).astype(np.float32)


def marked(cover, chosen):
    mask = np.zeros(cover.squares.size_wh[::-1], np.bool_)
    for i in np.flatnonzero(chosen):
        x, y, side = cover.squares.x_px[i], cover.squares.y_px[i], cover.squares.side_px[i]
        mask[y : y + side, x : x + side] = True
    return mask


def test_soft_bands_and_hidden_parts_lie_in_squares_with_a_far_surface():
    cover, surfaces, band = cover_of(disc_map())
    assert marked(cover, cover.torn)[band].all()
    assert marked(cover, cover.deep)[surfaces.hidden].all()
    assert (cover.deep | ~cover.torn).all()


def test_flat_surfaces_cost_few_triangles():
    cover, _, _ = cover_of(disc_map())
    assert cover.misfit_px == 0.5
    assert cover.squares.num_triangles.sum() < 3000
    assert (~cover.deep).any()


def test_an_untorn_scene_has_one_surface():
    slope = np.linspace(0, 1, 256, dtype=np.float32)[None].repeat(192, 0)
    cover, _, _ = cover_of(slope)
    assert not cover.torn.any()
    assert not cover.deep.any()


def test_a_budget_is_kept_by_a_larger_misfit():
    rng = np.random.default_rng(1)
    hills = rng.uniform(0.2, 0.26, (192, 256)).astype(np.float32)
    fine, _, _ = cover_of(hills, misfit_px=0.1, max_triangles=10**6)
    coarse, _, _ = cover_of(hills, misfit_px=0.1, max_triangles=1000)
    assert coarse.squares.num_triangles.sum() <= 1000 < fine.squares.num_triangles.sum()
    assert coarse.misfit_px > fine.misfit_px == 0.1


def test_where_a_coarser_fit_is_not_enough_squares_at_tears_grow():
    fine, _, band = cover_of(disc_map())
    least = int(fine.squares.num_triangles[fine.torn].sum())
    coarse, _, _ = cover_of(disc_map(), max_triangles=least)
    assert coarse.squares.side_px[coarse.torn].max() == COARSE_EDGE_SQUARE_PX
    assert coarse.squares.num_triangles[coarse.torn].sum() < least
    assert marked(coarse, coarse.torn)[band].all()


def test_an_impossible_budget_ends():
    cover, _, _ = cover_of(disc_map(), max_triangles=1)
    assert cover.misfit_px == pytest.approx(16, rel=0.3)
