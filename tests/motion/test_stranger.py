"""What stands before the sky is told from it, and clouds are not."""

import cv2
import numpy as np
import pytest

from parallax.depth_map import DepthMap
from parallax.label_map import LABELS, LabelMap
from parallax.motion import bake_motion
from parallax.motion.mask import label_mask
from parallax.motion.stranger import find_strangers
from parallax.motion_plan import MaskSpec, MotionPlan, Region
from parallax.photo import Photo
from tests.reference.motion_warp import draw_motion

SIZE_WH = (192, 128)
HORIZON = 90
BLUE, WHITE, BARK, ROCK = (90, 140, 220), (240, 240, 245), (60, 45, 35), (90, 80, 60)


def cloudy_sky(rng):
    """Blue with soft white clouds, and rock below the horizon."""
    cloud = cv2.GaussianBlur(rng.normal(size=SIZE_WH[::-1]), (0, 0), 14)
    cloud = np.clip(0.4 + 0.3 * cloud / cloud.std(), 0, 1)[..., None]
    srgb = np.array(BLUE) * (1 - cloud) + np.array(WHITE) * cloud
    srgb[HORIZON:] = ROCK
    return np.clip(srgb + rng.normal(0, 2, srgb.shape), 0, 255).astype(np.uint8)


def labels_with(sureness8, part=None):
    """Sure sky above sure ground; the sky as sure as told in a part of it."""
    sky8 = np.zeros(SIZE_WH[::-1], np.uint8)
    sky8[:HORIZON] = 250
    if part is not None:
        sky8[part] = sureness8
    probability = np.zeros((*sky8.shape, len(LABELS)), np.uint8)
    probability[..., LABELS.index("sky")] = sky8
    probability[..., LABELS.index("ground")] = 255 - sky8
    return LabelMap(probability)


def branch():
    """A trunk from the ground up, and a thin branch off it."""
    mask = np.zeros(SIZE_WH[::-1], np.uint8)
    cv2.line(mask, (90, HORIZON + 5), (96, 30), 1, 7)
    cv2.line(mask, (95, 50), (150, 30), 1, 3)
    mask[HORIZON:] = 0
    return mask > 0


def found_in(srgb8, labels):
    photo = Photo(srgb8)
    return find_strangers(photo, labels, label_mask(photo, labels, "sky"), "sky")


@pytest.mark.parametrize("tip8", [140, 180, 240])
def test_a_branch_stands_however_sure_the_label_is_that_its_tip_is_sky(tip8):
    srgb8 = cloudy_sky(np.random.default_rng(0))
    srgb8[branch()] = BARK
    probability = labels_with(150, branch()).probability.copy()
    sky = probability[..., LABELS.index("sky")]
    sky[:, 120:][branch()[:, 120:]] = tip8
    probability[..., LABELS.index("ground")] = 255 - sky
    found = found_in(srgb8, LabelMap(probability))
    assert found[branch()].mean() > 0.8
    near = cv2.dilate(branch().astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    near[HORIZON - 3 :] = True
    assert found[~near].mean() < 0.01


def test_clouds_move_where_the_label_is_half_sure_of_them():
    srgb8 = cloudy_sky(np.random.default_rng(1))
    soft = np.zeros(SIZE_WH[::-1], np.uint8)
    cv2.circle(soft, (60, 70), 30, 1, -1)
    soft[HORIZON:] = 0
    found = found_in(srgb8, labels_with(190, soft > 0))
    assert found[: HORIZON - 3].mean() < 0.01


def test_snow_as_white_as_the_clouds_stands_where_it_ends_in_an_edge():
    rng = np.random.default_rng(2)
    srgb8 = cloudy_sky(rng)
    x, y = np.meshgrid(np.arange(SIZE_WH[0]), np.arange(SIZE_WH[1]))
    snow = (y > 50 + np.abs(x - 100) // 2) & (y < HORIZON)
    srgb8[:60, 60:140] = BLUE
    srgb8[snow] = np.clip(np.array(WHITE) + rng.normal(0, 6, (int(snow.sum()), 3)), 0, 255)
    found = found_in(srgb8, labels_with(140, snow))
    assert found[snow].mean() > 0.9
    assert found[: HORIZON - 3][~snow[: HORIZON - 3]].mean() < 0.04


@pytest.mark.parametrize(("wide_px", "held"), [(2, True), (24, False)])
def test_a_twig_from_the_upper_border_is_held_and_a_dark_cloud_there_is_not(wide_px, held):
    srgb8 = cloudy_sky(np.random.default_rng(6))
    twig = np.zeros(SIZE_WH[::-1], np.uint8)
    cv2.line(twig, (60, -4), (100, 34), 1, wide_px)
    srgb8[twig > 0] = BARK
    found = found_in(srgb8, labels_with(240, twig > 0))
    assert (found[twig > 0].mean() > 0.9) == held
    assert held or not found.any()


def test_what_hangs_together_with_nothing_on_the_ground_moves_on():
    srgb8 = cloudy_sky(np.random.default_rng(3))
    speck = slice(30, 36), slice(80, 86)
    srgb8[speck] = BARK
    assert not found_in(srgb8, labels_with(250)).any()


def test_a_branch_before_a_drifting_sky_stays_and_does_not_glow():
    srgb8 = cloudy_sky(np.random.default_rng(4))
    srgb8[branch()] = BARK
    labels = labels_with(180, branch())
    sky = Region("sky", "sky.drift", MaskSpec(label="sky"), direction_deg=0.0, speed_pct_s=4.0)
    plan = MotionPlan(regions=(sky,), loop=False)
    depth = DepthMap(np.full(SIZE_WH[::-1], 0.5, np.float32))
    motion = bake_motion(plan, Photo(srgb8), depth, labels)
    last = draw_motion(motion, srgb8, 5.0).astype(int)
    assert np.abs(last - srgb8)[branch()].max() <= 4  # of their own soft rim
    assert last[:HORIZON].max() <= int(srgb8[:HORIZON].max()) + 12
    assert np.abs(last - srgb8)[: HORIZON - 6][~branch()[: HORIZON - 6]].mean() > 3
    darkest = last.sum(-1)[: HORIZON - 3][~branch()[: HORIZON - 3]].min()
    assert darkest > 3 * max(BARK)  # no copy of the branch drifts away


def lake_with_jetty():
    """A green lake, and grey planks from the lower border that half the label takes for water."""
    rng = np.random.default_rng(5)
    srgb8 = np.full((*SIZE_WH[::-1], 3), (60, 95, 100), np.uint8)
    srgb8[:40] = BLUE
    jetty = np.zeros(SIZE_WH[::-1], np.uint8)
    cv2.fillConvexPoly(jetty, np.array([(60, 127), (110, 127), (104, 60), (96, 60)]), 1)
    srgb8[jetty > 0] = (150, 135, 125)
    water8 = np.zeros(SIZE_WH[::-1], np.uint8)
    water8[42:] = 245
    water8[jetty > 0] = 150
    water8[110:][jetty[110:] > 0] = 60
    probability = np.zeros((*water8.shape, len(LABELS)), np.uint8)
    probability[..., LABELS.index("water")] = water8
    probability[..., LABELS.index("ground")] = 255 - water8
    noise = rng.normal(0, 3, srgb8.shape)
    return np.clip(srgb8 + noise, 0, 255).astype(np.uint8), LabelMap(probability), jetty > 0


def test_planks_that_the_label_takes_for_water_are_held():
    srgb8, labels, jetty = lake_with_jetty()
    photo = Photo(srgb8)
    mask = label_mask(photo, labels, "water")
    found = find_strangers(photo, labels, mask, "water")
    assert found[jetty & (mask > 0.5)].mean() > 0.97
    beside = ~cv2.dilate(jetty.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    assert found[50:][beside[50:]].mean() < 0.01


def test_a_mirror_image_of_another_colour_that_is_surely_water_moves():
    srgb8, labels, jetty = lake_with_jetty()
    probability = labels.probability.copy()
    probability[jetty, LABELS.index("water")] = 230
    probability[jetty, LABELS.index("ground")] = 25
    photo, labels = Photo(srgb8), LabelMap(probability)
    mask = label_mask(photo, labels, "water")
    assert not find_strangers(photo, labels, mask, "water")[50:].any()


def test_a_label_that_is_nowhere_sure_of_water_is_not_judged_by_it():
    srgb8, labels, _ = lake_with_jetty()
    probability = labels.probability.copy()
    probability[..., LABELS.index("water")] = probability[..., LABELS.index("water")] // 4 * 3
    labels = LabelMap(probability)
    photo = Photo(srgb8)
    assert not find_strangers(photo, labels, label_mask(photo, labels, "water"), "water").any()


def test_a_dark_mirror_image_of_which_the_label_is_less_sure_moves():
    srgb8, labels, jetty = lake_with_jetty()
    probability = labels.probability.copy()
    probability[jetty, LABELS.index("water")] = 180
    probability[jetty, LABELS.index("ground")] = 75
    srgb8[jetty] = (25, 45, 55)
    photo, labels = Photo(srgb8), LabelMap(probability)
    mask = label_mask(photo, labels, "water")
    assert find_strangers(photo, labels, mask, "water")[50:].mean() < 0.01


def test_planks_are_held_where_the_label_is_surer_of_water_because_they_are_warmer():
    srgb8, labels, jetty = lake_with_jetty()
    probability = labels.probability.copy()
    far_end = jetty.copy()
    far_end[80:] = False
    probability[far_end, LABELS.index("water")] = 215
    probability[far_end, LABELS.index("ground")] = 40
    photo, labels = Photo(srgb8), LabelMap(probability)
    found = find_strangers(photo, labels, label_mask(photo, labels, "water"), "water")
    assert found[far_end].mean() > 0.95
