"""`MoveParams`: how large, how long and where a preset moves."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from parallax.curve import parse_ease
from parallax.errors import PathError
from parallax.path import (
    DEFAULT_DURATION_S,
    MAX_COORDINATE_SU,
    MAX_CYCLES,
    MAX_DURATION_S,
    parse_choice,
    parse_number,
    parse_truth,
    parse_whole,
    parse_word,
    unknown_field,
)

Style = Literal["natural", "cinematic", "dynamic"]
USUAL_INTENSITY = 60.0
USUAL_MARGIN_UV = 0.012  # what lies past the border is made up; a wider strip is seen to be
# Felt motion grows more slowly than its amplitude, about as its power of two thirds
INTENSITY_EXPONENT = 1.5
GAIN_OF_STYLE = {"natural": 1.0, "cinematic": 0.85, "dynamic": 1.6}
RANGES: dict[str, tuple[float, float, str]] = {
    "duration_s": (1e-3, MAX_DURATION_S, "Of the film."),
    "amount": (0, 10, "Factor on the move's size."),
    "focus_uv": (0, 1, "The photo point that is held or approached, from the top left."),
    "pivot_su": (1e-3, MAX_COORDINATE_SU, "How far away turns hold the picture still."),
    "phase": (0, 1, "Where in the loop the film begins."),
    "cycles": (1, MAX_CYCLES, "How often a loop is run."),
    "seed": (0, 2**63 - 1, "For moves of chance."),
    "intensity": (0, 100, "Felt strength; 60 is usual."),
    "margin_uv": (0, 0.5, "How far past the photo's border the frame may look."),
}
NUMBERS = frozenset(RANGES) - {"focus_uv"}
WHOLE_NUMBERS = frozenset({"cycles", "seed"})
OPTIONAL = frozenset({"loop", "focus_uv", "pivot_su", "ease"})  # null is as the move usually is


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveParams:
    """How a preset moves.

    Attributes:
        duration_s: Of the film.
        loop: Whether the end joins the beginning; None is as the move usually is.
        amount: Factor on the move's size.
        focus_uv: The photo point that is held or approached; None is the subject found.
        pivot_su: How far away the camera's turns hold the picture still; None is at the focus.
        phase: Where in the loop the film begins, 0…1.
        cycles: How often a loop is run.
        ease: Pace from end to end; None is the move's own.
        seed: For moves of chance.
        intensity: 0…100, felt strength; 60 is usual.
        style: "cinematic" is calmer, "dynamic" stronger and snappier.
        margin_uv: How far past the photo's border the frame may look, of its width or height.
    """

    duration_s: float = DEFAULT_DURATION_S
    loop: bool | None = None
    amount: float = 1.0
    focus_uv: tuple[float, float] | None = None
    pivot_su: float | None = None
    phase: float = 0.0
    cycles: int = 1
    ease: str | None = None
    seed: int = 0
    intensity: float = USUAL_INTENSITY
    style: Style = "natural"
    margin_uv: float = USUAL_MARGIN_UV

    def __post_init__(self) -> None:
        for name in sorted(NUMBERS):
            _check(name, getattr(self, name))
        for i, number in enumerate(self.focus_uv or ()):
            _check("focus_uv", number, f"focus_uv[{i}]")
        if self.style not in GAIN_OF_STYLE:
            raise ValueError(f"style: expected {', '.join(GAIN_OF_STYLE)}, got {self.style!r}")
        if self.ease is not None:
            try:
                parse_ease(self.ease)
            except ValueError as error:
                raise ValueError(f"ease: {error}") from error

    @property
    def gain(self) -> float:
        """Factor on all amplitudes."""
        felt: float = (self.intensity / USUAL_INTENSITY) ** INTENSITY_EXPONENT
        return float(self.amount * felt * GAIN_OF_STYLE[self.style])


def parse_params(obj: Mapping[str, Any], where: str, *, usual: MoveParams) -> MoveParams:
    """The parameters of a JSON object; what it does not say is as in `usual`.

    Raises:
        PathError: With the JSON address.
    """
    values: dict[str, Any] = {f.name: getattr(usual, f.name) for f in fields(MoveParams)}
    for name, value in obj.items():
        at = f"{where}: params.{name}"
        if name not in values:
            raise PathError(unknown_field(at, name, values))
        values[name] = _parse_value(name, value, at)
    try:
        return MoveParams(**values)
    except ValueError as error:
        raise PathError(f"{where}: params.{error}") from error


def params_schema() -> dict[str, Any]:
    """The JSON Schema of the parameters of a file that extends a preset."""
    properties: dict[str, Any] = {
        "loop": {"type": "boolean", "description": "The end joins the beginning."},
        "ease": {"type": "string", "description": "Pace from end to end, as in keyframes."},
        "style": {"enum": list(get_args(Style))},
    }
    for name, (low, high, description) in RANGES.items():
        kind = "integer" if name in WHOLE_NUMBERS else "number"
        number = {"type": kind, "minimum": low, "maximum": high}
        if name == "focus_uv":
            number = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
        properties[name] = {**number, "description": description}
    for name in OPTIONAL & properties.keys():
        properties[name]["type"] = [properties[name]["type"], "null"]
    ordered = {f.name: properties[f.name] for f in fields(MoveParams)}
    return {"type": "object", "additionalProperties": False, "properties": ordered}


def _parse_value(name: str, value: Any, at: str) -> Any:
    """One parameter, of the right type."""
    if value is None and name in OPTIONAL:
        return None
    if name == "loop":
        return parse_truth(value, at)
    if name in WHOLE_NUMBERS:
        return parse_whole(value, at)
    if name == "ease":
        return parse_word(value, at)
    if name == "style":
        return parse_choice(value, get_args(Style), at)
    if name == "focus_uv":
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise PathError(f"{at}: expected two numbers from 0 to 1, got {value!r}")
        return tuple(parse_number(number, f"{at}[{i}]") for i, number in enumerate(value))
    return parse_number(value, at)


def _check(name: str, number: float | None, address: str = "") -> None:
    """Refuses what is not a finite number in the range of a parameter."""
    low, high, _ = RANGES[name]
    if number is not None and not (math.isfinite(number) and low <= number <= high):
        raise ValueError(f"{address or name}: expected {low:g} to {high:g}, got {number:g}")
