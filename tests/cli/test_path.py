"""`parallax path`, run as a user runs it."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from parallax.cli.main import main
from parallax.moves import ALIASES, PRESETS

SAMPLES = Path(__file__).parent.parent.parent / "samples"


def run(*arguments):
    """The exit code of a command."""
    with pytest.raises(SystemExit) as caught:
        main(["path", *(str(a) for a in arguments)])
    return caught.value.code


def write_track(file, num=60, fps="30"):
    """OUT.camera.json of a camera that goes to the right, a hundredth a frame."""
    frames = []
    for i in range(num):
        matrix = np.eye(4)
        matrix[0, 3] = i / 100
        frames.append(
            {
                "time_s": i / 30,
                "fov_deg": 40.0,
                "focus_su": None,
                "world_from_camera": matrix.tolist(),
            }
        )
    head = {"version": 1, "size_wh": [640, 480], "fps": fps, "loop": False}
    file.write_text(json.dumps({**head, "frames": frames}))
    return file


def test_the_list_says_what_each_move_does_and_what_others_call_it(capsys):
    assert run("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(PRESETS)
    assert "Also: vertigo, zolly, hitchcock-zoom." in next(
        line for line in lines if line.startswith("dolly-zoom")
    )
    assert run("list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["aliases"] == ALIASES


def test_a_preset_is_shown_as_a_path_that_is_read_again(tmp_path, capsys):
    assert run("show", "Dolly Zoom", "--duration", 2) == 0
    (tmp_path / "p.json").write_text(capsys.readouterr().out)
    assert run("show", tmp_path / "p.json", "-o", tmp_path / "q.json") == 0
    assert json.loads((tmp_path / "q.json").read_text())["duration_s"] == 2


def test_a_path_is_plotted_and_filmed_in_lines(tmp_path):
    files = [tmp_path / name for name in ("p.svg", "p.png", "p.mp4")]
    assert run("show", "orbit", "--plot", files[0]) == 0
    assert ElementTree.parse(files[0]).getroot().tag.endswith("svg")
    lines = ["--film", files[2], "--duration", 0.5, "--fps", 10]
    assert run("show", "orbit", "--plot", files[1], *lines) == 0
    with Image.open(files[1]) as picture:
        assert picture.width > 1000
    film = cv2.VideoCapture(str(files[2]))
    assert film.get(cv2.CAP_PROP_FRAME_COUNT) == 5
    assert run("show", "orbit", "--plot", files[0]) == 5  # there already, and no -y


def test_auto_needs_a_photo(capsys):
    assert run("show", "auto") == 2
    assert "expected --photo or --scene" in capsys.readouterr().err


def test_a_check_tells_what_to_mend(tmp_path, capsys):
    keys = [{"time_s": 0}, {"time_s": 0.2, "position_su": [0.5, 0, 0]}]
    (tmp_path / "p.json").write_text(json.dumps({"version": 1, "keyframes": keys}))
    assert run("check", tmp_path / "p.json") == 0
    told = capsys.readouterr()
    assert "uncovered_percent      not known without --photo" in told.out
    assert "past the photo's right border; shift or turn less that way" in told.err
    assert "make the move longer or smaller" in told.err


def test_a_check_lists_every_frame(capsys):
    assert run("check", "swing", "--duration", 1, "--fps", 12, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["num_frames"] == 12 and found["warnings"] == []
    assert all(
        len(found["frames"][name]) == 12
        for name in ("time_s", "speed_widths_per_s", "acceleration_widths_per_s2", "margin_uv")
    )


@pytest.mark.parametrize(
    "name",
    ["film.camera.json", "nerf.json", "pose.txt", "transforms.json", "model", "cam.glb", "p.json"],
)
def test_sixty_cameras_stay_sixty_there_and_back(name, tmp_path, capsys):
    source = write_track(tmp_path / "in.camera.json")
    told = ["--to", "nerfstudio"] if name == "nerf.json" else []
    assert run("convert", source, "-o", tmp_path / name, *told) == 0
    assert capsys.readouterr().out.endswith("60 cameras, 2 s\n")
    back = tmp_path / "back.camera.json"
    assert run("convert", tmp_path / name, "-o", back, "--no-recenter") == 0
    frames = json.loads(back.read_text())["frames"]
    assert len(frames) == 60
    for i, frame in enumerate(frames):
        matrix = np.eye(4)
        matrix[0, 3] = i / 100
        assert np.allclose(frame["world_from_camera"], matrix, atol=1e-6)
        assert frame["fov_deg"] == pytest.approx(40, abs=1e-4)


def test_a_files_rate_and_size_are_kept(tmp_path):
    source = write_track(tmp_path / "in.camera.json", 48, "24000/1001")
    out = tmp_path / "out.camera.json"
    assert run("convert", source, "-o", out) == 0
    found = json.loads(out.read_text())
    assert found["fps"] == "24000/1001" and found["size_wh"] == [640, 480]
    assert len(found["frames"]) == 48
    assert run("convert", source, "-o", out, "-y", "--fps", 48000 / 1001) == 0
    assert len(json.loads(out.read_text())["frames"]) == 96


def test_a_preset_and_a_path_that_extends_one_are_converted(tmp_path, capsys):
    assert run("convert", "orbit", "-o", tmp_path / "orbit.glb", "--duration", 2) == 0
    assert "60 cameras, 2 s" in capsys.readouterr().out
    wish = {"version": 1, "extends": "push-in", "params": {"amount": 0.5, "duration_s": 3}}
    (tmp_path / "w.json").write_text(json.dumps(wish))
    assert run("convert", tmp_path / "w.json", "-o", tmp_path / "keys.json") == 0
    keys = json.loads((tmp_path / "keys.json").read_text())
    assert keys["duration_s"] == 3 and len(keys["keyframes"]) == 2


def test_a_sheet_shows_moves_on_a_photo(tmp_path, shared_context, capsys):
    rng = np.random.default_rng(3)
    srgb8 = cv2.resize(rng.integers(40, 220, (12, 18, 3), np.uint8), (96, 64))
    Image.fromarray(srgb8).save(tmp_path / "photo.png")
    inv_depth = np.full((64, 96), 0.2, np.float32)
    inv_depth[20:44, 36:60] = 1
    np.save(tmp_path / "d.npy", inv_depth)
    out = tmp_path / "sheet.png"
    moves = ["--preset", "static", "--preset", "zoom in"]
    files = [tmp_path / "photo.png", "--depth", tmp_path / "d.npy", "-o", out]
    assert run("sheet", *files, *moves) == 0
    with Image.open(out) as picture:
        sheet = np.asarray(picture.convert("RGB")).astype(int)
    for left, changes in ((10, False), (10 + 4 * 242 + 10, True)):
        first, last = (sheet[34:190, left + x + 2 : left + x + 238] for x in (0, 3 * 242))
        assert (np.abs(first - last).mean() > 3) == changes
    assert capsys.readouterr().out == f"{out}: 2 moves\n"
    assert run("sheet", *files, "--preset", "zom-in", "-y") == 2


def test_the_published_schema_is_printed(capsys):
    assert run("schema") == 0
    published = json.loads((SAMPLES / "camera_path.schema.json").read_text())
    assert json.loads(capsys.readouterr().out) == published
