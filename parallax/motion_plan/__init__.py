"""What moves in a photo and how: the plan a person can read, and the fields baked from it."""

from parallax.motion_plan.field import (
    NO_RIPPLE,
    Drift,
    FlowField,
    Foam,
    Glint,
    Motion,
    Particles,
    Ripple,
    Veil,
)
from parallax.motion_plan.labelme import plan_from_labelme
from parallax.motion_plan.plan import (
    FLOW_SOURCES,
    REGION_TYPES,
    Arrow,
    MaskSpec,
    MotionPlan,
    Overlay,
    OverlayType,
    Point,
    Region,
    RegionType,
    Wind,
)
from parallax.motion_plan.reading import (
    format_motion,
    load_motion,
    motion_schema,
    parse_motion,
    save_motion,
)

__all__ = [
    "FLOW_SOURCES",
    "NO_RIPPLE",
    "REGION_TYPES",
    "Arrow",
    "Drift",
    "FlowField",
    "Foam",
    "Glint",
    "MaskSpec",
    "Motion",
    "MotionPlan",
    "Overlay",
    "OverlayType",
    "Particles",
    "Point",
    "Region",
    "RegionType",
    "Ripple",
    "Veil",
    "Wind",
    "format_motion",
    "load_motion",
    "motion_schema",
    "parse_motion",
    "plan_from_labelme",
    "save_motion",
]
