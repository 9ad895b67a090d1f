"""`MotionPlan`: which regions of a photo move and how, as a person writes it down.

Places are uv (0…1, origin top-left). Directions are in degrees, 0 to the right, 90 up. Lengths are
in percent of the photo's short side, so that a plan holds for the same photo at any size.
"""

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

RegionType = Literal[
    "water.fall", "water.flow", "water.calm", "water.sea", "water.shore",
    "sky.drift", "sky.veil", "foliage", "grass", "flower", "hair", "fabric", "smoke",
    "fire", "fog", "glitter", "light", "float", "repeat", "freeze", "custom",
]  # fmt: skip
REGION_TYPES: tuple[RegionType, ...] = get_args(RegionType)
FlowSource = Literal[
    "auto", "arrows", "streamfunction", "gravity", "tensor", "uniform", "radial", "file"
]
OverlayType = Literal["rain", "snow", "dust", "embers"]
FLOW_SOURCES: tuple[FlowSource, ...] = get_args(FlowSource)
Style = Literal["natural", "cinematic", "dynamic"]
Provenance = Literal["user", "words", "auto"]
Point = tuple[float, float]
STRICT: dict[str, Any] = {"extra": "forbid"}  # read by pydantic: an unknown key is an error
MAX_DURATION_S = 3600.0


@dataclass(frozen=True, slots=True)
class MaskSpec:
    """Where a region is: all that is given here must hold at a pixel.

    Attributes:
        label: A label of the label map, where it is likelier than not.
        polygons: Inside any of these; points are uv.
        file: A picture of the photo's shape, white where the region is; relative to the plan.
        inv_depth: From and to, in 1/su.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    label: str | None = None
    polygons: tuple[tuple[Point, ...], ...] = ()
    file: str | None = None
    inv_depth: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.label is None and not self.polygons and not self.file and self.inv_depth is None:
            raise ValueError("expected a label, polygons, a file or inv_depth, got none of them")
        for index, polygon in enumerate(self.polygons):
            if len(polygon) < 3:
                raise ValueError(
                    f"polygons[{index}]: expected 3 points or more, got {len(polygon)}"
                )
        if self.inv_depth is not None and not 0 <= self.inv_depth[0] < self.inv_depth[1]:
            raise ValueError(f"inv_depth: expected 0 ≤ from < to, got {self.inv_depth}")


@dataclass(frozen=True, slots=True)
class Arrow:
    """A stroke along the motion: what is at the tail is at the tip two seconds later.

    Attributes:
        tail_uv: Where it starts.
        tip_uv: Where it ends.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    tail_uv: Point
    tip_uv: Point


@dataclass(frozen=True, slots=True)
class Wind:
    """One wind for everything that it can move.

    Attributes:
        direction_deg: Where it blows to: 0 to the right, 90 up.
        speed: 0 calm … 1 storm.
        gust: 0 steady … 1 in gusts that are seen to travel.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    direction_deg: float = 0.0
    speed: float = 0.4
    gust: float = 0.4

    def __post_init__(self) -> None:
        _check_range("speed", self.speed, 0, 1)
        _check_range("gust", self.gust, 0, 1)
        _check_range("direction_deg", self.direction_deg, -360, 360)


@dataclass(frozen=True, slots=True)
class Region:
    """One thing that moves. What is None is chosen by the type, the photo and the wind.

    Attributes:
        id: Unique in the plan.
        type: What it is.
        mask: Where it is.
        enabled: False keeps it in the file but still.
        source: Where the directions of a flow come from.
        file: With `source` "file": `.flo` or `.npy` in pixels a second, or a PNG whose red and
            green are the velocity around 0.5; relative to the plan.
        arrows: Directions and speeds; of a pattern that repeats, the first goes from one thing in
            it to the next.
        anchors: Points or lines (uv) that stand still.
        direction_deg: Where a flow or a pattern goes, a gust blows to, or smoke rises.
        speed_pct_s: Speed of a flow or drift.
        amplitude_pct: Largest displacement of something that sways or ripples.
        period_s: Of the slowest sway, of one renewal of a flow, or of three steps of a pattern.
        opacity: Of a veil or fog, 0…1; of glitter and light, the swing of the brightness.
        confidence: 0…1, how sure the finder was.
        provenance: Who said so.
        note: Why, for people to read.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    id: str
    type: RegionType
    mask: MaskSpec
    enabled: bool = True
    source: FlowSource = "auto"
    file: str | None = None
    arrows: tuple[Arrow, ...] = ()
    anchors: tuple[tuple[Point, ...], ...] = ()
    direction_deg: float | None = None
    speed_pct_s: float | None = None
    amplitude_pct: float | None = None
    period_s: float | None = None
    opacity: float | None = None
    confidence: float = 1.0
    provenance: Provenance = "user"
    note: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("id: expected a name, got an empty one")
        if self.source == "arrows" and not self.arrows:
            raise ValueError("arrows: expected at least one, as source is arrows")
        if self.source == "file" and not self.file:
            raise ValueError("file: expected a name, as source is file")
        for name, low, high in (
            ("direction_deg", -360, 360),
            ("speed_pct_s", 0, 200),
            ("amplitude_pct", 0, 20),
            ("period_s", 0.1, MAX_DURATION_S),
            ("opacity", 0, 1),
            ("confidence", 0, 1),
        ):
            value = getattr(self, name)
            if value is not None:
                _check_range(name, value, low, high)


@dataclass(frozen=True, slots=True)
class Overlay:
    """Something added to the photo that was not in it: only ever by a person's wish.

    Attributes:
        type: What falls, floats or rises.
        density: 0 none … 1 as much as looks natural; 0.5 is usual.
        enabled: False keeps it in the file but away.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    type: OverlayType
    density: float = 0.5
    enabled: bool = True

    def __post_init__(self) -> None:
        _check_range("density", self.density, 0, 1)


@dataclass(frozen=True, slots=True)
class MotionPlan:
    """What moves in a photo.

    Attributes:
        regions: In order of precedence: where two overlap, the first moves.
        freeze: Never moves, whatever the regions say.
        overlays: Rain, snow, dust and embers between the things in the photo.
        wind: For everything that the wind can move.
        seed: Another seed, another course of the same motion.
        intensity: 0 still … 50 natural … 100 as far as it goes, in steps that look even.
        style: Sets how much of the intensity goes to regions and what confidence they need.
        loop: Whether the last frame leads on to the first.
        duration_s: Of the film, and of the loop.
        warnings: What was found odd or left out while planning, one sentence each.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    regions: tuple[Region, ...] = ()
    freeze: tuple[MaskSpec, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    wind: Wind = field(default_factory=Wind)
    seed: int = 0
    intensity: float = 50.0
    style: Style = "natural"
    loop: bool = True
    duration_s: float = 6.0
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_range("intensity", self.intensity, 0, 100)
        _check_range("duration_s", self.duration_s, 0.1, MAX_DURATION_S)
        _check_range("seed", self.seed, 0, 2**32 - 1)
        ids = [region.id for region in self.regions]
        for index, name in enumerate(ids):
            if name in ids[:index]:
                raise ValueError(f"regions[{index}].id: expected a new name, got {name!r} again")


def _check_range(name: str, value: float, low: float, high: float) -> None:
    """Raises `ValueError` for a number that is out of range or not finite."""
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{name}: expected {low:g}…{high:g}, got {value:g}")
