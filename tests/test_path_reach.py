"""How far a path strays: against worked-out answers, and against brute force."""

import math

import numpy as np
import pytest

from parallax.camera import Intrinsics, clip_from_camera, positions_from_uv
from parallax.camera import fov_to_cover as cover
from parallax.path import CameraPath, Keyframe, inspect_path, measure_reach, resolve_path

PHOTO = Intrinsics.from_fov((1600, 1200), 45.0)
SAME = (1600, 1200)
EXACT = 1e-9
NUM_POINTS = 1000


def reach_of(path, intrinsics=PHOTO, size_wh=SAME, inv_depth_range=(0.0, 1.0)):
    return measure_reach(
        path,
        intrinsics,
        size_wh=size_wh,
        inv_depth_range=inv_depth_range,
        default_fov_deg=cover(intrinsics, size_wh),
    )


def line(position_su, **rest):
    return CameraPath((Keyframe(0.0), Keyframe(1.0, position_su)), **rest)


def test_a_camera_at_rest_reaches_nowhere():
    reach = reach_of(CameraPath((Keyframe(0.0),)))
    assert reach.parallax_su == 0 and reach.zoom == pytest.approx(1)
    assert max(reach.margin_uv) == pytest.approx(0, abs=EXACT)


@pytest.mark.parametrize("shift", [(0.05, 0.0, 0.0), (-0.03, 0.0, 0.0), (0.0, 0.02, 0.0)])
def test_a_sideways_shift_reaches_as_far_as_it_goes(shift):
    assert reach_of(line(shift)).parallax_su == pytest.approx(math.hypot(*shift), abs=EXACT)
    held = CameraPath((Keyframe(0.0, shift),))
    assert reach_of(held).parallax_su == pytest.approx(math.hypot(*shift), abs=EXACT)


def test_a_shift_to_the_right_looks_past_the_right_border_at_the_nearest():
    reach = reach_of(line((0.05, 0.0, 0.0)))
    left, top, right, bottom = reach.margin_uv
    assert right == pytest.approx(0.05 * PHOTO.focal_px / 1600)
    assert max(left, top, bottom) == pytest.approx(0, abs=EXACT)


def test_a_step_back_looks_past_all_borders():
    reach = reach_of(line((0.0, 0.0, 0.1)))
    assert reach.margin_uv == pytest.approx((0.05, 0.05, 0.05, 0.05))


def test_a_step_forward_looks_nowhere_new_and_magnifies_the_nearest():
    reach = reach_of(line((0.0, 0.0, -0.1)))
    assert max(reach.margin_uv) == pytest.approx(0, abs=EXACT)
    assert reach.zoom == pytest.approx(1 / 0.9, rel=1e-6)


def test_a_turn_alone_moves_nothing_apart():
    path = CameraPath((Keyframe(0.0, rotation_deg=(3.0, 1.0, 2.0)),))
    assert reach_of(path).parallax_su == 0


def test_zooming_in_magnifies_parallax_too():
    fov_deg = math.degrees(2 * math.atan(math.tan(math.radians(22.5)) / 1.5))
    path = CameraPath((Keyframe(0.0, (0.02, 0.0, 0.0), fov_deg=fov_deg),))
    reach = reach_of(path)
    assert reach.parallax_su == pytest.approx(0.03, rel=1e-6)
    assert reach.zoom == pytest.approx(1.5)


def test_a_held_jump_is_seen_from_both_sides_and_not_overrated():
    keys = (Keyframe(0.0, ease="hold"), Keyframe(0.5, (0.05, 0.0, 0.0), ease="hold"), Keyframe(1.0))
    assert reach_of(CameraPath(keys)).parallax_su == pytest.approx(0.05, abs=EXACT)


def test_a_film_that_crops_the_photo_has_room():
    reach = reach_of(line((0.05, 0.0, 0.0)), size_wh=(600, 1200))
    assert max(reach.margin_uv) == pytest.approx(0, abs=EXACT)


def random_path(rng):
    num = int(rng.integers(2, 5))
    keys = tuple(
        Keyframe(
            float(t),
            tuple(rng.normal(size=3) * (0.05, 0.05, 0.08)),
            rotation_deg=tuple(rng.normal(size=3) * 2.0),
            fov_deg=float(rng.uniform(38, 50)),
            ease=str(rng.choice(["linear", "ease-in-out", "easeOutBack"])),
        )
        for t in range(num)
    )
    return CameraPath(keys, loop=bool(rng.random() < 0.5), duration_s=float(num))


def brute_force(path, intrinsics, size_wh, *, times_s, rng):
    """Parallax, margins and zoom of random points, through plain 4 × 4 matrices."""
    rest_deg = cover(intrinsics, size_wh)
    rest_px = Intrinsics.from_fov(size_wh, rest_deg).focal_px
    samples = resolve_path(path, times_s, default_fov_deg=rest_deg)
    uv = rng.random((NUM_POINTS, 2))
    inv_depth = rng.choice([0.001, 0.3, 0.6, 1.0], NUM_POINTS)
    step = 1e-4
    parallax, zoom = 0.0, 0.0
    margins = np.zeros(4)
    for i in range(len(times_s)):
        camera = samples.camera(i)
        clip = (
            clip_from_camera(camera.fov_deg, size_wh[0] / size_wh[1], near_su=0.01, far_su=2000)
            @ camera.pose.camera_from_world
        )

        def px(uv, inv_depth, clip=clip):
            points = positions_from_uv(uv, inv_depth, intrinsics).astype(float)
            at = np.concatenate([points, np.ones((len(points), 1))], 1) @ clip.T
            return (at[:, :2] / at[:, 3:] * (0.5, -0.5) + 0.5) * size_wh

        here = px(uv, inv_depth)
        seen = ((here > 0) & (here < size_wh)).all(1)
        other = rng.choice([0.001, 0.5, 1.0], NUM_POINTS)
        far = abs(other - inv_depth) > 0.2
        apart = np.linalg.norm(px(uv, other) - here, axis=1) / np.maximum(
            abs(other - inv_depth), 0.2
        )
        if (seen & far).any():
            parallax = max(parallax, float(apart[seen & far].max()) / rest_px)
        rest_scale = rest_px / intrinsics.focal_px * np.array(intrinsics.size_wh) * step
        for axis in (0, 1):
            moved = px(uv + np.eye(2)[axis] * step, inv_depth) - here
            zoom = max(zoom, float((np.linalg.norm(moved, axis=1) / rest_scale[axis])[seen].max()))

        # Where the frame's corners meet planes of the photo
        ndc = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)
        inverse = np.linalg.inv(clip)
        ends = []
        for depth_ndc in (0.0, 0.9):
            at = np.c_[ndc, np.full(4, depth_ndc), np.ones(4)] @ inverse.T
            ends.append(at[:, :3] / at[:, 3:])
        eye = camera.pose.position_su
        for d in (0.001, 1.0):
            ray = ends[1] - ends[0]
            s = (-1 / d - eye[2]) / ray[:, 2]
            hit = eye + s[:, None] * ray
            w, h = intrinsics.size_wh
            u = 0.5 + hit[:, 0] * d * intrinsics.focal_px / w
            v = 0.5 - hit[:, 1] * d * intrinsics.focal_px / h
            margins = np.maximum(margins, [(-u).max(), (-v).max(), (u - 1).max(), (v - 1).max()])
    return parallax, margins, zoom


@pytest.mark.parametrize("seed", range(8))
def test_the_reach_is_never_less_than_what_brute_force_finds(seed):
    rng = np.random.default_rng(seed)
    intrinsics = Intrinsics.from_fov(
        (800, int(rng.integers(500, 1200))), float(rng.uniform(30, 70))
    )
    size_wh = (640, int(rng.integers(300, 900)))
    path = random_path(rng)
    reach = reach_of(path, intrinsics, size_wh)
    times_s = np.linspace(0, path.duration_s, 173)  # beside the samples of what is tested
    parallax, margins, zoom = brute_force(path, intrinsics, size_wh, times_s=times_s, rng=rng)
    slack = 1e-4  # of float32 positions
    assert reach.parallax_su >= parallax * (1 - slack)
    assert reach.zoom >= zoom * (1 - 3e-3)  # a difference quotient of float32 positions
    assert (np.array(reach.margin_uv) >= margins - slack).all()
    assert reach.parallax_su < 3 * parallax + 0.02  # and it is no mere bound
    assert (np.array(reach.margin_uv) < margins + 0.02).all()


def inspected(path, num=91):
    return inspect_path(
        path,
        PHOTO,
        size_wh=SAME,
        times_s=np.linspace(0, path.duration_s, num),
        default_fov_deg=45.0,
    )


def test_the_report_knows_the_speed_of_the_nearest():
    report = inspected(line((0.06, 0.0, 0.0), duration_s=1.0))
    widths = 0.06 * PHOTO.focal_px / 1600
    assert np.allclose(report.speed_per_s, widths, rtol=1e-6)
    assert report.acceleration_per_s2.max() < 1e-6


def test_the_report_knows_the_acceleration_of_a_sine():
    path = line((0.06, 0.0, 0.0), duration_s=1.0, ease="easeInOutSine")
    widths = 0.06 * PHOTO.focal_px / 1600
    report = inspected(path, 301)
    assert report.acceleration_per_s2.max() == pytest.approx(widths * math.pi**2 / 2, rel=1e-3)
    assert report.speed_per_s.max() == pytest.approx(widths * math.pi / 2, rel=1e-3)


def test_a_calm_path_earns_no_warning():
    assert inspected(line((0.03, 0.0, 0.0), duration_s=1.0, ease="easeInOutSine")).warnings == ()


@pytest.mark.parametrize(
    ("path", "word"),
    [
        (line((0.2, 0.0, 0.0), duration_s=1.0), "right border"),
        (line((0.0, 0.0, -0.9), duration_s=1.0), "comes very close to what is nearest"),
        (line((0.0, 0.0, -1.5), duration_s=1.0), "passes through what is nearest"),
        (line((0.3, 0.0, 0.0), duration_s=1.0), "diagonal apart"),
        (CameraPath((Keyframe(0.0), Keyframe(1.0, fov_deg=20.0))), "looks soft"),
        (CameraPath((Keyframe(0.0), Keyframe(0.1, rotation_deg=(-6.0, 0, 0)))), "width a second"),
        (
            CameraPath((Keyframe(0.0, ease="hold"), Keyframe(0.5, (0.1, 0.0, 0.0)), Keyframe(1.0))),
            "jerks",
        ),
    ],
)
def test_the_report_says_what_to_mend(path, word):
    assert any(word in warning for warning in inspected(path).warnings)


def test_a_loop_whose_speed_jumps_at_the_seam_is_told():
    keys = (Keyframe(0.0), Keyframe(1.0, (0.1, 0.0, 0.0)))
    path = CameraPath(keys, loop=True, duration_s=2.0, spline="linear")
    times_s = np.arange(60) / 30
    report = inspect_path(path, PHOTO, size_wh=SAME, times_s=times_s, default_fov_deg=45.0)
    assert any("loop closes" in warning for warning in report.warnings)
    assert report.seam_jump == pytest.approx(0.2 * PHOTO.focal_px / 1600, rel=1e-3)
