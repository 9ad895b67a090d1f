"""A plan drawn over its photo: what moves, where to, how fast, and what stands still."""

import colorsys

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.depth_map import DepthMap
from parallax.label_map import LabelMap
from parallax.motion.canvas import make_canvas
from parallax.motion.course import rms_of
from parallax.motion.mask import resize_mask
from parallax.motion.where import masks_of
from parallax.motion_plan import Motion, MotionPlan, Region
from parallax.photo import Photo

LONG_SIDE_PX = 1280
TINT, OUTLINE_PX = 0.38, 2
ARROW_PITCH = 0.10  # of the short side, from one arrow to the next
ARROW_SECONDS = 2.0  # an arrow is as long as the way of that time
HUE_OF_FAMILY = {
    "water": 0.56, "sky": 0.66, "foliage": 0.33, "grass": 0.25, "flower": 0.92, "hair": 0.08,
    "fabric": 0.80, "smoke": 0.50, "fire": 0.03, "fog": 0.60, "glitter": 0.15, "light": 0.13,
    "float": 0.72, "repeat": 0.75, "custom": 0.85, "freeze": 0.0,
}  # fmt: skip


def draw_preview(
    photo: Photo, plan: MotionPlan, depth: DepthMap, labels: LabelMap, motion: Motion
) -> NDArray[np.uint8]:
    """(H, W, 3), sRGB: the photo in grey, its regions tinted, with arrows and a legend.

    Args:
        photo: Of any size.
        plan: What moves.
        depth: Of any size.
        labels: Of any size.
        motion: The plan, baked: arrows show its fields, not what was asked for.
    """
    canvas = make_canvas(photo, depth, labels, film_long_side_px=LONG_SIDE_PX)
    base = canvas.photo.srgb8
    grey = cv2.cvtColor(cv2.cvtColor(base, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    picture = (0.45 * base + 0.45 * grey).astype(np.float32)
    legend: list[tuple[str, tuple[int, int, int]]] = []
    masks, frozen = masks_of(plan, canvas)
    for index, (region, mask) in enumerate(zip(plan.regions, masks, strict=True)):
        color = _color_of(region, index)
        if region.enabled and region.type != "freeze":
            picture = _tinted(picture, mask, color)
            legend.append((_line_of(region), color))
        else:
            legend.append((f"{region.id}: still", (128, 128, 128)))
    picture = _tinted(picture, frozen, (230, 30, 30))
    drawn = np.clip(picture, 0, 255).astype(np.uint8)
    _draw_arrows(drawn, motion)
    return _with_legend(drawn, legend)


def _color_of(region: Region, index: int) -> tuple[int, int, int]:
    """SRGB of a region: a hue for its family, lighter or darker by its number."""
    hue = HUE_OF_FAMILY[region.type.split(".")[0]] + 0.03 * (index % 3)
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, 0.75, 0.95)
    return round(255 * red), round(255 * green), round(255 * blue)


def _tinted(
    picture: NDArray[np.float32], mask: NDArray[np.float32], color: tuple[int, int, int]
) -> NDArray[np.float32]:
    """The picture with a colour over a mask and a line around it."""
    weight = (TINT * mask)[..., None]
    tinted = picture + weight * (np.array(color, np.float32) - picture)
    contours, _ = cv2.findContours(
        (mask > 0.5).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE
    )
    drawn = np.ascontiguousarray(tinted)
    cv2.drawContours(drawn, contours, -1, color, OUTLINE_PX, cv2.LINE_AA)
    return np.asarray(drawn, np.float32)


def _line_of(region: Region) -> str:
    """A region in one line of the legend."""
    said = [f"{region.id}: {region.type}"]
    for value, unit in (
        (region.speed_pct_s, "%/s"), (region.amplitude_pct, "%"), (region.period_s, "s"),
    ):  # fmt: skip
        if value is not None:
            said.append(f"{value:g} {unit}")
    said.append(f"{region.confidence:.0%} {region.provenance}")
    return "  ".join(said)


def _draw_arrows(picture: NDArray[np.uint8], motion: Motion) -> None:
    """Arrows of flows and drifts, bars of sways, drawn into the picture."""
    height, width = picture.shape[:2]
    pitch = max(12, round(ARROW_PITCH * min(width, height)))
    flow_weight = resize_mask(
        (motion.mask8[..., 0] / np.float32(255)).astype(np.float32), (width, height)
    )
    sky_weight = resize_mask(
        (motion.mask8[..., 1] / np.float32(255)).astype(np.float32), (width, height)
    )
    modes = motion.modes_uv[..., :2] + 1j * motion.modes_uv[..., 2:]
    sway = cv2.resize(rms_of(modes[..., :1]), (width, height)) * width
    heave = cv2.resize(rms_of(modes[..., 1:]), (width, height)) * height
    for y in range(pitch // 2, height, pitch):
        for x in range(pitch // 2, width, pitch):
            at = (x, y)
            if motion.flow and flow_weight[y, x] > 0.5:
                travel = motion.flow.travel_uv
                way = travel[y * travel.shape[0] // height, x * travel.shape[1] // width]
                seconds = motion.period_s / float(way[3])
                tip = np.array([way[0] * width, way[1] * height]) / seconds * ARROW_SECONDS
                _arrow(picture, at, tip)
            elif motion.drift and sky_weight[y, x] > 0.5:
                _arrow(picture, at, np.array(motion.drift.velocity_uv_s) * (width, height) * 2)
            elif sway[y, x] + heave[y, x] > 0.05:
                swing = 6 * np.array([sway[y, x], heave[y, x]])  # six times, to be seen
                cv2.line(picture, (round(x - swing[0]), round(y - swing[1])),
                         (round(x + swing[0]), round(y + swing[1])), (255, 255, 255), 2,
                         cv2.LINE_AA)  # fmt: skip


def _arrow(picture: NDArray[np.uint8], at: tuple[int, int], way_px: NDArray[np.float64]) -> None:
    """One arrow with a dark rim."""
    tip = (round(at[0] + float(way_px[0])), round(at[1] + float(way_px[1])))
    for color, thickness in (((0, 0, 0), 4), ((255, 255, 255), 2)):
        cv2.arrowedLine(picture, at, tip, color, thickness, cv2.LINE_AA, tipLength=0.3)


def _with_legend(
    picture: NDArray[np.uint8], legend: list[tuple[str, tuple[int, int, int]]]
) -> NDArray[np.uint8]:
    """The picture with lines of text under it."""
    scale = picture.shape[1] / 1280
    tall = max(14, round(26 * scale))
    strip = np.full((tall * max(len(legend), 1) + 8, picture.shape[1], 3), 24, np.uint8)
    for row, (text, color) in enumerate(legend or [("nothing moves here", (200, 200, 200))]):
        y = round((row + 0.75) * tall) + 2
        cv2.putText(strip, text.encode("ascii", "replace").decode(), (10, y),
                    cv2.FONT_HERSHEY_SIMPLEX, 0.6 * max(scale, 0.55), color, 1,
                    cv2.LINE_AA)  # fmt: skip
    return np.vstack([picture, strip])
