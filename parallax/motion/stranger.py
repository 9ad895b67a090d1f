"""Strangers in a label's mask: branches, masts and snow in a sky, planks, posts and banks in water.

Where a label is less sure than elsewhere in the photo, the photo decides: what stands before the
sky or in the water has not the colours that are surely sky or water around it, hangs together with
the land, and ends in an edge. Clouds have these colours, or fade into the sky.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import Label, LabelMap
from parallax.motion.mask import disc, likelihood, resize_mask
from parallax.nearest import nearest_of
from parallax.photo import Photo

SURE = 0.93  # of the usual probability: what gives the label's colours
UNSURE, SUREST = 0.55, 0.95  # of it: between these, a colour has to be ever more unlike them
NEVER = 0.5  # of it: less is a stranger, whatever its colour
UNLIKE_SPREADS, UNLIKE_LAB = (1.2, 3.8), (4.0, 24.0)  # where least and most is needed
MARGIN = 0.006  # of the short side: so close to what is something else, nothing gives colours
AROUND = 0.05  # of the short side, in which the label's colours are looked for
WIDER, SHARE = (1, 2, 4, 8, 16), 0.02  # and in so many times that, counting so much less each time
COARSE_PX = 120  # short side of the picture in which they are looked for: they change slowly
LEAST_SPREAD, MOST_SPREADS = 10.0, 3.0  # variance, ab counted twice: noise; and what is a stranger
ALIKE, LEAST_UNLIKE, MOST_SURE = 2.0, 1.5, 0.97  # of what has the colours of a stranger
WARMER, WARM = 4.0, 14.0  # in b, counted twice, than water: no mirror image; wood and sand
EVEN, MOST_WARM = 0.58, 0.94  # likelihood up to which a mirror image, and wood, is no water
TWIG, MOST_THICK = 0.012, 0.2  # of the short side; share of a twig that may be thicker
DARK = 90  # lightness, of 255: of a good share of a twig, and of no cloud by day
GAP = 0.006  # of the short side: so far apart, strangers hang together
BESIDE = 0.05  # of the short side: so much of what is beside a mask is looked at
RIM, ALONG = 0.008, 0.02  # of the short side: across and along an outline
Mask = NDArray[np.bool_]
Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a label is trusted against the photo's colours.

    Attributes:
        percentile: Of the label's probability in its mask, that is the usual one of this photo.
        least_usual: Of that; a label that is nowhere surer gives no colours.
        edge_lab: Across an outline, ab counted twice; what fades by less is no stranger.
        most_likely: Likelihood of the label, up to which there may be strangers at all.
        has_own_colours: Whether what has a stranger's colours belongs to it. Water mirrors them.
    """

    percentile: float
    least_usual: float
    edge_lab: float
    most_likely: float
    has_own_colours: bool


# Most of a mask of the sky may be snow, if the photo is cropped, or cloud that the network is
# unsure of; and nearly all of a lake planks and shallows. Mirror images are most often five times
# as likely to be water as anything else
TRUST: dict[Label, Trust] = {
    "sky": Trust(85, 0.0, 9.0, 1.0, True),
    "water": Trust(95, 0.8, 7.0, 0.84, False),
}


def without_strangers(photo: Photo, labels: LabelMap, mask: Field, label: Label) -> Field:
    """(H, W) of `photo`, 0…1: a label's mask without what it holds that is something else.

    Args:
        photo: At the size of the mask.
        labels: Of any size.
        mask: (H, W), 0…1, where the label is likely.
        label: One of `TRUST`.
    """
    strangers = find_strangers(photo, labels, mask, label)
    return np.asarray(np.where(strangers, 0, mask), np.float32)


def find_strangers(photo: Photo, labels: LabelMap, mask: Field, label: Label) -> Mask:
    """(H, W) of `photo`: what a label's mask holds that is something else."""
    strangers = np.zeros(mask.shape, np.bool_)
    if not (mask > 0.5).any():
        return strangers
    trust, short = TRUST[label], min(mask.shape)
    probability = labels.resized(photo.size_wh).mask(label)
    usual = float(np.percentile(probability[mask > 0.5], trust.percentile))
    if usual < trust.least_usual:
        return strangers
    likely = resize_mask(likelihood(labels, label), photo.size_wh)
    box = _box_around(mask > 0.5, _px(BESIDE, short))
    inside, sureness = mask[box] > 0.5, probability[box] / np.float32(max(usual, 1e-3))
    lab = cv2.cvtColor(photo.srgb8[box], cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 1:] *= 2

    sure = cv2.erode((inside & (sureness > SURE)).astype(np.uint8), disc(_px(MARGIN, short)))
    colours = _sure_colours(lab, sure, short)
    own = _apart(lab, colours)
    unlike = inside & _unlike(own, sureness)
    if trust.has_own_colours:
        unlike &= likely[box] <= trust.most_likely
    else:
        unlike &= likely[box] <= _most_likely(lab - colours[0], trust)
    found = _with_an_edge(lab, inside, unlike, trust, short)
    if trust.has_own_colours and found.any():  # what else has them
        theirs = _apart(lab, _sure_colours(lab, found.astype(np.uint8), short))
        alike = (own[0] > theirs[0] * ALIKE**2) & (own[0] > LEAST_UNLIKE**2)
        found |= inside & alike & (sureness < MOST_SURE)
        found = _with_an_edge(lab, inside, found, trust, short)
    strangers[box] = (cv2.dilate(found.astype(np.uint8), disc(1)) > 0) & inside
    return strangers


def _most_likely(apart: Field, trust: Trust) -> Field:
    """(H, W): up to which likelihood a colour so far from the water's may be no water's.

    Mirror images are darker than the rest and no warmer; wood, sand and rock are most often warmer.
    """
    most = np.full(apart.shape[:2], trust.most_likely, np.float32)
    most[apart[..., 2] > WARM] = MOST_WARM
    most[(apart[..., 0] < 0) & (apart[..., 2] < WARMER)] = EVEN
    return most


def _box_around(mask: Mask, margin_px: int) -> tuple[slice, slice]:
    """The rows and columns of a mask and some beside it."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return (
        slice(max(0, int(rows[0]) - margin_px), int(rows[-1]) + margin_px + 1),
        slice(max(0, int(columns[0]) - margin_px), int(columns[-1]) + margin_px + 1),
    )


def _px(share: float, short: int) -> int:
    """A share of the short side in pixels, at least one."""
    return max(1, round(share * short))


def _with_an_edge(lab: Field, inside: Mask, found: Mask, trust: Trust, short: int) -> Mask:
    """(H, W): what was found, hangs together with the land and ends in an edge."""
    land = ~inside | _hanging(found, lab[..., 0] < DARK, short)
    joined = _joined_to(land, found, short)
    clear = joined & (_contrast_of_outline(lab, inside & ~joined, short) > trust.edge_lab)
    return _joined_to(land, clear, short)


def _hanging(found: Mask, dark: Mask, short: int) -> Mask:
    """(H, W): the dark thin parts of what was found that reach in from the picture's border.

    Twigs of a tree beside the photo do; clouds that it cuts off are no thinner than others.
    """
    own = found.astype(np.uint8)
    thick = cv2.morphologyEx(own, cv2.MORPH_OPEN, disc(_px(TWIG, short))) > 0
    count, part = cv2.connectedComponents(own)
    area, thick_area, dark_area = (
        np.bincount(part[mask], minlength=count) for mask in (found, thick, found & dark)
    )
    hangs = np.zeros(count, np.bool_)
    hangs[np.concatenate([part[0], part[:, 0], part[:, -1]])] = True
    hangs &= (thick_area < MOST_THICK * area) & (area > 2 * _px(TWIG, short) ** 2)
    hangs &= dark_area > MOST_THICK * area
    hangs[0] = False
    return np.asarray(hangs[part])


def _apart(lab: Field, colours: tuple[Field, Field]) -> tuple[Field, Field]:
    """(H, W) each: square distance from colours, in their spreads and as it is."""
    mean, variance = colours
    square = (lab - mean) ** 2
    total = np.ones((1, 3))
    spreads = cv2.transform(square / (variance + np.float32(LEAST_SPREAD)), total)
    return np.asarray(spreads, np.float32), np.asarray(cv2.transform(square, total), np.float32)


def _unlike(own: tuple[Field, Field], sureness: Field) -> Mask:
    """(H, W): what is too far from the label's colours for how sure the label is."""
    needed = np.clip((sureness - UNSURE) / (SUREST - UNSURE), 0, 1)
    unlike = own[0] > np.interp(needed, (0, 1), UNLIKE_SPREADS) ** 2
    unlike &= own[1] > np.interp(needed, (0, 1), UNLIKE_LAB) ** 2
    return np.asarray(unlike | (sureness < NEVER))


def _sure_colours(lab: Field, sure: NDArray[np.uint8], short: int) -> tuple[Field, Field]:
    """(H, W, 3) each: mean and variance of the colours that are sure around each pixel."""
    size = sure.shape[::-1]
    scale = min(1.0, COARSE_PX / short)
    coarse_wh = max(8, round(size[0] * scale)), max(8, round(size[1] * scale))
    coarse = cv2.resize(lab, coarse_wh, interpolation=cv2.INTER_AREA)
    weight = cv2.resize(sure.astype(np.float32), coarse_wh, interpolation=cv2.INTER_AREA)
    counted, mean, variance = weight, coarse, coarse
    for _ in range(3):  # without what was found to be unlike it
        mean, variance = _colours_around(coarse, counted, AROUND * scale * short)
        spreads = ((coarse - mean) ** 2 / (variance + LEAST_SPREAD)).sum(-1)
        counted = weight * (spreads < MOST_SPREADS**2)
    return cv2.resize(mean, size), cv2.resize(variance, size)


def _colours_around(lab: Field, weight: Field, around_px: float) -> tuple[Field, Field]:
    """(h, w, 3) each: weighted mean and variance of colours; where none are near, of farther."""
    weighted = lab * weight[..., None]
    total, first, second = np.zeros_like(weight), np.zeros_like(lab), np.zeros_like(lab)
    for step, wider in enumerate(WIDER):
        sigma = wider * around_px
        for sums, plane in ((total, weight), (first, weighted), (second, weighted * lab)):
            sums += SHARE**step * cv2.GaussianBlur(plane, (0, 0), sigma)
    share = 1 / np.maximum(total, 1e-12)[..., None]
    mean = np.asarray(first * share, np.float32)
    return mean, np.asarray(np.maximum(second * share - mean * mean, 0), np.float32)


def _joined_to(land: Mask, found: Mask, short: int) -> Mask:
    """(H, W): what was found and hangs together with the land, small gaps not counted."""
    gap = disc(_px(GAP, short))
    closed = cv2.morphologyEx((found | land).astype(np.uint8), cv2.MORPH_CLOSE, gap)
    count, part = cv2.connectedComponents(closed)
    joined = np.bincount(part[land], minlength=count) > 0
    joined[0] = False
    return np.asarray(found & joined[part])


def _contrast_of_outline(lab: Field, own: Mask, short: int) -> Field:
    """(H, W): how far the colours of both sides are apart at the nearest edge of the rest."""
    other = ~own
    rim = own & (cv2.dilate(other.astype(np.uint8), disc(1)) > 0)
    if not rim.any():
        return np.zeros(own.shape, np.float32)
    side = 2 * _px(RIM, short) + 1
    means = []
    for half in (own, other):
        weight = half.astype(np.float32)
        share = 1 / np.maximum(cv2.blur(weight, (side, side)), 1e-3)
        means.append(cv2.blur(lab * weight[..., None], (side, side)) * share[..., None])
    contrast = np.minimum(np.linalg.norm(means[0] - means[1], axis=-1), 40) * rim
    weight = cv2.GaussianBlur(rim.astype(np.float32), (0, 0), ALONG * short)
    along = cv2.GaussianBlur(contrast, (0, 0), ALONG * short) / np.maximum(weight, 1e-5)
    _, nearest = nearest_of(rim)
    return np.asarray(along.ravel()[nearest], np.float32)
