"""Which kind of film goes into which file."""

from pathlib import Path

import pytest

from parallax.errors import OutputError, VideoError
from parallax.video.profiles import PROFILES, choose_profile


def test_a_film_is_h264_where_nothing_is_said():
    for name in ("a.mp4", "a.MP4", "a.mov", "a.m4v"):
        assert choose_profile(Path(name)).name == "h264"


def test_every_profile_can_be_chosen_by_its_name_for_each_of_its_endings():
    for profile in PROFILES.values():
        for suffix in profile.suffixes:
            assert choose_profile(Path(f"a{suffix}"), profile.name) is profile


def test_every_fallback_is_a_profile_that_takes_the_same_files():
    for profile in PROFILES.values():
        if profile.fallback is not None:
            assert set(profile.suffixes) <= set(PROFILES[profile.fallback].suffixes)


def test_an_ending_that_no_film_has_is_an_error():
    with pytest.raises(
        OutputError, match=r"a.doc: expected a name that ends in .*\.mp4.*, got \.doc"
    ):
        choose_profile(Path("a.doc"))
    with pytest.raises(OutputError, match="got no ending"):
        choose_profile(Path("a"))


def test_an_encoder_that_does_not_exist_is_an_error():
    with pytest.raises(VideoError, match=r"encoder: expected one of h264, .*, got divx"):
        choose_profile(Path("a.mp4"), "divx")


def test_an_encoder_that_does_not_go_into_the_file_is_an_error():
    with pytest.raises(
        VideoError, match=r"a.gif: expected a name that ends in .*for h264, got .gif"
    ):
        choose_profile(Path("a.gif"), "h264")
