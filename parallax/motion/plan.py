"""`plan_motion`: what is found in a photo and what words ask for, as one plan."""

from dataclasses import dataclass, replace
from typing import Literal

from parallax.depth_map import DepthMap
from parallax.label_map import LabelMap
from parallax.motion.canvas import make_canvas
from parallax.motion.find import Finding, find_regions
from parallax.motion.lexicon import FROZEN_LABELS
from parallax.motion.words import CameraWish, Wish, Wishes, read_words
from parallax.motion_plan import MaskSpec, MotionPlan, Region, RegionType, Wind
from parallax.photo import Photo

MIN_CONFIDENCE = {"natural": 0.62, "cinematic": 0.62, "dynamic": 0.56}
HOW_TO_MOVE = (
    'what was left still moves if --prompt names it ("the lake ripples"), '
    'or with "enabled": true in the plan'
)
USUAL: dict[str, float] = {  # what a wish's strength is a factor on
    "water.fall": 13.0, "water.flow": 3.0, "sky.drift": 0.9, "smoke": 3.0, "fire": 8.0,
}  # fmt: skip
USUAL_AMPLITUDE: dict[str, float] = {
    "water.calm": 0.34, "water.sea": 0.65, "water.shore": 3.0, "foliage": 0.5, "grass": 0.6,
    "flower": 0.9, "hair": 0.45, "fabric": 1.1, "float": 0.45,
}  # fmt: skip
USUAL_OPACITY: dict[str, float] = {"sky.veil": 0.14, "fog": 0.15, "glitter": 0.5, "light": 0.12}


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionParams:
    """What a user may choose about the motion of regions."""

    seed: int = 0
    """Another roll of the dice."""
    intensity: float = 50.0
    """0 still … 50 natural … 100 as far as it goes."""
    style: Literal["natural", "cinematic", "dynamic"] = "natural"
    """How sure a region must be, and how much of the intensity it gets."""
    loop: bool = True
    """Whether the last frame leads on to the first."""
    duration_s: float = 6.0
    """Of the film."""
    prompt: str | None = None
    """What should move, in words."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what the words said beside it.

    Attributes:
        plan: What moves.
        camera: What the words ask of the camera, which is no part of the plan.
        notes: What was found, left out, refused or not understood, one sentence each.
    """

    plan: MotionPlan
    camera: CameraWish | None
    notes: tuple[str, ...]


def plan_motion(
    photo: Photo, depth: DepthMap, labels: LabelMap, *, params: MotionParams | None = None
) -> Planned:
    """What moves in a photo by itself, changed by what words ask for.

    Args:
        photo: Of any size.
        depth: Of any size.
        labels: Of any size.
        params: What the user chose.
    """
    params = params or MotionParams()
    canvas = make_canvas(photo, depth, labels, film_long_side_px=max(photo.size_wh))
    found = find_regions(canvas, min_confidence=MIN_CONFIDENCE[params.style])
    wishes = read_words(params.prompt) if params.prompt else Wishes()
    notes = list(found.notes)
    regions = _for_the_time(found, params, notes)
    regions = _with_wishes(regions, wishes.regions, notes)
    wind = Wind()
    if wishes.wind_deg is not None:
        wind = replace(wind, direction_deg=wishes.wind_deg)
    if wishes.wind_speed is not None:
        wind = replace(wind, speed=wishes.wind_speed)
    frozen = [*found.freeze]
    for label in wishes.frozen_labels:
        if MaskSpec(label=label) not in frozen:
            frozen.append(MaskSpec(label=label))
    if any(not region.enabled and region.provenance == "auto" for region in regions):
        notes.append(HOW_TO_MOVE)
    notes += wishes.refused
    if wishes.unparsed:
        notes.append("not understood: " + ", ".join(dict.fromkeys(wishes.unparsed)))
    plan = MotionPlan(
        regions=tuple(regions),
        freeze=tuple(frozen),
        overlays=tuple(wishes.overlays),
        wind=wind,
        seed=params.seed,
        intensity=params.intensity,
        style=params.style,
        loop=params.loop,
        duration_s=params.duration_s,
        warnings=tuple(notes),
    )
    return Planned(plan, wishes.camera, tuple(notes))


def _for_the_time(found: Finding, params: MotionParams, notes: list[str]) -> list[Region]:
    """The regions found; in a loop a veil instead of a drifting sky."""
    regions = []
    for region in found.regions:
        if region.type == "sky.drift" and params.loop:
            region = replace(
                region,
                type="sky.veil",
                note=f"{region.note}; a drift cannot loop, a veil can"
                if region.enabled
                else region.note,
            )
        regions.append(region)
    return regions


def _with_wishes(regions: list[Region], wishes: list[Wish], notes: list[str]) -> list[Region]:
    """The regions as the words want them; wishes for what is not there become notes."""
    for wish in wishes:
        hit = False
        for index, region in enumerate(regions):
            named = region.type in wish.types
            if named or (not wish.types and (region.enabled or wish.still)):
                regions[index] = _wished(region, wish)
                hit = True
        if not hit and wish.types and wish.still and wish.word not in FROZEN_LABELS:
            notes.append(f"no {wish.word} was found to keep still; if it moves, draw it as freeze")
        if not hit and wish.types and not wish.still:
            made = _region_by_words(wish, regions)
            if made is None:
                notes.append(
                    f"no {wish.word} was found; draw it as a region of type {wish.types[0]}"
                )
            else:
                regions.append(made)
                notes.append(f"{made.id}: {made.note}")
    return regions


def _wished(region: Region, wish: Wish) -> Region:
    """One region as a wish wants it."""
    if wish.still:
        return replace(region, enabled=False, provenance="words", note=f"{wish.word}: kept still")
    if not region.enabled:
        region = replace(region, note=f"{wish.word}: moves, as the words say")
    if wish.types[:1] == ("water.flow",) and region.type == "water.calm":
        region = replace(region, type="water.flow", note=f"{wish.word}: flows, as the words say")
    changes: dict[str, float] = {}
    if wish.direction_deg is not None:
        changes["direction_deg"] = wish.direction_deg
    if wish.strength is not None:
        factor = wish.strength
        if region.type in USUAL:
            changes["speed_pct_s"] = round(USUAL[region.type] * factor, 3)
        elif region.type in USUAL_AMPLITUDE:
            changes["amplitude_pct"] = round(USUAL_AMPLITUDE[region.type] * factor, 3)
        elif region.type in USUAL_OPACITY:
            changes["opacity"] = round(min(1.0, USUAL_OPACITY[region.type] * factor), 3)
    if not changes:
        return replace(
            region, enabled=True, provenance="words" if wish.types else region.provenance
        )
    return replace(region, enabled=True, provenance="words", **changes)  # type: ignore[arg-type]


def _region_by_words(wish: Wish, regions: list[Region]) -> Region | None:
    """A region that words alone can place: another kind of something that was found.

    "The sea" where smooth water was found is that water; a flower is a plant. Hair, cloth, smoke
    and fire have no label: they need a mask.
    """
    families: tuple[tuple[str, ...], ...] = (("water.",), ("foliage", "grass", "flower"))
    for index, region in enumerate(regions):
        for family in families:
            same = region.type.startswith(family) and wish.types[0].startswith(family)
            if same and region.enabled:
                kind: RegionType = wish.types[0]
                regions.pop(index)
                changed = replace(region, type=kind, note=f"called {wish.word} by the words")
                return _wished(changed, replace(wish, strength=wish.strength))
    return None
