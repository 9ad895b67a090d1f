"""Strict JSON: what is refused, with which words."""

import re

import pytest

from parallax.errors import MotionError, PathError
from parallax.json_text import load_json, parse_json


def test_what_is_strict_is_read(tmp_path):
    (tmp_path / "p.json").write_bytes(b'\xef\xbb\xbf{"a": [1, 2.5, null, "\xc3\xa9"]}')
    assert load_json(tmp_path / "p.json", PathError) == {"a": [1, 2.5, None, "é"]}
    assert parse_json("[]", "p", PathError) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"version": NaN}', "p.json: expected finite numbers, got NaN"),
        ('{"version": -Infinity}', "p.json: expected finite numbers, got -Infinity"),
        ('{"version": 1e999}', "p.json: expected finite numbers, got 1e999"),
        ('{"version": 1, "version": 1}', "p.json: expected each key once in an object, got"),
        ('{"version": ' + "9" * 5000 + "}", "p.json: expected reasonable numbers, got one of 5000"),
        ('{"version" 1}', "p.json: line 1 column 12: expected JSON, got: Expecting ':'"),
        ("", "p.json: line 1 column 1: expected JSON, got"),
        ("[" * 200_000, "p.json: expected JSON, got brackets nested too deep"),
        (b"\xff\xfe{\x00}\x00", "p.json: expected UTF-8 text, got byte 0 that is not"),
    ],
)
def test_a_file_that_is_not_strict_json_is_refused(tmp_path, text, message):
    file = tmp_path / "p.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PathError, match=re.escape(message)):
        load_json(file, PathError)


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(tmp_path):
    with pytest.raises(MotionError, match="expected a JSON file, got nothing there"):
        load_json(tmp_path / "no.json", MotionError)
    with pytest.raises(PathError, match="expected a JSON file, got a folder"):
        load_json(tmp_path, PathError)
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(100 * 2**20)
    with pytest.raises(PathError, match="expected at most 64 MB, got 100 MB"):
        load_json(huge, PathError)
