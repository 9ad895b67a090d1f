"""Things held whole of which a part is known: animals, people, boats, piers.

The network learnt "person" from people and from what stands before a background, so of an animal
in the grass it knows a part; of a pier, what is nearer than the water beside it. The rest is what
has that part's colours and depth and hangs together with it: GrabCut (Rother, Kolmogorov, Blake
2004) on lightness, hue and inverse depth.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.canvas import Canvas
from parallax.motion.judge import likely
from parallax.motion.mask import resize_mask

LONG_SIDE_PX = 200  # 0.05 to 0.2 s; larger takes the square of it and finds the same
ROUNDS = 3
LEAST_SEED = 0.002  # of the photo
LEAST_THING = 0.006  # of the photo: smaller things in the water are found whole
REACH = 2.4  # of the square root of what is known: so far the rest may go
MOST_BODY = 0.5  # of the photo: if it grows to more, leaves were taken for a part of a flower
FARTHER = 0.72  # of the inverse depth of what is known: the rest is no farther
POSSIBLE = 0.1  # probability of a person; of a bear or a surfer in the sea, whose own is 0.01
MOST_GROWTH = 2.0  # of the area of a thing: if it grows more, it is the water that was taken
MOST_GROWTH_IN_SKY = 4.0  # a sky is less like what flies in it, and its label hides more of that
FEATHERS = 0.015  # of the long side: finer than what is cut out
NEARER_THAN_SKY = 1.5  # times its inverse depth: what flies; a cloud is as far as the sky
Mask = NDArray[np.bool_]


def find_bodies(small: Canvas) -> Mask:
    """(H, W) of the small photo: whole bodies of which a part is labelled as a person.

    Who stands in water is called water by the label, but not as surely as water is.
    """
    person = small.labels.resized(small.photo.size_wh).mask("person")
    known = (person > 0.5) | ((person > POSSIBLE) & (likely(small, "water") > 0.5))
    whole = _whole_of(small, known, person > POSSIBLE)
    return whole if whole.mean() < MOST_BODY else known


def find_flying(small: Canvas, sky: Mask) -> Mask:
    """(H, W): birds, balloons and what else the sky is all around of, with the rest of them.

    Of wings before the sky the network guesses the depth no better than the label.
    """
    inv_depth = small.depth.resized(small.photo.size_wh).inv_depth
    far_inv = float(np.median(inv_depth[sky])) if sky.any() else np.inf
    flying = np.zeros_like(sky)
    for known in _large_parts(~sky):
        in_the_middle = not (known[[0, -1]].any() or known[:, [0, -1]].any())
        if in_the_middle and float(np.median(inv_depth[known])) > NEARER_THAN_SKY * far_inv:
            flying |= _whole_of(small, known, known, farther=0, growth=MOST_GROWTH_IN_SKY)
    feathers = np.ones((2 * round(FEATHERS * max(sky.shape)) + 1,) * 2, np.uint8)
    return np.asarray(cv2.dilate(flying.astype(np.uint8), feathers) > 0)


def complete_things(small: Canvas, things: Mask) -> Mask:
    """(H, W): things that stand in water, the large ones with the rest of them."""
    complete = things.copy()
    for known in _large_parts(things):
        complete |= _whole_of(small, known, known, growth=MOST_GROWTH)
    return complete


def _large_parts(mask: Mask) -> list[Mask]:
    """Each connected part of a mask that is not too small to be cut out."""
    count, part, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    least = LEAST_THING * mask.size
    return [part == i for i in range(1, count) if stats[i, cv2.CC_STAT_AREA] >= least]


def _whole_of(
    small: Canvas, known: Mask, possible: Mask, *, farther: float = FARTHER, growth: float = np.inf
) -> Mask:
    """(H, W): what is known and the rest of it, if that is less than `growth` times as large."""
    scale = min(1.0, LONG_SIDE_PX / max(small.photo.size_wh))
    width, height = (max(8, round(n * scale)) for n in small.photo.size_wh)
    seed, perhaps = (
        resize_mask(mask.astype(np.float32), (width, height)) > 0.5 for mask in (known, possible)
    )
    if seed.mean() < LEAST_SEED:
        return known
    inv_depth = small.depth.resized((width, height)).inv_depth
    distance = cv2.distanceTransform((~seed).astype(np.uint8), cv2.DIST_L2, 5)
    too_far = distance > REACH * np.sqrt(float(seed.sum()))
    too_far |= inv_depth < farther * float(np.percentile(inv_depth[seed], 10))

    state = np.full(seed.shape, cv2.GC_PR_BGD, np.uint8)
    state[perhaps] = cv2.GC_PR_FGD
    state[too_far] = cv2.GC_BGD
    state[seed] = cv2.GC_FGD
    if not np.isin(state, (cv2.GC_BGD, cv2.GC_PR_BGD)).any():
        return known
    features = _features(small.photo.resized((width, height)).srgb8, inv_depth)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # it clusters colours by chance
    cv2.grabCut(features, state, None, *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    body = np.isin(state, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    body = cv2.morphologyEx(body, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) | seed
    _, part = cv2.connectedComponents(body)
    whole = np.isin(part, np.unique(part[seed])).astype(np.float32)
    found = (resize_mask(whole, small.photo.size_wh) > 0.5) | known
    return np.asarray(found if found.sum() < growth * known.sum() else known)


def _features(srgb8: NDArray[np.uint8], inv_depth: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(H, W, 3): lightness, counted half, green to red, and ln(inverse depth)."""
    lab = cv2.cvtColor(srgb8, cv2.COLOR_RGB2LAB)
    log_depth = np.log(np.maximum(inv_depth, 0.03))
    level = (log_depth - log_depth.min()) / max(float(np.ptp(log_depth)), 1e-6) * 255
    return np.dstack([lab[..., 0] // 2, lab[..., 1], np.rint(level).astype(np.uint8)])
