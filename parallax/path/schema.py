"""The JSON Schema of camera path files, for editors and other tools."""

from collections.abc import Mapping
from typing import Any, get_args

from parallax.curve import EASES, SplineKind, Tcb
from parallax.path.keyframe import (
    MAX_APERTURE_SU,
    MAX_COORDINATE_SU,
    MAX_CYCLES,
    MAX_DURATION_S,
    MAX_FOV_DEG,
    MAX_KEYFRAMES,
    MIN_FOV_DEG,
)

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
EASE_CALL = r"^(cubic-bezier\(\s*[^,()]+(\s*,\s*[^,()]+){3}\s*\)|steps\(\s*\d+\s*(,[^,()]+)?\))$"


def path_schema(params: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of version 1.

    It knows keys, types and ranges. That times rise, and that all keys aim in the same way, only
    `parallax.path.parse_path` can tell.

    Args:
        params: Schema of the parameters of presets, which this room does not know.
    """
    any_ease = {
        "description": "CSS, Penner's or hold; easeInOutCubic may be spelled ease-in-out-cubic.",
        "anyOf": [
            {"enum": sorted({spelling for name in EASES for spelling in _spellings(name)})},
            {"type": "string", "pattern": EASE_CALL},
        ],
    }
    tcb = {name: {"type": "number", "minimum": -1, "maximum": 1} for name in Tcb._fields}
    path = {
        "duration_s": _number("Length of the whole move.", 1e-3, MAX_DURATION_S),
        "loop": {"type": "boolean", "description": "The end joins the beginning."},
        "alternate": {"type": "boolean", "description": "Each pass runs there and back."},
        "cycles": {"type": "integer", "minimum": 1, "maximum": MAX_CYCLES},
        "phase": _number("Where in a pass the move begins.", 0, 1),
        "spline": {"enum": list(get_args(SplineKind)), "default": "catmull-rom"},
        **tcb,
        "ease": any_ease,
        "keyframes": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_KEYFRAMES,
            "items": {
                "type": "object",
                "required": ["time_s"],
                "additionalProperties": False,
                "not": {"required": ["look_at_su", "rotation_deg"]},
                "properties": _key_properties(any_ease),
            },
        },
    }
    head = {"$schema": {"type": "string"}, "version": {"const": 1}}
    return {
        "$schema": SCHEMA_DIALECT,
        "title": "Camera path",
        "description": "Lengths in scene units (the nearest point is at 1), OpenGL axes.",
        "oneOf": [
            {
                "type": "object",
                "required": ["version", "keyframes"],
                "additionalProperties": False,
                "properties": {**head, **path},
            },
            {
                "type": "object",
                "required": ["version", "extends"],
                "additionalProperties": False,
                "properties": {
                    **head,
                    "extends": {"type": "string", "description": "A preset's name."},
                    "params": {
                        "description": "Its changed parameters.",
                        **(params or {"type": "object"}),
                    },
                },
            },
        ],
    }


def _key_properties(any_ease: dict[str, Any]) -> dict[str, Any]:
    """What a keyframe may hold."""
    place = {"type": "number", "minimum": -MAX_COORDINATE_SU, "maximum": MAX_COORDINATE_SU}

    def three(description: str, number: dict[str, Any]) -> dict[str, Any]:
        limits = {"minItems": 3, "maxItems": 3}
        return {"type": "array", "description": description, "items": number, **limits}

    return {
        "time_s": _number("Since the beginning; later than the key before.", 0, MAX_DURATION_S),
        "position_su": three("x right, y up, -z forward; the photo was taken at 0, 0, 0.", place),
        "look_at_su": three("The point in the middle of the picture.", place),
        "rotation_deg": three("Yaw left, pitch up, roll counter-clockwise.", {"type": "number"}),
        "roll_deg": {"type": "number", "description": "Goes with look_at_su."},
        "fov_deg": _number("Vertical; without it the film's own.", MIN_FOV_DEG, MAX_FOV_DEG),
        "focus_su": _number("Distance at which the picture is sharp.", 1e-3, MAX_COORDINATE_SU),
        "aperture_su": _number("Diameter of the lens; 0 is all sharp.", 0, MAX_APERTURE_SU),
        "ease": any_ease,
    }


def _number(description: str, low: float, high: float) -> dict[str, Any]:
    """A number within limits."""
    return {"type": "number", "description": description, "minimum": low, "maximum": high}


def _spellings(name: str) -> list[str]:
    """An ease's name as Penner, CSS and Python write it."""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in name)
    return [name, words.replace(" ", "-"), words.replace(" ", "_")]
