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
Mask = NDArray[np.bool_]


def find_bodies(small: Canvas) -> Mask:
    """(H, W) of the small photo: whole bodies of which a part is labelled as a person.

    Who stands in water is called water by the label, but not as surely as water is.
    """
    person = small.labels.resized(small.photo.size_wh).mask("person")
    known = (person > 0.5) | ((person > POSSIBLE) & (likely(small, "water") > 0.5))
    whole = _whole_of(small, known, person > POSSIBLE)
    return whole if whole.mean() < MOST_BODY else known


def complete_things(small: Canvas, things: Mask) -> Mask:
    """(H, W): things that stand in water, the large ones with the rest of them."""
    count, part, stats, _ = cv2.connectedComponentsWithStats(things.astype(np.uint8))
    complete = things.copy()
    for index in range(1, count):
        if stats[index, cv2.CC_STAT_AREA] < LEAST_THING * things.size:
            continue
        known = part == index
        whole = _whole_of(small, known, known)
        if whole.sum() < MOST_GROWTH * known.sum():
            complete |= whole
    return complete


def _whole_of(small: Canvas, known: Mask, possible: Mask) -> Mask:
    """(H, W): what is known and the rest of it."""
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
    too_far |= inv_depth < FARTHER * float(np.percentile(inv_depth[seed], 10))

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
    return np.asarray((resize_mask(whole, small.photo.size_wh) > 0.5) | known)


def _features(srgb8: NDArray[np.uint8], inv_depth: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(H, W, 3): lightness, counted half, green to red, and ln(inverse depth)."""
    lab = cv2.cvtColor(srgb8, cv2.COLOR_RGB2LAB)
    log_depth = np.log(np.maximum(inv_depth, 0.03))
    level = (log_depth - log_depth.min()) / max(float(np.ptp(log_depth)), 1e-6) * 255
    return np.dstack([lab[..., 0] // 2, lab[..., 1], np.rint(level).astype(np.uint8)])
