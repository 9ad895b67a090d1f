"""The commands that make films, run as a user runs them, on a photo of two planes."""

import json
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from parallax.cli.main import main

WIDE, TALL = 96, 64
FOV_DEG = 45.0
FOCAL_PX = TALL / 2 / np.tan(np.radians(FOV_DEG / 2))
SAMPLES = Path(__file__).parents[2] / "samples"
FAST = ["--motion", "none", "--fps", "10", "--device", "software"]


@pytest.fixture
def work(tmp_path, shared_context):
    """A folder with a photo of a red square before a blue pattern, and its depth."""
    rng = np.random.default_rng(5)
    pattern = cv2.resize(rng.integers(60, 200, (16, 24), np.uint8), (WIDE, TALL))
    srgb8 = np.dstack([pattern // 4, pattern // 2, pattern])
    inv_depth = np.full((TALL, WIDE), 0.2, np.float32)
    srgb8[20:44, 36:60] = (200, 40, 30)
    inv_depth[20:44, 36:60] = 1
    Image.fromarray(srgb8).save(tmp_path / "photo.png")
    np.save(tmp_path / "depth.npy", inv_depth)
    return tmp_path


def run(*arguments):
    """The exit code of a command."""
    with pytest.raises(SystemExit) as caught:
        main([str(a) for a in arguments])
    return caught.value.code


def animate(work, *more, name="film.mp4"):
    files = [work / "photo.png", "-o", work / name, "--depth", work / "depth.npy"]
    return run("animate", *files, "--fov", FOV_DEG, *FAST, *more)


def write_path(work, keyframes, **more):
    (work / "path.json").write_text(json.dumps({"version": 1, "keyframes": keyframes, **more}))
    return work / "path.json"


def picture(file):
    found = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
    assert found is not None
    return np.asarray(found)


def pictures(folder):
    return [picture(file) for file in sorted(folder.glob("*.png"))]


def test_a_photo_becomes_a_film_with_its_cameras_beside_it(work, capsys):
    assert animate(work, "--duration", 1, "--json", "--frames-dir", work / "frames") == 0
    done = json.loads(capsys.readouterr().out)
    assert done["num_frames"] == 10
    assert done["size_wh"] == [WIDE, TALL]
    assert done["triangles"] > 0
    assert {"load", "build", "film", "total"} <= set(done["seconds"])
    cameras = json.loads((work / "film.camera.json").read_text())
    assert len(cameras["frames"]) == 10
    assert len(pictures(work / "frames")) == 10
    assert not list(work.glob("*.part*"))


def test_the_same_command_twice_gives_the_same_frames(work):
    animate(work, "--duration", 0.5, "--frames-dir", work / "one")
    animate(work, "--duration", 0.5, "--frames-dir", work / "two", name="again.mp4")
    for first, second in zip(pictures(work / "one"), pictures(work / "two"), strict=True):
        assert (first == second).all()


def test_a_loop_is_the_same_file_every_time(tmp_path):
    command = (
        *(sys.executable, "-m", "parallax", "animate", SAMPLES / "lake.jpg"),
        *("--depth", SAMPLES / "lake.depth.png", "--motion", "none", "--loop"),
        *("--size", "480x320", "--fps", "24", "--duration", "2"),
    )
    films = []
    for number in range(3):  # x264 reads memory that it has not written
        film = tmp_path / f"{number}.mp4"
        subprocess.run([*map(str, command), "-o", str(film)], check=True, capture_output=True)
        films.append(film.read_bytes())
    assert films[0] == films[1] == films[2]


def test_a_camera_at_rest_gives_the_photo_back(work):
    animate(work, "--duration", 0.2, "--camera", "static", "--frames-dir", work / "frames")
    photo = picture(work / "photo.png").astype(float)
    for frame in pictures(work / "frames"):
        error = np.mean((frame - photo) ** 2)
        assert error < 255**2 / 10**4.5  # 45 dB


def test_a_shifted_camera_moves_the_planes_by_focal_length_times_shift_times_inverse_depth(work):
    shift_su = 5 / FOCAL_PX  # five pixels at the near plane, one at the far one
    path = write_path(work, [{"time_s": 0, "position_su": [shift_su, 0, 0]}], duration_s=0.1)
    animate(work, "--path", path, "--frames-dir", work / "frames")
    photo = picture(work / "photo.png")
    (frame,) = pictures(work / "frames")
    assert (abs(frame[24:40, 38:50].astype(int) - photo[24:40, 43:55]) <= 2).all()
    assert (abs(frame[4:16, 10:80].astype(int) - photo[4:16, 11:81]) <= 4).all()


def test_a_built_scene_films_like_its_photo_and_without_torch(work):
    path = write_path(
        work, [{"time_s": 0}, {"time_s": 0.4, "position_su": [0.04, 0, -0.02]}], duration_s=0.4
    )
    photo, depth = work / "photo.png", work / "depth.npy"
    shared = ["--path", path, "--motion", "none"]
    more = ["--depth", depth, "--fov", FOV_DEG]
    more += ["--layers", work / "layers"]
    assert run("build", photo, "-o", work / "scene.glb", *more, *shared) == 0
    assert (work / "layers" / "layers.json").is_file()
    assert animate(work, "--path", path, "--frames-dir", work / "one") == 0
    code = (
        "import sys\nfrom parallax.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "finally:\n    assert 'torch' not in sys.modules, 'torch was imported'\n"
    )
    arguments = ["render", work / "scene.glb", "-o", work / "again.mp4", *FAST]
    arguments += ["--frames-dir", work / "two"]
    command = [sys.executable, "-c", code, *map(str, arguments)]
    assert subprocess.run(command, check=False).returncode == 0
    for first, second in zip(pictures(work / "one"), pictures(work / "two"), strict=True):
        assert (first == second).all()


def test_depth_is_written_as_a_16_bit_picture_with_near_white(work):
    more = ["--depth", work / "depth.npy"]
    assert run("depth", work / "photo.png", "-o", work / "out.png", *more) == 0
    levels = picture(work / "out.png")
    assert levels.dtype == np.uint16
    assert levels.shape == (TALL, WIDE)
    assert levels[30, 48] == 65535
    assert abs(int(levels[5, 5]) - 13107) <= 1


@pytest.mark.parametrize("name", ["film.webm", "film.mp4"])
def test_a_cut_out_photo_keeps_its_transparency_and_stands_on_white_elsewhere(work, name):
    square = np.zeros((TALL, WIDE), np.uint8)
    square[20:44, 36:60] = 255
    photo = np.dstack([np.asarray(Image.open(work / "photo.png")), square])
    Image.fromarray(photo).save(work / "photo.png")
    still = ["--camera", "static", "--duration", 0.2, "--frames-dir", work / "frames"]
    assert animate(work, *still, name=name) == 0
    frame = pictures(work / "frames")[0].astype(int)
    assert (frame[..., 3] == square).all()
    assert np.abs(frame[22:42, 38:58, 2::-1] - (200, 40, 30)).max() <= 2
    with av.open(str(work / name)) as film:
        shown = next(iter(film.decode(video=0))).to_ndarray(format="rgb24").astype(int)
    ground = (255, 255, 255) if name == "film.mp4" else (200, 40, 30)  # with its alpha not decoded
    assert np.abs(shown[:8] - ground).max() <= 12


def test_another_shape_than_the_photo_s_is_filled_to_its_border(work):
    still = ["--camera", "static", "--duration", 0.1, "--frames-dir", work / "frames"]
    assert animate(work, "--size", "64x96", *still) == 0
    (frame,) = pictures(work / "frames")
    assert frame.shape == (96, 64, 3)
    assert frame.reshape(-1, 3).max(-1).min() > 20  # nowhere the black of an empty frame


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--depth", "none.npy"], 3, "none.npy: expected a depth file"),
        (["--camera", "juggle"], 2, "expected a preset"),
        (["--path", "none.json"], 2, "none.json"),
        (["--camera", "orbit", "--path", "x.json"], 2, "expected one of them, got both"),
        (["--size", "641x480"], 2, "try 640x480"),
        (["--fps", "0"], 2, "1 to 240 frames a second"),
        (["--duration", "nan"], 2, "more than 0"),
        (["--encoder", "betamax"], 4, "betamax"),
    ],
)
def test_a_wrong_flag_is_one_sentence_and_its_exit_code(work, capsys, arguments, code, message):
    assert animate(work, *arguments) == code
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
    assert not (work / "film.mp4").exists()


def test_a_film_that_is_there_is_not_overwritten_unasked(work, capsys):
    (work / "film.mp4").write_bytes(b"precious")
    assert animate(work, "--duration", 0.1) == 5
    assert "-y overwrites it" in capsys.readouterr().err
    assert (work / "film.mp4").read_bytes() == b"precious"
    assert animate(work, "--duration", 0.1, "-y") == 0
    assert (work / "film.mp4").read_bytes() != b"precious"


def test_a_folder_that_is_not_there_is_said_before_any_work(work, capsys):
    assert animate(work, name="none/film.mp4") == 5
    assert "expected the folder" in capsys.readouterr().err


def test_a_photo_is_never_written_over(work, capsys):
    photo = work / "photo.png"
    before = photo.read_bytes()
    assert run("depth", photo, "-o", photo, "-y", "--depth", work / "depth.npy") == 5
    assert "got the input itself" in capsys.readouterr().err
    assert photo.read_bytes() == before


def test_a_depth_of_another_shape_is_refused(work, capsys):
    np.save(work / "depth.npy", np.ones((64, 64), np.float32))
    assert animate(work) == 3
    assert "expected the shape of the photo" in capsys.readouterr().err


def test_a_scene_of_another_program_is_refused(work, capsys):
    (work / "foreign.glb").write_bytes(b"glTF" + bytes(40))
    assert run("render", work / "foreign.glb", "-o", work / "film.mp4", *FAST) == 3
    assert "foreign.glb" in capsys.readouterr().err


def test_nothing_but_json_goes_to_stdout_and_no_bar_to_a_file(work, capsys):
    assert animate(work, "--duration", 0.1, "--json") == 0
    captured = capsys.readouterr()
    json.loads(captured.out)
    assert "\x1b" not in captured.err
