"""Things held whole of which a part is known."""

import cv2
import numpy as np

from parallax.depth_map import DepthMap
from parallax.motion.body import find_flying
from parallax.motion.canvas import make_canvas
from parallax.photo import Photo
from tests.motion.pictures import labels_of

SIZE_WH = (192, 128)
SKY = {"sky": slice(0, SIZE_WH[1])}


def ellipse(*radii_px, middle_px=(96, 64)):
    mask = np.zeros(SIZE_WH[::-1], np.uint8)
    return cv2.ellipse(mask, middle_px, radii_px, 0, 0, 360, 1, -1) > 0


def flying_in(bird, known, *, inv_depth=0.5):
    """What is found to fly, where a brown bird is known to be no sky in a part of it only."""
    noise = np.random.default_rng(0).normal(0, 3, (*SIZE_WH[::-1], 3))
    srgb8 = np.where(bird[..., None], (90, 60, 40), (120, 160, 230)) + noise
    # As soft as a network's: half-way along the wings it is half the bird's
    depth = cv2.GaussianBlur(np.where(known, inv_depth, 0.05).astype(np.float32), None, 10)
    photo = Photo(np.clip(srgb8, 0, 255).astype(np.uint8))
    canvas = make_canvas(photo, DepthMap(depth), labels_of(SKY, SIZE_WH), film_long_side_px=192)
    return find_flying(canvas, ~known)


def test_a_bird_is_held_with_most_of_the_wings_that_are_labelled_as_sky():
    bird, known = ellipse(40, 12), ellipse(20, 12)
    found = flying_in(bird, known)
    assert known.sum() < 0.51 * bird.sum()
    assert (found & bird).sum() > 0.75 * bird.sum()
    far_from_it = ~ellipse(50, 22)
    assert not (found & far_from_it).any()


def test_a_cloud_is_as_far_as_the_sky_and_flies_with_it():
    cloud = ellipse(40, 12)
    assert not flying_in(cloud, ellipse(14, 12), inv_depth=0.05).any()


def test_what_stands_at_the_border_does_not_fly():
    tower = ellipse(12, 40, middle_px=(96, 110))
    assert not flying_in(tower, tower).any()
