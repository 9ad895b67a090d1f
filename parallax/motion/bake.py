"""`bake_motion`: a plan becomes fields and plates of one photo, closed in time."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.depth_map import DepthMap
from parallax.label_map import LabelMap
from parallax.motion import sky, water
from parallax.motion.add_flow import KINDS as FLOW_KINDS
from parallax.motion.add_flow import add_flow, add_repeat, add_surf, finish_flow
from parallax.motion.add_sway import add_float, add_glitter, add_plants, add_waves
from parallax.motion.canvas import Canvas, make_canvas
from parallax.motion.course import make_course
from parallax.motion.draft import SKY, Draft, empty_draft
from parallax.motion.mask import (
    distance_inside,
    likelihood,
    resize_mask,
    smoothstep,
)
from parallax.motion.particle import particles_of
from parallax.motion.strength import gain_of
from parallax.motion.sway import KINDS as SWAY_KINDS
from parallax.motion.where import masks_of
from parallax.motion_plan import Motion, MotionPlan, Region, Wind
from parallax.photo import Photo

DRIFT_PCT_S = 0.9  # of the short side: clouds of a quiet day, a little sped up
MAX_DRIFT = 0.3  # of the photo's width in a film; farther, too much sky would be made up
MIRRORED = 0.45  # of a veil is seen in calm water: more looking down flatly, less looking steeply
FOG_EDGE = 0.06  # of the short side, over which fog thins out
FOG_SU = 2.0  # behind the nearest thing, from where on most of a fog lies before what is seen
SHEET_SLANT = 0.25  # of the sky's height above the horizon that a veil has its far end at


def bake_motion(
    plan: MotionPlan,
    photo: Photo,
    depth: DepthMap,
    labels: LabelMap,
    *,
    film_long_side_px: int = 1920,
) -> Motion:
    """The fields that draw a plan on one photo; the same plan and photo give the same bytes.

    Args:
        plan: What moves.
        photo: Of any size.
        depth: Of any size.
        labels: Of any size.
        film_long_side_px: What the film can show of the photo.

    Raises:
        MotionError: A mask or a flow file of the plan cannot be used.
    """
    canvas = make_canvas(photo, depth, labels, film_long_side_px=film_long_side_px)
    chance = np.random.default_rng(plan.seed)
    course = make_course(plan.duration_s, chance)
    draft = empty_draft(plan, canvas, course, rng=chance, gain=gain_of(plan))
    draft.warnings += plan.warnings
    masks, frozen = masks_of(plan, canvas)
    yielding = _yielding(plan, masks, canvas) * (1 - frozen)
    for index, region in enumerate(plan.regions):
        if region.enabled and region.type != "freeze" and draft.gain > 0:
            draft.rng = np.random.default_rng((plan.seed, index))
            _add(draft, region, masks[index], yielding, f"regions[{index}]")
    finish_flow(draft)
    _mirror_veil(draft, masks)
    for index, overlay in enumerate(plan.overlays):
        rng = np.random.default_rng((plan.seed, len(plan.regions) + index))
        particles = particles_of(overlay, plan, canvas, gain=draft.gain, rng=rng)
        if particles:
            draft.particles.append(particles)
            draft.found.append(f"{overlay.type}: {len(particles.place)} added to the photo")
    return draft.motion()


def _add(
    draft: Draft,
    region: Region,
    mask: NDArray[np.float32],
    yielding: NDArray[np.float32],
    where: str,
) -> None:
    """Adds one region to the draft by its type."""
    if not (mask > 0.5).any():
        draft.warnings.append(f"{region.id}: its mask is empty, so nothing moves there")
        return
    if region.type == "fire":  # rises, licks to and fro, and flickers
        add_flow(draft, region, mask, where)
        add_plants(draft, region, mask, np.zeros_like(mask))
        add_glitter(draft, replace(region, type="light"), mask)
    elif region.type in SWAY_KINDS:
        add_plants(draft, region, mask, yielding)
    elif region.type in water.KINDS:
        add_waves(draft, region, mask)
    elif region.type in FLOW_KINDS:
        add_flow(draft, region, mask, where)
    elif region.type == "repeat":
        add_repeat(draft, region, mask)
    elif region.type == "water.shore":
        add_surf(draft, region, mask)
    elif region.type in ("glitter", "light"):
        add_glitter(draft, region, mask)
    elif region.type == "float":
        add_float(draft, region, mask)
    else:
        _add_sky(draft, region, mask)
    draft.found.append(f"{region.id}: {region.type}. {region.note}".strip())


def _add_sky(draft: Draft, region: Region, mask: NDArray[np.float32]) -> None:
    """A drift where the film does not loop, else a veil; fog is always a veil."""
    srgb8 = draft.canvas.photo.srgb8
    rows = np.nonzero((mask > 0.5).any(1))[0]
    horizon_v = float((rows[-1] + 1) / mask.shape[0])
    drifts = region.type == "sky.drift"
    if drifts and draft.plan.loop:
        draft.warnings.append(
            f"{region.id}: a drifting sky cannot loop, so a veil passes over it instead"
        )
        drifts = False
    if drifts and draft.drift is None:
        draft.drift = sky.drift_of(
            draft.canvas.plate_photo.srgb8,
            draft.canvas.to_plate(mask),
            velocity_uv_s=_drift_velocity(draft, region),
            duration_s=draft.plan.duration_s,
            horizon_v=horizon_v,
            rng=draft.rng,
        )
    elif draft.veil is None:
        draft.veil = sky.veil_of(
            srgb8,
            mask,
            wind=_wind_of(draft.plan, region),
            gain=draft.gain,
            opacity=region.opacity if region.type != "fog" else (region.opacity or 0.15),
            horizon_v=horizon_v + SHEET_SLANT * (horizon_v - rows[0] / mask.shape[0]),
            period_s=draft.course.period_s,
            rng=draft.rng,
        )
        if region.type == "fog":  # it hides things and lights none
            draft.veil = replace(draft.veil, light=0.0, horizon_v=0.0)
    else:
        draft.warnings.append(f"{region.id}: shares the veil of the region before it")
    if region.type == "fog":
        soft = smoothstep(0, FOG_EDGE * min(mask.shape), distance_inside(mask) - 1)
        mask = soft * _fog_before(draft.canvas)
    draft.weight[..., SKY] = np.maximum(draft.weight[..., SKY], mask)


def _fog_before(canvas: Canvas) -> NDArray[np.float32]:
    """(H, W): how much of a fog lies before things: none before the nearest, all before the far."""
    z_su = 1 / np.maximum(canvas.depth.resized(canvas.photo.size_wh).inv_depth, 1e-3)
    return np.asarray(1 - np.exp(-(z_su - 1) / FOG_SU), np.float32)


def _mirror_veil(draft: Draft, masks: list[NDArray[np.float32]]) -> None:
    """Lets calm water show what passes over the sky, upside down and fainter."""
    calm = [
        mask
        for region, mask in zip(draft.plan.regions, masks, strict=True)
        if region.enabled and region.type == "water.calm" and (mask > 0.5).any()
    ]
    if draft.veil is None or not calm:
        return
    water_mask = np.maximum.reduce(calm)
    inside = water_mask > 0.5
    tops = inside.argmax(0)[inside.any(0)]
    draft.veil = replace(draft.veil, mirror_v=float(np.median(tops)) / len(inside))
    field_mask = draft.canvas.to_field(water_mask)
    soft = smoothstep(0, 0.02 * min(field_mask.shape), distance_inside(field_mask) - 1)
    grey = cv2.GaussianBlur(resize_mask(draft.canvas.grey(), draft.canvas.field_wh), (0, 0), 2)
    cloud = float(np.mean(draft.veil.color_srgb))
    lift = np.clip((cloud - grey) / np.maximum(grey, 0.1), -0.5, 1)
    draft.shade[..., 2] = MIRRORED * soft
    draft.shade[..., 3] = MIRRORED * soft * lift


def _wind_of(plan: MotionPlan, region: Region) -> Wind:
    """The plan's wind, turned to where the region says."""
    if region.direction_deg is None:
        return plan.wind
    return replace(plan.wind, direction_deg=region.direction_deg)


def _drift_velocity(draft: Draft, region: Region) -> tuple[float, float]:
    """Uv a second, at the top of the photo, within what the film's length allows."""
    plan = draft.plan
    deg = plan.wind.direction_deg if region.direction_deg is None else region.direction_deg
    usual = DRIFT_PCT_S * (0.4 + 1.5 * plan.wind.speed)
    speed = (usual if region.speed_pct_s is None else region.speed_pct_s) / 100 * draft.gain
    way = np.array([np.cos(np.radians(deg)), -0.25 * np.sin(np.radians(deg))])
    velocity = way * speed * draft.canvas.short_over_size
    farthest = float(np.abs(velocity).max()) * plan.duration_s
    if farthest > MAX_DRIFT:
        draft.warnings.append(f"{region.id}: slowed down to {MAX_DRIFT:.0%} of the photo in all")
        velocity *= MAX_DRIFT / farthest
    return float(velocity[0]), float(velocity[1])


def _yielding(
    plan: MotionPlan, masks: list[NDArray[np.float32]], canvas: Canvas
) -> NDArray[np.float32]:
    """(H, W): what gives way around the outline of a plant: sky, and other plants."""
    sky_mask = resize_mask(likelihood(canvas.labels, "sky"), canvas.photo.size_wh)
    gives = (sky_mask > 0.5).astype(np.float32)
    for region, mask in zip(plan.regions, masks, strict=True):
        if region.type in SWAY_KINDS and region.enabled:
            gives = np.maximum(gives, mask)
    return gives
