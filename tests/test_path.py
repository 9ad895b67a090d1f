"""The camera at any moment of a path, and the file of all of them."""

import json
import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from parallax.camera import Pose, ResolvedCamera, rotation_from_angles
from parallax.errors import OutputError, PathError
from parallax.path import (
    CameraPath,
    CameraTrack,
    Keyframe,
    camera_at,
    frame_times,
    load_track,
    resolve_path,
    write_camera_json,
)

FOV = 45.0


def position_at(path, time_s):
    return camera_at(path, time_s, default_fov_deg=FOV).pose.position_su


def walk(*x, ease="linear", times_s=None, **rest):
    """A path along x through these places, a second apart."""
    times_s = times_s or range(len(x))
    keys = (Keyframe(float(t), (v, 0.0, 0.0), ease=ease) for t, v in zip(times_s, x, strict=True))
    return CameraPath(tuple(keys), **rest)


def test_a_camera_without_a_word_is_the_photos_own():
    camera = camera_at(CameraPath((Keyframe(0.0),)), 3.0, default_fov_deg=FOV)
    assert np.array_equal(camera.pose.world_from_camera, np.eye(4))
    assert camera.fov_deg == FOV and camera.focus_su is None and camera.time_s == 3.0


@pytest.mark.parametrize("spline", ["linear", "catmull-rom", "kochanek-bartels"])
def test_two_keys_are_joined_evenly(spline):
    assert position_at(walk(0.0, 1.0, spline=spline), 0.25)[0] == pytest.approx(0.25)


def test_a_camera_passes_its_keys_at_their_times():
    rng = np.random.default_rng(0)
    for _ in range(10):
        x = rng.normal(size=6).tolist()
        times_s = np.append(0, np.cumsum(rng.uniform(0.1, 2, 5))).tolist()
        path = walk(*x, times_s=times_s)
        assert [position_at(path, t)[0] for t in times_s] == pytest.approx(x)


def test_a_key_does_not_stop_the_camera():
    path = walk(0.0, 1.0, 2.0, 3.0)
    speed = np.diff([position_at(path, t)[0] for t in np.linspace(0, 3, 301)])
    assert speed.min() == pytest.approx(speed.max())


def test_a_key_that_eases_in_and_out_does():
    path = walk(0.0, 1.0, 2.0, ease="ease-in-out")
    near = position_at(path, 1.001)[0] - position_at(path, 0.999)[0]
    assert near == pytest.approx(0, abs=1e-4)


def test_the_paths_ease_paces_the_whole_of_it():
    path = walk(0.0, 1.0, 2.0, 3.0, ease="linear", duration_s=3.0)
    eased = replace(path, ease="easeInOutSine")
    for t in (0.0, 0.4, 1.5, 2.9, 3.0):
        progress = (1 - math.cos(math.pi * t / 3)) / 2
        assert position_at(eased, t)[0] == pytest.approx(3 * progress)


def test_a_held_key_waits_for_the_next_and_then_jumps():
    path = walk(0.0, 1.0, 2.0, ease="hold", spline="linear")
    assert [position_at(path, t)[0] for t in (0, 0.99, 1, 1.99, 2, 9)] == [0, 0, 1, 1, 2, 2]


def test_before_its_first_key_and_after_its_end_the_camera_rests():
    path = walk(1.0, 2.0, times_s=(1.0, 2.0), duration_s=4.0)
    assert [position_at(path, t)[0] for t in (-1, 0, 0.5, 1, 2, 3, 9)] == [1, 1, 1, 1, 2, 2, 2]


def test_a_loop_returns_and_goes_on():
    path = walk(0.0, 1.0, 0.5, loop=True, duration_s=4.0)
    assert position_at(path, 4.0)[0] == pytest.approx(0, abs=1e-12)
    assert position_at(path, 5.0)[0] == pytest.approx(1)
    assert position_at(path, -2.0)[0] == pytest.approx(0.5)


@pytest.mark.parametrize("explicit", [False, True])
def test_the_velocity_of_a_loop_matches_at_the_seam(explicit):
    angles = np.linspace(0, 2 * np.pi, 7)[: None if explicit else -1]
    keys = tuple(
        Keyframe(
            float(angle),
            (math.sin(angle), math.cos(angle) - 1.0, 0.0),
            rotation_deg=(5 * math.sin(angle), 3 * math.cos(angle) - 3, 0.0),
            fov_deg=40 + 3 * math.sin(angle),
        )
        for angle in (angles.tolist() if not explicit else [*angles[:-1].tolist(), 0.0])[:6]
    )
    if explicit:
        keys = (*keys, replace(keys[0], time_s=float(2 * np.pi)))
    path = CameraPath(keys, loop=True, duration_s=float(2 * np.pi))
    step_s = 1e-5
    samples = resolve_path(path, np.array([-step_s, 0, step_s]), default_fov_deg=FOV)
    for track in (samples.positions_su, samples.rotations, samples.fov_deg):
        before, after = np.diff(track, axis=0) / step_s
        assert np.abs(before).max() > 0.01
        assert np.allclose(before, after, atol=1e-3)


def test_an_alternating_path_comes_back_the_way_it_went():
    path = walk(0.0, 0.3, 1.0, alternate=True, ease="linear")
    assert path.duration_s == 4
    for t in (0.3, 1.0, 1.7):
        assert position_at(path, t)[0] == pytest.approx(position_at(path, 4 - t)[0])
    assert position_at(path, 2.0)[0] == pytest.approx(1)
    assert position_at(path, 4.0)[0] == pytest.approx(0)


def test_an_eased_alternating_path_is_a_sine():
    path = CameraPath(
        walk(-1.0, 1.0).keyframes, alternate=True, loop=True, ease="easeInOutSine", duration_s=2.0
    )
    times_s = np.linspace(0, 2, 41)
    found = resolve_path(path, times_s, default_fov_deg=FOV).positions_su[:, 0]
    assert np.allclose(found, -np.cos(np.pi * times_s))


def test_a_phase_begins_later_and_cycles_repeat():
    path = walk(0.0, 1.0, 0.5, loop=True, duration_s=6.0)
    later = replace(path, phase=0.25)
    thrice = replace(path, cycles=3, duration_s=18.0)
    for t in (0.0, 1.1, 5.5):
        assert position_at(later, t)[0] == pytest.approx(position_at(path, t + 1.5)[0])
        assert position_at(thrice, t + 12)[0] == pytest.approx(position_at(path, t)[0])


def test_a_camera_looks_at_its_point_all_the_way():
    keys = (
        Keyframe(0.0, (-0.2, 0.1, 0.0), look_at_su=(0.1, 0.0, -2.0)),
        Keyframe(1.0, (0.1, 0.0, -0.1), look_at_su=(0.1, 0.0, -2.0), roll_deg=20),
        Keyframe(2.0, (0.3, -0.1, 0.0), look_at_su=(0.1, 0.0, -2.0)),
    )
    path = CameraPath(keys)
    for t in np.linspace(0, 2, 9):
        pose = camera_at(path, t, default_fov_deg=FOV).pose
        assert np.allclose((pose.camera_from_world @ (0.1, 0, -2, 1))[:2], 0, atol=1e-12)
    middle = camera_at(path, 1.0, default_fov_deg=FOV).pose.world_from_camera
    wanted = Pose.look_at((0.1, 0, -0.1), (0.1, 0, -2), roll_deg=20).world_from_camera
    assert np.allclose(middle, wanted)


def test_a_camera_that_looks_at_points_agrees_with_the_noun():
    rng = np.random.default_rng(1)
    for _ in range(10):
        eye, target = rng.normal(size=3), rng.normal(size=3) - (0, 0, 5)
        roll = float(rng.uniform(-90, 90))
        key = Keyframe(0.0, tuple(eye), look_at_su=tuple(target), roll_deg=roll)
        found = camera_at(CameraPath((key,)), 0, default_fov_deg=FOV).pose
        wanted = Pose.look_at(eye, target, roll_deg=roll)
        assert np.allclose(found.world_from_camera, wanted.world_from_camera)


def test_a_turn_takes_the_shortest_way():
    keys = (Keyframe(0.0, rotation_deg=(170.0, 0, 0)), Keyframe(1.0, rotation_deg=(-170.0, 0, 0)))
    pose = camera_at(CameraPath(keys), 0.5, default_fov_deg=FOV).pose
    assert np.allclose(pose.world_from_camera[:3, :3], rotation_from_angles(180, 0, 0))


def test_a_full_half_turn_is_finite():
    keys = (Keyframe(0.0, rotation_deg=(0.0, 0, 0)), Keyframe(1.0, rotation_deg=(180.0, 0, 0)))
    samples = resolve_path(CameraPath(keys), np.linspace(0, 1, 11), default_fov_deg=FOV)
    assert np.isfinite(samples.rotations).all()


def test_focus_is_interpolated_between_the_keys_that_have_one():
    keys = (
        Keyframe(0.0),
        Keyframe(1.0, focus_su=2.0),
        Keyframe(2.0),
        Keyframe(3.0, focus_su=1.0),
    )
    path = CameraPath(keys, spline="linear")
    samples = resolve_path(path, np.arange(5.0), default_fov_deg=FOV)
    assert samples.focus_su is not None
    inverse = (1 / samples.focus_su).tolist()
    assert inverse == pytest.approx([0.5, 0.5, 0.75, 1, 1])


def test_an_aperture_opens_evenly_between_the_keys_that_have_one():
    keys = (Keyframe(0.0), Keyframe(1.0, aperture_su=0.0), Keyframe(3.0, aperture_su=0.04))
    path = CameraPath(keys, spline="linear")
    samples = resolve_path(path, np.arange(4.0), default_fov_deg=FOV)
    assert samples.aperture_su is not None
    assert samples.aperture_su.tolist() == pytest.approx([0, 0, 0.02, 0.04])
    assert samples.camera(2).aperture_su == pytest.approx(0.02)
    plain = resolve_path(CameraPath((Keyframe(0.0),)), np.zeros(1), default_fov_deg=FOV)
    assert plain.camera(0).aperture_su is None


def test_a_field_of_view_defaults_to_the_films():
    path = CameraPath((Keyframe(0.0, fov_deg=30.0), Keyframe(1.0)), spline="linear")
    assert camera_at(path, 0.5, default_fov_deg=50.0).fov_deg == pytest.approx(40)
    assert camera_at(path, 0.5, default_fov_deg=40.0).fov_deg == pytest.approx(35)


def test_a_film_shows_the_end_and_a_loop_leaves_it_out():
    assert frame_times(2.0, Fraction(2), loop=False) == pytest.approx([0, 2 / 3, 4 / 3, 2])
    assert frame_times(2.0, Fraction(2), loop=True) == pytest.approx([0, 0.5, 1, 1.5])
    assert len(frame_times(6.0, Fraction(30000, 1001), loop=False)) == 180
    assert frame_times(0.001, Fraction(30), loop=False) == [0]


def test_cameras_survive_their_file(tmp_path):
    cameras = [
        ResolvedCamera(0.0, Pose.identity(), 45.0),
        ResolvedCamera(0.1, Pose.look_at((0.1, 0.2, 0), (0, 0, -2), roll_deg=3), 33.3, 2.5),
    ]
    file = tmp_path / "film.camera.json"
    write_camera_json(file, cameras, size_wh=(640, 480), fps=Fraction(30000, 1001), loop=True)
    track = load_track(file)
    assert (track.size_wh, track.fps, track.loop) == ((640, 480), Fraction(30000, 1001), True)
    for found, wanted in zip(track.cameras, cameras, strict=True):
        assert np.array_equal(found.pose.world_from_camera, wanted.pose.world_from_camera)
        assert (found.time_s, found.fov_deg, found.focus_su) == (
            wanted.time_s,
            wanted.fov_deg,
            wanted.focus_su,
        )
    obj = json.loads(file.read_text())
    assert obj["frames"][0]["focal_px"] == pytest.approx(240 / math.tan(math.radians(22.5)))
    assert obj["frames"][1]["world_from_camera"][0][3] == 0.1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 7}, "version: expected 1, got 7"),
        ({"fps": "0/0"}, "expected the cameras of a film"),
        ({"frames": []}, "expected at least one"),
        ({"frames": [{"time_s": 0}]}, "frames.0.: expected a camera"),
    ],
)
def test_a_file_of_cameras_that_is_none_is_refused(tmp_path, change, message):
    file = tmp_path / "film.camera.json"
    write_camera_json(
        file, [ResolvedCamera(0.0, Pose.identity(), 45.0)], size_wh=(8, 8), fps=Fraction(1)
    )
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    with pytest.raises(PathError, match=message):
        load_track(file)


def test_cameras_that_cannot_be_written_are_told(tmp_path):
    camera = ResolvedCamera(0.0, Pose.identity(), 45.0)
    with pytest.raises(OutputError, match="expected to write the cameras"):
        write_camera_json(tmp_path / "no" / "c.json", [camera], size_wh=(8, 8), fps=Fraction(1))


def test_a_track_needs_a_camera():
    with pytest.raises(ValueError, match="expected at least one"):
        CameraTrack((), (8, 8), Fraction(30))
