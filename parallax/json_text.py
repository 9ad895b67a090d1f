"""JSON as strictly as a script deserves: no NaN, no key given twice, no traceback."""

import json
import math
from pathlib import Path
from typing import Any

from parallax.errors import ParallaxError

MAX_BYTES = 64 * 2**20  # a key a frame for ten minutes is 4 MB; a labelme file carries its photo


def load_json(path: Path, failure: type[ParallaxError]) -> Any:
    """What a JSON file holds.

    Args:
        path: To be read.
        failure: What is raised.

    Raises:
        ParallaxError: A `failure`: missing, too large, not UTF-8 or not strict JSON.
    """
    if not path.is_file():
        found = "a folder" if path.is_dir() else "nothing there"
        raise failure(f"{path}: expected a JSON file, got {found}")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise failure(f"{path}: expected at most {MAX_BYTES >> 20} MB, got {size / 2**20:.0f} MB")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise failure(f"{path}: expected a JSON file, got: {error.strerror}") from error
    return parse_json(data, path.name, failure)


def parse_json(text: bytes | str, where: str, failure: type[ParallaxError]) -> Any:
    """What strict JSON text holds; a byte order mark is skipped.

    Args:
        text: UTF-8 if bytes.
        where: The file's name, for the message.
        failure: What is raised.

    Raises:
        ParallaxError: A `failure`, with the line and column, or the key.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise failure(
                f"{where}: expected UTF-8 text, got byte {error.start} that is not"
            ) from error

    def refuse_constant(name: str) -> float:
        raise failure(f"{where}: expected finite numbers, got {name}")

    def finite(digits: str) -> float:
        number = float(digits)
        if not math.isfinite(number):
            raise failure(f"{where}: expected finite numbers, got {digits}")
        return number

    def whole(digits: str) -> int:
        if len(digits) > 30:
            raise failure(f"{where}: expected reasonable numbers, got one of {len(digits)} digits")
        return int(digits)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise failure(f"{where}: expected each key once in an object, got {key!r} twice")
            found[key] = value
        return found

    try:
        return json.loads(
            text,
            parse_constant=refuse_constant,
            parse_float=finite,
            parse_int=whole,
            object_pairs_hook=unique,
        )
    except json.JSONDecodeError as error:
        raise failure(
            f"{where}: line {error.lineno} column {error.colno}: expected JSON, got: {error.msg}"
        ) from error
    except RecursionError as error:
        raise failure(f"{where}: expected JSON, got brackets nested too deep") from error
