"""Frames against answers that can be worked out, and against a slow twin."""

import gc
import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from parallax.camera import Intrinsics, Pose, ResolvedCamera, fov_to_cover
from parallax.color import srgb8_from_linear
from parallax.errors import ContextError
from parallax.gpu import renderer as renderer_module
from parallax.gpu.context import Context
from parallax.gpu.readback import SpareArrays
from parallax.gpu.renderer import Renderer, RenderParams
from parallax.scene import Layer, Scene
from tests.reference.warp import warp_scene
from tests.scenes import (
    BACK_INV_DEPTH,
    INTRINSICS,
    SIZE_WH,
    camera_at_rest,
    camera_shifted,
    framed_back,
    photo_plane,
    plane,
    psnr_db,
    scene_of,
    smooth_photo,
    square_before_photo,
    with_alpha,
)

AT_REST_DB = 45.0  # the project's promise: one level of 255 is 48 dB
ROUNDING = 1  # of 255: blending rounds to 8 bits once more than the reference does


@pytest.fixture
def rng():
    return np.random.default_rng(20)


def noise(rng, size_wh=SIZE_WH):
    return rng.integers(0, 256, (size_wh[1], size_wh[0], 3), np.uint8)


def render(ctx, scene, camera, *, size_wh=SIZE_WH, **params):
    with Renderer(scene, size_wh=size_wh, params=RenderParams(**params), context=ctx) as renderer:
        return renderer.render(camera).srgb8


WAVE_PX = 20


def waves():
    """A photo of upright waves."""
    x = np.arange(SIZE_WH[0]) + 0.5
    srgb8 = np.rint(128 + 100 * np.cos(2 * np.pi * x / WAVE_PX)).astype(np.uint8)
    return np.broadcast_to(srgb8[None, :, None], (SIZE_WH[1], SIZE_WH[0], 3)).copy()


def phase_px(frame):
    """How far the waves lie to the right, in pixels, of −WAVE_PX/2…WAVE_PX/2."""
    x = np.arange(8, 88) + 0.5  # whole waves, away from the borders
    turned = (frame[:, 8:88, 1] * np.exp(2j * np.pi * x / WAVE_PX)).sum()
    return float(np.angle(turned) / (2 * np.pi) * WAVE_PX)


def test_a_camera_at_rest_gives_back_the_photo_to_the_bit(ctx, rng):
    photo = noise(rng)
    assert (render(ctx, photo_plane(photo), camera_at_rest())[..., :3] == photo).all()


def test_depth_does_not_matter_to_a_camera_at_rest(ctx, rng):
    photo = noise(rng)
    hills = photo_plane(photo, lambda uv: 0.3 + 0.6 * uv[:, 0] * uv[:, 1], num=(7, 5))
    assert psnr_db(render(ctx, hills, camera_at_rest())[..., :3], photo) > AT_REST_DB


def test_a_window_beyond_the_photo_leaves_the_photo_where_it_was(ctx, rng):
    photo = noise(rng)
    scene = scene_of(framed_back(photo))
    assert (render(ctx, scene, camera_at_rest())[..., :3] == photo).all()


def test_a_border_past_the_photo_shows_its_continuation(ctx, rng):
    photo = smooth_photo(rng)
    scene = scene_of(framed_back(photo))
    focal_px, right_px = INTRINSICS.focal_px, 10
    camera = camera_shifted(right_px / (focal_px * BACK_INV_DEPTH))
    frame = render(ctx, scene, camera)[..., :3]
    assert psnr_db(frame[:, :-right_px], photo[:, right_px:]) > AT_REST_DB
    assert psnr_db(frame[:, -right_px:], photo[:, : -right_px - 1 : -1]) > AT_REST_DB


@pytest.mark.parametrize("supersample", [1, 2, 4])
@pytest.mark.parametrize("size_wh", [(96, 64), (48, 32), (64, 64), (150, 100), (96, 54)])
def test_a_camera_at_rest_gives_back_the_photo_at_any_size(ctx, rng, supersample, size_wh):
    photo = smooth_photo(rng)
    fov_deg = fov_to_cover(INTRINSICS, size_wh)
    frame = render(
        ctx,
        scene_of(framed_back(photo)),
        camera_at_rest(fov_deg),
        size_wh=size_wh,
        supersample=supersample,
    )
    scale = Intrinsics.from_fov(size_wh, fov_deg).focal_px / INTRINSICS.focal_px
    whole_wh = (round(SIZE_WH[0] * scale), round(SIZE_WH[1] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LANCZOS4
    whole = cv2.resize(photo, whole_wh, interpolation=how)
    x, y = (whole_wh[0] - size_wh[0]) // 2, (whole_wh[1] - size_wh[1]) // 2
    expected = whole[y : y + size_wh[1], x : x + size_wh[0]]
    assert psnr_db(frame[..., :3], expected) > AT_REST_DB


@pytest.mark.parametrize("inv_depth", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("right_su", [-0.03, 0.02])
def test_a_plane_moves_by_focal_length_times_shift_times_inverse_depth(ctx, inv_depth, right_su):
    scene = scene_of(framed_back(waves(), inv_depth))
    rest_px = phase_px(render(ctx, scene, camera_at_rest()))
    moved_px = phase_px(render(ctx, scene, camera_shifted(right_su)))
    assert rest_px == pytest.approx(0, abs=0.01)
    assert moved_px == pytest.approx(-INTRINSICS.focal_px * right_su * inv_depth, abs=0.1)


def test_a_camera_that_rises_sees_the_photo_sink(ctx, rng):
    photo = smooth_photo(rng)
    up_px = 5
    camera = camera_shifted(0, up_px / (INTRINSICS.focal_px * BACK_INV_DEPTH))
    frame = render(ctx, scene_of(framed_back(photo)), camera)[..., :3]
    assert psnr_db(frame[up_px:], photo[:-up_px]) > AT_REST_DB


def test_a_camera_that_turns_left_sees_the_photo_go_right(ctx, rng):
    photo = smooth_photo(rng)
    pose = Pose.from_angles((0, 0, 0), yaw_deg=3, pitch_deg=0, roll_deg=0)
    frame = render(ctx, scene_of(framed_back(photo)), ResolvedCamera(0, pose, 45))[..., 1]
    right_px = np.tan(np.radians(3)) * INTRINSICS.focal_px
    middle = frame[30:34, 20:76].astype(float)
    candidates = np.arange(-10, 11)
    errors = [np.abs(middle - photo[30:34, 20 - s : 76 - s, 1]).mean() for s in candidates]
    assert candidates[np.argmin(errors)] == round(right_px)


def test_a_nearer_square_hides_what_is_behind_it(ctx, rng):
    red, green = (np.full((64, 96, 3), c, np.uint8) for c in ((255, 0, 0), (0, 255, 0)))
    near = plane(0.8, area_uv=(0.25, 0.25, 0.75, 0.75))
    scene = scene_of(
        Layer("back", plane(0.2), with_alpha(red)), Layer("near", near, with_alpha(green))
    )
    frame = render(ctx, scene, camera_at_rest())
    expected = red.copy()
    expected[16:48, 24:72] = (0, 255, 0)
    assert (frame[..., :3] == expected).all()


def test_a_checkerboard_behind_a_window_shows_the_right_squares(ctx):
    # A wall at 1 su with a hole, and a board at 4 su seen through it from a shifted camera
    y, x = np.mgrid[:64, :96]
    board = np.where(((x // 8) + (y // 8))[..., None] % 2, 255, 0).astype(np.uint8)
    board = np.repeat(board, 3, -1)
    wall = np.full((64, 96, 3), 90, np.uint8)
    hole = (1 / 3, 0.25, 2 / 3, 0.75)  # 32…64 by 16…48
    walls = [
        Layer(f"wall {i}", plane(1.0, area_uv=area), with_alpha(wall))
        for i, area in enumerate(
            [(0, 0, hole[0], 1), (hole[2], 0, 1, 1), (hole[0], 0, hole[2], hole[1]),
             (hole[0], hole[3], hole[2], 1)]
        )
    ]  # fmt: skip
    scene = scene_of(framed_back(board), *walls)
    camera = camera_shifted(8 / INTRINSICS.focal_px)  # the wall moves by 8 px, the board by 2
    frame = render(ctx, scene, camera)[..., :3]
    assert (frame[20:44, 26:54] == board[20:44, 28:56]).mean() > 0.999
    assert (frame[18:46, :22] == 90).all() and (frame[18:46, 58:80] == 90).all()


def test_a_soft_rim_mixes_light_not_bytes(ctx):
    white, black = np.full((64, 96, 3), 255, np.uint8), np.zeros((64, 96, 3), np.uint8)
    for alpha8 in (0, 64, 128, 200, 255):
        veil = Layer("veil", plane(0.8, opaque=False), with_alpha(white, alpha8))
        scene = scene_of(Layer("back", plane(0.2), with_alpha(black)), veil)
        frame = render(ctx, scene, camera_at_rest())
        expected = srgb8_from_linear(np.array(alpha8 / 255))
        assert np.abs(frame[..., :3].astype(int) - int(expected)).max() <= ROUNDING
        assert (frame[..., 3] == 255).all()


def test_veils_are_laid_from_far_to_near(ctx):
    colours = {0.2: (0, 0, 0), 0.5: (255, 0, 0), 0.9: (0, 0, 255)}
    layers = [
        Layer(
            str(d),
            plane(d, opaque=d == 0.2),
            with_alpha(np.full((64, 96, 3), c, np.uint8), 255 if d == 0.2 else 128),
        )
        for d, c in colours.items()
    ]
    frame = render(ctx, scene_of(*layers), camera_at_rest())
    half = 128 / 255
    expected = srgb8_from_linear(np.array([half * (1 - half), 0, half]))
    assert np.abs(frame[32, 48, :3].astype(int) - expected).max() <= ROUNDING


def test_a_square_with_a_soft_rim_gives_back_the_photo_it_was_taken_from(ctx, rng):
    scene, photo = square_before_photo(noise(rng), noise(rng))
    frame = render(ctx, scene, camera_at_rest())[..., :3].astype(int)
    assert np.abs(frame - photo).max() <= ROUNDING


def test_frames_agree_with_the_slow_twin(ctx, rng):
    scene, _ = square_before_photo(smooth_photo(rng), smooth_photo(rng))
    pose = Pose.look_at((0.06, -0.04, -0.1), (0, 0, -2), roll_deg=3)
    camera = ResolvedCamera(0.0, pose, 40.0)
    frame = render(ctx, scene, camera)[..., :3].astype(int)
    expected = warp_scene(scene, camera, SIZE_WH).astype(int)
    differs = np.abs(frame - expected).max(-1) > 2
    # The square's opaque middle ends inside its own rim, at alpha 1: no edge is to be seen
    assert differs.mean() <= 0.001


def test_the_same_frame_twice_is_the_same_bytes_in_any_order(ctx, rng):
    scene, _ = square_before_photo(noise(rng), noise(rng))
    cameras = [camera_shifted(x, x / 2) for x in np.linspace(-0.05, 0.05, 5)]
    params = RenderParams(device="software")
    with Renderer(scene, size_wh=SIZE_WH, params=params, context=ctx) as renderer:
        forward = [frame.srgb8 for frame in renderer.frames(cameras)]
        backward = [frame.srgb8 for frame in renderer.frames(reversed(cameras))]
    assert all((a == b).all() for a, b in zip(forward, reversed(backward), strict=True))


def test_a_farthest_layer_that_first_hides_is_seen_where_a_later_frame_uncovers_it(ctx, rng):
    front = plane(1.0, area_uv=(-0.1, -0.1, 1.1, 1.1), num=(1, 1))
    near = Layer("near", front, with_alpha(np.full((9, 9, 3), 90, np.uint8)))
    scene = scene_of(framed_back(np.full((90, 120, 3), 200, np.uint8)), near)
    cameras = [camera_shifted(x) for x in (0.0, 0.02, 0.4, 0.4, 0.0)]
    with Renderer(scene, size_wh=SIZE_WH, context=ctx) as renderer:
        frames = [frame.srgb8 for frame in renderer.frames(cameras)]
    assert [sorted(np.unique(srgb8[..., :3])) for srgb8 in frames] == [
        [90], [90], [90, 200], [90, 200], [90]
    ]  # fmt: skip
    assert all((srgb8[..., 3] == 255).all() for srgb8 in frames)


def test_memory_of_a_frame_is_used_again_once_no_view_of_it_is_left():
    spare = SpareArrays()
    part = spare.take((4, 5, 4))[1:, ::2]
    part[:] = 7
    others = [spare.take((4, 5, 4)) for _ in range(3)]
    assert not any(np.shares_memory(part, other) for other in others)
    address = others[0].ctypes.data
    del others
    assert address in [spare.take((4, 5, 4)).ctypes.data for _ in range(3)]
    assert (part == 7).all()


def test_frames_are_numbered_and_carry_their_camera_s_time(ctx, rng):
    cameras = [ResolvedCamera(k / 10, Pose.identity(), 45.0) for k in range(5)]
    params = RenderParams(device="software")
    scene = photo_plane(noise(rng))
    with Renderer(scene, size_wh=SIZE_WH, params=params, context=ctx) as renderer:
        frames = list(renderer.frames(cameras))
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 4]
    assert [frame.time_s for frame in frames] == [0.0, 0.1, 0.2, 0.3, 0.4]


def test_a_frame_keeps_its_pixels_when_the_next_is_drawn(ctx, rng):
    scene = scene_of(framed_back(noise(rng)))
    with Renderer(scene, size_wh=SIZE_WH, context=ctx) as renderer:
        frames = renderer.frames([camera_shifted(x) for x in (0, 0.1, 0.2, 0.3)])
        first = next(frames).srgb8
        kept = first.copy()
        list(frames)
    assert (first == kept).all()


def test_frames_that_come_back_through_buffers_are_the_same(ctx, rng):
    scene = scene_of(framed_back(noise(rng)))
    cameras = [camera_shifted(x) for x in (0, 0.1, 0.2)]
    as_card = Context(ctx.gl, replace(ctx.device, is_software=False))
    found = []
    for context in (ctx, as_card):
        with Renderer(scene, size_wh=SIZE_WH, context=context) as renderer:
            found.append([frame.srgb8 for frame in renderer.frames(cameras)])
    assert np.array_equal(found[0], found[1])


def test_two_iterators_at_once_are_refused(ctx, rng):
    with Renderer(photo_plane(noise(rng)), size_wh=SIZE_WH, context=ctx) as renderer:
        first = renderer.frames([camera_at_rest()] * 5)
        next(first)
        with pytest.raises(RuntimeError, match="iterator before to be finished"):
            next(renderer.frames([camera_at_rest()]))
        list(first)
        assert next(renderer.frames([camera_at_rest()])).index == 0


def test_what_no_opaque_triangle_covers_is_counted(ctx, rng):
    scene = photo_plane(noise(rng))
    right_px = 7
    camera = camera_shifted(right_px / (INTRINSICS.focal_px * BACK_INV_DEPTH))
    with Renderer(scene, size_wh=SIZE_WH, context=ctx) as renderer:
        assert renderer.count_uncovered(camera_at_rest()) == 0
        assert renderer.count_uncovered(camera) == right_px * SIZE_WH[1]
        assert (renderer.render(camera).srgb8[..., 3] == 255).all()


def test_a_far_sky_and_a_near_flower_are_drawn_together(ctx, rng):
    photo = noise(rng)
    hills = photo_plane(photo, lambda uv: np.where(uv[:, 1] < 0.4, 0.0, 3.0), num=(4, 8))
    assert psnr_db(render(ctx, hills, camera_at_rest())[..., :3], photo) > AT_REST_DB


def test_supersampling_averages_light(ctx):
    y, x = np.mgrid[:128, :192]
    board = np.repeat(np.where((x + y)[..., None] % 2, 255, 0), 3, -1).astype(np.uint8)
    scene = Scene(
        (Layer("back", plane(0.25), with_alpha(board)),),
        INTRINSICS.scaled((192, 128)),
        scene_of(framed_back(board)).reach,
        1.0,
    )
    frame = render(ctx, scene, camera_at_rest(), supersample=2)
    half = 188  # half the light, not half the number
    assert np.abs(frame[..., :3].astype(int) - half).max() <= ROUNDING


@pytest.mark.parametrize("look", [{}, {"lens_radius_su": 0.02, "lens_samples": 3, "vignette": 0.3}])
def test_a_frame_drawn_piece_by_piece_is_the_same(ctx, rng, monkeypatch, look):
    scene, _ = square_before_photo(smooth_photo(rng), smooth_photo(rng))
    camera = ResolvedCamera(0.0, Pose.look_at((0.06, -0.04, -0.1), (0, 0, -2)), 40.0)
    whole = render(ctx, scene, camera, supersample=2, **look).astype(int)
    monkeypatch.setattr(renderer_module, "CANVAS_SIDE_PX", 50)  # of 192 × 128
    pieces = render(ctx, scene, camera, supersample=2, **look).astype(int)
    assert np.abs(pieces - whole).max() <= ROUNDING
    assert (pieces == whole).mean() > 0.99


def test_what_no_opaque_triangle_covers_is_counted_once_in_pieces(ctx, rng, monkeypatch):
    scene, right_px = photo_plane(noise(rng)), 7
    camera = camera_shifted(right_px / (INTRINSICS.focal_px * BACK_INV_DEPTH))
    monkeypatch.setattr(renderer_module, "CANVAS_SIDE_PX", 50)
    params = RenderParams(supersample=2)
    with Renderer(scene, size_wh=SIZE_WH, params=params, context=ctx) as renderer:
        assert renderer.count_uncovered(camera) == 4 * right_px * SIZE_WH[1]


def test_a_frame_larger_than_the_device_allows_is_refused(ctx, rng):
    too_wide = ctx.max_side_px + 2
    with pytest.raises(ContextError, match=f"at most {ctx.max_side_px} px a side"):
        Renderer(photo_plane(noise(rng)), size_wh=(too_wide, 64), context=ctx)


def test_an_odd_number_of_samples_is_refused():
    with pytest.raises(ValueError, match="1, 2 or 4"):
        RenderParams(supersample=3)


def held():
    """Resident memory in MB and open files of this process."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(os.listdir("/proc/self/fd"))


def test_two_hundred_renderers_leave_no_memory_and_no_files_behind(ctx, rng):
    scene, _ = square_before_photo(noise(rng), noise(rng))
    seen = []
    for num_renderers in (50, 150):
        for _ in range(num_renderers):
            with Renderer(scene, size_wh=(160, 90), context=ctx) as renderer:
                for _ in renderer.frames([camera_at_rest()] * 3):
                    pass
        seen.append(held())
    assert seen[1][1] == seen[0][1]
    assert seen[1][0] - seen[0][0] < 6  # one leaked frame a renderer would be 8.6


def test_contexts_leave_no_files_behind(ctx, rng):
    scene = photo_plane(noise(rng))
    seen = []
    with ctx.gl:
        for _ in range(8):
            params = RenderParams(device="software")
            with Renderer(scene, size_wh=(320, 180), params=params) as renderer:
                renderer.render(camera_at_rest())
            seen.append(held())
    assert seen[-1][1] == seen[1][1]


def test_a_program_is_compiled_once_for_all_renderers_of_a_context(ctx, rng):
    scene, _ = square_before_photo(noise(rng), noise(rng))
    found = []
    for _ in range(2):
        with Renderer(scene, size_wh=SIZE_WH, context=ctx) as renderer:
            renderer.render(camera_at_rest())
        found.append(ctx.programs.find("layer.vert", "rim.frag"))
    assert found[0] is found[1]


def test_two_renderers_that_share_programs_do_not_disturb_each_other(ctx, rng):
    photo, looks = (
        noise(rng),
        [RenderParams(vignette=v, grain=g) for v, g in ((0.5, 0.1), (0.2, 0.05))],
    )
    alone = [render(ctx, photo_plane(photo), camera_at_rest(), vignette=p.vignette, grain=p.grain)
             for p in looks]  # fmt: skip
    with ExitStack() as opened:
        both = [
            opened.enter_context(
                Renderer(photo_plane(photo), size_wh=SIZE_WH, params=p, context=ctx)
            )
            for p in looks
        ]
        together = [renderer.render(camera_at_rest()).srgb8 for renderer in both]
    assert np.array_equal(alone, together)
