"""The border past the photo."""

import numpy as np
import pytest

from parallax.camera import Reach
from parallax.layers.skirt import (
    drop_frame_line,
    extend_mirrored,
    mirrored_indices,
    plan_canvas,
)


def test_the_canvas_is_the_reach_and_the_spare_larger_than_the_photo():
    canvas = plan_canvas((200, 100), Reach(0.1, (0.05, 0.1, 0.0, 0.2)), spare_uv=0.01)
    assert canvas.margin_px == (12, 11, 2, 21)
    assert canvas.size_wh == (214, 132)
    assert canvas.window_uv == pytest.approx((-0.06, -0.11, 1.01, 1.21))


def test_a_huge_reach_is_limited_to_what_a_mirror_can_show():
    canvas = plan_canvas((20, 10), Reach(0.1, (9.0, 9.0, 9.0, 9.0)), spare_uv=0.0)
    assert canvas.margin_px == (19, 9, 19, 9)


def test_the_photo_lies_inside_its_extension_unchanged():
    rng = np.random.default_rng(1)
    photo = rng.integers(0, 256, (10, 20, 3), np.uint8)
    canvas = plan_canvas((20, 10), Reach(0.1, (0.1, 0.2, 0.3, 0.4)), spare_uv=0.0)
    left, top, _, _ = canvas.margin_px
    extended = extend_mirrored(photo, canvas)
    assert extended.shape[1::-1] == canvas.size_wh
    np.testing.assert_array_equal(extended[top : top + 10, left : left + 20], photo)


def test_the_border_is_the_photos_mirror_image():
    photo = np.arange(5, dtype=np.float32)[None].repeat(5, 0)
    canvas = plan_canvas((5, 5), Reach(0.1, (0.4, 0.0, 0.4, 0.0)), spare_uv=0.0)
    np.testing.assert_array_equal(extend_mirrored(photo, canvas)[0], [2, 1, 0, 1, 2, 3, 4, 3, 2])


@pytest.mark.parametrize("turns", range(4))
def test_a_line_along_a_side_is_dropped(turns):
    rng = np.random.default_rng(1)
    photo = rng.integers(196, 204, (30, 40, 3), np.uint8)
    framed = photo.copy()
    np.rot90(framed, turns)[0] = 20
    np.rot90(framed, turns)[1] = 190  # not quite sharp
    cleaned = drop_frame_line(framed)
    np.testing.assert_array_equal(np.rot90(cleaned, turns)[2:], np.rot90(photo, turns)[2:])
    np.testing.assert_array_equal(np.rot90(cleaned, turns)[0], np.rot90(photo, turns)[2])


def test_what_the_photo_shows_at_its_border_stays():
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 256, (30, 40, 3), np.uint8)
    assert drop_frame_line(noise) is noise
    horizon = np.full((30, 40, 3), 200, np.uint8)
    horizon[:5] = 20  # wider than any line
    assert drop_frame_line(horizon) is horizon
    post = np.full((30, 40, 3), 200, np.uint8)
    post[0, :30] = 20  # along a part of the side
    assert drop_frame_line(post) is post
    tiny = np.zeros((3, 40, 3), np.uint8)
    assert drop_frame_line(tiny) is tiny


def test_a_map_is_mirrored_as_the_photo_is():
    canvas = plan_canvas((20, 10), Reach(0.1, (0.1, 0.2, 0.3, 0.4)), spare_uv=0.0)
    rng = np.random.default_rng(2)
    photo = rng.integers(0, 256, (10, 20), np.uint8)
    rows, columns = mirrored_indices(canvas, canvas.size_wh, (20, 10))
    np.testing.assert_array_equal(photo[np.ix_(rows, columns)], extend_mirrored(photo, canvas))


@pytest.mark.parametrize("shrink", [3, 4, 7])
def test_a_small_map_lies_where_the_photo_does(shrink):
    canvas = plan_canvas((840, 420), Reach(0.1, (0.1, 0.1, 0.1, 0.1)), spare_uv=0.0)
    map_wh = (round(canvas.size_wh[0] / shrink), round(canvas.size_wh[1] / shrink))
    rows, columns = mirrored_indices(canvas, map_wh, (840 // shrink, 420 // shrink))
    for index, margin_px in ((rows, 42), (columns, 84)):
        inside = slice(margin_px // shrink + 1, -(margin_px // shrink) - 1)
        middle_px = (np.arange(len(index)) + 0.5)[inside] * shrink - margin_px
        error_px = (index[inside] + 0.5) * shrink - middle_px
        assert np.abs(error_px).max() <= shrink / 2 + 1e-6
