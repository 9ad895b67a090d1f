"""What stands out in a photo, and what of it a film is about."""

import numpy as np
import pytest

from parallax.depth_map import DepthMap
from parallax.moves import Glance, weigh_content
from parallax.moves.saliency import measure_saliency
from parallax.moves.subject import find_subject, weigh_focus

WH = (192, 128)


def plain(value=120):
    return np.full((WH[1], WH[0], 3), value, np.uint8)


def disc(u, v, radius=12):
    rows, columns = np.indices(WH[::-1]) + 0.5
    return np.hypot(columns - u * WH[0], rows - v * WH[1]) < radius


def middle_of(weight):
    rows, columns = np.indices(weight.shape) + 0.5
    total = weight.sum()
    height, width = weight.shape
    return (columns * weight).sum() / total / width, (rows * weight).sum() / total / height


def test_what_differs_from_the_borders_stands_out():
    srgb8 = plain()
    srgb8[disc(0.7, 0.4)] = (200, 40, 30)
    saliency = measure_saliency(srgb8)
    assert saliency.shape == WH[::-1] and saliency.dtype == np.float32
    assert disc(0.7, 0.4)[np.unravel_index(saliency.argmax(), saliency.shape)]
    assert saliency.max() <= 1 and saliency[:10, :10].max() < 0.1


def test_a_thing_that_touches_one_border_stands_out_all_the_same():
    srgb8 = plain()
    srgb8[40:, 80:112] = (20, 60, 200)
    saliency = measure_saliency(srgb8)
    assert saliency[80:, 90:102].mean() > 3 * saliency[:, :40].mean()


@pytest.mark.parametrize("value", [0, 120, 255])
def test_a_picture_of_one_colour_has_no_faults(value):
    glance = Glance.of(DepthMap(np.full(WH[::-1], 0.5, np.float32)), None, plain(value))
    assert glance.saliency is not None and np.isfinite(glance.saliency).all()
    assert middle_of(weigh_content(glance)) == pytest.approx((0.5, 0.5), abs=0.01)


def test_colour_finds_a_subject_that_depth_does_not_know():
    srgb8 = plain()
    srgb8[disc(0.3, 0.5)] = (240, 220, 40)
    flat = DepthMap(np.full(WH[::-1], 0.5, np.float32))
    glance = Glance.of(flat, None, srgb8)
    assert middle_of(find_subject(glance)) == pytest.approx((0.3, 0.5), abs=0.03)
    assert middle_of(weigh_content(glance)) == pytest.approx((0.3, 0.5), abs=0.03)
    # A camera cannot go round what does not stand out in depth
    assert middle_of(weigh_focus(glance, "auto")) == pytest.approx((0.5, 0.5), abs=0.01)
    assert middle_of(weigh_focus(glance, "subject")) == pytest.approx((0.3, 0.5), abs=0.03)


def test_photos_of_any_size_are_glanced_at_alike():
    srgb8 = plain()
    srgb8[disc(0.3, 0.5)] = (240, 220, 40)
    large = np.repeat(np.repeat(srgb8, 5, 0), 5, 1)
    depth = DepthMap(np.full((640, 960), 0.5, np.float32))
    small, again = (Glance.of(depth, None, picture) for picture in (srgb8, large))
    assert small.inv_depth.shape == again.inv_depth.shape == (128, 192)
    assert small.saliency is not None and again.saliency is not None
    assert np.abs(small.saliency - again.saliency).max() < 0.02


def test_a_point_is_all_that_matters_where_one_is_given():
    glance = Glance.of(DepthMap(np.full(WH[::-1], 0.5, np.float32)))
    assert middle_of(weigh_content(glance, (0.8, 0.2))) == pytest.approx((0.8, 0.2), abs=0.01)
