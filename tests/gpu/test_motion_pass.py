"""Motions drawn on the device: as the slow twin draws them, and not a byte elsewhere."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from parallax.camera import Pose, ResolvedCamera
from parallax.gpu.motion_mask import EDGE, FLOW, GLINT, SKY, SMOOTH, SWAY, find_layer_motion
from parallax.gpu.motion_pass import MotionPass
from parallax.gpu.passes import MeshOnDevice
from parallax.gpu.renderer import Renderer
from parallax.motion_plan import Drift, FlowField, Foam, Glint, Motion, Ripple, Veil
from parallax.scene import Layer
from tests.reference.motion_warp import draw_motion
from tests.scenes import (
    FOV_DEG,
    SIZE_WH,
    SQUARE_UV,
    photo_plane,
    plane,
    scene_of,
    smooth_photo,
    square_before_photo,
    with_alpha,
)

FIELD = (32, 48)
KINDS = ("sway", "flow", "foam", "glint", "ripple", "drift", "veil")
TAU = 2 * np.pi
FILTER_ERROR = 2.0  # of 255: the device's own bilinear weights have 8 bits


def motion_of(rng, kinds, *, weight=None):
    """A motion of the left half of the photo, of any mixture of kinds."""
    height, width = SIZE_WH[1], SIZE_WH[0]
    left = np.zeros((height, width, 3), np.uint8)
    left[8:-8, 8 : width // 2] = 255
    mask = np.zeros_like(left)
    for plane_index, names in enumerate((("flow",), ("drift", "veil"), ("foam",))):
        if set(names) & set(kinds):
            mask[..., plane_index] = left[..., 0]
    inside = np.zeros((*FIELD, 1), np.float32)
    inside[6:-6, 6:22] = 1
    modes = 0.01 * rng.normal(size=(3, 1, 1, 4)).astype(np.float32) * inside
    ones = np.ones((*FIELD, 1), np.float32)
    lift = inside * (0.5 if {"sway", "veil"} <= set(kinds) else 0.0)
    plate = smooth_photo(rng)
    travel = ones * np.array([0.02, 0.05, 0.3, 2], np.float32)
    swing = 0.5 * rng.normal(size=4).astype(np.float32) * ones
    return Motion(
        period_s=4.0,
        cycles=(1, 2, 5),
        modes_uv=modes if "sway" in kinds else modes * 0,
        shade=np.dstack([ones * 2, ones * 3, inside, lift]).astype(np.float32),
        mask8=mask if weight is None else weight,
        flow=FlowField(travel, plate, (0, 0, 1, 1), 0.4) if "flow" in kinds else None,
        drift=Drift(plate, (-0.1, 0, 1.1, 1), (0.02, 0.0), 0.9) if "drift" in kinds else None,
        veil=Veil(
            rng.integers(0, 256, (16, 16, 2)).astype(np.uint8) // 2 + 60,
            (1, 2), ((1, 0), (2, 0)), (0.9, 0.8, 0.7), 0.4, 0.1, 1.2, 0.6,
        ) if "veil" in kinds else None,
        glint=Glint(left[..., 0], swing, (3, 4), 0.3) if "glint" in kinds else None,
        ripple=Ripple(
            np.where(left[..., :1] > 0, rng.integers(1, 256, (height, width, 4)), 128)
            .astype(np.uint8), (3, 2), 0.2,
        ) if "ripple" in kinds else None,
        foam=Foam(plate // 3, travel) if "foam" in kinds else None,
    )  # fmt: skip


def noise(rng):
    return rng.integers(0, 256, (SIZE_WH[1], SIZE_WH[0], 3)).astype(np.uint8)


def frames_of(ctx, scene, motion, times_s, *, right_su=0.0):
    pose = Pose.from_rotation((right_su, 0, 0), np.eye(3))
    with Renderer(scene, size_wh=SIZE_WH, context=ctx, motion=motion) as renderer:
        cameras = [ResolvedCamera(t, pose, FOV_DEG) for t in times_s]
        return [frame.srgb8[..., :3].astype(int) for frame in renderer.frames(cameras)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("time_s", [0.5, 1.2])
def test_the_device_draws_what_the_slow_twin_draws(ctx, kind, time_s):
    rng = np.random.default_rng(5)
    srgb8 = smooth_photo(rng)
    motion = motion_of(rng, {kind})
    (drawn,) = frames_of(ctx, photo_plane(srgb8), motion, [time_s])
    error = np.abs(drawn - draw_motion(motion, srgb8, time_s))
    assert (error > FILTER_ERROR).mean() < 0.001
    assert np.abs(drawn - srgb8).max() > 2 * FILTER_ERROR


def test_a_fog_is_drawn_as_the_slow_twin_draws_it(ctx):
    rng = np.random.default_rng(6)
    srgb8, motion = smooth_photo(rng), motion_of(rng, {"veil"})
    assert motion.veil is not None
    motion = replace(motion, veil=replace(motion.veil, horizon_v=0.0))
    (drawn,) = frames_of(ctx, photo_plane(srgb8), motion, [0.9])
    assert (np.abs(drawn - draw_motion(motion, srgb8, 0.9)) > FILTER_ERROR).mean() < 0.001


@pytest.mark.parametrize("seed", range(4))
def test_a_mixture_of_kinds_is_drawn_as_the_slow_twin_draws_it(ctx, seed):
    rng = np.random.default_rng(seed)
    kinds = {kind for kind in KINDS if rng.random() < 0.6} | {"sway"}
    srgb8, motion = smooth_photo(rng), motion_of(rng, kinds)
    (drawn,) = frames_of(ctx, photo_plane(srgb8, num=(12, 9)), motion, [1.3])
    error = np.abs(drawn - draw_motion(motion, srgb8, 1.3))
    assert (error > 2 * FILTER_ERROR).mean() < 0.002


@pytest.mark.parametrize("right_su", [0.0, 0.03])
def test_not_a_byte_changes_outside_the_masks(ctx, right_su):
    rng = np.random.default_rng(1)
    scene = photo_plane(noise(rng))
    (still,) = frames_of(ctx, scene, None, [0.0], right_su=right_su)
    for moved in frames_of(ctx, scene, motion_of(rng, KINDS), (0.0, 1.1), right_su=right_su):
        change = np.abs(moved - still).max(-1)
        assert change[:, SIZE_WH[0] // 2 + 2 :].max() == 0
        assert change[:4].max() == 0
        assert change[:, : SIZE_WH[0] // 2].max() > 0


def test_a_loop_closes_to_the_byte(ctx):
    rng = np.random.default_rng(2)
    motion = motion_of(rng, set(KINDS) - {"drift"})
    first, last = frames_of(ctx, photo_plane(smooth_photo(rng)), motion, (0.0, 4.0))
    assert np.array_equal(first, last)


def test_frames_do_not_depend_on_the_frames_before(ctx):
    rng = np.random.default_rng(3)
    scene, motion = photo_plane(smooth_photo(rng)), motion_of(rng, KINDS)
    in_order = frames_of(ctx, scene, motion, (0.0, 1.0, 2.0))
    alone = frames_of(ctx, scene, motion, (2.0,))
    assert np.array_equal(in_order[2], alone[0])


def test_a_moving_layer_behind_all_others_is_left_out_unseen(ctx):
    rng = np.random.default_rng(8)
    front = Layer("near", plane(0.8, num=(6, 4)), with_alpha(smooth_photo(rng)))
    back = Layer("back", plane(0.2, area_uv=(-1, -1, 2, 2), num=(9, 9)), with_alpha(noise(rng)))
    motion = motion_of(rng, {"sway", "veil"})
    cameras = [
        ResolvedCamera(t, Pose.from_rotation((x, 0, 0), np.eye(3)), FOV_DEG)
        for t, x in ((0.0, 0.0), (0.4, 0.3), (0.8, 0.0), (1.2, -0.2))
    ]
    drawn = []
    for leaves_out in (True, False):
        with Renderer(scene_of(back, front), size_wh=SIZE_WH, context=ctx, motion=motion) as it:
            it._leaves_out_farthest &= leaves_out
            drawn.append([frame.srgb8 for frame in it.frames(cameras)])
    assert all(np.array_equal(one, other) for one, other in zip(*drawn, strict=True))


def test_a_layer_keeps_its_alpha_where_soft_triangles_need_it():
    rng = np.random.default_rng(0)
    scene, _ = square_before_photo(smooth_photo(rng), smooth_photo(rng))
    back, front = find_layer_motion(scene, motion_of(rng, {"glint"}))
    assert np.array_equal(front.layer.srgb8, scene.layers[1].srgb8)
    assert not (front.kinds & GLINT).any()
    assert (back.kinds & GLINT).any()
    assert set(np.unique(back.layer.srgb8[..., 3])) == {0, 255}


def test_corners_tell_a_slow_wave_and_no_short_one():
    rng = np.random.default_rng(0)
    scene = photo_plane(smooth_photo(rng), num=(16, 11))  # edges of 3 and 4 texels
    x = np.arange(FIELD[1], dtype=np.float32)
    for wavelength, told in ((400, True), (6, False)):
        wave = np.zeros((3, *FIELD, 4), np.float32)
        wave[0, ..., 1] = 1 / FIELD[0] * np.cos(TAU * x / wavelength)  # a texel
        (found,) = find_layer_motion(scene, replace(motion_of(rng, ()), modes_uv=wave))
        assert ((found.kinds & (SWAY | SMOOTH)) == (SWAY | SMOOTH)).all() == told


def test_corners_tell_nothing_where_a_mask_ends():
    rng = np.random.default_rng(0)
    scene = photo_plane(smooth_photo(rng), num=(16, 11))
    wave = np.zeros((3, *FIELD, 4), np.float32)
    wave[0, :, FIELD[1] // 2 :, 1] = 1e-6  # so little that any corner could tell it
    (found,) = find_layer_motion(scene, replace(motion_of(rng, ()), modes_uv=wave))
    x = scene.layers[0].mesh.uv[scene.layers[0].mesh.triangles][..., 0] * FIELD[1]
    ends = (x.min(1) < FIELD[1] // 2) & (found.kinds & SWAY > 0)
    assert ends.any()
    assert not (found.kinds[ends] & SMOOTH).any()
    inside = x.min(1) > FIELD[1] // 2 + 2
    assert (found.kinds[inside] & SMOOTH > 0).all()


def test_the_motion_moves_with_what_it_is_on(ctx):
    rng = np.random.default_rng(4)
    scene, motion = photo_plane(smooth_photo(rng)), motion_of(rng, {"sway", "veil"})
    (rest,) = frames_of(ctx, scene, motion, [0.8])
    shift_px = 3
    focal_px = scene.intrinsics.focal_px
    right_su = shift_px / focal_px / 0.25  # BACK_INV_DEPTH
    (aside,) = frames_of(ctx, scene, motion, [0.8], right_su=right_su)
    assert np.abs(aside[:, :-shift_px] - rest[:, shift_px:]).max() <= 1


def test_what_goes_on_behind_a_thing_moves_as_what_is_beside_it():
    rng = np.random.default_rng(0)
    scene, _ = square_before_photo(smooth_photo(rng), smooth_photo(rng))
    height, width = SIZE_WH[1], SIZE_WH[0]
    weight = np.zeros((height, width, 3), np.uint8)
    weight[..., 1] = 255
    u0, v0, u1, v1 = SQUARE_UV
    weight[round(v0 * height) : round(v1 * height), round(u0 * width) : round(u1 * width)] = 0
    back, front = find_layer_motion(scene, motion_of(rng, {"veil"}, weight=weight))
    assert (back.weight8[..., 1] == 255).all()
    assert not front.weight8[24:40, 34:50].any()
    assert (back.kinds == SKY + SMOOTH).all()


def test_triangles_are_told_apart_by_what_they_show():
    rng = np.random.default_rng(0)
    scene = photo_plane(smooth_photo(rng), num=(12, 8))
    (found,) = find_layer_motion(scene, motion_of(rng, {"sway", "flow"}))
    mesh = scene.layers[0].mesh
    middle = mesh.uv[mesh.triangles].mean(1)
    assert (found.kinds[middle[:, 0] > 0.7] == 0).all()
    inner = (np.abs(middle - (0.3, 0.5)) < (0.08, 0.2)).all(-1)
    assert (found.kinds[inner] & ~np.uint8(SMOOTH) == SWAY + FLOW).all()
    assert (found.kinds[inner] & SMOOTH).any()  # the same throughout
    assert (found.kinds & EDGE).any()


def test_soft_triangles_move_too(ctx):
    rng = np.random.default_rng(6)
    srgb8 = smooth_photo(rng)
    backdrop = Layer("back", plane(0.2), with_alpha(srgb8))
    soft = Layer("rim", plane(0.25, opaque=False), with_alpha(srgb8))
    motion = motion_of(rng, {"veil"})
    (drawn,) = frames_of(ctx, scene_of(backdrop, soft), motion, [0.7])
    error = np.abs(drawn - draw_motion(motion, srgb8, 0.7))
    assert error.max() <= 2 * FILTER_ERROR


def test_every_combination_compiles(ctx):
    rng = np.random.default_rng(0)
    texture = ctx.gl.texture((2, 2), 4, bytes(16))
    shape = plane(0.5, num=(64, 1))
    kinds = np.arange(len(shape.triangles)) % 64
    mesh = MeshOnDevice(
        ctx.gl, shape, texture, np.array([1, 1, 0, 0], np.float32), kinds=kinds.astype(np.uint8)
    )
    motion = motion_of(rng, KINDS)
    (layer,) = find_layer_motion(photo_plane(smooth_photo(rng)), motion)
    drawn = MotionPass(ctx, motion, [mesh], [layer])
    assert {key for key, soft in drawn.programs if not soft} == set(range(1, 64))
    drawn.release()
    mesh.release()


def test_a_motion_that_stands_still_costs_no_pass(ctx):
    rng = np.random.default_rng(0)
    motion = replace(motion_of(rng, set()), mask8=np.zeros((8, 8, 3), np.uint8))
    assert motion.is_still
    scene = photo_plane(smooth_photo(rng))
    (still,), (moved,) = (frames_of(ctx, scene, m, [0.5]) for m in (None, motion))
    assert np.array_equal(still, moved)


def test_the_kinds_are_powers_of_two():
    for one, two in product((SWAY, FLOW, SKY, EDGE), repeat=2):
        assert one is two or not one & two
