"""Presets move as film people mean it; every number here is worked out by plain projection."""

import functools
import math
from dataclasses import replace

import numpy as np
import pytest

from parallax.camera import Intrinsics, clip_from_camera, positions_from_uv
from parallax.errors import PathError
from parallax.moves import (
    ALIASES,
    PRESETS,
    MoveParams,
    Stage,
    find_preset,
    make_preset,
    parse_params,
    preset_extender,
)
from parallax.path import (
    camera_at,
    format_path,
    frame_times,
    inspect_path,
    measure_reach,
    parse_path,
    resolve_path,
)

FILMS = {
    "wide": ((1600, 1067), (1620, 1080)),
    "tall": ((1067, 1600), (1080, 1620)),
    "cropped": ((1600, 1200), (1080, 1920)),
}
STAGES = {
    name: Stage(Intrinsics.from_fov(photo, 45.0), film, 0.95, 0.7, 0.08, (0.42, 0.55))
    for name, (photo, film) in FILMS.items()
}
WIDE = STAGES["wide"]
JUMPY = {"snap-zoom", "handheld"}  # meant to be sudden, or restless
ONCE = MoveParams(loop=False)


@functools.cache
def made(name, stage, params=None):
    """A preset's path; made once, for many tests ask for the same."""
    return make_preset(name, stage, params=params)


def px(stage, path, time_s, *, uv, inv_depth):
    """Where a photo point is seen, in film pixels."""
    camera = camera_at(path, time_s, default_fov_deg=stage.rest_fov_deg)
    clip = clip_from_camera(camera.fov_deg, stage.aspect, near_su=0.01, far_su=2000)
    point = positions_from_uv(np.array(uv), np.array(inv_depth), stage.intrinsics)
    at = clip @ camera.pose.camera_from_world @ np.append(point.astype(float), 1)
    return (at[:2] / at[3] * (0.5, -0.5) + 0.5) * stage.size_wh


def travel(name, *, uv=(0.5, 0.5), inv_depth=0.7, stage=WIDE, params=ONCE):
    """How a photo point moves from the beginning to the end of a preset, in film pixels."""
    path = made(name, stage, params=params)
    return px(stage, path, path.duration_s, uv=uv, inv_depth=inv_depth) - px(
        stage, path, 0.0, uv=uv, inv_depth=inv_depth
    )


def reach_of(path, stage):
    return measure_reach(
        path, stage.intrinsics, size_wh=stage.size_wh, default_fov_deg=stage.rest_fov_deg
    )


def size_at(stage, path, time_s, inv_depth):
    """Width in film pixels of a short horizontal line in the photo's middle."""
    ends = [px(stage, path, time_s, uv=(u, 0.5), inv_depth=inv_depth) for u in (0.49, 0.51)]
    return float(ends[1][0] - ends[0][0])


def test_static_is_the_photo():
    path = made("static", WIDE)
    camera = camera_at(path, 2.0, default_fov_deg=WIDE.rest_fov_deg)
    assert np.array_equal(camera.pose.world_from_camera, np.eye(4))
    assert camera.fov_deg == WIDE.rest_fov_deg


@pytest.mark.parametrize("loop", [None, True, False])
def test_a_static_camera_loops_unless_told_otherwise(loop):
    assert made("static", WIDE, params=MoveParams(loop=loop)).loop is (loop is not False)


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("pan-left", (1, 0)),
        ("pan-right", (-1, 0)),
        ("tilt-up", (0, 1)),
        ("tilt-down", (0, -1)),
    ],
)
@pytest.mark.parametrize("inv_depth", [0.01, 0.9])
def test_a_turning_camera_moves_everything_the_other_way_and_alike(name, direction, inv_depth):
    move = travel(name, inv_depth=inv_depth)
    side = WIDE.size_wh[0 if direction[0] else 1]
    assert move @ direction > 0.08 * side
    assert abs(move @ direction[::-1]) < 1e-6
    assert np.allclose(move, travel(name, inv_depth=0.3))


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("truck-left", (1, 0)),
        ("truck-right", (-1, 0)),
        ("pedestal-up", (0, 1)),
        ("pedestal-down", (0, -1)),
    ],
)
def test_a_carried_camera_moves_near_things_the_other_way_and_far_ones_hardly(name, direction):
    near, far = travel(name, inv_depth=0.95), travel(name, inv_depth=0.08)
    assert near @ direction > 0.03 * WIDE.size_wh[0]
    assert 0 < far @ direction < 0.1 * (near @ direction)
    apart = (near - far) @ direction / WIDE.size_wh[0]
    overscan = (
        WIDE.rest_fov_deg
        / camera_at(made(name, WIDE), 0, default_fov_deg=WIDE.rest_fov_deg).fov_deg
    )
    assert apart == pytest.approx(0.045 * overscan, rel=0.02)


def test_a_zoom_magnifies_near_and_far_alike():
    path = made("zoom-in", WIDE)
    for inv_depth in (0.01, 0.95):
        ratio = size_at(WIDE, path, 6.0, inv_depth) / size_at(WIDE, path, 0.0, inv_depth)
        assert ratio == pytest.approx(1.14, rel=0.01)
    assert np.allclose(camera_at(path, 6.0, default_fov_deg=45).pose.position_su, 0)


def test_a_zoom_out_ends_at_the_whole_photo():
    path = made("zoom-out", WIDE)
    end = camera_at(path, 6.0, default_fov_deg=WIDE.rest_fov_deg)
    assert np.allclose(end.pose.world_from_camera, np.eye(4))
    assert end.fov_deg == pytest.approx(WIDE.rest_fov_deg)


@pytest.mark.parametrize("name", ["dolly-out", "pull-out", "zoom-out", "reveal"])
def test_a_move_outwards_ends_at_the_whole_photo(name):
    path = made(name, WIDE)
    end = camera_at(path, 6.0, default_fov_deg=WIDE.rest_fov_deg)
    assert np.allclose(end.pose.world_from_camera, np.eye(4), atol=1e-9)
    assert end.fov_deg == pytest.approx(WIDE.rest_fov_deg)


@pytest.mark.parametrize("name", ["zoom-in", "dolly-in", "push-in", "static", "focus-pull"])
def test_a_move_inwards_begins_at_the_whole_photo(name):
    path = made(name, WIDE)
    begin = camera_at(path, 0.0, default_fov_deg=WIDE.rest_fov_deg)
    assert np.allclose(begin.pose.world_from_camera, np.eye(4), atol=1e-9)
    assert begin.fov_deg == pytest.approx(WIDE.rest_fov_deg)


def test_a_dolly_goes_straight_ahead_a_tenth_of_the_way_to_the_nearest():
    path = made("dolly-in", WIDE)
    end = camera_at(path, 6.0, default_fov_deg=WIDE.rest_fov_deg)
    assert np.allclose(end.pose.position_su, (0, 0, -0.1 / 0.95))
    assert np.allclose(end.pose.world_from_camera[:3, :3], np.eye(3))
    near = size_at(WIDE, path, 6.0, 0.95) / size_at(WIDE, path, 0.0, 0.95)
    far = size_at(WIDE, path, 6.0, 0.08) / size_at(WIDE, path, 0.0, 0.08)
    assert near == pytest.approx(1 / 0.9, rel=1e-3)
    assert far < 1.01


def test_a_dolly_zoom_keeps_the_subjects_size_and_shrinks_the_background():
    path = made("dolly-zoom", WIDE)
    sizes = [size_at(WIDE, path, t, 0.7) for t in np.linspace(0, 6, 25)]
    assert max(sizes) / min(sizes) < 1.0005
    assert size_at(WIDE, path, 6.0, 0.08) < 0.93 * size_at(WIDE, path, 0.0, 0.08)


@pytest.mark.parametrize(
    ("name", "limit_px"),
    [
        ("orbit", 0.1), ("arc-left", 0.1), ("arc-right", 0.1), ("horizontal", 0.1),
        ("vertical", 0.1), ("push-in", 0.1), ("push-left", 0.1), ("push-up", 0.1), ("circle", 0.2),
        ("swing", 0.2), ("crane-up", 0.1),
        ("zoom-in", 0.5),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stage", [WIDE, STAGES["cropped"]], ids=["wide", "cropped"])
def test_the_subject_holds_its_pixel(name, limit_px, stage):
    path = made(name, stage)
    seen = [
        px(stage, path, t, uv=stage.focus_uv, inv_depth=0.7)
        for t in np.linspace(0, path.duration_s, 41)
    ]
    assert np.abs(np.array(seen) - seen[0]).max() < limit_px * stage.size_wh[1] / 1080


@pytest.mark.parametrize("focus_uv", [(0.5, 0.95), (0.05, 0.5), (0.93, 0.93)])
def test_a_zoom_about_a_corner_is_still_a_zoom(focus_uv):
    stage = replace(WIDE, focus_uv=focus_uv)
    path = made("zoom-in", stage)
    begin, end = (
        np.array(
            [px(stage, path, t, uv=uv, inv_depth=0.5) for uv in ((0, 0), (1, 0), (1, 1), (0, 1))]
        )
        for t in (0.0, 6.0)
    )
    outward = (end - begin) * np.sign(begin - np.array(stage.size_wh) / 2)
    assert (outward > 0).all()
    subject = px(stage, path, 6.0, uv=focus_uv, inv_depth=0.7)
    assert (subject > 0).all() and (subject < stage.size_wh).all()


def test_an_orbit_keeps_its_distance():
    path = made("orbit", WIDE)
    subject = WIDE.focus_ray * WIDE.focus_su
    samples = resolve_path(path, np.linspace(0, 6, 50), default_fov_deg=45)
    away = np.linalg.norm(samples.positions_su - subject, axis=1)
    assert np.ptp(away) / away.mean() < 1e-5


def test_an_arc_to_the_right_carries_the_camera_right_and_turns_it_left():
    path = made("arc-right", WIDE)
    begin, end = (camera_at(path, t, default_fov_deg=45).pose for t in (0.0, 6.0))
    assert end.position_su[0] > begin.position_su[0] + 0.03
    assert end.world_from_camera[0, 2] > begin.world_from_camera[0, 2]  # -z axis points left


def test_a_circle_is_round_and_even():
    path = made("circle", WIDE)
    samples = resolve_path(path, np.linspace(0, 6, 241), default_fov_deg=45)
    x, y = samples.positions_su[:, 0], samples.positions_su[:, 1] / 0.7
    radius = np.hypot(x, y)
    assert np.ptp(radius) / radius.mean() < 1e-3
    speed = np.abs(np.diff(np.unwrap(np.arctan2(x, y))))
    assert np.ptp(speed) / speed.mean() < 0.05


def test_ken_burns_has_no_parallax():
    assert reach_of(made("ken-burns", WIDE), WIDE).parallax_su == 0


def test_a_focus_pull_ends_on_the_subject():
    path = made("focus-pull", WIDE)
    begin, end = (camera_at(path, t, default_fov_deg=45).focus_su for t in (0.0, 6.0))
    assert begin == pytest.approx(12.5)
    assert end == pytest.approx(1 / 0.7)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_a_preset_stays_near_the_photos_border(name, stage):
    reach = reach_of(made(name, stage), stage)
    assert max(reach.margin_uv) <= 0.0301


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_keeps_the_framing(name):
    if name in ("zoom-out", "reveal", "dolly-zoom", "zoom", "snap-zoom"):
        return  # their lens is their point
    begin = camera_at(made(name, WIDE), 0.0, default_fov_deg=WIDE.rest_fov_deg).fov_deg
    tan_half = math.tan(math.radians(begin) / 2)
    limit = 1.1 if "pan" in name or "tilt" in name or "roll" in name else 1.06
    assert WIDE.tan_rest / tan_half <= limit + 1e-9


@pytest.mark.parametrize("name", sorted(set(PRESETS) - JUMPY))
@pytest.mark.parametrize("loop", [False, True])
def test_a_preset_is_calm_and_closes(name, loop):
    path = made(name, WIDE, params=MoveParams(loop=loop))
    times_s = np.array(frame_times(6.0, 60, loop=loop))
    report = inspect_path(
        path,
        WIDE.intrinsics,
        size_wh=WIDE.size_wh,
        times_s=times_s,
        inv_depth_range=(0.08, 0.95),
        default_fov_deg=WIDE.rest_fov_deg,
    )
    assert report.speed_per_s.max() < 0.15
    assert report.acceleration_per_s2.max() < 0.25
    assert report.seam_jump < 0.005
    if not loop and name not in ("static", "circle"):
        ends = report.speed_per_s[[0, -1]]
        assert ends.max() < 0.05 * report.speed_per_s.max()  # begins and ends at rest


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_its_file(name):
    path = made(name, WIDE)
    assert parse_path(format_path(path), name) == path


@pytest.mark.parametrize("name", sorted(set(PRESETS) - {"static"}))
def test_a_preset_moves_twice_as_much_with_twice_the_amount(name):
    def size(amount):
        path = made(name, WIDE, params=MoveParams(amount=amount))
        samples = resolve_path(path, np.linspace(0, 6, 61), default_fov_deg=WIDE.rest_fov_deg)
        spread = [
            np.ptp(samples.positions_su, axis=0).max(),
            np.ptp(samples.rotations, axis=0).max(),
        ]
        return max(*spread, float(np.ptp(np.log(np.tan(np.radians(samples.fov_deg) / 2)))))

    assert size(0.4) == pytest.approx(2 * size(0.2), rel=0.1)
    assert size(0.0) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", ["pan-left", "circle", "crane-up", "dolly-in", "reveal"])
def test_even_absurd_amounts_keep_to_the_photo(name):
    path = made(name, WIDE, params=MoveParams(amount=10.0, intensity=100))
    assert max(reach_of(path, WIDE).margin_uv) <= 0.0301


def test_more_intensity_moves_more_and_the_usual_is_60():
    gains = [MoveParams(intensity=i).gain for i in (0, 30, 60, 100)]
    assert gains[0] == 0 and gains[2] == 1
    assert gains == sorted(gains)
    assert MoveParams(style="cinematic").gain < 1 < MoveParams(style="dynamic").gain


def test_a_hand_is_another_for_another_seed_and_the_same_for_the_same():
    paths = [made("handheld", WIDE, params=MoveParams(seed=s)) for s in (1, 1, 2)]
    assert paths[0] == paths[1] != paths[2]


def test_the_spectrum_of_a_hand_falls_as_one_over_f():
    path = made("handheld", WIDE, params=MoveParams(duration_s=20.0))
    samples = resolve_path(path, np.arange(400) / 20, default_fov_deg=45)
    power = np.abs(np.fft.rfft(samples.positions_su[:, 0])) ** 2
    orders = np.arange(3, 24)  # 0.15 to 1.15 Hz
    assert np.allclose(power[orders] * orders, power[3] * 3, rtol=0.1)
    assert power[25:].max() < 0.02 * power[3]
    assert power[1:3].max() < 1e-6 * power[3]


def test_a_dynamic_move_is_snappier_and_a_loop_stays_a_sine():
    dynamic = MoveParams(style="dynamic")
    assert made("push-in", WIDE, dynamic).ease == "easeInOutCubic"
    assert made("orbit", WIDE, dynamic).ease == "easeInOutSine"
    assert made("circle", WIDE, dynamic).ease == "linear"
    assert made("push-in", WIDE, MoveParams(ease="linear")).ease == "linear"


def test_a_phase_and_cycles_are_taken():
    plain = made("circle", WIDE)
    later = made("circle", WIDE, params=MoveParams(phase=0.5))
    thrice = made("circle", WIDE, params=MoveParams(cycles=3))
    at = {"default_fov_deg": 45.0}
    assert np.allclose(
        camera_at(later, 1.0, **at).pose.position_su, camera_at(plain, 4.0, **at).pose.position_su
    )
    assert np.allclose(
        camera_at(thrice, 1.0, **at).pose.position_su, camera_at(plain, 3.0, **at).pose.position_su
    )


def test_a_focus_point_is_held_instead_of_the_subject():
    path = made("orbit", WIDE, params=MoveParams(focus_uv=(0.8, 0.3)))
    seen = [px(WIDE, path, t, uv=(0.8, 0.3), inv_depth=0.7) for t in np.linspace(0, 6, 21)]
    assert np.abs(np.array(seen) - seen[0]).max() < 0.1


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ("Dolly In", "dolly-in"), ("dolly_in", "dolly-in"), ("dollyIn", "dolly-in"),
        ("VERTIGO", "dolly-zoom"), ("Orbital", "orbit"), ("Clockwise (CW)", "roll-right"),
        ("Anti Clockwise (ACW)", "roll-left"), ("Pan Up", "tilt-up"), ("Zoom In", "zoom-in"),
        ("parallax swing", "swing"), ("Ken Burns", "ken-burns"), ("Static", "static"),
    ],
)  # fmt: skip
def test_names_of_other_tools_are_understood(spelled, name):
    assert find_preset(spelled) == name


def test_every_alias_leads_to_a_preset_and_hides_none():
    assert set(ALIASES.values()) <= set(PRESETS)
    assert not set(ALIASES) & set(PRESETS)


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(PathError, match=r"camera: expected a preset.*got 'orbitt', did you mean"):
        made("orbitt", WIDE)


def test_a_file_extends_a_preset():
    obj = {"version": 1, "extends": "Vertigo", "params": {"amount": 0.5, "duration_s": 9}}
    path = parse_path(obj, "p.json", extend=preset_extender(WIDE))
    assert path == made("dolly-zoom", WIDE, params=MoveParams(amount=0.5, duration_s=9.0))


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"amont": 1}, "p: params.amont: unknown key, expected one of amount, cycles"),
        ({"amount": "big"}, 'p: params.amount: expected a number, got "big"'),
        ({"amount": -1}, "p: params.amount: expected 0 to 10, got -1"),
        ({"style": "wild"}, "p: params.style: expected one of natural, cinematic, dynamic"),
        ({"loop": "yes"}, 'p: params.loop: expected true or false, got "yes"'),
        ({"focus_uv": [0.5]}, "p: params.focus_uv: expected two numbers from 0 to 1, got"),
        ({"focus_uv": [0.5, 2]}, "p: params.focus_uv.1.: expected 0 to 1, got 2"),
        ({"ease": "smooth"}, "p: params.ease: expected an ease such as"),
        ({"cycles": 0}, "p: params.cycles: expected 1 to 1000, got 0"),
    ],
)
def test_a_wrong_parameter_is_refused_with_its_address(params, message):
    with pytest.raises(PathError, match=message.replace("[", r"\[")):
        parse_params(params, "p", usual=MoveParams())


def test_an_extended_preset_that_is_unknown_is_refused_with_its_address():
    obj = {"version": 1, "extends": "dolly-inn"}
    with pytest.raises(PathError, match=r"p\.json: extends: expected a preset.*did you mean"):
        parse_path(obj, "p.json", extend=preset_extender(WIDE))


@pytest.mark.parametrize("name", PRESETS)
def test_odd_depths_make_finite_paths(name):
    for near, focus, far in ((1.0, 1.0, 1.0), (3.0, 0.001, 0.0)):
        photo = Intrinsics.from_fov((640, 480), 60.0)
        path = made(name, Stage(photo, (640, 480), near, focus, far, (0.02, 0.97)))
        samples = resolve_path(path, np.linspace(0, 6, 31), default_fov_deg=60.0)
        assert np.isfinite(samples.positions_su).all() and np.isfinite(samples.rotations).all()
        assert np.abs(samples.positions_su).max() < 5
