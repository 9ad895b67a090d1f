"""Camera paths of other tools: round trips, conventions, independent readers, refusals."""

import json
import math
import re
import struct
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pygltflib
import pytest
import trimesh

from parallax.camera import Pose, ResolvedCamera, rotation_from_angles
from parallax.convert import (
    FORMATS,
    ImportParams,
    find_format,
    import_frames,
    import_keys,
    read_foreign_path,
    write_foreign_track,
)
from parallax.errors import OutputError, PathError
from parallax.path import CameraPath, CameraTrack, Keyframe, resolve_path, save_path, track_path

FPS = Fraction(30)
AS_IS = ImportParams(recenter=False, size_wh=(640, 480), fps=FPS)
FILES = {
    "camera": "film.camera.json",
    "nerfstudio": "nerf.json",
    "realestate10k": "pose.txt",
    "transforms": "transforms.json",
    "colmap": "model",
    "gltf": "camera.glb",
    "parallax": "path.json",
}


def random_track(seed=0, num=12, *, steady_fov=False, loop=False):
    rng = np.random.default_rng(seed)
    cameras = []
    for i in range(num):
        yaw, pitch, roll = rng.uniform(-40, 40, 3)
        place = rng.normal(size=3) * 0.2
        fov_deg = 47.0 if steady_fov else float(rng.uniform(30, 60))
        pose = Pose.from_angles(place, yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll)
        cameras.append(ResolvedCamera(i / 30, pose, fov_deg))
    return CameraTrack(tuple(cameras), (640, 480), FPS, loop)


def refilmed(found, track):
    """The cameras of a film of what was read, at the rate that the file told or was told."""
    assert found.size_wh == track.size_wh
    fps = found.fps or FPS
    return track_path(found.path, size_wh=track.size_wh, fps=fps, default_fov_deg=50.0)


def assert_same_cameras(found, track):
    assert len(found.cameras) == len(track.cameras)
    for i, (one, other) in enumerate(zip(found.cameras, track.cameras, strict=True)):
        assert np.allclose(one.pose.world_from_camera, other.pose.world_from_camera, atol=1e-6), i
        assert one.fov_deg == pytest.approx(other.fov_deg, abs=1e-5)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("steady_fov", [False, True])
@pytest.mark.parametrize("num", [1, 2, 12, 61])
def test_each_frame_keeps_its_camera_on_the_way_there_and_back(name, steady_fov, num, tmp_path):
    track = random_track(steady_fov=steady_fov, num=num)
    file = tmp_path / FILES[name]
    write_foreign_track(file, track, format_name=name)
    found = read_foreign_path(file, params=AS_IS)
    assert found.path.duration_s == pytest.approx(num / 30, abs=1e-9)
    assert_same_cameras(refilmed(found, track), track)


@pytest.mark.parametrize("one", FILES)
def test_frames_keep_their_cameras_from_one_format_to_another(one, tmp_path):
    """Through every other format in turn, at a rate that is no whole number."""
    track = replace(random_track(num=47), fps=Fraction(30000, 1001))
    params = replace(AS_IS, fps=track.fps)
    passed = track
    for other in (one, *(name for name in FILES if name != one)):
        file = tmp_path / f"to {other}"
        file.mkdir()
        write_foreign_track(file / FILES[other], passed, format_name=other)
        found = read_foreign_path(file / FILES[other], format_name=other, params=params)
        fps = found.fps or track.fps
        assert fps == track.fps
        passed = track_path(found.path, size_wh=track.size_wh, fps=fps, default_fov_deg=50.0)
    assert_same_cameras(passed, track)


@pytest.mark.parametrize("name", ["camera", "nerfstudio", "gltf"])
def test_a_loops_frames_keep_their_cameras(name, tmp_path):
    track = random_track(loop=True)
    file = tmp_path / FILES[name]
    write_foreign_track(file, track, format_name=name)
    found = read_foreign_path(file, params=AS_IS)
    assert found.path.loop and found.path.duration_s == pytest.approx(12 / 30)
    assert_same_cameras(refilmed(found, track), track)


def test_frames_with_uneven_stamps_keep_their_rhythm():
    track = random_track(num=4)
    cameras = [replace(c, time_s=t) for c, t in zip(track.cameras, (5, 6, 8, 9), strict=True)]
    found = import_frames(replace(track, cameras=tuple(cameras), fps=Fraction(1)), AS_IS)
    assert [key.time_s for key in found.path.keyframes] == pytest.approx([0, 1, 3, 4])


def test_keys_keep_their_times():
    track = random_track(num=3)
    found = import_keys(track, AS_IS)
    assert found.path.duration_s == pytest.approx(2 / 30) and found.fps is None


def test_a_path_of_ours_is_read_as_it_is(tmp_path):
    path = CameraPath((Keyframe(0.0), Keyframe(2.0, (0.1, 0.0, 0.0), ease="easeInQuad")))
    save_path(tmp_path / "p.json", path)
    assert read_foreign_path(tmp_path / "p.json").path == path
    with pytest.raises(PathError, match="is in scene units already"):
        read_foreign_path(tmp_path / "p.json", params=ImportParams(unit_scale=2.0))


@pytest.mark.parametrize("name", FILES)
def test_the_format_of_a_written_file_is_recognised(name, tmp_path):
    file = tmp_path / FILES[name]
    write_foreign_track(file, random_track(), format_name=name)
    assert find_format(file) == name


def test_every_format_is_tried_here():
    assert set(FORMATS) == {*FILES, "after-effects"}


def sampled(found):
    """The cameras at the keys."""
    times_s = np.array([key.time_s for key in found.path.keyframes])
    return resolve_path(found.path, times_s, default_fov_deg=50.0)


def test_the_first_camera_becomes_the_photos():
    track = random_track()
    samples = sampled(import_frames(track, ImportParams()))
    assert np.allclose(samples.camera(0).pose.world_from_camera, np.eye(4), atol=1e-12)
    first = track.cameras[0].pose.camera_from_world
    for i in (3, 11):
        wanted = first @ track.cameras[i].pose.world_from_camera
        assert np.allclose(samples.camera(i).pose.world_from_camera, wanted)


def test_units_are_scaled():
    track = random_track()
    plain = sampled(import_frames(track, ImportParams())).positions_su
    scaled = sampled(import_frames(track, ImportParams(unit_scale=0.25))).positions_su
    auto = sampled(import_frames(track, ImportParams(unit_scale="auto"))).positions_su
    assert np.allclose(scaled, 0.25 * plain)
    assert np.linalg.norm(auto, axis=1).max() == pytest.approx(0.06)


def test_written_units_are_scaled_too(tmp_path):
    track = random_track()
    write_foreign_track(tmp_path / "pose.txt", track, unit_scale=10.0)
    params = ImportParams(recenter=False, unit_scale=0.1)
    samples = sampled(read_foreign_path(tmp_path / "pose.txt", params=params))
    assert np.allclose(samples.positions_su[5], track.cameras[5].pose.position_su)


def test_the_photos_field_of_view_may_be_kept():
    path = import_frames(random_track(), ImportParams(keep_fov=False)).path
    assert all(key.fov_deg is None for key in path.keyframes)


# Worked-out conventions: a camera one step to the right, one up, turned left by 90°


def one_camera(pose, fov_deg=90.0):
    first = ResolvedCamera(0.0, Pose.identity(), fov_deg)
    return CameraTrack((first, ResolvedCamera(1 / 30, pose, fov_deg)), (1280, 720), FPS)


def test_realestate_text_is_camera_from_world_with_y_down(tmp_path):
    pose = Pose.from_rotation((1, 2, 3), np.eye(3))
    write_foreign_track(tmp_path / "p.txt", one_camera(pose))
    lines = (tmp_path / "p.txt").read_text().splitlines()
    values = [float(part) for part in lines[2].split()]
    assert len(values) == 19 and values[0] == 33333
    assert values[1:7] == pytest.approx([0.28125, 0.5, 0.5, 0.5, 0, 0])
    assert np.allclose(np.reshape(values[7:], (3, 4)), [[1, 0, 0, -1], [0, 1, 0, 2], [0, 0, 1, 3]])


def test_realestate_text_as_published_is_read(tmp_path):
    text = (
        "https://www.youtube.com/watch?v=abc\n"
        "1000000 0.474812461 0.844111024 0.5 0.5 0 0 1 0 0 0 0 1 0 0 0 0 1 0\n"
        "1033000 0.474812461 0.844111024 0.5 0.5 0 0 1 0 0 -0.1 0 1 0 0.2 0 0 1 -0.3\n"
    )
    file = tmp_path / "p.txt"
    file.write_text(text)
    path = read_foreign_path(file).path
    # Two frames 33 ms apart are a film of 66 ms, whose last frame is its end
    assert path.keyframes[1].time_s == path.duration_s == pytest.approx(0.066)
    # OpenCV's camera went right 0.1, up 0.2 (its y is down) and ahead 0.3
    assert path.keyframes[1].position_su == pytest.approx((0.1, 0.2, -0.3))
    fov_deg = math.degrees(2 * math.atan(0.5 / 0.844111024))
    assert path.keyframes[0].fov_deg == pytest.approx(fov_deg)


def test_realestate_text_without_times_runs_at_the_rate_given(tmp_path):
    row = "0 0.5 0.9 0.5 0.5 0 0 1 0 0 0 0 1 0 0 0 0 1 0\n"
    (tmp_path / "p.txt").write_text("url\n" + row * 5)
    path = read_foreign_path(tmp_path / "p.txt", params=ImportParams(fps=Fraction(8))).path
    assert path.duration_s == pytest.approx(5 / 8)


def test_nerfstudio_matrices_are_rows_of_world_from_camera(tmp_path):
    pose = Pose.from_angles((1, 2, 3), yaw_deg=90, pitch_deg=0, roll_deg=0)
    write_foreign_track(tmp_path / "n.json", one_camera(pose), format_name="nerfstudio")
    obj = json.loads((tmp_path / "n.json").read_text())
    found = np.reshape(obj["camera_path"][1]["camera_to_world"], (4, 4))
    assert np.allclose(found, [[0, 0, 1, 1], [0, 1, 0, 2], [-1, 0, 0, 3], [0, 0, 0, 1]])
    assert obj["camera_path"][1]["fov"] == 90
    assert obj["seconds"] == pytest.approx(2 / 30) and obj["render_height"] == 720


def nerfstudio_keys(encode, **rest):
    matrices = [np.eye(4), np.eye(4)]
    matrices[1][:3, 3] = (0.1, 0.2, 0.3)
    keys = [{"matrix": encode(matrix), "fov": 50, "aspect": 1.0} for matrix in matrices]
    return {"keyframes": keys, "camera_path": [], "default_transition_sec": 3.0, **rest}


@pytest.mark.parametrize(
    "encode",
    [
        lambda matrix: matrix.ravel().tolist(),
        lambda matrix: str(matrix.T.ravel().tolist()),
        lambda matrix: str(matrix.ravel().tolist()),
    ],
    ids=["list by rows", "string by columns", "string by rows"],
)
def test_both_encodings_of_nerfstudios_keyframes_are_read(encode, tmp_path):
    file = tmp_path / "n.json"
    file.write_text(json.dumps(nerfstudio_keys(encode, smoothness_value=0.4)))
    path = read_foreign_path(file).path
    assert path.keyframes[1].position_su == pytest.approx((0.1, 0.2, 0.3))
    assert path.duration_s == 3 and path.tcb.tension == 0.4
    assert path.spline == "kochanek-bartels"


def test_a_cycle_of_nerfstudio_keyframes_has_time_to_return(tmp_path):
    file = tmp_path / "n.json"
    obj = nerfstudio_keys(lambda matrix: matrix.ravel().tolist(), is_cycle=True)
    obj["keyframes"][1] |= {"override_transition_enabled": True, "override_transition_sec": 1.0}
    file.write_text(json.dumps(obj))
    path = read_foreign_path(file).path
    assert path.loop and path.duration_s == 4


def test_transforms_follow_the_numbers_in_their_names(tmp_path):
    frames = []
    for name, x in (("f_10.png", 2.0), ("f_2.png", 1.0), ("f_1.png", 0.0)):
        matrix = np.eye(4)
        matrix[0, 3] = x
        frames.append({"file_path": name, "transform_matrix": matrix.tolist()})
    obj = {"fl_x": 500, "fl_y": 400, "w": 1000, "h": 800, "frames": frames}
    (tmp_path / "t.json").write_text(json.dumps(obj))
    path = read_foreign_path(tmp_path / "t.json").path
    assert [key.position_su[0] for key in path.keyframes] == pytest.approx([0, 1, 2])
    assert path.keyframes[0].fov_deg == pytest.approx(90)


def test_transforms_of_the_first_nerf_have_an_angle_only(tmp_path):
    obj = {
        "camera_angle_x": math.radians(40),
        "frames": [{"file_path": "a", "transform_matrix": np.eye(4).tolist()}],
    }
    (tmp_path / "t.json").write_text(json.dumps(obj))
    assert read_foreign_path(tmp_path / "t.json").path.keyframes[0].fov_deg == pytest.approx(40)


def test_colmap_text_is_as_colmap_reads_it(tmp_path):
    pose = Pose.from_angles((1, 2, 3), yaw_deg=90, pitch_deg=0, roll_deg=0)
    write_foreign_track(tmp_path / "model", one_camera(pose))
    cameras = (tmp_path / "model/cameras.txt").read_text().splitlines()
    assert cameras[1] == "1 PINHOLE 1280 720 360 360 640 360"
    images = (tmp_path / "model/images.txt").read_text().splitlines()
    parts = images[3].split()
    assert parts[0] == "2" and parts[8:] == ["1", "00001.png"] and images[4] == ""
    # Turned left is about OpenCV's −y for the camera, so its inverse is about +y
    half = math.sqrt(0.5)
    assert np.allclose([float(p) for p in parts[1:5]], [half, 0, half, 0])
    assert (tmp_path / "model/points3D.txt").is_file()


def test_colmap_agrees_with_realestate(tmp_path):
    track = random_track(steady_fov=True)
    write_foreign_track(tmp_path / "model", track)
    write_foreign_track(tmp_path / "p.txt", track)
    images = (tmp_path / "model/images.txt").read_text().splitlines()[1::2]
    rows = (tmp_path / "p.txt").read_text().splitlines()[1:]
    for image, row in zip(images, rows, strict=True):
        w, x, y, z, *shift = (float(p) for p in image.split()[1:8])
        matrix = np.reshape([float(p) for p in row.split()[7:]], (3, 4))
        turned = 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)
        assert np.allclose(matrix[0, :3], turned)
        assert np.allclose(matrix[:, 3], shift)


def glb_parts(file):
    """The document and the numbers of a .glb, by the book alone."""
    data = file.read_bytes()
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    size, kind = struct.unpack_from("<I4s", data, 12)
    assert kind == b"JSON"
    document = json.loads(data[20 : 20 + size])
    blob = data[20 + size + 8 :]

    def numbers(index):
        accessor = document["accessors"][index]
        view = document["bufferViews"][accessor["bufferView"]]
        width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[accessor["type"]]
        found = np.frombuffer(blob, "<f4", accessor["count"] * width, view["byteOffset"])
        return found.reshape(-1, width)

    return document, numbers


def test_a_gltf_camera_is_what_the_book_says(tmp_path):
    track = random_track()
    write_foreign_track(tmp_path / "c.glb", track)
    document, numbers = glb_parts(tmp_path / "c.glb")
    animation = document["animations"][0]
    by_path = {
        channel["target"]["path"]: animation["samplers"][channel["sampler"]]
        for channel in animation["channels"]
    }
    assert np.allclose(numbers(by_path["translation"]["input"])[:, 0], np.arange(12) / 30)
    x, y, z, w = numbers(by_path["rotation"]["output"])[4]
    forward = -np.array([2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)])
    assert np.allclose(forward, -track.cameras[4].pose.world_from_camera[:3, 2], atol=1e-6)
    place = numbers(by_path["translation"]["output"])[4]
    assert np.allclose(place, track.cameras[4].pose.position_su, atol=1e-6)
    fov = np.degrees(numbers(by_path["pointer"]["output"])[:, 0])
    assert np.allclose(fov, [camera.fov_deg for camera in track.cameras], atol=1e-4)
    assert document["extensionsUsed"] == ["KHR_animation_pointer"]
    times = document["accessors"][by_path["translation"]["input"]]
    assert times["min"] == [0] and times["max"][0] == pytest.approx(11 / 30)


def test_a_steady_lens_needs_no_extension(tmp_path):
    write_foreign_track(tmp_path / "c.glb", random_track(steady_fov=True))
    document, _ = glb_parts(tmp_path / "c.glb")
    assert "extensionsUsed" not in document or not document["extensionsUsed"]
    assert document["cameras"][0]["perspective"]["yfov"] == pytest.approx(math.radians(47))


def test_trimesh_finds_the_camera_where_it_is(tmp_path):
    track = random_track()
    write_foreign_track(tmp_path / "c.glb", track)
    scene = trimesh.load_scene(tmp_path / "c.glb")
    found = scene.graph.get("camera")[0]
    assert np.allclose(found, track.cameras[0].pose.world_from_camera, atol=1e-6)


def test_a_gltf_camera_below_a_turned_parent_is_read(tmp_path):
    document = pygltflib.GLTF2(
        scene=0,
        scenes=[pygltflib.Scene(nodes=[0])],
        cameras=[
            pygltflib.Camera(
                type="perspective",
                perspective=pygltflib.Perspective(yfov=math.radians(30), znear=0.1),
            )
        ],
        nodes=[
            pygltflib.Node(children=[1], translation=[1, 0, 0], scale=[1, 1, 1]),
            pygltflib.Node(camera=0, rotation=[0, math.sin(0.2), 0, math.cos(0.2)]),
        ],
    )
    document.save(str(tmp_path / "c.gltf"))
    path = read_foreign_path(tmp_path / "c.gltf", params=AS_IS).path
    assert path.keyframes[0].position_su == pytest.approx((1, 0, 0))
    assert path.keyframes[0].rotation_deg == pytest.approx((math.degrees(0.4), 0, 0))
    assert path.keyframes[0].fov_deg == pytest.approx(30)


def after_effects_values(file):
    text = file.read_text()
    return json.loads(text.split("var track = ")[1].split(";\n")[0])


def test_after_effects_gets_pixels_with_y_down(tmp_path):
    pose = Pose.from_rotation((0.1, 0.2, -0.3), np.eye(3))
    write_foreign_track(tmp_path / "c.jsx", one_camera(pose))
    values = after_effects_values(tmp_path / "c.jsx")
    assert values["position"][0] == [640, 360, 0]
    assert values["position"][1] == pytest.approx([640 + 36, 360 - 72, 108])
    assert values["zoom"] == pytest.approx([360, 360])
    assert values["orientation"][1] == pytest.approx([0, 0, 0])


def test_after_effects_orientations_are_turns_about_x_then_y_then_z(tmp_path):
    track = random_track()
    write_foreign_track(tmp_path / "c.jsx", track)
    values = after_effects_values(tmp_path / "c.jsx")
    flip = np.diag([1, -1, -1])
    for camera, angles in zip(track.cameras, values["orientation"], strict=True):
        x, y, z = (math.radians(angle) for angle in angles)
        about_x = [[1, 0, 0], [0, math.cos(x), -math.sin(x)], [0, math.sin(x), math.cos(x)]]
        about_y = [[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]]
        about_z = [[math.cos(z), -math.sin(z), 0], [math.sin(z), math.cos(z), 0], [0, 0, 1]]
        found = flip @ np.array(about_x) @ np.array(about_y) @ np.array(about_z) @ flip
        assert np.allclose(found, camera.pose.world_from_camera[:3, :3], atol=1e-9)


def rows_of(matrix):
    return {"camera_path": [{"camera_to_world": np.ravel(matrix).tolist(), "fov": 50}]}


SINGULAR = np.diag([1.0, 1, 0, 1])
MIRROR = np.diag([-1.0, 1, 1, 1])
SCALED = np.diag([2.0, 2, 2, 1])


@pytest.mark.parametrize(
    ("obj", "message"),
    [
        (rows_of(SINGULAR), "camera_path[0].camera_to_world: expected a rotation, got a singular"),
        (rows_of(MIRROR), "expected a rotation, got a mirror image"),
        (rows_of(SCALED), "expected a rotation, got one that scales by 2 to 2"),
        (rows_of(np.eye(4).T[:, ::-1]), "as the last row"),
        (rows_of(np.eye(3)), "expected 4 × 4 numbers, got shape (9,)"),
        (
            {"camera_path": [{"camera_to_world": ["a"] * 16, "fov": 50}]},
            "expected a matrix of numbers",
        ),
        ({"camera_path": [{"fov": 50}]}, "camera_path[0].camera_to_world: expected it, got none"),
        (
            {"camera_path": [{"camera_to_world": np.eye(4).ravel().tolist(), "fov": 180}]},
            "camera_path[0].fov: expected 0.5 to 170.0, got 180",
        ),
        ({**rows_of(np.eye(4)), "camera_type": "fisheye"}, "camera_type: expected perspective"),
        ({**rows_of(np.eye(4)), "seconds": 0}, "seconds: expected above 0"),
        ({**rows_of(np.eye(4)), "render_width": "x", "render_height": 1}, "render_width: expected"),
        ({"camera_path": [], "keyframes": []}, "expected a camera_path or keyframes, got neither"),
        ({"camera_path": 3}, "camera_path: expected a list"),
        ({"frames": []}, "frames: expected a list of pictures, got none"),
        ({"frames": [{}]}, "frames[0].transform_matrix: expected it, got none"),
        (
            {"frames": [{"transform_matrix": np.eye(4).tolist()}]},
            "expected fl_y and h, or camera_angle_x, got neither",
        ),
        ({"something": 1}, "expected a camera path of parallax, camera, nerfstudio"),
        ([1], "expected a camera path of parallax, camera, nerfstudio"),
    ],
)
def test_a_damaged_json_file_is_refused_with_its_address(obj, message, tmp_path):
    file = tmp_path / "n.json"
    file.write_text(json.dumps(obj))
    with pytest.raises(PathError, match=re.escape(message)):
        read_foreign_path(file)


GOOD = "0 0.5 0.9 0.5 0.5 0 0 1 0 0 0 0 1 0 0 0 0 1 0"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a line of 19 numbers a frame, got none"),
        ("url\n1 2 3\n", "line 2: expected 19 finite numbers, got 3"),
        ("url\n" + "x " * 19 + "\n", "line 2: expected 19 numbers, got other words"),
        ("url\n" + GOOD.replace("0.9", "nan") + "\n", "line 2: expected 19 finite numbers"),
        (
            "url\n" + GOOD.replace("0.5 0.5", "0.7 0.5") + "\n",
            "principal point at 0.5, 0.5, got 0.7",
        ),
        ("url\n" + GOOD.replace("0.9", "0") + "\n", "expected a focal length above 0, got 0"),
        (f"url\n2{GOOD}\n1{GOOD}\n", "frame 1: expected a time after 20, got 10"),
    ],
)
def test_a_damaged_text_file_is_refused_with_its_line(text, message, tmp_path):
    file = tmp_path / "p.txt"
    file.write_text(text)
    with pytest.raises(PathError, match=re.escape(message)):
        read_foreign_path(file)


@pytest.mark.parametrize(
    ("cameras", "images", "message"),
    [
        ("1 PINHOLE 8 8 8 8 4 4", "1 1 0 0 0 0 0 0 2 a\n\n", "expected a camera of cameras.txt"),
        ("1 FISHEYE 8 8 8 8 4 4", "", "line 1: expected a camera of SIMPLE_PINHOLE, PINHOLE"),
        ("1 PINHOLE 8 8 x 8 4 4", "", "line 1: expected a size and parameters"),
        ("1 PINHOLE 8 8 8 8 4 4", "1 1 0 0\n\n", "line 1: expected ID, 7 numbers, camera and name"),
        ("1 PINHOLE 8 8 8 8 4 4", "1 0 0 0 0 0 0 0 1 a\n\n", "expected a unit quaternion"),
        ("1 PINHOLE 8 8 8 8 4 4", "", "expected pictures, got none"),
    ],
)
def test_a_damaged_model_is_refused_with_its_line(cameras, images, message, tmp_path):
    (tmp_path / "cameras.txt").write_text(cameras)
    (tmp_path / "images.txt").write_text(images)
    with pytest.raises(PathError, match=re.escape(message)):
        read_foreign_path(tmp_path)


def test_files_that_are_none_are_refused(tmp_path):
    (tmp_path / "a.glb").write_bytes(b"glTF\x02\x00\x00\x00")
    with pytest.raises(PathError, match=r"a.glb: expected a glTF file"):
        read_foreign_path(tmp_path / "a.glb")
    with pytest.raises(PathError, match=r"expected a .glb or .gltf file, got nothing there"):
        read_foreign_path(tmp_path / "no.glb")
    with pytest.raises(PathError, match="expected a text file, got nothing there"):
        read_foreign_path(tmp_path / "no.txt")
    with pytest.raises(PathError, match=r"got a name ending in '.mov'"):
        read_foreign_path(tmp_path / "no.mov")
    with pytest.raises(PathError, match=r"cameras.txt: expected a COLMAP text file"):
        read_foreign_path(tmp_path)
    with pytest.raises(PathError, match="after-effects can be written, not read"):
        read_foreign_path(tmp_path / "a.jsx")


def test_a_gltf_without_a_camera_is_refused(tmp_path):
    pygltflib.GLTF2(nodes=[pygltflib.Node()]).save(str(tmp_path / "c.gltf"))
    with pytest.raises(PathError, match=r"c.gltf: expected a camera, got none"):
        read_foreign_path(tmp_path / "c.gltf")


def test_an_unknown_format_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(PathError, match="got 'nerfstudo', did you mean nerfstudio"):
        read_foreign_path(tmp_path / "x", format_name="nerfstudo")
    with pytest.raises(PathError, match=r"expected a name ending in one of"):
        write_foreign_track(tmp_path / "x.mov", random_track())


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(OutputError, match="expected to write cameras, got"):
        write_foreign_track(tmp_path / "no" / "p.txt", random_track())


def test_a_scale_has_to_be_above_zero():
    with pytest.raises(ValueError, match="unit_scale: expected above 0, got 0"):
        ImportParams(unit_scale=0)


def test_the_helpers_agree_on_what_left_is():
    assert np.allclose(rotation_from_angles(90, 0, 0) @ (0, 0, -1), (-1, 0, 0))
