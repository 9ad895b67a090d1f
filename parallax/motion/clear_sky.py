"""The sky without what stands before it: branches, masts, sails, snow on mountains.

Where a label is less sure of the sky than elsewhere in the photo, the photo decides: what stands
before the sky has not the colours of the sure sky around it, hangs together with the land, and ends
in an edge. Clouds have these colours, or fade into the sky.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LabelMap
from parallax.motion.mask import disc
from parallax.photo import Photo

USUAL_PERCENTILE = 60  # of the sky's probability: how sure this network is of this sky
SURE = 0.93  # of the usual probability: what gives the colours of the sky
UNSURE, SUREST = 0.55, 0.95  # of it: between these, a colour has to be ever more unlike the sky's
NO_SKY = 0.5  # of it: less is none, whatever its colour
UNLIKE_SPREADS, UNLIKE_LAB = (1.2, 3.8), (4.0, 24.0)  # where least and most is needed
MARGIN = 0.006  # of the short side: sky that close to what is none gives no colours
AROUND = 0.05  # of the short side, in which the sky's colours are looked for
WIDER, SHARE = (1, 2, 4, 8, 16), 0.02  # and in so many times that, counting so much less each time
COARSE_PX = 120  # short side of the picture in which they are looked for: they change slowly
LEAST_SPREAD, MOST_SPREADS = 10.0, 3.0  # variance, ab counted twice: noise; and what is no sky
GAP = 0.006  # of the short side: so far apart, what stands hangs together
RIM, ALONG = 0.008, 0.02  # of the short side: across and along an outline
EDGE_LAB = 9.0  # across an outline; clouds fade into the sky by less
Mask = NDArray[np.bool_]
Field = NDArray[np.float32]


def clear_sky(photo: Photo, labels: LabelMap, sky: Field) -> Field:
    """(H, W) of `photo`, 0…1: the sky without what stands before it.

    Args:
        photo: At the size of the mask.
        labels: Of any size.
        sky: (H, W), 0…1, the sky by its label.
    """
    return np.asarray(np.where(standing_before(photo, labels, sky), 0, sky), np.float32)


def standing_before(photo: Photo, labels: LabelMap, sky: Field) -> Mask:
    """(H, W) of `photo`: what a mask of the sky holds that stands before the sky."""
    inside = sky > 0.5
    if not inside.any():
        return inside
    short = min(inside.shape)
    probability = labels.resized(photo.size_wh).mask("sky")
    usual = float(np.percentile(probability[inside], USUAL_PERCENTILE))
    sureness = probability / max(usual, 1e-3)
    lab = cv2.cvtColor(photo.srgb8, cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 1:] *= 2
    unlike = inside & _unlike_sky(lab, inside, sureness)
    joined = _joined_to(~inside, unlike, short)
    found = joined & (_contrast_of_outline(lab, inside & ~joined, short) > EDGE_LAB)
    found = _joined_to(~inside, found, short)
    return np.asarray(cv2.dilate(found.astype(np.uint8), disc(1)) > 0) & inside


def _unlike_sky(lab: Field, inside: Mask, sureness: Field) -> Mask:
    """(H, W): what is too unlike the sure sky around it for how sure the label is."""
    margin = disc(max(1, round(MARGIN * min(inside.shape))))
    sure = cv2.erode((inside & (sureness > SURE)).astype(np.uint8), margin)
    mean, variance = _colours_of_sky(lab, sure)
    square = (lab - mean) ** 2
    needed = np.clip((sureness - UNSURE) / (SUREST - UNSURE), 0, 1)
    near = cv2.transform(square / (variance + LEAST_SPREAD), np.ones((1, 3)))
    unlike = near > np.interp(needed, (0, 1), UNLIKE_SPREADS) ** 2
    unlike &= cv2.transform(square, np.ones((1, 3))) > np.interp(needed, (0, 1), UNLIKE_LAB) ** 2
    return np.asarray(unlike | (sureness < NO_SKY))


def _colours_of_sky(lab: Field, sure: NDArray[np.uint8]) -> tuple[Field, Field]:
    """(H, W, 3) each: mean and variance of the sure sky's colours around each pixel."""
    size = sure.shape[::-1]
    scale = min(1.0, COARSE_PX / min(size))
    coarse_wh = max(8, round(size[0] * scale)), max(8, round(size[1] * scale))
    coarse = cv2.resize(lab, coarse_wh, interpolation=cv2.INTER_AREA)
    weight = cv2.resize(sure.astype(np.float32), coarse_wh, interpolation=cv2.INTER_AREA)
    counted, mean, variance = weight, coarse, coarse
    for _ in range(3):  # without what was found to be unlike it
        mean, variance = _colours_around(coarse, counted)
        spreads = ((coarse - mean) ** 2 / (variance + LEAST_SPREAD)).sum(-1)
        counted = weight * (spreads < MOST_SPREADS**2)
    return cv2.resize(mean, size), cv2.resize(variance, size)


def _colours_around(lab: Field, weight: Field) -> tuple[Field, Field]:
    """(h, w, 3) each: weighted mean and variance of colours; where none are near, of farther."""
    weighted = lab * weight[..., None]
    total, first, second = np.zeros_like(weight), np.zeros_like(lab), np.zeros_like(lab)
    for step, wider in enumerate(WIDER):
        sigma = wider * AROUND * min(weight.shape)
        for sums, plane in ((total, weight), (first, weighted), (second, weighted * lab)):
            sums += SHARE**step * cv2.GaussianBlur(plane, (0, 0), sigma)
    share = 1 / np.maximum(total, 1e-12)[..., None]
    mean = first * share
    return mean, np.maximum(second * share - mean * mean, 0)


def _joined_to(land: Mask, found: Mask, short: int) -> Mask:
    """(H, W): what was found and hangs together with the land, small gaps not counted."""
    gap = disc(max(1, round(GAP * short)))
    closed = cv2.morphologyEx((found | land).astype(np.uint8), cv2.MORPH_CLOSE, gap)
    count, part = cv2.connectedComponents(closed)
    joined = np.bincount(part[land], minlength=count) > 0
    joined[0] = False
    return np.asarray(found & joined[part])


def _contrast_of_outline(lab: Field, sky: Mask, short: int) -> Field:
    """(H, W): how far the colours of both sides are apart at the nearest edge of the sky."""
    none = ~sky
    rim = sky & (cv2.dilate(none.astype(np.uint8), disc(1)) > 0)
    if not rim.any():
        return np.zeros(sky.shape, np.float32)
    side = 2 * max(1, round(RIM * short)) + 1
    means = []
    for half in (sky, none):
        weight = half.astype(np.float32)
        share = 1 / np.maximum(cv2.blur(weight, (side, side)), 1e-3)
        means.append(cv2.blur(lab * weight[..., None], (side, side)) * share[..., None])
    contrast = np.minimum(np.linalg.norm(means[0] - means[1], axis=-1), 40) * rim
    weight = cv2.GaussianBlur(rim.astype(np.float32), (0, 0), ALONG * short)
    along = cv2.GaussianBlur(contrast, (0, 0), ALONG * short) / np.maximum(weight, 1e-5)
    _, nearest = cv2.distanceTransformWithLabels(
        (~rim).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    value = np.zeros(int(nearest.max()) + 1, np.float32)
    value[nearest[rim]] = along[rim]
    return np.asarray(value[nearest], np.float32)
