"""What could move in a photo: regions found from its labels, its depth and its texture."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS
from parallax.motion.body import complete_things, find_bodies, find_flying
from parallax.motion.canvas import Canvas
from parallax.motion.judge import doubt_of, growth_of, kind_of, likely, look_at
from parallax.motion.mark import find_marks
from parallax.motion.mask import label_mask, mean_inside
from parallax.motion.outline import MAX_PARTS, outline_of, parts_of
from parallax.motion.standing import below_horizon, specs_of, standing_in
from parallax.motion.surf import find_surf
from parallax.motion_plan import MaskSpec, Region, RegionType

ANALYSIS_LONG_SIDE_PX = 480
MIN_AREA = {"sky": 0.03, "water": 0.012, "vegetation": 0.02}  # of the photo
MIN_CONFIDENCE = 0.6  # mean likelihood of a label within a part of it
LYING_GROWTH = 0.9  # of ln(inverse depth) a picture height; ground shows 1.5 and more
SURER = {"sky": -0.03, "water": 0.02, "vegetation": 0.03}  # a wave on a wall is worse than a veil
MOST_STANDING = 0.8  # of a part of the water: then it is none
Mask = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found.

    Attributes:
        regions: To move; those that are not enabled may be none, and move only if asked for.
        freeze: To hold still.
        notes: What was left out and why, one sentence each.
    """

    regions: tuple[Region, ...]
    freeze: tuple[MaskSpec, ...]
    notes: tuple[str, ...]


def find_regions(canvas: Canvas, *, min_confidence: float = MIN_CONFIDENCE) -> Finding:
    """The regions that a photo offers, the surest of each kind.

    Args:
        canvas: The photo, its depth and its labels.
        min_confidence: Parts of a label that are less likely than this are left alone.
    """
    small = _small(canvas)
    regions: list[Region] = []
    notes: list[str] = []
    standing = np.zeros(small.photo.srgb8.shape[:2], np.bool_)
    sky = standing
    for label, minimum in MIN_AREA.items():
        mask = label_mask(small.photo, small.labels, label)  # type: ignore[arg-type]
        if label == "sky":
            sky = mask > 0.5
        if label == "water":
            mask, standing = _level_water(mask, minimum, small)
        chance = likely(small, label)
        for number, part in enumerate(_parts_of(label, mask, minimum, small)):
            sure = float(chance[part].mean())
            looks = look_at(small, part)
            name = f"{label}-{number + 1}"
            kind, why = kind_of(label, looks, part, small)
            if kind is None:
                notes.append(f"{name}: left still, {why}")
                continue
            doubt = doubt_of(label, kind, looks, part, small, sure=sure)
            needed = min_confidence + SURER[label]
            if sure < needed:
                doubt = f"only {sure:.0%} sure that it is {label}, and {needed:.0%} is needed"
            elif label == "water" and float(standing[part].mean()) > MOST_STANDING:
                doubt = "most of it does not lie like water"
            if doubt:
                notes.append(f"{name}: left still, {doubt}")
            whole = number == 0 and label == "sky"
            polygons = () if whole else outline_of(part)
            regions.append(
                Region(
                    id=name,
                    type=kind,
                    mask=MaskSpec(label=label, polygons=polygons),
                    enabled=doubt is None,
                    confidence=round(sure, 2),
                    provenance="auto",
                    note=f"left still, {doubt}" if doubt else why,
                )
            )
            if doubt is None:
                regions += find_surf(small, name, kind, part, sure, looks.level)
            if whole:
                break
    regions = _joined_plants(regions)
    moving = [region for region in regions if region.enabled]
    freeze = [MaskSpec(label="person")] if _share(small, "person") > 0.002 else []
    if any(region.mask.label in ("vegetation", "water") for region in moving):
        freeze += specs_of(find_bodies(small))
    if any(region.mask.label == "water" for region in moving):
        freeze += specs_of(complete_things(small, standing))
    if any(region.mask.label == "sky" for region in moving):
        freeze += specs_of(find_flying(small, sky))
    marks = find_marks(small, moving)
    if not moving:
        notes.append(_what_it_shows(small))
    return Finding(tuple(_by_precedence(regions)), (*freeze, *marks), tuple(notes))


def _level_water(mask: Mask, minimum: float, small: Canvas) -> tuple[Mask, NDArray[np.bool_]]:
    """The water that falls or lies below the horizon, and what stands in that which lies."""
    falls = np.zeros(mask.shape, np.bool_)
    for part in parts_of(mask, minimum):
        if kind_of("water", look_at(small, part), part, small)[0] == "water.fall":
            falls |= part
    lies = below_horizon((mask > 0.5) & ~falls, likely(small, "sky") > 0.5)
    sure = likely(small, "water")
    standing = standing_in(lies, small.photo.srgb8, small.depth.inv_depth, sure)
    return np.where(falls | lies, mask, 0).astype(np.float32), standing & ~falls


def _by_precedence(regions: list[Region]) -> list[Region]:
    """Surf before the sea it lies in; else as found."""
    return sorted(regions, key=lambda region: region.type != "water.shore")


def _joined_plants(regions: list[Region]) -> list[Region]:
    """One region for all plants of a type, so that no calm line runs where two parts meet."""
    joined: dict[tuple[str | None, RegionType], Region] = {}
    others = []
    for region in regions:
        if region.mask.label != "vegetation" or not region.enabled:
            others.append(region)
            continue
        key = region.mask.label, region.type
        first = joined.get(key)
        if first is None:
            joined[key] = region
            continue
        polygons = first.mask.polygons + region.mask.polygons
        joined[key] = replace(
            first,
            mask=replace(first.mask, polygons=polygons),
            confidence=min(first.confidence, region.confidence),
        )
    return others + list(joined.values())


def _small(canvas: Canvas) -> Canvas:
    """The canvas at a size that is enough to judge by."""
    width, height = canvas.photo.size_wh
    scale = min(1.0, ANALYSIS_LONG_SIDE_PX / max(width, height))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    photo = canvas.photo.resized(size)
    return Canvas(photo, photo, canvas.depth.resized(size), canvas.labels.resized(size), size)


def _what_it_shows(small: Canvas) -> str:
    """A sentence about a photo in which nothing moves."""
    shares = small.labels.probability.reshape(-1, len(LABELS)).mean(0) / 255
    most = [f"{shares[i]:.0%} {LABELS[i]}" for i in np.argsort(-shares)[:3] if shares[i] > 0.05]
    return (
        f"nothing is known to move in this photo (by its labels {', '.join(most)}); "
        "what should, such as water, smoke, hair or cloth, needs a mask by hand in a motion plan"
    )


def _share(small: Canvas, label: str) -> float:
    """How much of the photo a label covers."""
    return float((likely(small, label) > 0.5).mean())


def _parts_of(label: str, mask: Mask, minimum: float, small: Canvas) -> list[NDArray[np.bool_]]:
    """The parts of a label; plants are first parted into those that stand and those that lie."""
    if label != "vegetation":
        return parts_of(mask, minimum)
    plants = mask > 0.5
    lies = plants & (_lying(small.depth.inv_depth, mask) >= 0.5)
    for kept in (lies, plants & ~lies):  # scraps of either kind go to the other
        large = parts_of(kept.astype(np.float32), minimum)
        scraps = kept & ~np.any(large, axis=0) if large else kept
        lies = lies ^ scraps
    parts = parts_of((plants & lies).astype(np.float32), minimum)
    parts += parts_of((plants & ~lies).astype(np.float32), minimum)
    return sorted(parts, key=lambda part: -int(part.sum()))[:MAX_PARTS]


def _lying(inv_depth: NDArray[np.float32], mask: Mask) -> Mask:
    """(H, W), 0…1: whether the surface recedes up the picture as ground does, not as a tree."""
    sigma_px = 0.03 * min(mask.shape)
    around = mean_inside(growth_of(inv_depth), mask, sigma_px=sigma_px, least=1e-3)
    return np.asarray(np.clip((around - LYING_GROWTH) * 2 + 0.5, 0, 1), np.float32)
