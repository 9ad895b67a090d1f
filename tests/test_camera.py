import math

import numpy as np
import pytest

from parallax.camera import (
    MIN_INV_DEPTH,
    Intrinsics,
    Pose,
    Reach,
    clip_from_camera,
    fov_to_cover,
    positions_from_uv,
    rotation_from_angles,
)


def px_from_world(points, intrinsics, pose, size_wh, fov_deg):
    """Where world points appear in a film, in its pixels."""
    aspect = size_wh[0] / size_wh[1]
    clip = clip_from_camera(fov_deg, aspect, near_su=0.01, far_su=2000) @ pose.camera_from_world
    at = np.concatenate([points, np.ones((len(points), 1))], 1) @ clip.T
    ndc = at[:, :2] / at[:, 3:]
    return (ndc * (0.5, -0.5) + 0.5) * size_wh


def test_the_field_of_view_of_a_square_picture_with_half_its_size_as_focal_length_is_90_degrees():
    assert math.isclose(Intrinsics((100, 100), 50.0).fov_deg, 90.0)
    assert math.isclose(Intrinsics.from_fov((300, 100), 90.0).focal_px, 50.0)


def test_a_scaled_camera_sees_the_same_angle():
    camera = Intrinsics((4000, 3000), 2700.0)
    assert math.isclose(camera.scaled((1440, 1080)).fov_deg, camera.fov_deg)


def test_a_sideways_shift_moves_a_point_by_focal_times_shift_times_inverse_depth():
    intrinsics = Intrinsics((640, 480), 500.0)
    uv = np.array([[0.3, 0.4], [0.5, 0.5], [0.9, 0.1]])
    inv_depth = np.array([1.0, 0.25, 0.5])
    points = positions_from_uv(uv, inv_depth, intrinsics)
    rest = px_from_world(points, intrinsics, Pose.identity(), (640, 480), intrinsics.fov_deg)
    moved = px_from_world(
        points,
        intrinsics,
        Pose.from_rotation((0.04, 0, 0), np.eye(3)),
        (640, 480),
        intrinsics.fov_deg,
    )
    assert np.allclose(rest, uv * (640, 480), atol=1e-3)
    assert np.allclose(rest - moved, np.c_[500 * 0.04 * inv_depth, np.zeros(3)], atol=1e-3)


def test_looking_at_a_point_puts_it_into_the_middle():
    pose = Pose.look_at((0.3, -0.2, 0.1), (0.5, 0.4, -3.0), roll_deg=20)
    seen = pose.camera_from_world @ (0.5, 0.4, -3.0, 1)
    assert np.allclose(seen[:2], 0, atol=1e-12)
    assert seen[2] < 0


def test_positive_angles_turn_left_up_and_counter_clockwise():
    forward = np.array([0, 0, -1])
    assert (rotation_from_angles(10, 0, 0) @ forward)[0] < 0
    assert (rotation_from_angles(0, 10, 0) @ forward)[1] > 0
    assert (rotation_from_angles(0, 0, 10) @ [1, 0, 0])[1] > 0


def test_the_inverse_pose_undoes_the_pose():
    rng = np.random.default_rng(3)
    for _ in range(10):
        yaw, pitch, roll = rng.uniform(-180, 180, 3)
        pose = Pose.from_angles(
            rng.normal(size=3), yaw_deg=yaw, pitch_deg=pitch / 2.1, roll_deg=roll
        )
        assert np.allclose(pose.camera_from_world @ pose.world_from_camera, np.eye(4), atol=1e-12)


def test_a_matrix_that_stretches_is_no_pose():
    with pytest.raises(ValueError, match="expected a rotation and a shift"):
        Pose(np.diag([2.0, 1, 1, 1]))
    with pytest.raises(ValueError, match="expected a rotation and a shift"):
        Pose(np.diag([-1.0, 1, 1, 1]))


def test_a_film_wider_than_the_photo_is_cropped_at_the_top_and_a_narrower_one_at_the_sides():
    photo = Intrinsics.from_fov((400, 300), 50.0)
    assert math.isclose(fov_to_cover(photo, (300, 300)), 50.0)
    wide = fov_to_cover(photo, (800, 300))
    half_width = math.tan(math.radians(wide / 2)) * 800 / 300
    assert math.isclose(half_width, math.tan(math.radians(25)) * 400 / 300)


def test_the_sky_is_far_but_not_infinitely():
    points = positions_from_uv(np.array([[0.5, 0.5]]), np.zeros(1), Intrinsics((10, 10), 10.0))
    assert points[0, 2] == -np.float32(1 / MIN_INV_DEPTH)


def test_a_reach_is_finite_and_not_negative():
    with pytest.raises(ValueError, match="finite numbers from 0 up"):
        Reach(-0.1)
    with pytest.raises(ValueError, match="finite numbers from 0 up"):
        Reach(0.1, (0, 0, math.nan, 0))
