"""The stage a photo sets, and the move chosen for it."""

import time

import numpy as np
import pytest

from parallax.camera import Intrinsics
from parallax.depth_map import DepthMap
from parallax.label_map import LABELS, LabelMap
from parallax.moves import Glance, MoveParams, Stage, choose_move, make_preset, survey_stage
from parallax.path import measure_reach, resolve_path

WH = (240, 160)
PHOTO = Intrinsics.from_fov((1200, 800), 45.0)
FILM = (1200, 800)


def glance_at(inv_depth, labels=None, srgb8=None):
    return Glance.of(DepthMap(np.ascontiguousarray(inv_depth, np.float32)), labels, srgb8)


def labels_of(**masks):
    probability = np.zeros((WH[1], WH[0], len(LABELS)), np.uint8)
    probability[..., 0] = 255
    for name, mask in masks.items():
        probability[mask] = 0
        probability[mask, LABELS.index(name)] = 255
    return LabelMap(probability)


def box(left, top, right, bottom):
    mask = np.zeros(WH[::-1], bool)
    mask[top:bottom, left:right] = True
    return mask


def ramp():
    """Ground that comes nearer towards the bottom."""
    return np.repeat(np.linspace(0.05, 0.6, WH[1])[:, None], WH[0], 1)


def chosen(inv_depth, labels=None, **params):
    glance = glance_at(inv_depth, labels)
    return choose_move(glance, survey_stage(glance, PHOTO, FILM), params=MoveParams(**params))


def reach_of(path):
    return measure_reach(path, PHOTO, size_wh=FILM, default_fov_deg=PHOTO.fov_deg)


def test_the_subject_is_the_nearest_compact_thing_near_the_middle():
    inv_depth = ramp()
    inv_depth[box(60, 40, 100, 110)] = 0.9
    stage = survey_stage(glance_at(inv_depth), PHOTO, FILM)
    assert stage.focus_uv == pytest.approx((80 / 240, 75 / 160), abs=0.05)
    assert stage.focus_inv_depth == pytest.approx(0.9, abs=0.02)
    assert stage.near_inv_depth == pytest.approx(0.9, abs=0.02)


def test_people_are_the_subject_even_where_something_else_is_nearer():
    inv_depth = ramp()
    inv_depth[box(110, 60, 150, 120)] = 1.0
    person = box(180, 30, 210, 120)
    inv_depth[person] = 0.5
    stage = survey_stage(glance_at(inv_depth, labels_of(person=person)), PHOTO, FILM)
    assert stage.focus_uv == pytest.approx((195 / 240, 75 / 160), abs=0.02)
    assert stage.focus_inv_depth == pytest.approx(0.5, abs=0.02)


def test_sky_and_ground_are_not_the_subject():
    inv_depth = ramp()
    ground = box(0, 100, 240, 160)
    thing = box(30, 50, 70, 100)
    inv_depth[thing] = 0.4
    stage = survey_stage(glance_at(inv_depth, labels_of(ground=ground)), PHOTO, FILM)
    assert stage.focus_uv[1] < 0.7


def test_a_focus_point_sets_the_distance():
    inv_depth = ramp()
    inv_depth[box(180, 30, 220, 70)] = 0.77
    stage = survey_stage(glance_at(inv_depth), PHOTO, FILM, focus=(200 / 240, 50 / 160))
    assert stage.focus_inv_depth == pytest.approx(0.77, abs=0.02)
    assert stage.focus_uv == (200 / 240, 50 / 160)


def test_another_focus_point_brings_its_own_distance():
    inv_depth = ramp()
    inv_depth[box(180, 30, 220, 70)] = 0.77
    stage = survey_stage(glance_at(inv_depth), PHOTO, FILM)
    assert stage.focused((200 / 240, 50 / 160)).focus_inv_depth == pytest.approx(0.77, abs=0.02)
    assert stage.focused((0.1, 0.99)).focus_inv_depth == pytest.approx(0.6, abs=0.03)
    assert stage.focused(None) == stage


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_flat_photo_has_a_stage_and_moves_the_lens_alone(value):
    choice = chosen(np.full(WH[::-1], value))
    assert choice.name == "ken-burns"
    assert "nearly flat" in choice.reason
    assert reach_of(choice.path).parallax_su == 0


def test_a_flat_photo_that_loops_breathes():
    choice = chosen(np.full(WH[::-1], 0.5), loop=True)
    assert choice.name == "zoom" and choice.path.loop


def test_an_ordinary_photo_is_approached_on_an_arc_with_clear_parallax():
    inv_depth = ramp()
    inv_depth[box(90, 50, 140, 130)] = 0.7
    choice = chosen(inv_depth)
    assert choice.name in ("push-left", "push-right", "push-in")
    assert 0.02 < _shift_w(choice.path, inv_depth) < 0.06
    assert max(reach_of(choice.path).margin_uv) < 0.031


def _shift_w(path, inv_depth):
    """Sideways shift of nearest against farthest, from end to end, in picture widths."""
    samples = resolve_path(path, np.array([0, path.duration_s]), default_fov_deg=PHOTO.fov_deg)
    way = samples.positions_su[1] - samples.positions_su[0]
    aside = np.hypot(way[0], way[1]) + 0.3 * abs(way[2])  # forward counts where things are off-axis
    return aside * np.ptp(inv_depth) * PHOTO.focal_px / PHOTO.size_wh[0]


def test_the_camera_does_not_uncover_a_person_where_it_can_help_it():
    inv_depth = ramp() * 0.2
    person = box(100, 20, 150, 160)
    inv_depth[person] = 1.0
    # A wall that joins the person's right side: to go left uncovers nothing there
    inv_depth[box(150, 0, 240, 160)] = 1.0
    choice = chosen(inv_depth, labels_of(person=person))
    assert choice.name != "static"
    samples = resolve_path(choice.path, np.array([0.0, 6.0]), default_fov_deg=PHOTO.fov_deg)
    assert samples.positions_su[1, 0] > -0.005


def test_the_widest_strip_is_kept_to_what_can_be_filled():
    inv_depth = np.full(WH[::-1], 0.02)
    inv_depth[box(60, 20, 180, 160)] = 1.0
    for amount in (1.0, 4.0):
        choice = chosen(inv_depth, amount=amount)
        for time_s in (0.0, 6.0):
            samples = resolve_path(choice.path, np.array([time_s]), default_fov_deg=PHOTO.fov_deg)
            x, y, z = samples.positions_su[0]
            aside = np.hypot(x, y) * 0.98 * PHOTO.focal_px / PHOTO.size_wh[0]
            ahead = abs(z) / (1 - abs(z)) * 0.5
            assert aside + 0.5 * ahead < 0.08


def test_the_choice_is_always_the_same():
    rng = np.random.default_rng(0)
    inv_depth = ramp() + 0.3 * rng.random((WH[1], WH[0]))
    first, second = chosen(inv_depth), chosen(inv_depth)
    assert (first.name, first.path, first.reason) == (second.name, second.path, second.reason)


@pytest.mark.parametrize("style", ["natural", "cinematic", "dynamic"])
@pytest.mark.parametrize("loop", [None, True])
def test_every_style_has_a_move_that_keeps_to_the_photo(style, loop):
    inv_depth = ramp()
    inv_depth[box(90, 50, 140, 130)] = 0.9
    choice = chosen(inv_depth, style=style, loop=loop)
    assert choice.path.loop is bool(loop)
    assert max(reach_of(choice.path).margin_uv) < 0.031
    assert choice.path.duration_s == 6


@pytest.mark.parametrize("loop", [None, True])
def test_the_chosen_move_never_looks_past_the_photo(loop):
    inv_depth = ramp()
    inv_depth[box(100, 40, 140, 110)] = 0.9
    reach = reach_of(chosen(inv_depth, loop=loop).path)
    assert max(reach.margin_uv) < 1e-3


def test_no_intensity_is_no_motion():
    inv_depth = ramp()
    inv_depth[box(90, 50, 140, 130)] = 0.9
    reach = reach_of(chosen(inv_depth, intensity=0).path)
    assert reach.parallax_su == pytest.approx(0, abs=1e-9)


def test_a_tall_film_of_a_wide_photo_is_chosen_for_too():
    inv_depth = ramp()
    inv_depth[box(90, 50, 140, 130)] = 0.9
    glance = glance_at(inv_depth)
    choice = choose_move(glance, survey_stage(glance, PHOTO, (1080, 1920)))
    assert np.isfinite(choice.path.duration_s)


def test_a_choice_takes_less_than_a_moment():
    rng = np.random.default_rng(1)
    inv_depth = rng.random((1080, 1620)).astype(np.float32)
    start_s = time.process_time()
    glance = glance_at(inv_depth)
    choose_move(glance, survey_stage(glance, PHOTO, FILM))
    assert time.process_time() - start_s < 3  # 0.1 to 0.3 s; far above, for busy machines


def test_a_stage_refuses_depths_that_are_none():
    with pytest.raises(ValueError, match="Stage: expected inverse depths"):
        Stage(PHOTO, FILM, near_inv_depth=float("nan"))
    with pytest.raises(ValueError, match="Stage: expected inverse depths"):
        Stage(PHOTO, FILM, near_inv_depth=0.0)


def test_the_chosen_preset_can_be_asked_for_by_name():
    inv_depth = ramp()
    inv_depth[box(90, 50, 140, 130)] = 0.6
    choice = chosen(inv_depth)
    stage = survey_stage(glance_at(inv_depth), PHOTO, FILM)
    assert make_preset(choice.name, stage, params=choice.params) == choice.path
