"""labelme files as motion plans: polygons are masks, two-point lines named `hint…` are arrows.

The convention of 3D-Cinemagraphy (Li et al. 2023), whose arrows cover their length in two seconds.
"""

from collections.abc import Mapping
from typing import Any

from parallax.errors import MotionError
from parallax.motion_plan.plan import (
    REGION_TYPES,
    Arrow,
    MaskSpec,
    MotionPlan,
    Point,
    Region,
    RegionType,
)

TYPE_OF_WORD: dict[str, RegionType] = {
    "waterfall": "water.fall", "fall": "water.fall", "river": "water.flow", "water": "water.flow",
    "stream": "water.flow", "lake": "water.calm", "sea": "water.sea", "ocean": "water.sea",
    "sky": "sky.drift", "cloud": "sky.drift", "clouds": "sky.drift", "tree": "foliage",
    "leaf": "foliage", "leaves": "foliage", "hair": "hair", "dress": "fabric", "flag": "fabric",
    "cloth": "fabric", "escalator": "repeat", "stairs": "repeat", "boat": "float",
    "candle": "fire", "flame": "fire", "steam": "smoke", "mist": "fog", "lamp": "light",
}  # fmt: skip


def is_labelme(obj: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a labelme file."""
    return "shapes" in obj and "imageWidth" in obj and "imageHeight" in obj


def plan_from_labelme(obj: Mapping[str, Any], where: str) -> MotionPlan:
    """The plan that a labelme file draws.

    A polygon is a region: its label is a region type, a plain word such as "river", `freeze`, or
    else a custom flow. A two-point line whose label starts with `hint` is an arrow of every
    region that moves by arrows and holds its tail.

    Raises:
        MotionError: With the address of what is wrong.
    """
    width, height, shapes = (obj[key] for key in ("imageWidth", "imageHeight", "shapes"))
    if not (_is_size(width) and _is_size(height) and isinstance(shapes, list)):
        raise MotionError(f"{where}: expected a labelme file with sizes and a list of shapes")
    polygons: list[tuple[str, tuple[Point, ...]]] = []
    arrows: list[Arrow] = []
    warnings: list[str] = []
    for index, shape in enumerate(shapes):
        label, kind, uv = _read_shape(shape, f"{where}: shapes[{index}]", (width, height))
        if kind == "line" and label.startswith("hint") and len(uv) == 2:
            arrows.append(Arrow(uv[0], uv[1]))
        elif kind == "polygon" and len(uv) >= 3:
            polygons.append((label, uv))
        else:
            warnings.append(f"shapes[{index}]: {kind} {label!r} is neither a mask nor an arrow")
    regions = [
        _region(index, label, polygon, arrows)
        for index, (label, polygon) in enumerate(polygons)
        if label != "freeze"
    ]
    frozen = tuple(MaskSpec(polygons=(p,)) for label, p in polygons if label == "freeze")
    return MotionPlan(regions=tuple(regions), freeze=frozen, warnings=tuple(warnings))


def _is_size(value: object) -> bool:
    """Whether a JSON value can be a picture's width or height."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _read_shape(
    shape: Any, where: str, size_wh: tuple[int, int]
) -> tuple[str, str, tuple[Point, ...]]:
    """Label in lower case, kind, and points in uv of one shape."""
    try:
        label, points = str(shape["label"]).strip().lower(), shape["points"]
        kind = str(shape.get("shape_type") or "polygon")
        uv = tuple((float(x) / size_wh[0], float(y) / size_wh[1]) for x, y in points)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MotionError(f"{where}: expected a label and points [x, y], got {error!r}") from error
    return label, kind, uv


def _region(index: int, label: str, polygon: tuple[Point, ...], arrows: list[Arrow]) -> Region:
    """The region of one polygon with the arrows that start in it (all, if none does)."""
    kind: RegionType = next(
        (name for name in REGION_TYPES if name == label), TYPE_OF_WORD.get(label, "custom")
    )
    inside = tuple(a for a in arrows if _is_inside(a.tail_uv, polygon))
    flows = kind.startswith("water.f") or kind in ("smoke", "fire", "custom")
    own = inside or (tuple(arrows) if kind in ("custom", "repeat") else ())
    return Region(
        id=f"{label or 'region'}-{index}",
        type=kind,
        mask=MaskSpec(polygons=(polygon,)),
        source="arrows" if flows and own else "auto",
        arrows=own,
    )


def _is_inside(point: Point, polygon: tuple[Point, ...]) -> bool:
    """Whether a point lies in a polygon, by the parity of crossings to its right."""
    x, y = point
    crossings = 0
    for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            crossings += 1
    return crossings % 2 == 1
