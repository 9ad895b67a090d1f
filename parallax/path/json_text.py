"""JSON as strictly as a script deserves: no NaN, no key given twice, no traceback."""

import json
import math
from pathlib import Path
from typing import Any

from parallax.errors import PathError

MAX_BYTES = 16 * 2**20  # a key a frame for ten minutes is 4 MB


def load_json(path: Path) -> Any:
    """What a JSON file holds.

    Raises:
        PathError: Missing, too large, not UTF-8 or not strict JSON.
    """
    if not path.is_file():
        raise PathError(
            f"{path}: expected a JSON file, got {'a folder' if path.is_dir() else 'nothing there'}"
        )
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise PathError(f"{path}: expected at most {MAX_BYTES >> 20} MB, got {size / 2**20:.0f} MB")
    return parse_json(path.read_bytes(), path.name)


def parse_json(text: bytes | str, where: str) -> Any:
    """What strict JSON text holds; a byte order mark is skipped.

    Args:
        text: UTF-8 if bytes.
        where: The file's name, for the message.

    Raises:
        PathError: With the line and column, or the key.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise PathError(
                f"{where}: expected UTF-8 text, got byte {error.start} that is not"
            ) from error

    def refuse_constant(name: str) -> float:
        raise PathError(f"{where}: expected finite numbers, got {name}")

    def finite(digits: str) -> float:
        number = float(digits)
        if not math.isfinite(number):
            raise PathError(f"{where}: expected finite numbers, got {digits}")
        return number

    def whole(digits: str) -> int:
        if len(digits) > 30:
            raise PathError(
                f"{where}: expected reasonable numbers, got one of {len(digits)} digits"
            )
        return int(digits)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise PathError(f"{where}: expected each key once in an object, got {key!r} twice")
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
        raise PathError(
            f"{where}: line {error.lineno} column {error.colno}: expected JSON, got: {error.msg}"
        ) from error
    except RecursionError as error:
        raise PathError(f"{where}: expected a camera path, got brackets nested too deep") from error
