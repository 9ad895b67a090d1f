"""What could move in a photo: regions found from its labels, its depth and its texture."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.canvas import Canvas
from parallax.motion.judge import kind_of, likely, look_at
from parallax.motion.mask import disc, label_mask
from parallax.motion.standing import below_horizon, specs_of, standing_in
from parallax.motion_plan import MaskSpec, Point, Region, RegionType

ANALYSIS_LONG_SIDE_PX = 480
MIN_AREA = {"sky": 0.03, "water": 0.012, "vegetation": 0.02}  # of the photo
MIN_CONFIDENCE = 0.6  # mean likelihood of a label within a part of it
LYING_GROWTH = 0.9  # of ln(inverse depth) a picture height; ground shows 1.5 and more
SURER = {"sky": -0.03, "water": 0.02, "vegetation": 0.03}  # a wave on a wall is worse than a veil
MOST_STANDING = 0.8  # of a part of the water: then it is none
MOST_SURF = 0.3  # of a sea's surface; more is a breaker in the air, which no wash to and fro draws
MAX_PARTS = 4  # of one label; smaller ones are not worth a line in the plan
OUTLINE = 0.012  # of the short side: how exactly polygons follow a part; labels do the rest
Mask = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found.

    Attributes:
        regions: To move.
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
    for label, minimum in MIN_AREA.items():
        mask = label_mask(small.photo, small.labels, label)  # type: ignore[arg-type]
        if label == "water":
            mask, standing = _level_water(mask, minimum, small)
        for number, part in enumerate(_parts_of(label, mask, minimum, small)):
            sure = float(likely(small, label)[part].mean())
            looks = look_at(small, part)
            name = f"{label}-{number + 1}"
            if sure < min_confidence + SURER[label]:
                notes.append(f"{name}: left still, only {sure:.0%} sure that it is {label}")
                continue
            kind, why = kind_of(label, looks, part, small)
            if label == "water" and float(standing[part].mean()) > MOST_STANDING:
                kind, why = None, "most of it does not lie like water"
            if kind is None:
                notes.append(f"{name}: left still, {why}")
                continue
            whole = number == 0 and label == "sky"
            polygons = () if whole else _outline(part)
            regions.append(
                Region(
                    id=name,
                    type=kind,
                    mask=MaskSpec(label=label, polygons=polygons),
                    confidence=round(sure, 2),
                    provenance="auto",
                    note=why,
                )
            )
            regions += _surf_beside(small, name, kind, part, sure, looks.level)
            if whole:
                break
    regions = _joined_plants(regions)
    freeze = [MaskSpec(label="person")] if _share(small, "person") > 0.002 else []
    if any(region.mask.label == "water" for region in regions):
        freeze += specs_of(standing)
    marks = _marks_in(small, regions)
    return Finding(tuple(_by_precedence(regions)), (*freeze, *marks), tuple(notes))


def _level_water(mask: Mask, minimum: float, small: Canvas) -> tuple[Mask, NDArray[np.bool_]]:
    """The water that falls or lies below the horizon, and what stands in that which lies."""
    falls = np.zeros(mask.shape, np.bool_)
    for part in _parts(mask, minimum):
        if kind_of("water", look_at(small, part), part, small)[0] == "water.fall":
            falls |= part
    lies = below_horizon((mask > 0.5) & ~falls, likely(small, "sky") > 0.5)
    standing = standing_in(lies, small.photo.srgb8, small.depth.inv_depth)
    return np.where(falls | lies, mask, 0).astype(np.float32), standing & ~falls


def _by_precedence(regions: list[Region]) -> list[Region]:
    """Surf before the sea it lies in; else as found."""
    return sorted(regions, key=lambda region: region.type != "water.shore")


def _joined_plants(regions: list[Region]) -> list[Region]:
    """One region for all plants of a type, so that no calm line runs where two parts meet."""
    joined: dict[tuple[str | None, RegionType], Region] = {}
    others = []
    for region in regions:
        if region.mask.label != "vegetation":
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
    return Canvas(photo, photo, canvas.depth.resized(size), canvas.labels, size)


def _share(small: Canvas, label: str) -> float:
    """How much of the photo a label covers."""
    return float((likely(small, label) > 0.5).mean())


def _parts(mask: Mask, minimum: float) -> list[NDArray[np.bool_]]:
    """The connected parts of a mask that are large enough, the largest first."""
    count, part, stats, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA] / mask.size
    order = sorted(range(1, count), key=lambda i: -areas[i])
    return [part == i for i in order[:MAX_PARTS] if areas[i] >= minimum]


def _parts_of(label: str, mask: Mask, minimum: float, small: Canvas) -> list[NDArray[np.bool_]]:
    """The parts of a label; plants are first parted into those that stand and those that lie."""
    if label != "vegetation":
        return _parts(mask, minimum)
    plants = mask > 0.5
    lies = plants & (_lying(small.depth.inv_depth, mask) >= 0.5)
    for kept in (lies, plants & ~lies):  # scraps of either kind go to the other
        large = _parts(kept.astype(np.float32), minimum)
        scraps = kept & ~np.any(large, axis=0) if large else kept
        lies = lies ^ scraps
    parts = _parts((plants & lies).astype(np.float32), minimum)
    parts += _parts((plants & ~lies).astype(np.float32), minimum)
    return sorted(parts, key=lambda part: -int(part.sum()))[:MAX_PARTS]


def _lying(inv_depth: NDArray[np.float32], mask: Mask) -> Mask:
    """(H, W), 0…1: whether the surface recedes up the picture as ground does, not as a tree.

    On ground that meets the horizon a height h above a pixel, the inverse depth grows by 1/h of
    itself a picture height; on what stands up it does not grow.
    """
    short = min(mask.shape)
    smooth = cv2.GaussianBlur(inv_depth, (0, 0), 0.02 * short)
    growth = np.gradient(np.log(np.maximum(smooth, 0.01)), axis=0) * mask.shape[0]
    weight = np.maximum(cv2.GaussianBlur(mask, (0, 0), 0.03 * short), 1e-3)
    around = cv2.GaussianBlur(growth * mask, (0, 0), 0.03 * short) / weight
    return np.asarray(np.clip((around - LYING_GROWTH) * 2 + 0.5, 0, 1), np.float32)


def _outline(part: NDArray[np.bool_]) -> tuple[tuple[Point, ...], ...]:
    """Polygons in uv around a part, a little outside it: the label draws the exact edge."""
    height, width = part.shape
    grown = cv2.dilate(part.astype(np.uint8), disc(max(2, round(2 * OUTLINE * min(part.shape)))))
    contours, _ = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    polygons = []
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
        simple = cv2.approxPolyDP(contour, OUTLINE * min(part.shape), closed=True)[:, 0]
        if len(simple) >= 3:
            uv = (simple + 0.5) / (width, height)
            edge = np.abs(uv - np.rint(uv)) < 1.01 / np.array([width, height])
            uv = np.where(edge, np.rint(uv), uv)  # what touches the border reaches over it
            polygons.append(tuple((round(float(u), 4), round(float(v), 4)) for u, v in uv))
    return tuple(polygons)


def _surf_beside(
    small: Canvas,
    name: str,
    kind: RegionType,
    part: NDArray[np.bool_],
    sure: float,
    level: float,
) -> list[Region]:
    """The surf of a sea, where it is white and beside land."""
    if kind != "water.sea" or level < 0.2:
        return []
    srgb = small.photo.srgb8.astype(np.float32) / 255
    white = (srgb.min(-1) > 0.84 * srgb.max(-1)) & (srgb.max(-1) > 0.72)
    labels = small.labels.resized(small.photo.size_wh)
    land = labels.mask("ground") + labels.mask("other") + labels.mask("building") > 0.5
    short = min(part.shape)
    land &= cv2.blur(white.astype(np.float32), (9, 9)) < 0.5  # white water is no beach,
    side = 2 * round(0.02 * short) + 1  # nor is the seam between it and the sea
    solid = cv2.morphologyEx(land.astype(np.uint8), cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    reach = 2 * round(0.09 * short) + 1
    beach = cv2.dilate(solid, np.ones((reach, reach), np.uint8)) > 0
    rough = np.abs(small.grey() - cv2.GaussianBlur(small.grey(), (0, 0), 4)) > 0.03
    foam = white & part & beach & cv2.dilate(rough.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if foam.mean() < 0.006 or foam[part].mean() > MOST_SURF:
        return []
    around = cv2.morphologyEx(
        foam.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)
    )
    largest = _parts(around.astype(np.float32), 0.004)[:2]
    return [
        Region(
            id=f"{name}-surf-{index + 1}",
            type="water.shore",
            mask=MaskSpec(polygons=_outline(piece)),
            confidence=round(0.8 * sure, 2),
            provenance="auto",
            note="white water beside land",
        )
        for index, piece in enumerate(largest)
    ]


def _marks_in(small: Canvas, regions: list[Region]) -> list[MaskSpec]:
    """Small things that stand out of a sky or a water: letters, birds, the moon, the sun."""
    marks: list[MaskSpec] = []
    grey = small.grey()
    for label in {r.mask.label for r in regions if r.mask.label in ("sky", "water")}:
        inside = likely(small, label) > 0.5
        inside = cv2.erode(inside.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
        even = cv2.medianBlur((grey * 255).astype(np.uint8), 31) / np.float32(255)
        stands_out = (np.abs(grey - even) > 0.22) & inside
        joined = cv2.morphologyEx(
            stands_out.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)
        )
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
        small_ones = [
            tuple(int(n) for n in stats[i][:4])
            for i in range(1, count)
            if 12 <= stats[i][4] <= 0.012 * grey.size
        ]
        if not 1 <= len(small_ones) <= 8:  # more is texture, not marks
            continue
        for x, y, wide, tall in small_ones:
            ring = grey[max(0, y - 6) : y + tall + 6, max(0, x - 6) : x + wide + 6]
            edge = np.concatenate([ring[:3].ravel(), ring[-3:].ravel()])
            if float(edge.std()) < 0.04:  # it stands alone on an even ground
                marks.append(MaskSpec(polygons=(_box(x, y, wide, tall, grey.shape),)))
    return marks


def _box(x: int, y: int, wide: int, tall: int, shape: tuple[int, ...]) -> tuple[Point, ...]:
    """The corners in uv of a box of pixels, a little wider."""
    height, width = shape
    u0, u1 = (x - 4) / width, (x + wide + 4) / width
    v0, v1 = (y - 4) / height, (y + tall + 4) / height
    corners = ((u0, v0), (u1, v0), (u1, v1), (u0, v1))
    return tuple((round(u, 4), round(v, 4)) for u, v in corners)
