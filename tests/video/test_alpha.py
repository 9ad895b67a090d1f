"""Transparent films read back."""

import av
import numpy as np
import pytest
from PIL import Image

from parallax.errors import VideoError
from parallax.frame import Frame
from tests.films import SIZE_WH, write


def half_transparent(num_frames):
    srgb8 = np.full((SIZE_WH[1], SIZE_WH[0], 4), 255, np.uint8)
    srgb8[..., :3] = 200, 90, 40
    srgb8[:, : SIZE_WH[0] // 2, 3] = 0
    srgb8[: SIZE_WH[1] // 2, SIZE_WH[0] // 2 :, 3] = 128
    return [Frame(k, k / 30, srgb8) for k in range(num_frames)]


@pytest.mark.parametrize(
    ("name", "encoder", "decoder"),
    [
        ("a.mov", "prores4444", None),
        ("a.webm", "vp9", "libvpx-vp9"),  # FFmpeg's own decoder of VP9 leaves alpha out
        ("a.mkv", "ffv1", None),
    ],
)
def test_alpha_comes_back(tmp_path, name, encoder, decoder):
    frames = half_transparent(3)
    write(tmp_path / name, frames, encoder=encoder, has_alpha=True)
    with av.open(str(tmp_path / name)) as container:
        stream = container.streams.video[0]
        codec = av.CodecContext.create(decoder, "r") if decoder else stream.codec_context
        shown = [frame for packet in container.demux(stream) for frame in codec.decode(packet)]
    assert len(shown) == 3
    alpha = shown[1].to_ndarray(format="rgba")[..., 3].astype(int)
    assert np.abs(alpha - frames[0].srgb8[..., 3]).mean() < 2


def test_webp_is_transparent(tmp_path):
    frames = half_transparent(2)
    write(tmp_path / "a.webp", frames, has_alpha=True)
    with Image.open(tmp_path / "a.webp") as picture:
        alpha = np.asarray(picture.convert("RGBA"))[..., 3].astype(int)
    assert np.abs(alpha - frames[0].srgb8[..., 3]).mean() < 2


def test_gif_is_transparent_where_less_than_half_is_there(tmp_path):
    frames = half_transparent(3)
    write(tmp_path / "a.gif", frames, has_alpha=True)
    with Image.open(tmp_path / "a.gif") as picture:
        for k in range(3):
            picture.seek(k)
            alpha = np.asarray(picture.convert("RGBA"))[..., 3]
            assert (alpha == np.where(frames[k].srgb8[..., 3] < 128, 0, 255)).all()


def test_a_codec_without_transparency_says_so(tmp_path):
    with pytest.raises(VideoError, match="h264: expected opaque frames"):
        write(tmp_path / "a.mp4", half_transparent(2), has_alpha=True)
