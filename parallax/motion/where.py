"""Where the regions of a plan are, each without what others have and what stands in it."""

import cv2
import numpy as np

from parallax.motion.canvas import Canvas
from parallax.motion.mask import Mask, disc, mask_from_spec
from parallax.motion.stranger import TRUST, without_strangers
from parallax.motion_plan import MotionPlan

FROZEN_MARGIN = 0.006  # of the short side: nothing moves that close to what is frozen
# Of strangers; fog passes before what stands in it, and a fall has its own rocks
CLEARED = ("sky.drift", "sky.veil", "water.calm", "water.sea", "water.flow")


def masks_of(plan: MotionPlan, canvas: Canvas) -> tuple[list[Mask], Mask]:
    """Where each region of a plan is in its photo, and where nothing may move.

    Args:
        plan: What moves.
        canvas: The photo.

    Returns:
        One a region, (H, W), 0…1: without what only looks like it to the labels, what is frozen,
        and what an earlier region has taken; and (H, W), 1 where something is frozen.

    Raises:
        MotionError: A mask of the plan cannot be used.
    """
    frozen = _frozen(plan, canvas)
    masks = []
    left = 1 - frozen
    for index, region in enumerate(plan.regions):
        mask = mask_from_spec(
            region.mask, canvas.photo, canvas.depth, canvas.labels, where=f"regions[{index}].mask"
        )
        label = region.mask.label
        if region.enabled and region.type in CLEARED and label in TRUST:
            mask = without_strangers(canvas.photo, canvas.labels, mask, label)
        mask = np.minimum(mask, left)
        masks.append(mask)
        lies_over = region.type in ("glitter", "light", "fog")  # these change light, not places
        if region.enabled and not lies_over:
            left = np.minimum(left, 1 - mask)
    return masks, frozen


def _frozen(plan: MotionPlan, canvas: Canvas) -> Mask:
    """(H, W): 1 where nothing may move."""
    frozen = np.zeros(canvas.photo.srgb8.shape[:2], np.float32)
    specs = [(spec, f"freeze[{i}]") for i, spec in enumerate(plan.freeze)]
    specs += [
        (region.mask, f"regions[{i}].mask")
        for i, region in enumerate(plan.regions)
        if region.type == "freeze" and region.enabled
    ]
    for spec, where in specs:
        mask = mask_from_spec(spec, canvas.photo, canvas.depth, canvas.labels, where=where)
        frozen = np.maximum(frozen, mask)
    margin = disc(round(FROZEN_MARGIN * min(frozen.shape)))
    return np.asarray(cv2.dilate((frozen > 0.35).astype(np.float32), margin), np.float32)
