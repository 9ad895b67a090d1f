"""Sides of ramps."""

import cv2
import numpy as np

from parallax.layers.sides import Look, choose_side

NEAR, FAR, EDGE_X, RADIUS = 0.8, 0.2, 64, 9
DARK, BRIGHT = 0.2, 1.4
SHAPE = (64, 128)


def ramp():
    """Near on the left of a blurred edge, far on the right."""
    inv_depth = np.full(SHAPE, FAR, np.float32)
    inv_depth[:, :EDGE_X] = NEAR
    return cv2.GaussianBlur(inv_depth, (0, 0), RADIUS / 3)


def landing(share):
    """Stairs from near to far with a landing of ten pixels, so far up."""
    inv_depth = np.full(SHAPE, FAR, np.float32)
    inv_depth[:, :59] = NEAR
    inv_depth[:, 59:69] = FAR + share * (NEAR - FAR)
    return inv_depth


def test_a_spot_that_looks_like_the_far_side_is_no_hole():
    colours = np.full((*SHAPE, 3), DARK, np.float32)
    colours[:, 69:] = colours[28:34, 61:67] = BRIGHT
    near = choose_side(landing(0.6), Look(colours, None), radius=RADIUS, colour_trust=1.5)
    assert near[:, 54:69].all()


def test_a_spot_that_looks_like_the_near_side_is_no_island():
    colours = np.full((*SHAPE, 3), BRIGHT, np.float32)
    colours[:, :59] = colours[28:34, 61:67] = DARK
    near = choose_side(landing(0.4), Look(colours, None), radius=RADIUS, colour_trust=1.5)
    assert not near[:, 62:74].any()


def test_the_sky_ends_where_its_label_says():
    shift_px = 4
    sky = np.zeros(SHAPE, np.float32)
    sky[:, EDGE_X + shift_px :] = 1
    plain = np.full((*SHAPE, 3), BRIGHT, np.float32)
    near = choose_side(ramp(), Look(plain, None, sky), radius=RADIUS, colour_trust=1.5)
    assert np.abs(near[8:-8, EDGE_X - 9 :].sum(1) - 9 - shift_px).max() <= 1
