"""Easing: how progress 0…1 is paced.

Names are those of CSS (`linear ease ease-in ease-out ease-in-out step-start step-end`,
`cubic-bezier(x1, y1, x2, y2)`, `steps(n, end)`), Penner's (`easeInOutCubic`, also written
`ease-in-out-cubic` or `ease_in_out_cubic`), and `hold`, which stays until the very end.
"""

import difflib
import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ease = Callable[[Floats], Floats]

MAX_STEPS = 10_000  # more steps than frames of any film mean a typing error
BISECTIONS = 60  # halves 0…1 until a double cannot be halved again
BACK_OVERSHOOT = 1.70158  # Penner's constant: overshoots by a tenth


def _linear(u: Floats) -> Floats:
    return u


def _hold(u: Floats) -> Floats:
    return np.zeros_like(u)


def _sine(u: Floats) -> Floats:
    return np.asarray(1 - np.cos(u * np.pi / 2))


def _power(exponent: int) -> Ease:
    return lambda u: np.asarray(u**exponent)


def _expo(u: Floats) -> Floats:
    # Penner's 2^(10(u−1)) misses 0 by a thousandth, a visible jump; scaled to begin at 0
    return np.asarray((2.0 ** (10 * u) - 1) / 1023)


def _circ(u: Floats) -> Floats:
    return np.asarray(1 - np.sqrt(np.maximum(0, 1 - u * u)))


def _back(u: Floats) -> Floats:
    return np.asarray(u * u * ((BACK_OVERSHOOT + 1) * u - BACK_OVERSHOOT))


def _elastic(u: Floats) -> Floats:
    swing = -(2.0 ** (10 * u - 10)) * np.sin((10 * u - 10.75) * (2 * np.pi / 3))
    return np.where(u <= 0, 0.0, np.where(u >= 1, 1.0, swing))


def _bounce(u: Floats) -> Floats:
    # Penner's bounce is written for its end; the start is its mirror image
    v = 1 - u
    hops = [
        7.5625 * v * v,
        7.5625 * (v - 1.5 / 2.75) ** 2 + 0.75,
        7.5625 * (v - 2.25 / 2.75) ** 2 + 0.9375,
        7.5625 * (v - 2.625 / 2.75) ** 2 + 0.984375,
    ]
    return np.asarray(
        1 - np.select([v < 1 / 2.75, v < 2 / 2.75, v < 2.5 / 2.75], hops[:3], hops[3])
    )


# Robert Penner 2001, "Motion, Tweening, and Easing": the shape of each family's start
FAMILIES: dict[str, Ease] = {
    "sine": _sine,
    "quad": _power(2),
    "cubic": _power(3),
    "quart": _power(4),
    "quint": _power(5),
    "expo": _expo,
    "circ": _circ,
    "back": _back,
    "elastic": _elastic,
    "bounce": _bounce,
}


def _ease_out(ease_in: Ease) -> Ease:
    """The start's shape at the end."""
    return lambda u: np.asarray(1 - ease_in(1 - u))


def _ease_in_out(ease_in: Ease) -> Ease:
    """The start's shape at both ends, half as long each."""
    return lambda u: np.where(u < 0.5, ease_in(2 * u) / 2, 1 - ease_in(2 - 2 * u) / 2)


def cubic_bezier(x1: float, y1: float, x2: float, y2: float) -> Ease:
    """The CSS timing function: progress y over time x of a Bézier curve from (0, 0) to (1, 1).

    Raises:
        ValueError: x1 or x2 outside 0…1, where time would run backwards.
    """
    if not (0 <= x1 <= 1 and 0 <= x2 <= 1):
        raise ValueError(f"expected x1 and x2 of cubic-bezier from 0 to 1, got {x1:g} and {x2:g}")

    def bezier(a: float, b: float, s: Floats) -> Floats:
        return np.asarray(3 * a * s * (1 - s) ** 2 + 3 * b * s * s * (1 - s) + s**3)

    def ease(u: Floats) -> Floats:
        low, high = np.zeros_like(u), np.ones_like(u)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            late = bezier(x1, x2, middle) > u
            low, high = np.where(late, low, middle), np.where(late, middle, high)
        return np.where(u <= 0, 0.0, np.where(u >= 1, 1.0, bezier(y1, y2, (low + high) / 2)))

    return ease


def steps(count: int, jump: str = "end") -> Ease:
    """The CSS timing function that jumps `count` times.

    Raises:
        ValueError: No such count or kind of jump.
    """
    kind = jump.removeprefix("jump-")
    if kind not in ("start", "end", "none", "both"):
        raise ValueError(f"expected start, end, jump-none or jump-both in steps, got {jump!r}")
    least = 2 if kind == "none" else 1
    if not least <= count <= MAX_STEPS:
        raise ValueError(f"expected {least} to {MAX_STEPS} steps, got {count}")
    num_jumps = count + {"start": 0, "end": 0, "none": -1, "both": 1}[kind]
    first = 1 if kind in ("start", "both") else 0

    def ease(u: Floats) -> Floats:
        step = np.floor(np.clip(u, 0, 1) * count) + first
        return np.asarray(np.minimum(step, num_jumps) / num_jumps)

    return ease


def _named_eases() -> dict[str, Ease]:
    """Every ease that has a plain name."""
    named: dict[str, Ease] = {
        "linear": _linear,
        "ease": cubic_bezier(0.25, 0.1, 0.25, 1),
        "ease-in": cubic_bezier(0.42, 0, 1, 1),
        "ease-out": cubic_bezier(0, 0, 0.58, 1),
        "ease-in-out": cubic_bezier(0.42, 0, 0.58, 1),
        "step-start": steps(1, "start"),
        "step-end": steps(1, "end"),
        "hold": _hold,
    }
    for family, ease_in in FAMILIES.items():
        title = family.capitalize()
        named[f"easeIn{title}"] = ease_in
        named[f"easeOut{title}"] = _ease_out(ease_in)
        named[f"easeInOut{title}"] = _ease_in_out(ease_in)
    return named


EASES = _named_eases()
_CALL = re.compile(r"(cubic-bezier|steps)\(([^()]*)\)")


@lru_cache(maxsize=256)
def parse_ease(name: str) -> Ease:
    """The ease of this name.

    Raises:
        ValueError: No such name; the message suggests the nearest one.
    """
    if name in EASES:
        return EASES[name]
    call = _CALL.fullmatch(name.strip())
    if call:
        return _parse_call(name, call[1], [part.strip() for part in call[2].split(",")])
    plain = {key.lower().replace("-", ""): ease for key, ease in EASES.items()}
    spelled = name.strip().lower().replace("-", "").replace("_", "")
    if spelled in plain:
        return plain[spelled]
    near = difflib.get_close_matches(name, EASES, n=1, cutoff=0.5)
    hint = f", did you mean {near[0]}?" if near else ""
    raise ValueError(
        "expected an ease such as linear, ease-in-out, easeInOutSine, "
        f"cubic-bezier(0.4, 0, 0.2, 1), steps(4, end) or hold, got {name!r}{hint}"
    )


def _parse_call(name: str, function: str, parts: list[str]) -> Ease:
    """The ease of `cubic-bezier(…)` or `steps(…)`."""
    try:
        if function == "steps" and len(parts) in (1, 2):
            return steps(int(parts[0]), *parts[1:])
        numbers = [float(part) for part in parts]
    except ValueError as error:
        if str(error).startswith("expected"):
            raise
        raise ValueError(f"expected numbers in {function}, got {name!r}") from error
    if function == "steps" or len(numbers) != 4 or not np.isfinite(numbers).all():
        wanted = "four finite numbers" if function == "cubic-bezier" else "a count and a jump"
        raise ValueError(f"expected {wanted} in {function}, got {name!r}")
    return cubic_bezier(*numbers)
