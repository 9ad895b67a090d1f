"""Small things that stand out of a sky are held, and small clouds drift."""

import cv2
import numpy as np
import pytest

from parallax.motion.canvas import make_canvas
from parallax.motion.mark import find_marks
from parallax.motion_plan import MaskSpec, Region
from parallax.photo import Photo
from tests.motion.pictures import ground_depth, labels_of

SIZE_WH = (192, 128)


@pytest.mark.parametrize(("blur_px", "is_mark"), [(0.4, True), (2.2, False)])
def test_a_letter_is_a_mark_and_a_small_cloud_is_none(blur_px, is_mark):
    grey = np.full(SIZE_WH[::-1], 90, np.float32)
    cv2.circle(grey, (90, 40), 6, 250, -1)
    srgb8 = cv2.GaussianBlur(grey, (0, 0), blur_px)[..., None].repeat(3, 2).astype(np.uint8)
    labels = labels_of({"sky": slice(0, 128)}, SIZE_WH)
    canvas = make_canvas(Photo(srgb8), ground_depth(SIZE_WH), labels, film_long_side_px=192)
    sky = Region("sky", "sky.drift", MaskSpec(label="sky"))
    assert bool(find_marks(canvas, [sky])) == is_mark


def test_a_pale_sign_beside_a_letter_is_held_with_it():
    grey = np.full(SIZE_WH[::-1], 90, np.uint8)
    grey[36:44, 78:98] = 250
    cv2.circle(grey, (103, 40), 4, 120, -1)  # too pale to be seen by itself
    labels = labels_of({"sky": slice(0, 128)}, SIZE_WH)
    photo = Photo(grey[..., None].repeat(3, 2))
    canvas = make_canvas(photo, ground_depth(SIZE_WH), labels, film_long_side_px=192)
    (mark,) = find_marks(canvas, [Region("sky", "sky.drift", MaskSpec(label="sky"))])
    u, v = np.array(mark.polygons[0]).T
    assert u.min() * 192 < 78 and u.max() * 192 >= 107  # both of them
    assert v.min() * 128 < 36 and v.max() * 128 >= 44
