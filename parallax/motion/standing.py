"""What stands on or before water and must not wave with it: land above it, piers, boats, rocks.

Labels draw such edges roughly. Three things are known beside them: level water lies below the
horizon, and so below all sky; what stands on it is nearer than the water in its row, and ends in a
break of depth; and it looks unlike the water around it. Mirror images, the sun's path and dark
patches look unlike it, too: they end in no break, and the label is sure of them.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.mask import disc
from parallax.motion.outline import polygon_of
from parallax.motion_plan import MaskSpec

Mask = NDArray[np.bool_]
SKY_OF_ROW = 0.06  # of a row's width: less sky than this is a gap between trees
NEARER = (1.2, 1.35, 1.55, 1.9)  # inverse depth over the water's, at which outlines are looked for
BREAK, BROKEN = 0.22, 0.42  # of ln(inverse depth) across 7 px; share of an outline that breaks so
DEPTH_BIAS = 0.2  # 1/su: as much too near do networks see far water
PIER_AREA, PIER_WIDTH = 0.08, 0.3  # of the photo, and of its width, at the near end
LEAST_AREA, MOST_AREA = 0.0012, 0.06  # of the photo: a thing that stands in the water
ISLAND_AREA = 0.05  # of the photo: a larger hole in the water is land, whose edge is known
UNLIKE_LAB, UNLIKE_SPREADS = 22.0, 3.2  # from the water around it, ab counted twice
UNLIKE_TEXTURE = 0.6  # of ln(contrast): planks against calm water show 1 and more
SUREST_WATER, BARELY_NEARER = 0.97, 1.12  # of a pixel that is light upon the water, or shade
SPRAY = 0.98  # likelihood: so sure is the label of spray, which is nearer than the sea behind it
# Who bathes is small, dark and taller than wide; waves, glitter and their shadows are wider
SMALLEST, SMALL, UPRIGHT = 0.0003, 0.006, 1.3  # of the photo; height over width
DARK_LAB, DARK_SPREADS, SURE_DARK = 45.0, 2.1, 0.975
SAME_LIGHT = 25.0  # of 255: what is mirrored is hardly darker than its image
FULL = 0.45  # of its hull is a boat of which parts were found; a rim of the shore is less
SURE_WATER = 0.94  # likelihood: of 110 patches of glitter, shade and boats this told most apart
OUTLINE = 0.006  # of the short side: how exactly polygons follow


def below_horizon(water: Mask, sky: Mask) -> Mask:
    """(H, W): the water without what lies higher than the lowest sky, as no level water can.

    Only sky that reaches the photo's upper border counts: it is not mirrored in the water.
    """
    _, part = cv2.connectedComponents(sky.astype(np.uint8))
    upper = np.isin(part, [i for i in np.unique(part[0]) if i])
    rows = np.nonzero(upper.mean(1) > SKY_OF_ROW)[0]
    kept = water.copy()
    if len(rows):
        kept[: rows[-1] + 1] = False
    return kept


def standing_in(
    water: Mask,
    srgb8: NDArray[np.uint8],
    inv_depth: NDArray[np.float32],
    likelihood: NDArray[np.float32],
) -> Mask:
    """(H, W): what is labelled as water, or lies in it, and stands.

    Args:
        water: (H, W), the water by its label, its parts above the horizon left out.
        srgb8: (H, W, 3), the photo.
        inv_depth: (H, W), in 1/su.
        likelihood: (H, W), 0…1, of water against the best other label.
    """
    if water.sum() < 0.01 * water.size:
        return np.zeros_like(water)
    nearness = _nearness(water, inv_depth)
    near = _nearer_than_water(water, srgb8, inv_depth, nearness)
    unlike = _unlike_water(water & ~near, srgb8, nearness, likelihood)
    return near | unlike | _islands(water & ~near)


def specs_of(standing: Mask) -> list[MaskSpec]:
    """Polygons around what stands, for the plan's list of what is frozen."""
    contours, _ = cv2.findContours(
        standing.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    polygons = (polygon_of(contour, standing.shape, exactness=OUTLINE) for contour in contours)
    return [MaskSpec(polygons=(polygon,)) for polygon in polygons if polygon]


def _nearness(water: Mask, inv_depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W): the inverse depth over that of the level water in its row; 1 outside the water."""
    rows = np.nonzero(water.sum(1) > 0.05 * water.shape[1])[0]
    if len(rows) < 8:
        return np.ones(water.shape, np.float32)
    far, farthest = (
        np.array([np.percentile(inv_depth[r][water[r]], p) for r in rows]) for p in (20, 10)
    )
    weight = np.ones(len(rows))
    for _ in range(5):  # a line under the far parts of the rows: what is nearer counts less
        slope, offset = np.polyfit(rows, far, 1, w=weight)
        weight = np.where(far > 1.05 * (slope * rows + offset), 0.2, 1.0)
    every = np.arange(len(water))
    line = slope * every + offset
    plane = np.maximum(line, np.minimum(np.interp(every, rows, farthest), line + DEPTH_BIAS))
    nearness = np.where(water, inv_depth / np.maximum(plane, 0.02)[:, None], 1)
    return np.asarray(nearness, np.float32)


def _nearer_than_water(
    water: Mask,
    srgb8: NDArray[np.uint8],
    inv_depth: NDArray[np.float32],
    nearness: NDArray[np.float32],
) -> Mask:
    """(H, W): what is nearer than the water, looks different, and whose outline is a break."""
    found = np.zeros_like(water)
    lab, texture = _lab_and_texture(srgb8)
    log_depth = np.log(np.maximum(inv_depth, 0.02))
    window = np.ones((7, 7), np.uint8)
    breaks = cv2.dilate(log_depth, window) - cv2.erode(log_depth, window) > BREAK
    inner = cv2.erode(water.astype(np.uint8), window[:5, :5]) > 0  # the label's edge tells nothing
    for level in NEARER:
        count, part, stats, _ = cv2.connectedComponentsWithStats(
            (nearness > level).astype(np.uint8)
        )
        for index in range(1, count):
            if stats[index, cv2.CC_STAT_AREA] < LEAST_AREA * water.size:
                continue
            piece = part == index
            own = piece.astype(np.uint8)
            rim = piece & inner & (cv2.erode(own, window[:3, :3]) == 0)
            beside = (cv2.dilate(own, np.ones((21, 41), np.uint8)) > 0) & water
            beside &= nearness <= level
            if rim.sum() < 8 or beside.sum() < 50 or breaks[rim].mean() < BROKEN:
                continue
            color = np.median(lab[piece], 0) - np.median(lab[beside], 0)
            rougher = float(np.median(texture[piece]) - np.median(texture[beside]))
            if float(np.linalg.norm(color)) > UNLIKE_LAB or abs(rougher) > UNLIKE_TEXTURE:
                found |= piece
    return _down_to_border(found)


def _down_to_border(found: Mask) -> Mask:
    """(H, W): what was found, a pier that comes towards the viewer down to the lower border."""
    count, part, stats, _ = cv2.connectedComponentsWithStats(found.astype(np.uint8))
    for index in range(1, count):
        if stats[index, cv2.CC_STAT_AREA] < PIER_AREA * found.size:
            continue
        piece = part == index
        widths = piece.sum(1)
        rows = np.flatnonzero(widths > 0.8 * widths.max())
        if rows[-1] > 0.7 * len(piece) and widths.max() > PIER_WIDTH * piece.shape[1]:
            columns = piece[rows[0] :].any(0)
            found[rows[-1] :, columns] = True
    return found


def _unlike_water(
    water: Mask,
    srgb8: NDArray[np.uint8],
    nearness: NDArray[np.float32],
    likelihood: NDArray[np.float32],
) -> Mask:
    """(H, W): things in the water whose colour is far from the water's beside them.

    What is as far as the water and surely water by its label is light or shade upon it.
    """
    lab, _ = _lab_and_texture(srgb8)
    sigma = 0.10 * min(water.shape)
    weight = water.astype(np.float32)
    apart: NDArray[np.floating] = np.zeros_like(lab)
    distance = spreads = np.zeros(water.shape, np.float32)

    def mean(field: NDArray[np.floating]) -> NDArray[np.float32]:
        coarse = cv2.resize(field, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        blurred = cv2.GaussianBlur(coarse, (0, 0), sigma / 2, sigmaY=sigma / 8)
        return np.asarray(cv2.resize(blurred, water.shape[::-1]), np.float32)

    for _ in range(3):  # without what was found to be unlike it
        total = np.maximum(mean(weight), 1e-3)[..., None]
        apart = lab - mean(lab * weight[..., None]) / total
        spread = mean(apart**2 * weight[..., None]) / total
        distance = np.linalg.norm(apart, axis=-1)
        spreads = np.sqrt((apart**2 / (spread + 8)).sum(-1))
        weight = (water & (spreads < 3)).astype(np.float32)
    unlike = water & (distance > UNLIKE_LAB) & (spreads > UNLIKE_SPREADS)
    unlike &= (likelihood < SUREST_WATER) | (nearness > BARELY_NEARER)
    gap = disc(max(1, round(0.008 * min(water.shape))))
    joined = cv2.morphologyEx(unlike.astype(np.uint8), cv2.MORPH_CLOSE, gap)
    count, part, stats, _ = cv2.connectedComponentsWithStats(joined)
    areas = stats[:, cv2.CC_STAT_AREA] / water.size
    things = np.zeros_like(water)
    for index in range(1, count):
        piece = (part == index) & unlike
        if not (piece.any() and LEAST_AREA <= areas[index] <= MOST_AREA):
            continue
        sure = float(likelihood[piece].mean())
        stands = float(np.median(nearness[piece])) > NEARER[int(sure > SPRAY)]
        if stands or sure < SURE_WATER:
            things |= part == index
    dark = water & (distance > DARK_LAB) & (spreads > DARK_SPREADS) & (likelihood < SURE_DARK)
    dark &= (apart[..., 0] < 0) & ~_mirrored(water, lab[..., 0])
    return _whole_things(things) | _upright(dark)


def _mirrored(water: Mask, lightness: NDArray[np.float32]) -> Mask:
    """(H, W): the water above whose upper edge something as dark stands as far away."""
    around = disc(max(1, round(0.02 * min(water.shape))))
    darkest = cv2.erode(lightness, around)
    row, column = np.indices(water.shape)
    mirror_row = 2 * water.argmax(0)[None, :] - row
    image = darkest[np.clip(mirror_row, 0, len(water) - 1), column]
    return np.asarray(water & (mirror_row >= 0) & (image < lightness + SAME_LIGHT))


def _upright(dark: Mask) -> Mask:
    """(H, W): the small parts of what is dark that are taller than wide: bathers, posts, birds."""
    _, part, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    wide, tall, area = stats[:, 2], stats[:, 3], stats[:, cv2.CC_STAT_AREA] / dark.size
    upright = (tall > UPRIGHT * wide) & (area > SMALLEST) & (area < SMALL)
    upright[0] = False
    return np.asarray(upright[part])


def _whole_things(things: Mask) -> Mask:
    """(H, W): things of which parts were found, filled to their convex hulls where these are full.

    A boat is found by its inside and its keel: its white side between them moves with neither.
    """
    reach = disc(max(1, round(0.015 * min(things.shape))))
    _, group = cv2.connectedComponents(cv2.dilate(things.astype(np.uint8), reach))
    filled = things.astype(np.uint8)
    for index in np.unique(group[things]):
        points = np.argwhere((group == index) & things)[:, ::-1].astype(np.int32)
        hull = cv2.convexHull(points)
        if len(points) > FULL * cv2.contourArea(hull):
            cv2.fillConvexPoly(filled, hull, (1,))
    return np.asarray(filled > 0)


def _islands(water: Mask) -> Mask:
    """(H, W): holes in the water, filled to their convex hulls: boats, of which a part is known."""
    short = min(water.shape)
    gap = disc(max(1, round(0.02 * short)))
    holes = cv2.morphologyEx((~water).astype(np.uint8), cv2.MORPH_CLOSE, gap)
    count, part, stats, _ = cv2.connectedComponentsWithStats(holes)
    filled = np.zeros(water.shape, np.uint8)
    for index in range(1, count):
        left, top, wide, tall, area = (int(n) for n in stats[index])
        inside = left > 1 and top > 1 and left + wide < water.shape[1] - 1
        inside = inside and top + tall < water.shape[0] - 1
        if inside and 0.0004 * water.size < area < ISLAND_AREA * water.size:
            points = np.argwhere(part == index)[:, ::-1].astype(np.int32)
            cv2.fillConvexPoly(filled, cv2.convexHull(points), (1,))
    return np.asarray(cv2.dilate(filled, gap[::2, ::2]) > 0)


def _lab_and_texture(
    srgb8: NDArray[np.uint8],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(H, W, 3), CIELAB with a and b counted twice; (H, W), ln of the fine contrast."""
    lab = cv2.cvtColor(srgb8, cv2.COLOR_RGB2LAB).astype(np.float32)
    detail = lab[..., 0] - cv2.GaussianBlur(lab[..., 0], (0, 0), 2)
    contrast = np.log(np.sqrt(np.maximum(cv2.blur(detail * detail, (9, 9)), 0)) + 0.7)
    return np.asarray(lab * (1, 2, 2), np.float32), np.asarray(contrast, np.float32)
