"""Files that are not films."""

import pytest
from PIL import Image

from parallax.errors import VideoError
from parallax.video.probe import probe_video


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(VideoError, match=r"a.mp4: expected a film, got .*No such file"):
        probe_video(tmp_path / "a.mp4")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00" * 4096])
def test_a_file_that_is_no_film_is_an_error(tmp_path, content):
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(VideoError, match=r"a.mp4: expected a film, got"):
        probe_video(tmp_path / "a.mp4")


def test_a_webp_that_does_not_move_is_no_film(tmp_path):
    Image.new("RGB", (32, 32)).save(tmp_path / "a.webp")
    with pytest.raises(VideoError, match=r"a.webp: expected a film, got a WebP that does not move"):
        probe_video(tmp_path / "a.webp")
