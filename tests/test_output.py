import os

import pytest

from parallax.errors import OutputError
from parallax.output import check_output, whole_file


def test_a_file_takes_its_name_only_when_it_is_whole(tmp_path):
    path = tmp_path / "film.mp4"
    with whole_file(path) as partial:
        partial.write_bytes(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert os.listdir(tmp_path) == ["film.mp4"]


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"before")

    def fail():
        with whole_file(path) as partial:
            partial.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["film.mp4"]


def test_a_full_disk_is_said_in_one_sentence(tmp_path):
    path = tmp_path / "film.mp4"

    def fail():
        with whole_file(path):
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"film\.mp4: .* got: No space left on device"):
        fail()


def test_a_place_that_cannot_be_written_to_is_refused_before_the_work(tmp_path):
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"photo")
    check_output(tmp_path / "new.mp4", overwrite=False, suffixes=(".mp4",), inputs=[photo])
    for path, overwrite, message in (
        (tmp_path / "new.avi", False, r"ending in \.mp4, got '\.avi'"),
        (tmp_path, True, "got a folder"),
        (tmp_path / "none" / "new.mp4", False, "make it first"),
        (photo, True, "got the input itself"),
    ):
        suffixes = (".mp4",) if path.suffix in (".avi", ".mp4") else ()
        with pytest.raises(OutputError, match=message):
            check_output(path, overwrite=overwrite, suffixes=suffixes, inputs=[photo])


def test_what_is_there_is_kept_unless_told_otherwise(tmp_path):
    (tmp_path / "old.mp4").write_bytes(b"old")
    with pytest.raises(OutputError, match="-y overwrites it"):
        check_output(tmp_path / "old.mp4", overwrite=False)
    check_output(tmp_path / "old.mp4", overwrite=True)
