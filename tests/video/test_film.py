"""Every kind of film, read back."""

import os
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from parallax.frame import Frame
from parallax.video.encode import VideoParams, write_video
from parallax.video.profiles import PROFILES
from tests.films import LOSS, SIZE_WH, decode, frame_of, moving_frames, write

HERE = [profile.name for profile in PROFILES.values() if profile.fallback is None]


def path_for(folder, encoder):
    return folder / f"a{PROFILES[encoder].suffixes[0]}"


@pytest.mark.parametrize("encoder", HERE)
def test_every_encoder_writes_a_film_that_is_whole(tmp_path, encoder):
    path = path_for(tmp_path, encoder)
    info = write(path, moving_frames(20), encoder=encoder)
    assert (info.num_frames, info.size_wh) == (20, SIZE_WH)
    assert info.duration_s == pytest.approx(20 / 30, abs=0.04)
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("encoder", [name for name in HERE if name != "webp"])
def test_every_encoder_keeps_frames_and_colours(tmp_path, encoder):
    frames = list(moving_frames(8))
    write(path_for(tmp_path, encoder), frames, encoder=encoder)
    decoded = decode(path_for(tmp_path, encoder))
    assert len(decoded) == 8
    for k in range(8):
        shown = decoded[k].to_ndarray(format="rgb24").astype(int)
        errors = [np.abs(shown - other.srgb8[..., :3]).mean() for other in frames]
        assert np.argmin(errors) == k
        assert errors[k] < LOSS


def test_a_webp_keeps_frames_and_colours(tmp_path):
    frames = list(moving_frames(8))
    write(tmp_path / "a.webp", frames)
    with Image.open(tmp_path / "a.webp") as film:
        assert film.n_frames == 8  # type: ignore[attr-defined]
        for k, frame in enumerate(frames):
            film.seek(k)
            shown = np.asarray(film.convert("RGB")).astype(int)
            assert np.abs(shown - frame.srgb8[..., :3]).mean() < LOSS


def test_a_lossless_film_has_the_frames_to_the_bit(tmp_path):
    rng = np.random.default_rng(1)
    frames = [frame_of(rng.integers(0, 256, (*SIZE_WH[::-1], 3)), k) for k in range(4)]
    write(tmp_path / "a.mkv", frames)
    for decoded, frame in zip(decode(tmp_path / "a.mkv"), frames, strict=True):
        assert (decoded.to_ndarray(format="rgb24") == frame.srgb8[..., :3]).all()


@pytest.mark.parametrize("encoder", ["hevc10", "av1", "vp9", "prores4444"])
def test_every_encoder_of_video_converts_by_bt_709(tmp_path, encoder):
    write(path_for(tmp_path, encoder), [frame_of((255, 0, 0))] * 3, encoder=encoder)
    picture = decode(path_for(tmp_path, encoder))[1]
    luma = np.frombuffer(picture.planes[0], np.uint8 if encoder == "vp9" else "<u2")
    bits = {"vp9": 8, "prores4444": 12}.get(encoder, 10)
    assert np.median(luma) / 2 ** (bits - 8) == pytest.approx(63, abs=1)


def test_hevc_is_called_as_apple_wants_it(tmp_path):
    write(tmp_path / "a.mp4", moving_frames(3), encoder="hevc10")
    data = (tmp_path / "a.mp4").read_bytes()
    assert b"hvc1" in data
    assert b"hev1" not in data


def test_a_gif_is_shown_for_ever(tmp_path):
    write(tmp_path / "a.gif", moving_frames(5))
    assert b"NETSCAPE2.0\x03\x01\x00\x00" in (tmp_path / "a.gif").read_bytes()


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30000, 1001), Fraction(50)])
@pytest.mark.parametrize("encoder", ["av1", "vp9", "ffv1", "gif", "webp"])
def test_every_container_holds_every_rate(tmp_path, encoder, fps):
    info = write(path_for(tmp_path, encoder), moving_frames(12), encoder=encoder, fps=fps)
    assert info.duration_s == pytest.approx(float(12 / fps), abs=0.04)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.mkv"])
def test_formats_that_do_not_halve_colour_take_odd_sizes(tmp_path, name):
    frames = [Frame(k, k / 30, np.full((63, 95, 4), 255 - k, np.uint8)) for k in range(3)]
    info = write_video(frames, tmp_path / name, size_wh=(95, 63), fps=Fraction(30))
    assert info.size_wh == (95, 63)


def test_a_webp_that_stands_still_for_a_while_is_as_long(tmp_path):
    frames = [frame_of((200, 100, 50), k) for k in range(5)] + list(moving_frames(4))
    info = write(tmp_path / "a.webp", frames)
    assert info.num_frames < 9
    assert info.duration_s == pytest.approx(9 / 30, abs=0.01)


@pytest.mark.parametrize("encoder", ["h264", "hevc10", "av1", "vp9"])
def test_halved_chroma_lies_on_columns_of_luma(tmp_path, encoder):
    """A ramp of red: a sample between columns would be half a step of the ramp higher."""
    step = 4
    red = np.broadcast_to(np.arange(SIZE_WH[0]) * step % 256, SIZE_WH[::-1])[:, :64]
    srgb8 = np.stack([red, np.zeros_like(red), np.zeros_like(red)], axis=-1)
    path = path_for(tmp_path, encoder)
    frames = [Frame(k, k / 30, _opaque(srgb8)) for k in range(3)]
    params = VideoParams(encoder=encoder, quality="high")
    write_video(frames, path, size_wh=(64, SIZE_WH[1]), fps=Fraction(30), params=params)
    picture = decode(path)[1].to_ndarray(format="yuv420p")
    cr = picture[SIZE_WH[1] :].reshape(2, SIZE_WH[1] // 2, 32)[1].astype(float)
    level_of_red = 224 * (1 - 0.2126) / 1.5748 / 255
    red_at = (cr - 128) / level_of_red  # on the ramp: step * column
    offset_px = (red_at / step - 2 * np.arange(32))[:, 4:28].mean()
    assert abs(offset_px) < 0.25


def _opaque(srgb):
    """uint8 (H, W, 4)."""
    return np.dstack([srgb, np.full(srgb.shape[:2], 255)]).astype(np.uint8)
