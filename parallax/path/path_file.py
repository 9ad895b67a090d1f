"""The camera path's JSON file, version 1.

```json
{"version": 1, "loop": true, "spline": "catmull-rom", "keyframes": [
  {"time_s": 0, "position_su": [0, 0, 0],       "look_at_su": [0, 0, -2], "fov_deg": 45},
  {"time_s": 3, "position_su": [0.05, 0, -0.1], "look_at_su": [0, 0, -2], "focus_su": 2}]}
```

The keys are the fields of `CameraPath` and `Keyframe`; `tension`, `continuity` and `bias` stand
beside `spline`. Instead of `keyframes`, `"extends": "orbit"` with `"params": {"amount": 1.5}`
names a preset with changed parameters; it becomes keys when the photo is known.
"""

import difflib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

from parallax.curve import SplineKind, Tcb
from parallax.errors import PathError
from parallax.json_text import load_json
from parallax.path.keyframe import CameraPath, Keyframe

VERSION = 1
KEY_FIELDS = tuple(f.name for f in fields(Keyframe))
PATH_FIELDS = tuple(f.name for f in fields(CameraPath) if f.name != "tcb") + Tcb._fields
HEAD = ("$schema", "version")
Extend = Callable[[str, Mapping[str, Any], str], CameraPath]


def load_path(file: Path, *, extend: Extend | None = None) -> CameraPath:
    """The camera path of a JSON file.

    Args:
        file: To be read.
        extend: Makes the preset that the file `extends`: name, params, where.

    Raises:
        PathError: With the file, the JSON address, what was expected and what was found.
    """
    return parse_path(load_json(file, PathError), file.name, extend=extend)


def save_path(file: Path, path: CameraPath) -> None:
    """Writes a path as JSON, a key a line.

    Raises:
        PathError: The file cannot be written.
    """
    obj = format_path(path)
    keys = ",\n  ".join(json.dumps(key) for key in obj.pop("keyframes"))
    head = json.dumps(obj)[:-1]
    try:
        file.write_text(f'{head}, "keyframes": [\n  {keys}]}}\n', encoding="utf-8")
    except OSError as error:
        raise PathError(f"{file}: expected to write a path, got: {error.strerror}") from error


def parse_path(obj: Any, where: str, *, extend: Extend | None = None) -> CameraPath:
    """The camera path that a JSON object tells.

    Args:
        obj: As JSON gives it.
        where: The file's name, for the message.
        extend: Makes the preset that the file `extends`: name, params, where.

    Raises:
        PathError: With the JSON address, what was expected and what was found.
    """
    if not isinstance(obj, Mapping):
        raise PathError(f"{where}: expected an object with version and keyframes, got {_kind(obj)}")
    if "version" not in obj:
        raise PathError(f"{where}: version: expected {VERSION}, got none")
    if obj["version"] is True or obj["version"] != VERSION:
        raise PathError(f"{where}: version: expected {VERSION}, got {_show(obj['version'])}")
    if "extends" in obj:
        return _parse_extends(obj, where, extend)
    _check_fields(obj, (*HEAD, *PATH_FIELDS, "extends", "params"), f"{where}: ")
    if "params" in obj:
        raise PathError(f"{where}: params: goes with extends only")
    if not isinstance(obj.get("keyframes"), list):
        found = _kind(obj["keyframes"]) if "keyframes" in obj else "none"
        raise PathError(f"{where}: keyframes: expected a list of keys, got {found}")
    keys = tuple(
        _parse_key(key, f"{where}: keyframes[{i}]") for i, key in enumerate(obj["keyframes"])
    )
    values: dict[str, Any] = {"keyframes": keys}
    for name in ("duration_s", "phase"):
        if name in obj:
            values[name] = parse_number(obj[name], f"{where}: {name}")
    if values.get("duration_s") == 0:  # the noun's way to say "as the keys do"; not the file's
        raise PathError(f"{where}: duration_s: expected above 0, got 0")
    for name in ("loop", "alternate"):
        if name in obj:
            values[name] = parse_truth(obj[name], f"{where}: {name}")
    if "cycles" in obj:
        values["cycles"] = parse_whole(obj["cycles"], f"{where}: cycles")
    if "ease" in obj:
        values["ease"] = parse_word(obj["ease"], f"{where}: ease")
    if "spline" in obj:
        values["spline"] = parse_choice(obj["spline"], get_args(SplineKind), f"{where}: spline")
    values["tcb"] = Tcb(
        *(parse_number(obj.get(name, 0), f"{where}: {name}") for name in Tcb._fields)
    )
    try:
        return CameraPath(**values)
    except ValueError as error:
        raise PathError(f"{where}: {error}") from error


def format_path(path: CameraPath) -> dict[str, Any]:
    """The JSON object of a path: `parse_path` gives the same path back."""
    obj: dict[str, Any] = {"version": VERSION, "duration_s": path.duration_s}
    plain = CameraPath((Keyframe(0.0),))
    for name in ("loop", "alternate", "cycles", "phase", "spline", "ease"):
        if getattr(path, name) != getattr(plain, name) or name == "spline":
            obj[name] = getattr(path, name)
    obj |= {name: number for name, number in path.tcb._asdict().items() if number}
    obj["keyframes"] = [_format_key(key) for key in path.keyframes]
    return obj


def _format_key(key: Keyframe) -> dict[str, Any]:
    """The JSON object of a key, without what is as usual."""
    plain = Keyframe(0.0)
    obj: dict[str, Any] = {"time_s": key.time_s, "position_su": list(key.position_su)}
    for name in KEY_FIELDS[2:]:
        value = getattr(key, name)
        if value != getattr(plain, name):
            obj[name] = list(value) if isinstance(value, tuple) else value
    return obj


def _parse_extends(obj: Mapping[str, Any], where: str, extend: Extend | None) -> CameraPath:
    """The preset that a file names, with the file's parameters."""
    _check_fields(obj, (*HEAD, "extends", "params"), f"{where}: ")
    name = parse_word(obj["extends"], f"{where}: extends")
    params = obj.get("params", {})
    if not isinstance(params, Mapping):
        raise PathError(f"{where}: params: expected an object, got {_kind(params)}")
    if extend is None:
        raise PathError(f"{where}: extends: expected keyframes here, got the preset {name!r}")
    return extend(name, params, where)


def _parse_key(obj: Any, where: str) -> Keyframe:
    """One key."""
    if not isinstance(obj, Mapping):
        raise PathError(f"{where}: expected an object, got {_kind(obj)}")
    _check_fields(obj, KEY_FIELDS, f"{where}.")
    if "time_s" not in obj:
        raise PathError(f"{where}.time_s: expected a number of seconds, got none")
    values: dict[str, Any] = {}
    for name, value in obj.items():
        at = f"{where}.{name}"
        if name in ("position_su", "look_at_su", "rotation_deg"):
            values[name] = parse_vector(value, at)
        elif name == "ease":
            values[name] = parse_word(value, at)
        else:
            values[name] = parse_number(value, at)
    try:
        return Keyframe(**values)
    except ValueError as error:
        dot = ": " if str(error).startswith("expected") else "."
        raise PathError(f"{where}{dot}{error}") from error


def _check_fields(obj: Mapping[str, Any], names: Iterable[str], where: str) -> None:
    """Refuses keys that are not in `names`."""
    names = tuple(names)
    for key in obj:
        if key not in names:
            raise PathError(unknown_field(f"{where}{key}", key, names))


def unknown_field(where: str, key: str, names: Iterable[str]) -> str:
    """What to say of a key that nobody knows: what is known, and what is most like it."""
    names = tuple(names)
    near = difflib.get_close_matches(key, names, n=1, cutoff=0.45)
    near = near or [name for name in names if name.split("_")[0] == key.lower()][:1]
    hint = f", did you mean {near[0]}?" if near else ""
    return f"{where}: unknown key, expected one of {', '.join(sorted(names))}{hint}"


def parse_number(value: Any, where: str) -> float:
    """A finite number; neither true nor "1"."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PathError(f"{where}: expected a number, got {_show(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not abs(number) < float("inf"):  # also true for NaN
        raise PathError(f"{where}: expected a finite number, got {number}")
    return number


def parse_whole(value: Any, where: str) -> int:
    """A whole number."""
    number = parse_number(value, where)
    if number != int(number):
        raise PathError(f"{where}: expected a whole number, got {number:g}")
    return int(number)


def parse_truth(value: Any, where: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise PathError(f"{where}: expected true or false, got {_show(value)}")
    return value


def parse_word(value: Any, where: str) -> str:
    """A string."""
    if not isinstance(value, str):
        raise PathError(f"{where}: expected text, got {_show(value)}")
    return value


def parse_choice(value: Any, choices: tuple[str, ...], where: str) -> str:
    """One of some words."""
    if value not in choices:
        near = difflib.get_close_matches(str(value), choices, n=1)
        hint = f", did you mean {near[0]}?" if near else ""
        raise PathError(f"{where}: expected one of {', '.join(choices)}, got {_show(value)}{hint}")
    return str(value)


def parse_vector(value: Any, where: str) -> tuple[float, float, float]:
    """A list of three numbers."""
    if not isinstance(value, list | tuple) or len(value) != 3:
        found = f"{len(value)}" if isinstance(value, list | tuple) else _show(value)
        raise PathError(f"{where}: expected a list of three numbers, got {found}")
    x, y, z = (parse_number(number, f"{where}[{i}]") for i, number in enumerate(value))
    return x, y, z


def _kind(value: Any) -> str:
    """What JSON calls the type of a value."""
    if value is None:
        return "null"
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(value), "a number")


def _show(value: Any) -> str:
    """A value as JSON, cut short."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 40 else text[:37] + "…"
