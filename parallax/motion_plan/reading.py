"""Motion files: JSON to `MotionPlan` and back, strictly, and the JSON Schema."""

import json
import re
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from parallax.errors import MotionError, OutputError
from parallax.json_text import load_json
from parallax.motion_plan.labelme import is_labelme, plan_from_labelme
from parallax.motion_plan.plan import Arrow, MaskSpec, MotionPlan, Overlay, Region, Wind

VERSION = 1
POINT = re.compile(r"\[\s+([-+.\deE]+),\s+([-+.\deE]+)\s+\]")
NOUN_OF_KEY = {"regions": Region, "mask": MaskSpec, "freeze": MaskSpec, "arrows": Arrow,
               "wind": Wind, "overlays": Overlay}  # fmt: skip


def load_motion(path: Path) -> MotionPlan:
    """The plan of a motion file, or of a labelme file; files it names are found beside it.

    Raises:
        MotionError: Missing, not JSON, or not a plan.
    """
    plan = parse_motion(load_json(path, MotionError), str(path))
    regions = tuple(
        replace(region, mask=_beside(path, region.mask), file=_join(path, region.file))
        for region in plan.regions
    )
    return replace(plan, regions=regions, freeze=tuple(_beside(path, m) for m in plan.freeze))


def save_motion(path: Path, plan: MotionPlan) -> None:
    """Writes a plan as JSON that a person can edit.

    Raises:
        OutputError: The file cannot be written.
    """
    text = json.dumps(format_motion(plan), indent=1, ensure_ascii=False) + "\n"
    text = POINT.sub(r"[\1, \2]", text)  # a line for each point, not four
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: expected to write the plan, got {error.strerror}") from error


def parse_motion(obj: Any, where: str) -> MotionPlan:
    """The plan of a JSON object: a motion plan, or a labelme file.

    Args:
        obj: As `parallax.json_text` gives it.
        where: Name of the file, for messages.

    Raises:
        MotionError: With the address of what is wrong.
    """
    if not isinstance(obj, dict):
        raise MotionError(f"{where}: expected a JSON object, got {type(obj).__name__}")
    if is_labelme(obj):
        return plan_from_labelme(obj, where)
    if obj.get("version") != VERSION:
        got = repr(obj["version"]) if "version" in obj else "none"
        raise MotionError(f"{where}: version: expected {VERSION}, got {got}")
    body = {key: value for key, value in obj.items() if key != "version"}
    try:
        return TypeAdapter(MotionPlan).validate_json(json.dumps(body), strict=True)
    except ValidationError as error:
        raise MotionError(f"{where}: {_sentence(error.errors()[0])}") from error
    except ValueError as error:  # NaN is no JSON for pydantic
        raise MotionError(f"{where}: expected finite numbers, got {error}") from error


def format_motion(plan: MotionPlan) -> dict[str, Any]:
    """The plan as a JSON object; what is at its default inside a region is left out."""
    obj: dict[str, Any] = {"version": VERSION, **asdict(plan)}
    obj["regions"] = [_without_defaults(region) for region in plan.regions]
    obj["freeze"] = [_without_defaults(mask) for mask in plan.freeze]
    listed: dict[str, Any] = json.loads(json.dumps(obj))
    return listed


def motion_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of motion files."""
    schema = TypeAdapter(MotionPlan).json_schema()
    schema["properties"] = {"version": {"const": VERSION}, **schema["properties"]}
    schema["required"] = ["version"]
    schema["title"] = "Motion plan"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _beside(path: Path, mask: MaskSpec) -> MaskSpec:
    """The mask with its file's name made relative to where the plan lies."""
    return replace(mask, file=_join(path, mask.file))


def _join(path: Path, name: str | None) -> str | None:
    """A file's name as seen from here, not from the plan."""
    return None if name is None else str(path.parent / name)


def _without_defaults(noun: Region | MaskSpec) -> dict[str, Any]:
    """The fields of a region or mask that say something."""
    full = asdict(noun)
    kept = {f.name: full[f.name] for f in fields(noun) if getattr(noun, f.name) != f.default}
    if isinstance(noun, Region):
        kept["mask"] = _without_defaults(noun.mask)
        kept["provenance"] = noun.provenance
    return kept


def _sentence(error: ErrorDetails) -> str:
    """One validation error as an address, what was expected and what was found."""
    address = _address(error["loc"])
    kind, got = error["type"], error["input"]
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"{address}: unknown key, expected one of {', '.join(_keys_beside(error['loc']))}"
    if kind in ("missing", "missing_argument"):
        return f"{address}: expected a value, got none"
    if kind == "value_error":
        inner = str(error["ctx"]["error"])
        named = ":" in inner.split(" ", 1)[0]  # "polygons[0]: …" goes on with the address
        return f"{address}{'.' if named and address else ': ' if address else ''}{inner}"
    text = error["msg"]
    for clumsy in ("Input should be ", "Input should "):
        text = text.removeprefix(clumsy)
    return f"{address}: expected {text}, got {json.dumps(got, ensure_ascii=False)[:60]}"


def _address(loc: tuple[int | str, ...]) -> str:
    """`regions[3].mask.label` of ("regions", 3, "mask", "label")."""
    address = ""
    for part in loc:
        address += f"[{part}]" if isinstance(part, int) else f".{part}" if address else part
    return address


def _keys_beside(loc: tuple[int | str, ...]) -> list[str]:
    """The keys that are known where an unknown one was found."""
    names = [part for part in loc[:-1] if isinstance(part, str)]
    noun: Any = NOUN_OF_KEY.get(names[-1], MotionPlan) if names else MotionPlan
    return sorted(field.name for field in fields(noun))
