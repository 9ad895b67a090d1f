"""What stands on water is told from it: land above the horizon, piers, boats."""

import numpy as np
import pytest

from parallax.motion.standing import below_horizon, specs_of, standing_in

SHAPE = (120, 180)
HORIZON = 40


def water_scene():
    """A calm plane of water that recedes to the horizon: mask, picture, inverse depth."""
    water = np.zeros(SHAPE, bool)
    water[HORIZON:] = True
    rows = np.clip((np.arange(SHAPE[0]) - HORIZON + 4) / (SHAPE[0] - HORIZON), 0.01, 1)
    inv_depth = (0.8 * rows[:, None] * np.ones(SHAPE)).astype(np.float32)
    srgb8 = np.full((*SHAPE, 3), (60, 90, 110), np.uint8)
    return water, srgb8, inv_depth


def test_water_above_the_lowest_sky_is_none():
    sky, water = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    sky[:HORIZON, 90:] = True
    water[20:, :90] = True  # a hill beside the sky, and the lake below it
    kept = below_horizon(water, sky)
    assert not kept[:HORIZON].any()
    assert np.array_equal(kept[HORIZON:], water[HORIZON:])


def test_a_mirrored_sky_is_no_horizon():
    sky, water = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    sky[:20] = True
    sky[80:100] = True
    water[50:80] = water[100:] = True
    assert np.array_equal(below_horizon(water, sky), water)


SURE = np.ones(SHAPE, np.float32)


def test_open_water_has_nothing_that_stands():
    water, srgb8, inv_depth = water_scene()
    assert not standing_in(water, srgb8, inv_depth, SURE).any()


def test_a_pier_that_is_nearer_and_rougher_stands():
    water, srgb8, inv_depth = water_scene()
    pier = np.zeros(SHAPE, bool)
    pier[60:, 70:110] = True
    inv_depth[pier] *= 1.6
    srgb8[pier] = np.random.default_rng(0).integers(40, 140, (int(pier.sum()), 1), np.uint8)
    standing = standing_in(water, srgb8, inv_depth, SURE)
    assert standing[pier].mean() > 0.95
    assert standing[~pier].mean() < 0.05


def test_a_smooth_patch_that_is_read_as_near_does_not_stand():
    water, srgb8, inv_depth = water_scene()
    inv_depth[70:, 70:110] *= 1.6
    assert not standing_in(water, srgb8, inv_depth, SURE).any()


def test_a_mirror_image_that_is_read_as_near_but_ends_in_no_break_does_not_stand():
    water, srgb8, inv_depth = water_scene()
    columns = np.exp(-0.5 * ((np.arange(SHAPE[1]) - 90) / 25.0) ** 2)
    inv_depth[HORIZON:] *= 1 + 0.5 * columns.astype(np.float32)
    srgb8[HORIZON:, 70:110] = 20, 30, 20
    assert not standing_in(water, srgb8, inv_depth, SURE).any()


@pytest.mark.parametrize("told_by", ["label", "depth"])
def test_a_boat_stands_by_its_colour_and_is_outlined(told_by):
    water, srgb8, inv_depth = water_scene()
    srgb8[80:88, 60:90] = 240, 230, 225
    sure = SURE.copy()
    if told_by == "label":
        sure[80:88, 60:90] = 0.8
    else:
        inv_depth[80:88, 60:90] *= 1.3
    standing = standing_in(water, srgb8, inv_depth, sure)
    assert standing[80:88, 60:90].mean() > 0.9
    assert standing.mean() < 0.03
    (spec,) = specs_of(standing)
    assert np.abs(np.mean(spec.polygons[0], 0) - (75 / 180, 84 / 120)).max() < 0.02


def test_light_on_water_that_is_surely_water_does_not_stand():
    water, srgb8, inv_depth = water_scene()
    srgb8[60:100, 84:94] = 240, 200, 120  # the sun's path
    assert not standing_in(water, srgb8, inv_depth, SURE).any()


@pytest.mark.parametrize(("tall", "wide", "stands"), [(12, 5, True), (5, 12, False)])
def test_a_bather_is_dark_and_upright_and_a_wave_is_not(tall, wide, stands):
    water, srgb8, inv_depth = water_scene()
    bather = slice(80, 80 + tall), slice(60, 60 + wide)
    srgb8[bather] = 15
    sure = SURE.copy()
    sure[bather] = 0.96
    standing = standing_in(water, srgb8, inv_depth, sure)
    assert (standing[bather].mean() > 0.9) == stands
    assert standing.mean() < 0.01


def test_the_mirror_image_of_a_mast_does_not_stand():
    water, srgb8, inv_depth = water_scene()
    mast, image = (slice(10, 32), slice(60, 65)), (slice(48, 70), slice(60, 65))
    srgb8[:HORIZON] = 200
    srgb8[mast], srgb8[image] = 10, 25
    sure = SURE.copy()
    sure[image] = 0.96
    assert not standing_in(water, srgb8, inv_depth, sure).any()


def test_a_boat_of_which_half_is_known_is_held_whole():
    water, srgb8, inv_depth = water_scene()
    water[80:90, 60:64] = water[80:90, 84:88] = False  # bow and stern
    water[88:90, 60:88] = False  # and the keel between them
    assert standing_in(water, srgb8, inv_depth, SURE)[80:90, 60:88].mean() > 0.9
