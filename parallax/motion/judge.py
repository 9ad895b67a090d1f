"""What a part of a photo is, by its looks and its depth: which kind of water, plant or sky."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.canvas import Canvas
from parallax.motion.mask import likelihood, resize_mask
from parallax.motion_plan import RegionType

FIRM = {"sky": 0.67, "water": 0.53}  # mean probability; unlike the lead over the next best label
WATER_GROWTH = 1.12  # level water shows 1.07 and more, a blurred background 0.25 to 1.1
SURE_UNSLANTED = 0.9  # likelihood, from which on water need not be seen to recede
FROM_ABOVE, SURE_FROM_ABOVE = 0.1, 0.8  # of the height: water that begins there has no horizon
DARK, DUSK = 0.22, 0.40  # median luma of a night's sky, and of one that is lit
STARS = {DARK: 0.0025, DUSK: 0.012}  # share of points of light
# Stars are in half of a sky's cells and more, each 18 px wide; lamps are in a tenth
STAR_CELL_PX, LEAST_CELLS = 18, 0.3
WIDEST_RIVER = 0.75  # of the photo's width; between far banks a lake mirrors white clouds
BOTH_BANKS = 0.7  # of the rows; a bay, a splash and a swamp have 0.1 to 0.6
SIDES = 0.4  # of the rows of a slide; of surf from above 0.1
NARROW_END = 0.5  # of a river's width at its far end; a bay's far shore is 0.8 of it and more
WARMEST = 1.4  # gain on a colour: the white of an evening is yellow, but blue is never white
NEAR_ENOUGH = 0.10  # inverse depth: a tree ten times as far as the nearest thing sways unseen

# CIELAB L, a and b, medians: beaches and dunes have 64 to 80, −2 to 8, 12 to 28
SAND_LIGHT, SAND_RED, SAND_WARM = 60.0, -5.0, 11.0
WARMER_THAN_SKY = 6.0  # in b: what water shows is the sky, or bluer and greener
ENOUGH_SKY = 0.02  # of the photo


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What a part of a photo looks like.

    Attributes:
        upright: How much of its texture runs down the picture, −1 level … 1 upright.
        rough: Contrast of its fine texture.
        white: Share of bright, pale pixels.
        level: How much it lies like a plane seen from above, 0…1.
        near: Inverse depth, median.
        growth: Of ln(inverse depth) a picture height, median.
    """

    upright: float
    rough: float
    white: float
    level: float
    near: float
    growth: float


def look_at(small: Canvas, part: NDArray[np.bool_]) -> Looks:
    """What a part looks like."""
    grey = small.grey()
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    inner = cv2.erode(part.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    inner = inner if inner.any() else part
    energy_x, energy_y = float((gx[inner] ** 2).mean()), float((gy[inner] ** 2).mean())
    shade = cv2.GaussianBlur(grey, (0, 0), 3)
    srgb = small.photo.srgb8[part].astype(np.float32) / 255
    pale = srgb.min(-1) > 0.82 * srgb.max(-1)
    inv_depth = small.depth.inv_depth
    return Looks(
        upright=(energy_x - energy_y) / max(energy_x + energy_y, 1e-9),
        rough=_typical_contrast(grey - shade, inner),
        white=float((pale & (srgb.max(-1) > 0.62)).mean()),
        level=_levelness(part, inv_depth),
        near=float(np.median(inv_depth[part])),
        growth=float(np.median(growth_of(inv_depth)[part])),
    )


def growth_of(inv_depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W): how ln(inverse depth) grows down the picture, a picture height.

    On ground that meets the horizon a height h above a pixel, the inverse depth grows by 1/h of
    itself a picture height; on what stands up it does not grow.
    """
    smooth = cv2.GaussianBlur(inv_depth, (0, 0), 0.02 * min(inv_depth.shape))
    growth = np.gradient(np.log(np.maximum(smooth, 0.01)), axis=0) * len(inv_depth)
    return np.asarray(growth, np.float32)


def kind_of(
    label: str, looks: Looks, part: NDArray[np.bool_], small: Canvas
) -> tuple[RegionType | None, str]:
    """The type of a part of a label and why; None if it should stand still."""
    if label == "sky":
        return "sky.drift", "the sky, far behind everything"
    if label == "vegetation":
        if looks.near < NEAR_ENOUGH:
            return None, "it is so far away that its sway could not be seen"
        if _begins_above(part):  # ground ends below the top of the photo
            return "foliage", "plants that stand up"
        if looks.level > 0.45:
            return "grass", f"plants that lie like ground ({looks.level:.0%} of a plane)"
        if looks.level > 0.2 and _is_field(part):
            return "grass", "plants that cover the foreground below an even edge"
        return "foliage", "plants that stand up"
    return _water_kind(looks, part, small)


def doubt_of(
    label: str,
    kind: RegionType,
    looks: Looks,
    part: NDArray[np.bool_],
    small: Canvas,
    *,
    sure: float,
) -> str | None:
    """Why a part of a label may be something else; None if nothing speaks against it.

    What networks call sky or water most often without being so are blurred backgrounds and the sky
    of the night. Over 220 photos these rules hold still 17 of 23 such waters and lose 3 of 47, and
    17 of 24 such skies and lose 2 of 92. `sure` is how likely the label is in the part, mean.
    """
    if label == "sky" and _has_stars(small, part):
        return "it is a night sky with stars, and stars stand still"
    firm = float(small.labels.resized(small.photo.size_wh).mask(label)[part].mean())  # type: ignore[arg-type]
    needed = FIRM.get(label, 0.0)
    if firm < needed:
        return f"the labels give {label} only {firm:.0%} there, and {needed:.0%} is needed"
    if label != "water" or kind == "water.fall" or _slides(looks, part, small):
        return None
    if _is_sand(part, small):
        return "it is pale and warmer than the sky, as sand is and water is not"
    from_above = _begins_above(part)
    if looks.growth < WATER_GROWTH and (sure < SURE_UNSLANTED or from_above):
        return "it does not lie like water that one looks across"
    if from_above and sure < SURE_FROM_ABOVE:
        return f"only {sure:.0%} sure that it is water, and there is no shore or horizon above it"
    return None


def _is_sand(part: NDArray[np.bool_], small: Canvas) -> bool:
    """Whether a part is pale and yellow, and more so than the sky that water would mirror.

    Of 290 photos with sky and what a teacher calls water, this finds four, in which most of that is
    dunes, beach or dry grass, and no lake and no sea, however golden the evening. Shallow seas may
    be as pale and yellow, but are green.
    """
    sky = likely(small, "sky") > 0.5
    if sky.mean() < ENOUGH_SKY:
        return False
    lab = cv2.cvtColor(small.photo.srgb8.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    light, red, warm = np.median(lab[part], 0)
    warmer = float(warm) - float(np.median(lab[sky][:, 2]))
    sandy = light > SAND_LIGHT and red > SAND_RED and warm > SAND_WARM
    return bool(sandy and warmer > WARMER_THAN_SKY)


def _begins_above(part: NDArray[np.bool_]) -> bool:
    """Whether a part reaches up to the top of the photo."""
    return bool(np.flatnonzero(part.any(1))[0] < FROM_ABOVE * len(part))


def _water_kind(looks: Looks, part: NDArray[np.bool_], small: Canvas) -> tuple[RegionType, str]:
    """Falling, running, rolling or still water."""
    rows, columns = np.nonzero(part)
    tall = (np.ptp(rows) + 1) / part.shape[0]
    wide = (np.ptp(columns) + 1) / part.shape[1]
    if looks.upright > 0.12 and looks.level < 0.45 and looks.white > 0.15 and tall > 0.12:
        return "water.fall", "white water whose streaks run down"
    if looks.white > 0.4 and looks.level < 0.2 and tall > max(0.25, 0.8 * wide):
        return "water.fall", "white water that stands up"
    if _slides(looks, part, small):
        return "water.flow", "water as white as anything here, that slides down"
    runs = looks.white > 0.1 and looks.rough > 0.05 and looks.growth > 1.5 and tall > 0.45
    bounded = wide > 0.85 or _banks(part) > BOTH_BANKS  # a bay in the middle of a photo is neither
    if runs and bounded and _narrows(part) and not _meets_sky(part, small):
        return "water.flow", "rough water that comes from a narrow far end"
    narrow = wide < WIDEST_RIVER and _banks(part) > BOTH_BANKS
    if looks.white > 0.22 and looks.rough > 0.045 and narrow:
        return "water.flow", "water with much white in it between two close banks"
    if looks.rough > 0.05 and looks.upright < -0.3 and wide > 0.85:
        return "water.sea", "wide water with rough waves"
    if looks.rough > 0.022 and looks.upright < 0.0 and wide > 0.85 and _meets_sky(part, small):
        return "water.sea", "wide rough water up to the horizon"
    return "water.calm", "smooth water"


def _slides(looks: Looks, part: NDArray[np.bool_], small: Canvas) -> bool:
    """Whether water is white all over, stands up, and has rock on both sides of a good part."""
    tall = part.any(1).mean() > 0.25
    stands = bool(looks.level < 0.2 and tall and _narrows(part) and _banks(part) > SIDES)
    return stands and _white_in_its_light(part, small) > 0.6


def _banks(part: NDArray[np.bool_]) -> float:
    """0…1: in how many of its rows a part ends on both sides within the photo."""
    rows = np.flatnonzero(part.any(1))
    first, last = part[rows].argmax(1), part[rows, ::-1].argmax(1)
    return float(((first > 2) & (last > 2)).mean())


def _narrows(part: NDArray[np.bool_]) -> bool:
    """Whether the farthest sixth of a part is much narrower than its widest row."""
    width = part[part.any(1)].sum(1)
    far = float(np.median(width[: max(1, len(width) // 6)]))
    return far < NARROW_END * float(width.max())


def _white_in_its_light(part: NDArray[np.bool_], small: Canvas) -> float:
    """0…1: the share of bright, pale pixels, as pale as the brightest of the photo are."""
    srgb = small.photo.srgb8.astype(np.float32) / 255
    brightest = np.percentile(srgb.reshape(-1, 3), 99, axis=0)
    gain = np.clip(brightest.max() / np.maximum(brightest, 0.05), 1, WARMEST)
    own = np.minimum(srgb[part] * gain, 1)
    return float(((own.min(-1) > 0.82 * own.max(-1)) & (own.max(-1) > 0.62)).mean())


def _is_field(part: NDArray[np.bool_]) -> bool:
    """Whether a part fills the lower edge of the photo and ends in a nearly straight line above."""
    filled = part.any(0)
    if filled.mean() < 0.95 or part[-1].mean() < 0.9:
        return False
    tops = part.argmax(0)[filled].astype(np.float64)
    columns = np.nonzero(filled)[0]
    bent = tops - np.polyval(np.polyfit(columns, tops, 2), columns)
    return bool(np.abs(bent).mean() < 0.03 * part.shape[0] and tops.mean() > 0.25 * part.shape[0])


def _meets_sky(part: NDArray[np.bool_], small: Canvas) -> bool:
    """Whether the sky stands on a good part of the water's upper edge."""
    sky = likely(small, "sky") > 0.5
    reach = max(3, round(0.03 * part.shape[0]))
    above = cv2.dilate(sky.astype(np.uint8), np.ones((2 * reach + 1, 1), np.uint8)) > 0
    columns = np.nonzero(part.any(0))[0]
    tops = part.argmax(0)[columns]
    return bool(above[tops, columns].mean() > 0.35)


def _typical_contrast(detail: NDArray[np.float32], inside: NDArray[np.bool_]) -> float:
    """The median over the part of the local standard deviation: a few sharp edges do not count."""
    local = np.sqrt(np.maximum(cv2.blur(detail * detail, (15, 15)), 0))
    return float(np.median(local[inside]))


def _levelness(part: NDArray[np.bool_], inv_depth: NDArray[np.float32]) -> float:
    """0…1: the share of the change of depth that a level plane explains.

    Such a plane's inverse depth grows evenly down the picture and not across it.
    """
    rows, columns = np.nonzero(part)
    if len(rows) < 50:
        return 0.0
    values = inv_depth[rows, columns].astype(np.float64)
    down = (rows - rows.mean()) / max(rows.std(), 1e-9)
    slope = float((down * (values - values.mean())).mean())
    if slope <= 0 or values.std() < 1e-6:
        return 0.0
    explained = float(slope / values.std()) ** 2
    relative = slope / max(float(values.mean()), 1e-6)
    return explained * float(np.clip(relative / 0.25, 0, 1))


def _has_stars(small: Canvas, part: NDArray[np.bool_]) -> bool:
    """Whether a part is dark and full of points of light all over; lamps are in one place."""
    grey = small.grey()
    inner = cv2.erode(part.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    if not inner.any():
        return False
    points = grey - cv2.medianBlur((grey * 255).astype(np.uint8), 5) / np.float32(255)
    bright = (points > 0.06) & inner
    share = float(bright[inner].mean())
    luma = float(np.median(grey[inner]))
    if not any(luma < most and share > least for most, least in STARS.items()):
        return False
    high, wide = grey.shape
    cells_wh = max(1, wide // STAR_CELL_PX), max(1, high // STAR_CELL_PX)
    has_point, is_sky = (
        cv2.resize(mask.astype(np.float32), cells_wh, interpolation=cv2.INTER_AREA)
        for mask in (bright, inner)
    )
    return float((has_point[is_sky > 0.5] > 0).mean()) > LEAST_CELLS


def likely(small: Canvas, label: str) -> NDArray[np.float32]:
    """(H, W) of the small photo: how a label stands against the best other."""
    return resize_mask(likelihood(small.labels, label), small.photo.size_wh)  # type: ignore[arg-type]
