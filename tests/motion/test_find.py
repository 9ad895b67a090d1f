"""What is found in a photo by itself, and what words make of it."""

import cv2
import numpy as np
import pytest

from parallax.depth_map import DepthMap
from parallax.label_map import LabelMap
from parallax.motion import MotionParams, bake_motion, draw_preview, plan_motion
from parallax.motion_plan import MaskSpec, format_motion, parse_motion
from parallax.photo import Photo
from tests.motion.pictures import ground_depth, labels_of, landscape, noise_photo

SIZE_WH = (192, 128)
UPPER, LOWER = slice(0, 50), slice(50, 128)


def planned(rng, bands, *, photo=None, depth=None, **params):
    photo = photo or noise_photo(rng, SIZE_WH)
    return plan_motion(
        photo,
        depth or ground_depth(SIZE_WH),
        labels_of(bands, SIZE_WH),
        params=MotionParams(**params),
    )


def types_of(plan):
    return [region.type for region in plan.regions if region.enabled]


def smooth(rng):
    return noise_photo(rng, SIZE_WH, blur_px=9)


def starry_night(rng):
    night = np.full((128, 192, 3), 20, np.uint8)
    night[rng.integers(0, 50, 90), rng.integers(0, 192, 90)] = 220
    return Photo(night)


def perhaps_water(share8):
    """Labels that give the lower half this share of 255 to water."""
    probability = labels_of({"water": LOWER}, SIZE_WH).probability.copy()
    probability[LOWER] = probability[LOWER] // 255 * share8
    probability[LOWER, :, 0] = 255 - share8
    return LabelMap(probability)


def test_a_sky_is_veiled_in_a_loop_and_drifts_otherwise():
    rng = np.random.default_rng(0)
    for loop, kind in ((True, "sky.veil"), (False, "sky.drift")):
        found = planned(rng, {"sky": UPPER}, photo=smooth(rng), loop=loop)
        assert types_of(found.plan) == [kind]
        assert found.plan.regions[0].provenance == "auto"
        assert found.plan.regions[0].note


def test_smooth_water_is_calm_and_rough_water_to_the_horizon_is_sea():
    rng = np.random.default_rng(1)
    bands = {"sky": UPPER, "water": LOWER}
    assert "water.calm" in types_of(planned(rng, bands, photo=smooth(rng)).plan)
    waves = cv2.resize(rng.normal(size=(128, 24)), SIZE_WH, interpolation=cv2.INTER_CUBIC)
    rough = np.clip(110 + 30 * waves, 0, 255).astype(np.uint8)[..., None].repeat(3, 2)
    assert "water.sea" in types_of(planned(rng, bands, photo=Photo(rough)).plan)


def test_white_water_that_stands_up_is_a_fall():
    rng = np.random.default_rng(2)
    streaks = cv2.resize(rng.normal(size=(1, 192)), SIZE_WH, interpolation=cv2.INTER_LINEAR)
    white = np.clip(210 + 25 * streaks, 0, 255).astype(np.uint8)[..., None].repeat(3, 2)
    upright = DepthMap(np.full((128, 192), 0.5, np.float32))
    found = planned(rng, {"water": slice(0, 128)}, photo=Photo(white), depth=upright)
    assert types_of(found.plan) == ["water.fall"]


def test_plants_on_level_ground_are_grass_and_upright_ones_foliage():
    rng = np.random.default_rng(3)
    assert types_of(planned(rng, {"vegetation": LOWER}).plan) == ["grass"]
    upright = DepthMap(np.full((128, 192), 0.5, np.float32))
    assert types_of(planned(rng, {"vegetation": LOWER}, depth=upright).plan) == ["foliage"]


def test_lamps_in_one_part_of_a_dark_sky_are_no_stars():
    rng = np.random.default_rng(5)
    night = np.full((128, 192, 3), 20, np.uint8)
    night[20 + rng.integers(0, 20, 60), 20 + 2 * rng.integers(0, 20, 60)] = 220
    found = planned(rng, {"sky": UPPER}, photo=Photo(night))
    assert not any("stars" in note for note in found.notes)


def test_what_is_far_or_small_or_starry_is_left_still_and_says_why():
    rng = np.random.default_rng(4)
    far = DepthMap(np.full((128, 192), 0.03, np.float32))
    found = planned(rng, {"vegetation": LOWER}, depth=far)
    assert not found.plan.regions
    assert "so far away" in found.notes[0]
    assert not planned(rng, {"vegetation": slice(126, 128)}).plan.regions
    found = planned(rng, {"sky": UPPER}, photo=starry_night(rng))
    assert not types_of(found.plan)
    assert "stars" in found.notes[0]


def test_an_unsure_label_is_left_still():
    rng = np.random.default_rng(5)
    found = plan_motion(smooth(rng), ground_depth(SIZE_WH), perhaps_water(150))
    assert not types_of(found.plan)
    assert "only 59% sure that it is water" in found.notes[0]
    assert "by its labels" in found.notes[1]


def test_words_move_what_was_left_still_but_only_if_they_name_it():
    rng = np.random.default_rng(5)
    night = starry_night(rng)
    for prompt, moved in (
        ("everything moves gently", []),
        ("clouds drift", ["sky.veil"]),
    ):
        found = planned(rng, {"sky": UPPER}, photo=night, prompt=prompt)
        assert types_of(found.plan) == moved
        assert any("what was left still moves if" in note for note in found.notes) != bool(moved)


def test_a_blurred_background_that_is_labelled_as_water_is_left_still():
    rng = np.random.default_rng(12)
    upright = DepthMap(np.full((128, 192), 0.3, np.float32))
    found = plan_motion(smooth(rng), upright, perhaps_water(190))
    assert not types_of(found.plan)
    assert "does not lie like water" in found.notes[0]


@pytest.mark.parametrize(
    ("sky", "lower", "moves"),
    [
        ((190, 200, 215), (225, 190, 150), False),  # sand under a pale sky
        ((240, 190, 120), (225, 185, 140), True),  # the same in a golden evening is a mirror
        ((120, 160, 220), (90, 120, 130), True),  # a lake
        ((120, 160, 220), (110, 85, 60), True),  # a brown river
        ((200, 215, 200), (165, 180, 140), True),  # a shallow sea over sand
    ],
)
def test_what_is_pale_and_warmer_than_the_sky_is_sand(sky, lower, moves):
    rng = np.random.default_rng(16)
    srgb8 = np.empty((128, 192, 3), np.uint8)
    srgb8[UPPER], srgb8[LOWER] = sky, lower
    srgb8 = np.clip(srgb8 + rng.normal(0, 4, srgb8.shape), 0, 255).astype(np.uint8)
    found = planned(rng, {"sky": UPPER, "water": LOWER}, photo=Photo(srgb8))
    assert ("water.calm" in types_of(found.plan)) == moves
    assert any("as sand is" in note for note in found.notes) != moves


def test_the_rest_of_an_animal_is_held_with_its_head():
    rng = np.random.default_rng(13)
    noise = rng.normal(0, 8, (128, 192, 3))
    srgb8 = np.clip(noise + np.array([60, 130, 50]), 0, 255).astype(np.uint8)
    body, head = (slice(60, 110), slice(60, 150)), (slice(60, 100), slice(60, 110))
    srgb8[body] = np.clip(noise[body] + np.array([150, 110, 90]), 0, 255)
    inv_depth = np.full((128, 192), 0.3, np.float32)
    inv_depth[body] = 0.8
    labels = labels_of({"vegetation": slice(0, 128)}, SIZE_WH)
    probability = labels.probability.copy()
    probability[head] = 0
    probability[(*head, 4)] = 255
    found = plan_motion(Photo(srgb8), DepthMap(inv_depth), LabelMap(probability))
    motion = bake_motion(found.plan, Photo(srgb8), DepthMap(inv_depth), LabelMap(probability))
    moves = cv2.resize(motion.sways.astype(np.float32), SIZE_WH)
    assert moves[body].mean() < 0.05
    cv2.randn(np.empty(9, np.float32), 0, 1)  # chance elsewhere must not change the plan
    again = plan_motion(Photo(srgb8), DepthMap(inv_depth), LabelMap(probability))
    assert again.plan == found.plan
    assert moves.mean() > 0.3


def test_a_bear_in_the_water_that_the_label_hardly_knows_is_held_whole():
    rng = np.random.default_rng(15)
    noise = rng.normal(0, 6, (128, 192, 3))
    srgb8 = np.clip(noise + np.array([60, 120, 130]), 0, 255).astype(np.uint8)
    bear, head = (slice(70, 105), slice(70, 130)), (slice(70, 95), slice(70, 95))
    srgb8[bear] = np.clip(noise[bear] + np.array([150, 110, 70]), 0, 255)
    inv_depth = ground_depth(SIZE_WH).inv_depth.copy()
    inv_depth[bear] = 0.8
    probability = labels_of({"water": LOWER}, SIZE_WH).probability.copy()
    probability[(*head, 2)], probability[(*head, 4)] = 200, 55
    photo, depth, labels = Photo(srgb8), DepthMap(inv_depth), LabelMap(probability)
    motion = bake_motion(plan_motion(photo, depth, labels).plan, photo, depth, labels)
    moves = cv2.resize(motion.sways.astype(np.float32), SIZE_WH)
    assert moves[bear].mean() < 0.05
    assert moves[LOWER].mean() > 0.4


def test_people_are_frozen():
    rng = np.random.default_rng(6)
    found = planned(rng, {"sky": UPPER, "person": slice(60, 128)}, photo=smooth(rng))
    assert MaskSpec(label="person") in found.plan.freeze


def test_words_set_the_wind_and_the_clouds():
    rng = np.random.default_rng(7)
    found = planned(
        rng, {"sky": UPPER}, photo=smooth(rng), loop=False,
        prompt="strong wind from the right, clouds drift left slowly",
    )  # fmt: skip
    assert found.plan.wind.direction_deg == 180
    assert found.plan.wind.speed > 0.7
    (sky,) = found.plan.regions
    assert (sky.direction_deg, sky.provenance) == (180, "words")
    assert sky.speed_pct_s == pytest.approx(0.45)


def test_words_keep_things_still_and_report_what_is_not_there():
    rng = np.random.default_rng(8)
    found = planned(
        rng, {"sky": UPPER, "water": LOWER}, photo=smooth(rng),
        prompt="freeze the water, the flag waves, blorp, make him talk",
    )  # fmt: skip
    water = next(r for r in found.plan.regions if r.mask.label == "water")
    assert not water.enabled
    assert "no flag was found; draw it as a region of type fabric" in found.notes
    assert "not understood: blorp" in found.notes
    assert any("cannot make anything talk" in note for note in found.notes)


def test_only_what_is_named_moves():
    rng = np.random.default_rng(11)
    found = planned(
        rng, {"sky": UPPER, "water": LOWER}, photo=smooth(rng), prompt="only the water moves"
    )
    moving = [region for region in found.plan.regions if region.enabled]
    assert {region.mask.label for region in moving} == {"water"}
    assert "still" not in moving[0].note


@pytest.mark.parametrize(
    ("prompt", "deg"), [("the rapids flow to the right", 0), ("the stream flows left", 180)]
)
def test_a_lake_that_words_call_running_water_flows(prompt, deg):
    rng = np.random.default_rng(9)
    found = planned(rng, {"water": LOWER}, photo=smooth(rng), prompt=prompt)
    (water,) = found.plan.regions
    assert (water.type, water.direction_deg, water.provenance) == ("water.flow", deg, "words")


@pytest.mark.parametrize(
    ("columns", "kind"),
    [(slice(40, 150), "flow"), (slice(0, 110), "calm"), (slice(12, 180), "calm")],
)
def test_white_rough_water_is_a_river_only_between_two_close_banks(columns, kind):
    rng = np.random.default_rng(14)
    labels = labels_of({}, SIZE_WH).probability.copy()
    labels[LOWER, columns] = 0
    labels[LOWER, columns, 2] = 255
    waves = cv2.resize(rng.normal(size=(64, 96)), SIZE_WH)
    rough = np.clip(190 + 45 * waves, 0, 255).astype(np.uint8)[..., None].repeat(3, 2)
    found = plan_motion(Photo(rough), ground_depth(SIZE_WH), LabelMap(labels))
    assert types_of(found.plan) == [f"water.{kind}"]


@pytest.mark.parametrize(("far_share", "kind"), [(0.2, "flow"), (1.0, "sea")])
def test_rough_water_from_a_narrow_far_end_runs(far_share, kind):
    rng = np.random.default_rng(15)
    labels = labels_of({"ground": UPPER, "water": LOWER}, SIZE_WH).probability.copy()
    for row in range(50, 128):
        half = 96 * np.interp(row, (50, 100), (far_share, 1))
        for side in (slice(0, round(96 - half)), slice(round(96 + half), 192)):
            labels[row, side] = labels[0, 0]
    waves = cv2.resize(rng.normal(size=(128, 24)), SIZE_WH, interpolation=cv2.INTER_CUBIC)
    rough = np.clip(140 + 60 * waves, 0, 255).astype(np.uint8)[..., None].repeat(3, 2)
    found = plan_motion(Photo(rough), ground_depth(SIZE_WH, 0.3), LabelMap(labels))
    assert types_of(found.plan)[-1] == f"water.{kind}"  # with surf before it, if it is a sea


@pytest.mark.parametrize(
    ("light", "kinds"), [((255, 250, 180), ["water.flow"]), ((90, 120, 160), ["water.calm"])]
)
def test_a_slide_is_white_in_the_light_of_its_photo(light, kinds):
    bands = {"ground": slice(0, 128)}
    labels = labels_of(bands, SIZE_WH).probability.copy()
    row, column = np.indices((128, 192))
    slope = np.abs(row - column / 2 - 16) < row / 4  # wider the lower
    labels[slope] = labels_of({"water": slice(0, 128)}, SIZE_WH).probability[0, 0]
    srgb8 = np.full((128, 192, 3), 90, np.uint8)
    srgb8[slope] = light
    upright = DepthMap(np.full((128, 192), 0.5, np.float32))
    found = plan_motion(Photo(srgb8), upright, LabelMap(labels))
    assert [region.type for region in found.plan.regions if region.mask.label == "water"] == kinds


def test_a_found_plan_survives_its_file_and_can_be_drawn():
    photo, depth, labels = landscape(np.random.default_rng(10))
    found = plan_motion(photo, depth, labels)
    assert parse_motion(format_motion(found.plan), "x") == found.plan
    motion = bake_motion(found.plan, photo, depth, labels)
    drawn = draw_preview(photo, found.plan, depth, labels, motion)
    assert drawn.shape[0] > photo.srgb8.shape[0]
    assert drawn.shape[1] == photo.srgb8.shape[1]
    assert not np.array_equal(drawn[:64], photo.srgb8)
