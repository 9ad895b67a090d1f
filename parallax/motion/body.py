"""Animals and people held whole: labels often see no more of them than the head.

The network learnt "person" from people and from what stands before a background, so of an animal
in the grass it knows a part. The rest is what has that part's colours and depth and hangs together
with it: GrabCut (Rother, Kolmogorov, Blake 2004) on lightness, hue and inverse depth.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.canvas import Canvas

LONG_SIDE_PX = 200  # 0.05 to 0.2 s; larger takes the square of it and finds the same
ROUNDS = 3
LEAST_SEED = 0.002  # of the photo
REACH = 1.2  # of the square root of what is known: so far the rest may go
FARTHER = 0.72  # of the inverse depth of what is known: the rest is no farther
POSSIBLE = 0.15  # probability of a person


def find_bodies(small: Canvas) -> NDArray[np.bool_]:
    """(H, W) of the small photo: whole bodies of which a part is labelled as a person."""
    width, height = small.photo.size_wh
    scale = min(1.0, LONG_SIDE_PX / max(width, height))
    size_wh = (max(8, round(width * scale)), max(8, round(height * scale)))
    person = small.labels.resized(size_wh).mask("person")
    seed = person > 0.5
    if seed.mean() < LEAST_SEED or seed.all():
        return np.zeros((height, width), np.bool_)
    srgb8 = small.photo.resized(size_wh).srgb8
    inv_depth = small.depth.resized(size_wh).inv_depth
    distance = cv2.distanceTransform((~seed).astype(np.uint8), cv2.DIST_L2, 5)
    too_far = distance > REACH * np.sqrt(float(seed.sum()))
    too_far |= inv_depth < FARTHER * float(np.percentile(inv_depth[seed], 10))

    state = np.full(seed.shape, cv2.GC_PR_BGD, np.uint8)
    state[person > POSSIBLE] = cv2.GC_PR_FGD
    state[too_far] = cv2.GC_BGD
    state[seed] = cv2.GC_FGD
    if not np.isin(state, (cv2.GC_BGD, cv2.GC_PR_BGD)).any():
        return np.zeros((height, width), np.bool_)
    cv2.setRNGSeed(0)  # it clusters colours by chance
    cv2.grabCut(
        _features(srgb8, inv_depth), state, None, np.zeros((1, 65)), np.zeros((1, 65)), ROUNDS,
        cv2.GC_INIT_WITH_MASK,
    )  # fmt: skip
    body = np.isin(state, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    body = cv2.morphologyEx(body, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) | seed
    _, part = cv2.connectedComponents(body)
    whole = np.isin(part, np.unique(part[seed])).astype(np.float32)
    return np.asarray(cv2.resize(whole, (width, height)) > 0.5)


def _features(srgb8: NDArray[np.uint8], inv_depth: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(H, W, 3): lightness, counted half, green to red, and ln(inverse depth)."""
    lab = cv2.cvtColor(srgb8, cv2.COLOR_RGB2LAB)
    log_depth = np.log(np.maximum(inv_depth, 0.03))
    level = (log_depth - log_depth.min()) / max(float(np.ptp(log_depth)), 1e-6) * 255
    return np.dstack([lab[..., 0] // 2, lab[..., 1], np.rint(level).astype(np.uint8)])
