"""What a photo is about: where a move is centred, and what a crop keeps."""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import Label
from parallax.moves.glance import Glance

Focus = tuple[float, float] | Literal["auto", "subject"]
NEAR_PERCENTILE, FAR_PERCENTILE = 98.0, 2.0  # past single wrong pixels
CENTRAL_SPREAD, OUTERMOST_COUNTS = 0.3, 0.08  # subjects are rarely at the border, but may be
# Where colours tell, depth counts less: a guessed one does not know a bird from its branch
FARTHEST_COUNTS, FARTHEST_SEEN_COUNTS = 0.05, 0.5
PLAIN_COUNTS = 0.02  # or a picture of one colour would be about nothing
PERSON_COUNTS = 3.0  # on top; but labels err, so a person is not the subject whatever else there is
UNLIKELY: tuple[tuple[Label, float], ...] = (("sky", 0.8), ("water", 0.5), ("ground", 0.5))
SMOOTHING_W = 0.02  # of the width
COUNTS, SUBJECT_COUNTS = 0.3, 0.5  # of the highest score: less is not what the photo is about
STANDS_OUT = 0.08  # of the depth's span, nearer than the median: less is a part of the ground
MAX_SUBJECT_AREA = 0.5

Plane = NDArray[np.float32]


def weigh_content(glance: Glance, focus: Focus = "auto") -> Plane:
    """(h, w), 0…1: how much each part of a photo matters to a film that cannot show it all.

    Args:
        glance: At the photo.
        focus: A point there is all that matters where someone gave it.
    """
    if isinstance(focus, tuple):
        return _spot(glance.inv_depth.shape, focus)
    score = _score(glance)
    return np.where(score > COUNTS, score, 0).astype(np.float32)


def weigh_focus(glance: Glance, focus: Focus) -> Plane:
    """(h, w), 0…1: how much each pixel belongs to what a move holds or approaches.

    Args:
        glance: At the photo.
        focus: A point; "subject" is what is found, however vague, and "auto" takes the middle of
            the picture where nothing stands out.
    """
    shape = glance.inv_depth.shape
    if isinstance(focus, tuple):
        return _spot(shape, focus)
    found = find_subject(glance)
    if focus == "auto" and not _stands_out(glance.inv_depth, found):
        return _spot(shape, (0.5, 0.5))
    return found


def find_subject(glance: Glance) -> Plane:
    """(h, w), 0…1: how much each pixel belongs to the subject, one connected part."""
    score = _score(glance)
    return _largest_part(np.where(score > SUBJECT_COUNTS, score, 0).astype(np.float32))


def _score(glance: Glance) -> Plane:
    """(h, w), 0…1: near, near the middle, of a colour of its own; rather a person than ground."""
    inv_depth = glance.inv_depth
    low, high = np.percentile(inv_depth, (20.0, NEAR_PERCENTILE))
    nearness = np.clip((inv_depth - low) / max(float(high - low), 1e-6), 0, 1)
    height, width = inv_depth.shape
    v, u = (np.indices(inv_depth.shape) + 0.5) / np.array([height, width])[:, None, None]
    central = np.exp(-((u - 0.5) ** 2 + (v - 0.5) ** 2) / (2 * CENTRAL_SPREAD**2))
    score = OUTERMOST_COUNTS + central
    if glance.saliency is None:
        score = score * (FARTHEST_COUNTS + nearness)
    else:
        score = score * (FARTHEST_SEEN_COUNTS + nearness) * (PLAIN_COUNTS + glance.saliency) ** 2
    for name, share in UNLIKELY:
        if name in glance.planes:
            score = score * (1 - share * glance.planes[name])
    if "person" in glance.planes:
        score = score * (1 + PERSON_COUNTS * glance.planes["person"])
    smooth = cv2.GaussianBlur(score.astype(np.float32), (0, 0), SMOOTHING_W * width)
    return np.asarray(smooth / max(float(smooth.max()), 1e-9), np.float32)


def _largest_part(weight: Plane) -> Plane:
    """The connected part of a mask that weighs most."""
    _, part = cv2.connectedComponents((weight > 0).astype(np.uint8))
    mass = np.bincount(part.ravel(), weight.ravel().astype(np.float64))
    return np.where(part == int(mass.argmax()), weight, 0).astype(np.float32)


def _stands_out(inv_depth: Plane, weight: Plane) -> bool:
    """Whether a subject is nearer than most of the picture, and not most of it itself."""
    inside = weight > 0.5 * weight.max()
    low, high = np.percentile(inv_depth, (FAR_PERCENTILE, NEAR_PERCENTILE))
    nearer = float(np.median(inv_depth[inside]) - np.median(inv_depth))
    return nearer > STANDS_OUT * float(high - low) and float(inside.mean()) < MAX_SUBJECT_AREA


def _spot(shape: tuple[int, ...], focus_uv: tuple[float, float]) -> Plane:
    """(h, w): a small disc around a point."""
    height, width = shape
    v, u = np.indices(shape) + 0.5
    away = np.hypot(u - focus_uv[0] * width, v - focus_uv[1] * height)
    return np.asarray(np.exp(-((away / (0.03 * width)) ** 2)) + 1e-9, np.float32)
