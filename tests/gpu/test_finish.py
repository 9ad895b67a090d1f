"""Motion blur, depth of field, vignette and grain against what can be worked out."""

from dataclasses import replace

import numpy as np
import pytest

from parallax.camera import Pose, ResolvedCamera
from parallax.color import linear_from_srgb8, srgb8_from_linear
from parallax.gpu.finish import AddPass, FinishLook, FinishPass
from parallax.gpu.renderer import Renderer, RenderParams
from tests.scenes import (
    FOV_DEG,
    INTRINSICS,
    SIZE_WH,
    camera_at_rest,
    camera_shifted,
    framed_back,
    photo_plane,
    psnr_db,
    scene_of,
    smooth_photo,
)

DITHER = 1  # of 255: half a level either way, and rounding
TOOTH = 0.2  # of a streak's light, from one pixel to the next: it ends somewhere


@pytest.fixture
def rng():
    return np.random.default_rng(8)


def render(ctx, scene, exposure, **params):
    with Renderer(scene, size_wh=SIZE_WH, params=RenderParams(**params), context=ctx) as renderer:
        return renderer.render(exposure).srgb8


def flat(level):
    return np.full((SIZE_WH[1], SIZE_WH[0], 3), level, np.uint8)


def dot_photo():
    """A white dot of 2×2 pixels on black."""
    photo = flat(0)
    photo[31:33, 47:49] = 255
    return photo


def spread_px(frame):
    """Standard deviation of where the light is, along x and y."""
    light = linear_from_srgb8(frame[..., 1]).astype(float)
    y, x = np.mgrid[: SIZE_WH[1], : SIZE_WH[0]] + 0.5
    light /= light.sum()
    mean = (light * x).sum(), (light * y).sum()
    return np.sqrt([(light * (x - mean[0]) ** 2).sum(), (light * (y - mean[1]) ** 2).sum()])


def test_the_mean_of_two_cameras_is_one_of_light(ctx):
    with Renderer(photo_plane(flat(255), num=(1, 1)), size_wh=SIZE_WH, context=ctx) as renderer:
        white = camera_at_rest()
        away = Pose.from_angles((0, 0, 0), yaw_deg=180, pitch_deg=0, roll_deg=0)
        black = ResolvedCamera(0, away, FOV_DEG)
        frame = renderer.render([white, black]).srgb8
    assert np.abs(frame[..., :3].astype(int) - 188).max() <= DITHER
    assert (frame[..., 3] == 255).all()


def test_an_open_shutter_before_what_stands_still_changes_nothing(ctx, rng):
    scene = scene_of(framed_back(smooth_photo(rng)))
    still = render(ctx, scene, camera_at_rest()).astype(int)
    exposed = render(ctx, scene, [camera_at_rest()] * 4).astype(int)
    assert np.abs(exposed - still).max() <= DITHER


def test_a_moving_camera_blurs_by_as_far_as_it_moves(ctx):
    inv_depth, way_px = 0.5, 12.0
    shift_su = way_px / (INTRINSICS.focal_px * inv_depth)
    places = (np.arange(24) + 0.5) / 24 - 0.5
    cameras = [camera_shifted(shift_su * place) for place in places]
    scene = scene_of(framed_back(dot_photo(), inv_depth))
    still_px = spread_px(render(ctx, scene, camera_at_rest()))
    blurred_px = spread_px(render(ctx, scene, cameras))
    assert blurred_px[0] ** 2 - still_px[0] ** 2 == pytest.approx(way_px**2 / 12, rel=0.1)
    assert blurred_px[1] == pytest.approx(still_px[1], abs=0.1)


def test_the_streak_of_a_small_thing_has_no_teeth(ctx):
    """Samples of a pixel lie above and below each other: each row of a streak is cut by both."""
    inv_depth, way_px, num_moments = 0.5, 32.0, 32
    shift_su = way_px / (INTRINSICS.focal_px * inv_depth)
    places = (np.arange(num_moments) + 0.5) / num_moments - 0.5
    cameras = [camera_shifted(shift_su * place) for place in places]
    scene = scene_of(framed_back(dot_photo(), inv_depth))
    streak = render(ctx, scene, cameras, supersample=2)[31:33, 36:60, 1]
    light = linear_from_srgb8(streak).astype(float)
    teeth = np.abs(np.diff(light, axis=1)).mean(1) / light.mean(1)
    assert teeth.max() < TOOTH


@pytest.mark.parametrize("focus_su", [1.25, 4.0])
def test_a_lens_spreads_a_point_by_its_distance_from_the_focus(ctx, focus_su):
    radius_su, inv_depth = 0.12, 0.5
    camera = ResolvedCamera(0, Pose.identity(), FOV_DEG, focus_su)
    scene = scene_of(framed_back(dot_photo(), inv_depth))
    still_px = spread_px(render(ctx, scene, camera))
    frame = render(ctx, scene, camera, lens_radius_su=radius_su, lens_samples=200)
    disc_radius_px = INTRINSICS.focal_px * radius_su * abs(inv_depth - 1 / focus_su)
    variance = spread_px(frame) ** 2 - still_px**2
    assert variance == pytest.approx([disc_radius_px**2 / 4] * 2, rel=0.1)


def test_what_is_in_focus_stays_sharp(ctx, rng):
    photo = smooth_photo(rng)
    camera = ResolvedCamera(0, Pose.identity(), FOV_DEG, 2.0)
    frame = render(ctx, scene_of(framed_back(photo, 0.5)), camera, lens_radius_su=0.1)
    assert psnr_db(frame[..., :3], photo) > 50


def test_focus_rests_on_the_scene_s_where_the_camera_says_nothing(ctx, rng):
    photo = smooth_photo(rng)
    scene = scene_of(framed_back(photo, 1.0))  # tests/scenes.py focuses at 1 su
    frame = render(ctx, scene, camera_at_rest(), lens_radius_su=0.1)
    assert psnr_db(frame[..., :3], photo) > 50


def test_a_vignette_takes_what_it_says_from_the_corners_and_nothing_from_the_middle(ctx):
    frame = render(ctx, photo_plane(flat(200)), camera_at_rest(), vignette=0.6)
    light = linear_from_srgb8(frame[..., :3]) / linear_from_srgb8(np.array(200, np.uint8))
    assert light[31:33, 47:49].mean() == pytest.approx(1, abs=0.01)
    corners = light[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners == pytest.approx(np.full((4, 3), 0.4), abs=0.02)
    assert (np.diff(light[32, 48:, 0]) <= 0.03).all()  # but for the dither


def test_grain_is_as_strong_as_asked_in_mid_tones_and_none_in_black_and_white(ctx):
    for level, wanted in ((128, 0.04), (0, 0.0), (255, 0.0)):
        frame = render(ctx, photo_plane(flat(level)), camera_at_rest(), grain=0.04)
        noise = frame[..., 1].astype(float) / 255
        assert noise.std() == pytest.approx(wanted, abs=0.004)
        assert noise.mean() == pytest.approx(level / 255, abs=0.005)


def test_grain_differs_from_frame_to_frame_and_not_from_run_to_run(ctx):
    scene, moments = photo_plane(flat(128)), [0.0, 1 / 30, 0.0]
    cameras = [ResolvedCamera(time_s, Pose.identity(), FOV_DEG) for time_s in moments]
    params = RenderParams(grain=0.04)
    with Renderer(scene, size_wh=SIZE_WH, params=params, context=ctx) as renderer:
        first, second, again = (frame.srgb8.astype(int) for frame in renderer.frames(cameras))
    assert (first == again).all()
    independent = np.corrcoef(first[..., 1].ravel(), second[..., 1].ravel())[0, 1]
    assert abs(independent) < 0.05


def test_grain_has_clumps_of_about_two_pixels(ctx):
    frame = render(ctx, photo_plane(flat(128)), camera_at_rest(), grain=0.04)[..., 1].astype(float)
    frame -= frame.mean()
    near = (frame[:, 1:] * frame[:, :-1]).mean() / frame.var()
    far = (frame[:, 4:] * frame[:, :-4]).mean() / frame.var()
    assert near == pytest.approx(2 / 3, abs=0.1)
    assert abs(far) < 0.1


def test_a_smooth_ramp_stays_one_after_many_pictures_were_added(ctx):
    ramp = np.broadcast_to(np.linspace(10, 60, 96)[None, :, None], (64, 96, 3))
    photo = np.rint(ramp).astype(np.uint8)
    frame = render(ctx, photo_plane(photo), [camera_at_rest()] * 100)
    assert np.abs(frame[..., :3].mean(0) - photo.mean(0)).max() < 0.6


def test_a_lens_bends_lines_outwards_and_leaves_the_corners(ctx):
    distortion, right_px = 0.2, 24
    photo = flat(0)
    photo[31:33, 47 + right_px : 49 + right_px] = 255
    photo[:3, :3] = photo[-3:, -3:] = 255
    frame = render(ctx, photo_plane(photo), camera_at_rest(), distortion=distortion)[..., 1]
    corner_px = np.hypot(*SIZE_WH) / 2
    shown = np.linspace(0, 1, 10_000)  # of the way to the corner
    source = shown * (1 + distortion * (shown**2 - 1))
    expected_px = corner_px * np.interp(right_px / corner_px, source, shown)
    light = linear_from_srgb8(frame[24:40, 48:]).astype(float).sum(0)
    found_px = (light * (np.arange(48) + 0.5)).sum() / light.sum()
    assert found_px == pytest.approx(expected_px, abs=0.2)
    assert frame[0, 0] > 200 and frame[-1, -1] > 200


def test_a_lens_leaves_the_focused_plane_as_sharp_as_samples_do(ctx, rng):
    scene = photo_plane(smooth_photo(rng), 0.5)
    camera = replace(camera_at_rest(), focus_su=2.0)
    samples = render(ctx, scene, camera, supersample=2)
    lens = render(ctx, scene, camera, supersample=2, lens_radius_su=0.05)
    assert np.abs(lens[..., :3].astype(int) - samples[..., :3]).max() <= 1  # dithered


def test_a_path_s_aperture_counts_before_the_film_s(ctx, rng):
    scene = photo_plane(smooth_photo(rng), 0.5)
    near = replace(camera_at_rest(), focus_su=0.5)
    plain = render(ctx, scene, near)
    shut = render(ctx, scene, replace(near, aperture_su=0.0), lens_radius_su=0.05)
    assert (shut == plain).all()
    open_wide = render(ctx, scene, replace(near, aperture_su=0.1))
    assert (open_wide == render(ctx, scene, near, lens_radius_su=0.05)).all()
    assert (open_wide != plain).any()


def test_all_at_once_is_the_light_of_all(ctx, rng):
    photo = smooth_photo(rng)
    scene = scene_of(framed_back(photo, 0.5))
    exposure = [camera_shifted(x) for x in (-0.01, 0.01)]
    frame = render(ctx, scene, exposure, lens_radius_su=0.05, supersample=2)
    expected = np.mean([linear_from_srgb8(render(ctx, scene, c)[..., :3]) for c in exposure], 0)
    assert psnr_db(frame[..., :3], srgb8_from_linear(expected)) > 35


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lens_radius_su", -1),
        ("lens_samples", 0),
        ("vignette", 1.0),
        ("grain", 0.5),
        ("distortion", -0.1),
    ],
)
def test_a_look_beyond_its_range_is_refused(name, value):
    with pytest.raises(ValueError, match=rf"RenderParams.{name}: expected .*, got {value}"):
        RenderParams(**{name: value})


def test_a_pass_has_the_names_that_are_set(ctx):
    drawn = AddPass(ctx)
    assert set(drawn.program) - {"gl_VertexID"} == {"u_picture", "u_weight"}
    drawn.release()
    for look, names in (
        (FinishLook(), set()),
        (FinishLook(vignette=0.5), {"u_falloff"}),
        (FinishLook(grain=0.1), {"u_grain", "u_tick"}),
        (FinishLook(distortion=0.1), {"u_distortion"}),
    ):
        finish = FinishPass(ctx, look)
        assert set(finish.program) - {"gl_VertexID"} == {"u_light"} | names
        finish.release()
