"""Adds to a draft what swings about its place: plants, hair, cloth, waves, boats, sparkle."""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion import ripple, sway, water
from parallax.motion.course import is_moving, limit_stretch
from parallax.motion.draft import Draft
from parallax.motion.mask import disc, distance_inside, likelihood, resize_mask, smoothstep
from parallax.motion.strength import wind_gain_of
from parallax.motion_plan import Region

YIELDING_REACH = 0.03  # of the short side: how far sky gives way around a tree's outline
GLINT_HZ = (1.1, 1.9)
HEAVE_PCT, ROLL_DEG = 0.45, 0.7  # of a boat: facts from harbour films
SPARKLING = (0.10, 0.25)  # peak of a highlight nearby, from which on a place sparkles
# Likelihood of water; lit windows on the far side of a harbour have 0.59, glitter 0.85 and more
SURE_OF_SPARKLE = (0.6, 0.8)
FAINT = 0.05  # of a highlight: less sparkle than this is not drawn
FEWEST_GLINTS = 0.005  # of a region by hand; the sea under a low sun has 0.07
MOST_RIPPLES = 0.95  # of the photo's: with all and more, crests would become troughs
SPARKLE_SHARE = 0.55  # of a highlight that comes and goes


def add_plants(
    draft: Draft, region: Region, mask: NDArray[np.float32], yielding: NDArray[np.float32]
) -> None:
    """Foliage, grass, a flower, hair or cloth in the one wind.

    Args:
        draft: Added to.
        region: What to add.
        mask: (H, W), where it is.
        yielding: (H, W), surroundings that may be moved along with an outline: even sky.
    """
    kind = sway.KINDS[region.type]
    short = min(mask.shape)
    around = cv2.dilate(mask, disc(round(YIELDING_REACH * short))) * yielding
    reach = draft.canvas.to_field(np.maximum(mask, around).astype(np.float32))
    amplitude = kind.amplitude if region.amplitude_pct is None else region.amplitude_pct / 100
    given = region.amplitude_pct is not None
    amplitude *= draft.gain * (1.0 if given else wind_gain_of(draft.plan))
    if amplitude <= 0:
        return
    modes = sway.sway_modes(
        reach,
        kind,
        draft.course,
        inv_depth=draft.canvas.field_inv_depth(),
        wind=draft.plan.wind,
        amplitude=amplitude,
        period_s=region.period_s,
        anchors=region.anchors,
        rng=draft.rng,
    )
    # Neighbours give way to one another: each fades out within the other
    meets = bool((is_moving(draft.modes) & is_moving(modes)).any())
    total = draft.modes + modes
    draft.modes = limit_stretch(total, draft.course) if meets else total
    own = resize_mask(mask, draft.canvas.field_wh)
    draft.shade[..., 0] += own * np.float32(kind.glow / amplitude)


def add_waves(draft: Draft, region: Region, mask: NDArray[np.float32]) -> None:
    """Waves on a lake or the sea, and sparkle on their highlights."""
    kind = water.KINDS[region.type]
    field_mask = draft.canvas.to_field(mask)
    amplitude = kind.amplitude if region.amplitude_pct is None else region.amplitude_pct / 100
    amplitude *= draft.gain
    if amplitude <= 0 or not (field_mask > 0.5).any():
        return
    modes = water.wave_modes(
        field_mask,
        kind,
        draft.course,
        horizon_v=water.horizon_of(field_mask, draft.canvas.field_inv_depth()),
        wind=draft.plan.wind,
        amplitude=amplitude,
        period_s=region.period_s,
        rng=draft.rng,
    )
    draft.modes += modes
    draft.shade[..., 1] += field_mask * kind.shade * min(draft.gain, 2.0) / amplitude
    share = SPARKLE_SHARE if region.opacity is None else region.opacity
    luma = draft.canvas.grey()
    strength = water.sparkle_of(luma, mask) * min(share * draft.gain, 0.9)
    sure = np.ones_like(mask)
    if region.mask.label == "water":
        likely = resize_mask(likelihood(draft.canvas.labels, "water"), mask.shape[::-1])
        sure = smoothstep(*SURE_OF_SPARKLE, likely)
    _add_swing(draft, _where_it_sparkles(strength * sure), cell=0.004)
    _add_ripples(draft, region, luma, mask * sure, strong=amplitude / kind.amplitude)


def _add_ripples(
    draft: Draft,
    region: Region,
    luma: NDArray[np.float32],
    mask: NDArray[np.float32],
    *,
    strong: float,
) -> None:
    """Ripples of a lake or the sea that run on, `strong` times as strongly as usual."""
    kind, waves = ripple.KINDS[region.type], water.KINDS[region.type]
    slower = (region.period_s or waves.dominant_s) / waves.dominant_s
    fine, coarse = (max(1, round(draft.course.period_s / (p * slower))) for p in kind.periods_s)
    if draft.ripple is None:  # all waters of a photo take their turns together
        draft.ripple_cycles = max(fine, coarse + 1), coarse
    edge_px = waves.edge * min(mask.shape)
    inside = smoothstep(0, edge_px, distance_inside(mask) - 1)
    runs = ripple.where_they_run(luma, mask * inside)
    found = ripple.ripple_waves(
        luma,
        runs * np.float32(min(kind.share * strong, MOST_RIPPLES)),
        way_deg=water.way_deg(draft.plan.wind),
        rng=draft.rng,
    )
    draft.ripple = found if draft.ripple is None else draft.ripple + found


def add_glitter(draft: Draft, region: Region, mask: NDArray[np.float32]) -> None:
    """Highlights that sparkle, anywhere; or a light that flickers as a whole."""
    share = (
        (0.5 if region.type == "glitter" else 0.12) if region.opacity is None else region.opacity
    )
    if region.type == "glitter":
        strength = water.sparkle_of(draft.canvas.grey(), mask)
        if float((strength > FAINT).sum()) < FEWEST_GLINTS * float((mask > 0.5).sum()):
            draft.warnings.append(
                f"{region.id}: hardly anything there is much brighter than its surroundings, so "
                "hardly anything sparkles; light as a whole flickers with the type light"
            )
        _add_swing(draft, strength * min(share * draft.gain, 0.9), cell=0.006)
    else:
        soft = smoothstep(0, 0.04 * min(mask.shape), distance_inside(mask) - 1)
        _add_swing(draft, soft * min(share * draft.gain, 0.6), cell=None)


def add_float(draft: Draft, region: Region, mask: NDArray[np.float32]) -> None:
    """A boat that heaves and rolls about its foot, the water around it giving way."""
    field_mask = draft.canvas.to_field(mask)
    if not (field_mask > 0.5).any():
        return
    short = min(field_mask.shape)
    rows, columns = np.nonzero(field_mask > 0.5)
    center_x, foot_y = float(columns.mean()), float(rows.max())
    y, x = np.mgrid[0 : field_mask.shape[0], 0 : field_mask.shape[1]]
    heave = (HEAVE_PCT if region.amplitude_pct is None else region.amplitude_pct) / 100 * draft.gain
    roll = np.radians(ROLL_DEG) * draft.gain
    rolling = np.stack([(y - foot_y) / short, -(x - center_x) / short], -1) * roll
    reach = cv2.dilate(field_mask, disc(round(0.03 * short)))
    soft = smoothstep(0, 0.03 * short, distance_inside(reach) - 1)
    frequency = draft.course.frequencies_hz
    slow = np.exp(-0.5 * (np.log(frequency / 0.35) / 0.5) ** 2)
    modes = np.zeros_like(draft.modes)
    for j, share in enumerate(slow / max(float(np.sqrt((slow**2).sum())), 1e-9)):
        turns = np.exp(1j * draft.rng.uniform(0, 2 * np.pi, 2)) * share
        modes[j, ..., 1] += turns[0] * heave * soft
        modes[j] += (turns[1] * rolling * soft[..., None]).astype(np.complex64)
    free = ~is_moving(draft.modes) | (field_mask > 0.5)
    kept = draft.modes * ~(field_mask > 0.5)[None, :, :, None]
    draft.modes = limit_stretch(kept + modes * free[None, :, :, None], draft.course)


def _where_it_sparkles(strength: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sparkle, but none away from clear highlights: dull water gets through without."""
    side = 2 * round(0.015 * min(strength.shape)) + 1
    around = cv2.blur(cv2.dilate(strength, np.ones((side, side), np.uint8)), (side, side))
    return np.asarray(strength * smoothstep(*SPARKLING, around), np.float32)


def _add_swing(draft: Draft, strength: NDArray[np.float32], *, cell: float | None) -> None:
    """Sparkle of this strength, where there is none yet; without a cell all flickers as one."""
    period_s = draft.course.period_s
    slow = max(1, round(GLINT_HZ[0] * period_s))
    draft.glint_cycles = (slow, max(slow + 1, round(GLINT_HZ[1] * period_s)))
    strength = np.clip(strength - FAINT, 0, None)  # only what is seen to sparkle is drawn
    strength = np.where(draft.glitter > 0, 0, strength).astype(np.float32)
    draft.glitter += strength
    swing = water.swing_of(draft.canvas.field_wh, draft.rng, cell=cell)
    near = cv2.resize(strength, draft.canvas.field_wh, interpolation=cv2.INTER_AREA) > 0
    own = cv2.dilate(near.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    draft.swing += np.where((own & ~draft.swing.any(-1))[..., None], swing, 0)
