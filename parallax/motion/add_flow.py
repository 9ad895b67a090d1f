"""Adds to a draft what flows on: falls, rivers, smoke, fire, surf; and patterns that repeat."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion import flow, water
from parallax.motion.draft import FLOW, FOAM, Draft
from parallax.motion.flow_file import load_velocity
from parallax.motion.mask import disc, distance_inside, resize_mask, smoothstep
from parallax.motion.noise import smooth_noise
from parallax.motion.plate import reflect_outward, strengthen_detail
from parallax.motion.repeat import continue_pattern, find_step
from parallax.motion.sway import anchor_weight
from parallax.motion_plan import Foam, Region, RegionType
from parallax.motion_plan.field import FlowField
from parallax.nearest import nearest_of
from parallax.texel import take_pixels

# Speed in short sides a second, seconds of a cycle, share of eddies, share of streaks, edge
KINDS: dict[RegionType, tuple[float, float, float, float, float]] = {
    "water.fall": (0.130, 1.25, 0.04, 0.55, 0.010),
    "water.flow": (0.030, 1.80, 0.12, 0.30, 0.020),
    "smoke": (0.030, 1.60, 0.30, 0.00, 0.050),
    "fire": (0.080, 1.00, 0.25, 0.20, 0.020),
    "custom": (0.030, 1.60, 0.05, 0.00, 0.020),
}
MAX_TRAVEL = 0.085  # short sides a cycle; farther, the copies are seen to part
MAX_PHASE_STRETCH = 0.35
PHASE_CELL, PHASE_SWING = 0.16, 0.18  # renewal comes at a different time in each place
NUM_COPIES = 3  # of shaders/common/flow.glsl, a third of the way of a cycle apart
ASIDE = 0.25  # of the way of a cycle: 11 px of 1080p to either side at most: strands stay in place
STEP_S = 1.0  # in which a pattern goes on by one of its steps
ROUGH = 0.035  # fine contrast over brightness: cloud and smoke have 0.015, a forest 0.06 and more
SURF_S, SURF_REACH = 7.0, 0.03  # period and way of a wave on the beach, short sides


def add_flow(draft: Draft, region: Region, mask: NDArray[np.float32], where: str) -> None:
    """A stochastic flow: velocity, cycle and phase; its plate is made when all are there."""
    usual, cycle_s, eddies, streaks, edge = KINDS[region.type]
    if region.type == "water.fall":
        mask = mask * _white_water(draft.canvas.grey(), mask)
    elif region.type == "fire":
        mask = mask * _flame(draft.canvas.photo.srgb8)
    elif region.type == "smoke":
        mask = mask * _soft_matter(draft.canvas.grey())
    field_mask = resize_mask(mask, draft.canvas.field_wh)
    inside = field_mask > 0.5
    if not inside.any():
        return
    velocity = _velocity(draft, region, field_mask, where)
    if streaks:
        size = draft.canvas.field_wh
        luminance = resize_mask(draft.canvas.grey(), size)
        velocity = flow.align_to_streaks(velocity, luminance, share=streaks)
    by_hand = region.source in ("arrows", "file")
    speed = 1.0 if by_hand else usual
    if region.speed_pct_s is not None:
        mean = float(np.median(np.linalg.norm(velocity[inside], axis=-1))) if by_hand else 1.0
        speed = region.speed_pct_s / 100 / max(mean, 1e-6)
    velocity = flow.with_eddies(velocity * speed * draft.gain, draft.rng, share=eddies, cell=0.12)
    calm = smoothstep(-0.4 * edge * min(inside.shape), edge * min(inside.shape),
                      distance_inside(field_mask))  # fmt: skip
    calm = calm * anchor_weight(region.anchors, inside.shape)
    velocity = velocity * calm[..., None]

    # Whole cycles in the loop, short enough that no copy travels or stretches too far
    period_s = draft.course.period_s
    fastest = float(np.percentile(np.linalg.norm(velocity[inside], axis=-1), 98))
    wanted_s = min(region.period_s or cycle_s, MAX_TRAVEL / max(fastest, 1e-6))
    cycles = max(1, round(period_s / max(wanted_s, 0.4)))
    travel = _less_stretched(velocity * (period_s / cycles))
    width, height = draft.canvas.field_wh
    phase = PHASE_SWING * smooth_noise(draft.rng, (width, height), PHASE_CELL * min(width, height))
    _take(draft, mask, inside, np.dstack([travel, phase, np.full_like(phase, cycles)]))


def add_repeat(draft: Draft, region: Region, mask: NDArray[np.float32]) -> None:
    """A pattern that goes on by whole steps: its copies are a step apart and lie on one another."""
    short = min(mask.shape)
    size = np.array(mask.shape[::-1])
    hint = None
    if region.arrows:
        tail, tip = np.array(region.arrows[0].tail_uv), np.array(region.arrows[0].tip_uv)
        hint = (tip - tail) * size
    step = find_step(draft.canvas.grey(), mask, hint_px=None if hint is None else tuple(hint))
    if step is None:
        draft.warnings.append(
            f"{region.id}: nothing there repeats, so it stands still; "
            "an arrow from one thing to the next helps"
        )
        return
    deg = 90.0 if region.direction_deg is None else region.direction_deg
    wanted = flow.uniform_velocity((1, 1), deg)[0, 0] if hint is None else hint
    way = np.array(step) / short * (1.0 if float(wanted @ step) >= 0 else -1.0)
    cycle_s = region.period_s or NUM_COPIES * STEP_S
    if region.speed_pct_s:
        cycle_s = NUM_COPIES * float(np.linalg.norm(way)) / (region.speed_pct_s / 100)
    cycles = max(1, round(draft.course.period_s / cycle_s * draft.gain))
    travel = np.empty((*draft.travel.shape[:2], 4), np.float32)
    # At first one copy is where the photo has it and the others are a step off
    travel[:] = *(NUM_COPIES * way), 0.5 / NUM_COPIES, cycles
    _take(draft, mask, resize_mask(mask, draft.canvas.field_wh) > 0.5, travel)
    draft.patterns.append((mask, (float(way[0]), float(way[1]))))


def _take(
    draft: Draft, mask: NDArray[np.float32], inside: NDArray[np.bool_], travel: NDArray[np.float32]
) -> None:
    """Let it flow where nothing else does yet: way of a cycle, phase and cycles."""
    take = inside & (draft.travel[..., 3] == 0)
    draft.travel[...] = np.where(take[..., None], travel, draft.travel)
    weight = smoothstep(0, 0.008 * min(mask.shape), distance_inside(mask) - 1)
    draft.weight[..., FLOW] = np.maximum(draft.weight[..., FLOW], weight)


def finish_flow(draft: Draft) -> None:
    """The one plate of all flows, and their field continued past their edges."""
    cycles = draft.travel[..., 3]
    if not draft.weight[..., FLOW].any() or not cycles.any():
        return
    _, nearest = nearest_of(cycles != 0)
    travel = take_pixels(draft.travel, nearest.ravel()).reshape(draft.travel.shape)
    patterns = [(draft.canvas.to_plate(mask), np.array(step)) for mask, step in draft.patterns]
    mask = draft.canvas.to_plate(draft.weight[..., FLOW])
    for where, _ in patterns:
        mask = mask * (where < 0.5)
    plate = draft.canvas.plate_photo.srgb8
    if (mask > 0.5).any():
        free = (cycles > 0) & (resize_mask(mask, draft.canvas.field_wh) > 0.5)
        way = np.median(draft.travel[free if free.any() else cycles > 0][:, :2], 0)
        plate = reflect_outward(
            _strengthened(plate, mask, way / NUM_COPIES), (mask > 0.25).astype(np.float32)
        )
    for where, step in patterns:
        stronger = _strengthened(draft.canvas.plate_photo.srgb8, where, step)
        around, known = continue_pattern(stronger, where > 0.5, tuple(step * min(where.shape)))
        plate = np.where((known & (mask <= 0.25))[..., None], around, plate).astype(np.uint8)
    travel[..., :2] *= draft.canvas.short_over_size
    aside = 0.0 if patterns else ASIDE
    draft.flow = FlowField(travel.astype(np.float32), plate, (0.0, 0.0, 1.0, 1.0), aside)


def _strengthened(
    srgb8: NDArray[np.uint8], mask: NDArray[np.float32], step: NDArray[np.floating]
) -> NDArray[np.uint8]:
    """The picture with what three copies, such a step (short sides) apart, take of its detail."""
    length = max(float(np.linalg.norm(step)), 1e-9)
    inside = (mask > 0.5).astype(np.float32)
    return strengthen_detail(
        srgb8, inside, step_px=length * min(mask.shape), along=step.astype(np.float64) / length
    )


def add_surf(draft: Draft, region: Region, mask: NDArray[np.float32]) -> None:
    """White water that comes in fast and runs out slowly over what stays."""
    labels = draft.canvas.labels.resized(draft.canvas.field_wh)
    land = 1 - np.maximum(labels.mask("water"), labels.mask("sky"))
    plate_mask = draft.canvas.to_plate(mask)
    water8 = reflect_outward(draft.canvas.plate_photo.srgb8, plate_mask)  # dark rocks are no foam
    foam = water.foam_of((water8 / np.float32(255)).astype(np.float32), plate_mask)
    if foam.max() < 0.02:
        draft.warnings.append(f"{region.id}: no white water found, so no surf runs there")
        return
    short = min(draft.canvas.field_wh)
    toward = cv2.GaussianBlur(np.asarray(land, np.float32), (0, 0), 0.10 * short)
    down, right = np.gradient(toward)
    inward = np.stack([right, down], -1)
    inward /= np.maximum(np.linalg.norm(inward, axis=-1, keepdims=True), 1e-9)
    inward = cv2.GaussianBlur(inward, (0, 0), 0.05 * short)
    reach = SURF_REACH if region.amplitude_pct is None else region.amplitude_pct / 100
    height = inward.shape[0]
    v = (np.arange(height) + 0.5) / height
    field_mask = resize_mask(mask, draft.canvas.field_wh)
    horizon_v = water.horizon_of(field_mask, draft.canvas.field_inv_depth())
    slant = np.clip((v - horizon_v) / max(1 - horizon_v, 0.05), 0.1, 1)[:, None, None]
    sweep = np.zeros((*inward.shape[:2], 4), np.float32)
    sweep[..., :2] = inward * slant * min(reach * draft.gain, 0.06) * draft.canvas.short_over_size
    sweep[..., 2] = 0.25 * smooth_noise(draft.rng, draft.canvas.field_wh, 0.5 * short)
    sweep[..., 3] = max(1, round(draft.course.period_s / (region.period_s or SURF_S)))
    draft.foam = Foam(np.rint(foam * 255).astype(np.uint8), sweep)
    weight = smoothstep(0, 0.02 * min(mask.shape), distance_inside(mask) - 1)
    draft.weight[..., FOAM] = np.maximum(draft.weight[..., FOAM], weight)


def _velocity(
    draft: Draft, region: Region, mask: NDArray[np.float32], where: str
) -> NDArray[np.float32]:
    """(h, w, 2): the directions of a region, of speed about 1, or as drawn by hand."""
    if region.source == "file" and region.file:
        return load_velocity(Path(region.file), draft.canvas.field_wh, where=where)
    if region.source == "arrows":
        return flow.arrow_velocity(mask.shape, region.arrows)
    if region.source == "radial":
        return flow.radial_velocity(mask)
    rises = region.type in ("smoke", "fire")
    given = region.direction_deg
    if region.source == "gravity" or (region.source == "auto" and region.type == "water.fall"):
        return flow.fall_velocity(mask)
    if region.source == "streamfunction" or (
        region.source == "auto" and region.type == "water.flow"
    ):
        return flow.river_velocity(mask, given)
    usual_deg = 90.0 if rises else draft.plan.wind.direction_deg
    if rises and given is None:
        lean = 25.0 * np.cos(np.radians(draft.plan.wind.direction_deg)) * draft.plan.wind.speed
        usual_deg -= lean
    return flow.uniform_velocity(mask.shape, usual_deg if given is None else given)


def _white_water(grey: NDArray[np.float32], mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W): 0 at what is much darker than the fall around it: rocks that stand in it."""
    inside = grey[mask > 0.5]
    usual = float(np.median(inside)) if inside.size else 1.0
    smooth = cv2.GaussianBlur(grey, (0, 0), max(0.8, 0.004 * min(mask.shape)))
    dark = (smooth < 0.62 * usual).astype(np.float32)
    margin = disc(max(1, round(0.008 * min(mask.shape))))
    return np.asarray(1 - cv2.dilate(dark, margin), np.float32)


def _flame(srgb8: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(H, W): 1 at what glows, orange or white, and a little around; 0 at wood and hands."""
    srgb = (srgb8 / np.float32(255)).astype(np.float32)
    red, blue = srgb[..., 0], srgb[..., 2]
    warm = smoothstep(0.10, 0.30, red - blue) * smoothstep(0.50, 0.75, red)
    glows = np.maximum(warm, smoothstep(0.80, 0.95, np.asarray(srgb.min(-1))))
    reach = max(1.0, 0.006 * min(glows.shape))
    wide = cv2.dilate(glows, disc(round(reach)))
    return np.asarray(cv2.GaussianBlur(wide, (0, 0), reach), np.float32)


def _soft_matter(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W): 0 at what has fine texture: trees, hills and roofs behind smoke, which has none."""
    short = min(grey.shape)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), max(1.0, 0.003 * short))
    around = 0.008 * short
    contrast = np.sqrt(cv2.GaussianBlur(fine * fine, (0, 0), around))
    contrast /= cv2.GaussianBlur(grey, (0, 0), around) + 0.05
    rough = (contrast > ROUGH).astype(np.float32)
    rough = cv2.morphologyEx(rough, cv2.MORPH_CLOSE, disc(round(around)))
    return np.asarray(1 - cv2.GaussianBlur(rough, (0, 0), around / 2), np.float32)


def _less_stretched(travel: NDArray[np.float32]) -> NDArray[np.float32]:
    """The way of a cycle, smoothed where half of it would stretch the picture too much."""
    short = min(travel.shape[:2])
    for _ in range(6):
        down, right = np.gradient(travel, axis=(0, 1))
        stretch = np.sqrt((down**2 + right**2).sum(-1)) * short / 2
        worst = float(np.percentile(stretch, 99.9))
        if worst <= MAX_PHASE_STRETCH:
            break
        smooth = cv2.GaussianBlur(travel, (0, 0), 0.012 * short)
        too_much = cv2.GaussianBlur(
            np.clip(stretch / MAX_PHASE_STRETCH - 0.7, 0, 1), (0, 0), 0.012 * short
        )
        travel = travel + np.clip(2 * too_much, 0, 1)[..., None] * (smooth - travel)
    return np.asarray(travel * min(1.0, 1.6 * MAX_PHASE_STRETCH / max(worst, 1e-9)), np.float32)
