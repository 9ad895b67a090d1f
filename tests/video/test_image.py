"""Frames as pictures."""

import sys
import threading

import numpy as np
import pytest
from PIL import Image

from parallax.color import srgb8_from_linear
from parallax.errors import OutputError, VideoError
from parallax.frame import Frame
from parallax.video import image
from parallax.video.image import save_frames


@pytest.fixture
def frames():
    rng = np.random.default_rng(1)
    srgb8 = rng.integers(0, 256, (3, 20, 30, 4), np.uint8)
    srgb8[..., 3] = 255
    return [Frame(k + 7, k / 30, srgb8[k]) for k in range(3)]


def test_frames_are_saved_without_loss_and_passed_on(tmp_path, frames):
    passed = list(save_frames(frames, tmp_path / "new" / "folder"))
    assert passed == frames
    for name, frame in zip(("00007", "00008", "00009"), frames, strict=True):
        with Image.open(tmp_path / "new" / "folder" / f"{name}.png") as picture:
            assert picture.mode == "RGB"
            assert (np.asarray(picture) == frame.srgb8[..., :3]).all()


def test_transparency_is_saved_as_each_format_has_it(tmp_path):
    srgb8 = np.full((4, 4, 4), 255, np.uint8)
    srgb8[:, 2:, 3] = (0, 51, 102, 153)[:2]
    frames = [Frame(0, 0.0, srgb8)]
    list(save_frames(frames, tmp_path, has_alpha=True))
    with Image.open(tmp_path / "00000.png") as picture:
        assert (np.asarray(picture) == srgb8).all()
    exr = pytest.importorskip("OpenEXR")
    list(save_frames(frames, tmp_path, "exr", has_alpha=True))
    with exr.File(str(tmp_path / "00000.exr")) as file:
        light = file.channels()["RGBA"].pixels
    assert np.allclose(light[0], np.array([1, 1, 0, 0.2])[:, None], atol=1e-3)


def test_other_files_in_the_folder_stay(tmp_path, frames):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "00007.png").write_text("old")
    list(save_frames(frames, tmp_path))
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "00007.png", "00008.png", "00009.png", "mine.txt",
    ]  # fmt: skip


def test_only_a_few_frames_wait_to_be_written(tmp_path, frames, monkeypatch):
    may_write = threading.Event()
    save_png = image._save_png

    def wait_and_save(frame, path, **params):
        may_write.wait(10)
        save_png(frame, path, **params)

    def many():
        for k in range(50):
            if k == 2 * image.NUM_WRITERS:
                may_write.set()
            yield Frame(k, 0.0, frames[0].srgb8)

    monkeypatch.setattr(image, "_save_png", wait_and_save)
    saved = save_frames(many(), tmp_path)
    for _ in range(2 * image.NUM_WRITERS):
        next(saved)
    assert list(tmp_path.iterdir()) == []
    assert len(list(saved)) == 50 - 2 * image.NUM_WRITERS
    assert len(list(tmp_path.iterdir())) == 50


def test_a_file_in_the_folder_s_place_is_an_error(tmp_path, frames):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match=r"file: expected a folder for frames, got"):
        list(save_frames(frames, tmp_path / "file"))


def test_a_frame_that_cannot_be_written_is_an_error(tmp_path, frames):
    (tmp_path / "00008.png").mkdir()
    with pytest.raises(OutputError, match=r"00008.png: expected to write it, got Is a directory"):
        list(save_frames(frames, tmp_path))


def test_exr_frames_hold_light_that_is_exactly_the_bytes(tmp_path, frames):
    exr = pytest.importorskip("OpenEXR")
    list(save_frames(frames, tmp_path, "exr"))
    with exr.File(str(tmp_path / "00008.exr")) as file:
        linear = np.asarray(file.channels()["RGB"].pixels)
    assert linear.dtype == np.float16
    assert (srgb8_from_linear(linear.astype(np.float32)) == frames[1].srgb8[..., :3]).all()


def test_exr_frames_without_their_library_tell_what_to_install(tmp_path, frames, monkeypatch):
    monkeypatch.setitem(sys.modules, "OpenEXR", None)
    with pytest.raises(VideoError, match="pip install OpenEXR"):
        save_frames(frames, tmp_path, "exr")
