"""Films read back: every trap on the way to a file that plays everywhere."""

import os
import struct
import subprocess
import sys
import threading
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from parallax.errors import OutputError, VideoError
from parallax.frame import Frame
from parallax.video.encode import FRAMES_WAITING, available_encoders, write_video
from parallax.video.film import FilmFile
from tests.films import LOSS, SIZE_WH, decode, frame_of, moving_frames, write


def never_drawn():
    """An iterator that must not be asked."""
    yield from ()
    pytest.fail("a frame was asked for")


def atoms_of(data, inside=(b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl")):
    """Names of the boxes of an MP4 in their order, those within the ones named included."""
    names, at = [], 0
    while at + 8 <= len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        names.append(name.decode("latin1"))
        if name in inside:
            names += atoms_of(data[at + 8 : at + size], inside)
        at += size if size >= 8 else len(data)
    return names


def test_every_frame_is_there_and_the_file_says_what_was_asked(tmp_path):
    info = write(tmp_path / "a.mp4", moving_frames(45))
    assert info.path == tmp_path / "a.mp4"
    assert (info.num_frames, info.size_wh, info.fps) == (45, SIZE_WH, Fraction(30))
    assert (info.codec, info.pixel_format) == ("h264", "yuv420p")
    assert info.duration_s == pytest.approx(1.5)
    assert info.num_bytes == (tmp_path / "a.mp4").stat().st_size
    assert info.warnings == ()
    assert len(decode(tmp_path / "a.mp4")) == 45


def test_every_frame_is_in_its_place_to_the_last(tmp_path):
    frames = list(moving_frames(40))
    write(tmp_path / "a.mp4", frames)
    for k, decoded in enumerate(decode(tmp_path / "a.mp4")):
        shown = decoded.to_ndarray(format="rgb24").astype(int)
        errors = [np.abs(shown - frame.srgb8[..., :3]).mean() for frame in frames]
        assert np.argmin(errors) == k
        assert errors[k] < LOSS


@pytest.mark.parametrize(
    ("srgb8", "y"), [((255, 0, 0), 63), ((0, 255, 0), 173), ((0, 0, 255), 32), ((255,) * 3, 235)]
)
def test_colours_are_converted_by_bt_709_and_not_just_tagged(tmp_path, srgb8, y):
    write(tmp_path / "a.mp4", [frame_of(srgb8)] * 3)
    luma = decode(tmp_path / "a.mp4")[1].to_ndarray()[: SIZE_WH[1]]
    assert np.abs(luma.astype(int) - y).max() <= 1


def test_colours_are_tagged_in_the_stream_and_in_the_container(tmp_path):
    info = write(tmp_path / "a.mp4", moving_frames(3))
    assert info.colour_tags == (1, 1, 1, 1)
    assert b"colrnclx\x00\x01\x00\x01\x00\x01" in (tmp_path / "a.mp4").read_bytes()


def test_there_is_no_edit_list_and_the_index_comes_first(tmp_path):
    write(tmp_path / "a.mp4", moving_frames(30))
    atoms = atoms_of((tmp_path / "a.mp4").read_bytes())
    assert "elst" not in atoms
    assert atoms.index("moov") < atoms.index("mdat")


@pytest.mark.parametrize(
    "fps", [Fraction(24), Fraction(30), Fraction(60), Fraction(30000, 1001), Fraction(24000, 1001)]
)
def test_frames_are_shown_when_they_should_be(tmp_path, fps):
    info = write(tmp_path / "a.mp4", moving_frames(20), fps=fps)
    assert info.fps == fps
    assert info.start_s == 0
    shown_at_s = [frame.pts * frame.time_base for frame in decode(tmp_path / "a.mp4")]
    assert shown_at_s == [k / fps for k in range(20)]


def test_key_frames_are_two_seconds_apart_at_most(tmp_path):
    write(tmp_path / "a.mp4", moving_frames(50), fps=Fraction(10))
    keys = [k for k, frame in enumerate(decode(tmp_path / "a.mp4")) if frame.key_frame]
    assert keys[0] == 0
    assert max(np.diff([*keys, 50])) <= 20


def test_a_loop_has_one_key_frame(tmp_path):
    write(tmp_path / "a.mp4", moving_frames(50), fps=Fraction(10), loop_frames=50)
    keys = [k for k, frame in enumerate(decode(tmp_path / "a.mp4")) if frame.key_frame]
    assert keys == [0]


@pytest.mark.parametrize(
    ("encoder", "quality"), [("h264", "standard"), ("h264", "high"), ("hevc10", "standard")]
)
def test_the_end_of_a_loop_jumps_little_more_than_it_moves(tmp_path, encoder, quality):
    """Grain under passing light: what is left of it after encoding must not change at the end."""
    grain = np.random.default_rng(0).normal(120, 20, (SIZE_WH[1], SIZE_WH[0], 3))
    angles = (
        2 * np.pi * (np.arange(40)[:, None, None] / 40 + np.linspace(0, 1, SIZE_WH[0])[:, None])
    )
    light = 1 + 0.06 * np.sin(angles)
    frames = (frame_of((grain * gain).clip(0, 255), k) for k, gain in enumerate(light))
    write(tmp_path / "a.mp4", frames, encoder=encoder, quality=quality, loop_frames=40)
    shown = [f.to_ndarray(format="gray").astype(int) for f in decode(tmp_path / "a.mp4")]
    steps = [np.abs(b - a).mean() for a, b in pairwise(shown)]
    assert np.abs(shown[-1] - shown[0]).mean() < 1.5 * np.mean(steps)


def test_the_same_frames_give_the_same_bytes(tmp_path):
    for name in ("a.mp4", "b.mp4"):
        write(tmp_path / name, moving_frames(30), metadata={"title": "waves"})
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


@pytest.mark.parametrize("quality", ["standard", "high", "maximum"])
def test_every_quality_writes_a_film(tmp_path, quality):
    assert write(tmp_path / "a.mp4", moving_frames(12), quality=quality).num_frames == 12


def test_a_better_quality_is_closer_to_the_frames(tmp_path):
    frames = list(moving_frames(12))
    errors = []
    for quality in ("standard", "maximum"):
        write(tmp_path / "a.mp4", frames, quality=quality)
        decoded = [f.to_ndarray(format="rgb24").astype(int) for f in decode(tmp_path / "a.mp4")]
        errors.append(np.mean([np.square(d - f.srgb8[..., :3]).mean() for d, f in zip(
            decoded, frames, strict=True)]))  # fmt: skip
    assert errors[1] < errors[0]


def test_what_is_said_beside_the_pictures_can_be_read_back(tmp_path):
    said = {"title": "Lake", "comment": '{"seed": 7}', "parallax_path": "orbit"}
    info = write(tmp_path / "a.mp4", moving_frames(3), metadata=said)
    assert said.items() <= dict(info.metadata).items()


def test_progress_counts_every_frame(tmp_path):
    seen: list[int] = []
    frames = moving_frames(7)
    write_video(frames, tmp_path / "a.mp4", size_wh=SIZE_WH, fps=Fraction(30), on_frame=seen.append)
    assert seen == [1, 2, 3, 4, 5, 6, 7]


def test_an_old_film_is_replaced(tmp_path):
    (tmp_path / "a.mp4").write_text("old")
    assert write(tmp_path / "a.mp4", moving_frames(3)).num_frames == 3


def test_frames_wait_in_a_short_queue_however_long_the_film(tmp_path, monkeypatch):
    encoded, ahead = [], []
    add = FilmFile.add

    def slow_add(self, frame, index):
        threading.Event().wait(0.01)
        add(self, frame, index)
        encoded.append(index)

    def frames():
        for frame in moving_frames(30):
            ahead.append(frame.index - len(encoded))
            yield frame

    monkeypatch.setattr(FilmFile, "add", slow_add)
    write(tmp_path / "a.mp4", frames())
    assert FRAMES_WAITING - 1 <= max(ahead) <= FRAMES_WAITING + 1


def test_no_frames_are_an_error_and_leave_nothing(tmp_path):
    with pytest.raises(VideoError, match=r"a.mp4: expected at least one frame, got none"):
        write(tmp_path / "a.mp4", [])
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, MemoryError])
@pytest.mark.parametrize("num_frames", [0, 1, 25])
def test_an_interrupted_film_leaves_the_old_one_and_nothing_else(tmp_path, error, num_frames):
    (tmp_path / "a.mp4").write_text("old")

    def frames():
        yield from moving_frames(num_frames)
        raise error

    with pytest.raises(error):
        write(tmp_path / "a.mp4", frames())
    assert os.listdir(tmp_path) == ["a.mp4"]
    assert (tmp_path / "a.mp4").read_text() == "old"


def test_an_odd_size_is_refused_before_anything_is_drawn(tmp_path):
    with pytest.raises(VideoError, match="h264: expected an even width and height, got 127×96"):
        write_video(never_drawn(), tmp_path / "a.mp4", size_wh=(127, 96), fps=Fraction(30))
    assert os.listdir(tmp_path) == []


def test_a_size_that_the_encoder_refuses_is_an_error(tmp_path):
    with pytest.raises(VideoError, match="h264: expected to encode 20000×20000, got"):
        write_video([], tmp_path / "a.mp4", size_wh=(20000, 20000), fps=Fraction(30))


def test_a_frame_of_another_size_is_refused(tmp_path):
    frames = [Frame(0, 0.0, np.zeros((32, 32, 4), np.uint8))]
    with pytest.raises(ValueError, match=r"expected frames of \(128, 96\), got \(32, 32\)"):
        write(tmp_path / "a.mp4", frames)
    assert os.listdir(tmp_path) == []


def test_a_missing_folder_is_an_error_before_anything_is_drawn(tmp_path):
    with pytest.raises(OutputError, match=r"expected a folder .*/nowhere, got none"):
        write(tmp_path / "nowhere" / "a.mp4", never_drawn())


def test_a_folder_in_the_film_s_place_is_an_error(tmp_path):
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(OutputError, match=r"a.mp4: expected the name of a film, got a folder"):
        write(tmp_path / "a.mp4", never_drawn())


def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path, monkeypatch):
    def full(self, frame, index):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FilmFile, "add", full)
    with pytest.raises(OutputError, match=r"a.mp4: expected to write the film, got No space left"):
        write(tmp_path / "a.mp4", moving_frames(30))
    assert os.listdir(tmp_path) == []


def test_a_device_that_is_really_full_is_an_error(tmp_path):
    # /dev/full refuses every byte, as a full disk does
    (tmp_path / "a.part.mp4").symlink_to("/dev/full")
    with pytest.raises(OutputError, match=r"a.mp4: expected to write the film, got No space left"):
        write(tmp_path / "a.mp4", moving_frames(30))
    assert os.listdir(tmp_path) == []


def test_a_film_that_is_not_what_was_asked_for_is_not_kept(tmp_path, monkeypatch):
    add = FilmFile.add

    def lose_one(self, frame, index):
        if index != 5:
            add(self, frame, index)

    monkeypatch.setattr(FilmFile, "add", lose_one)
    with pytest.raises(VideoError, match=r"a.mp4: expected frames 20 of h264, got 19"):
        write(tmp_path / "a.mp4", moving_frames(20))
    assert os.listdir(tmp_path) == []


def test_an_encoder_that_is_not_here_is_replaced_and_said(tmp_path):
    if available_encoders()["h264-nvenc"]:
        pytest.skip("this machine has NVENC")
    info = write(tmp_path / "a.mp4", moving_frames(3), encoder="h264-nvenc")
    assert info.codec == "h264"
    (warning,) = info.warnings
    assert warning.startswith("h264-nvenc: expected to encode 128×96, got")
    assert warning.endswith("; h264 instead")


def test_h264_can_be_written_everywhere():
    assert available_encoders()["h264"]


KILLED = """
import os, signal, sys, pathlib
from fractions import Fraction
sys.path.insert(0, {root!r})
from parallax.video.encode import write_video
from tests.films import SIZE_WH, moving_frames

# What a shell starts in the background is told to ignore it
signal.signal(signal.SIGINT, signal.default_int_handler)

def frames():
    yield from moving_frames(60)
    os.kill(os.getpid(), getattr(signal, {signal!r}))
    yield from moving_frames(60)

write_video(frames(), pathlib.Path({path!r}), size_wh=SIZE_WH, fps=Fraction(30))
"""


@pytest.mark.parametrize(("signal", "left"), [("SIGKILL", ["a.part.mp4"]), ("SIGINT", [])])
def test_a_killed_film_never_has_its_name(tmp_path, signal, left):
    root = str(Path(__file__).parent.parent.parent)
    code = KILLED.format(root=root, signal=signal, path=str(tmp_path / "a.mp4"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=root, check=False)
    assert done.returncode != 0
    assert os.listdir(tmp_path) == left


HOLDS = """
import pathlib, resource, sys
from fractions import Fraction
import numpy as np
sys.path.insert(0, {root!r})
from parallax.frame import Frame
from parallax.video.encode import write_video

def frames():
    for k in range({num_frames}):
        yield Frame(k, 0.0, np.full((360, 640, 4), k % 250, np.uint8))

write_video(frames(), pathlib.Path({path!r}), size_wh=(640, 360), fps=Fraction(30))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@pytest.mark.slow
def test_a_long_film_holds_no_more_memory_than_a_short_one(tmp_path):
    root = str(Path(__file__).parent.parent.parent)
    held_mb = []
    for num_frames in (100, 1000):
        code = HOLDS.format(root=root, num_frames=num_frames, path=str(tmp_path / "a.mp4"))
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, cwd=root, check=True, text=True
        )
        held_mb.append(float(done.stdout))
    assert held_mb[1] - held_mb[0] < 20  # 900 frames are 790 MB
