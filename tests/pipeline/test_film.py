"""When frames take the short way from a card to the encoder."""

from dataclasses import replace
from pathlib import Path

import pytest

from parallax.gpu import Device
from parallax.pipeline.film import come_in_planes
from parallax.pipeline.params import FilmParams

CARD = Device(0, is_software=False)
PARAMS = FilmParams()


@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
def test_a_card_makes_the_planes_of_h264(name):
    assert come_in_planes(CARD, Path(name), PARAMS, is_transparent=False)


def test_a_software_device_does_not():
    software = replace(CARD, is_software=True)
    assert not come_in_planes(software, Path("a.mp4"), PARAMS, is_transparent=False)


@pytest.mark.parametrize(
    ("name", "encoder"), [("a.mp4", "hevc10"), ("a.mp4", "av1"), ("a.mkv", "ffv1")]
)
def test_films_of_other_pixels_do_not(name, encoder):
    params = replace(PARAMS, encoder=encoder)
    assert not come_in_planes(CARD, Path(name), params, is_transparent=False)


def test_frames_that_are_kept_or_transparent_do_not(tmp_path):
    kept = replace(PARAMS, frames_dir=tmp_path)
    assert not come_in_planes(CARD, Path("a.mp4"), kept, is_transparent=False)
    assert not come_in_planes(CARD, Path("a.mp4"), PARAMS, is_transparent=True)
