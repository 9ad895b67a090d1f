"""Generated scenes whose pictures can be worked out."""

import numpy as np
import pytest

from benchmarks.suite.card import Card, take_photo, take_view
from benchmarks.suite.scene_set import DOWN, RIGHT, SCENES, generate_scene
from parallax.camera import Intrinsics, Pose, ResolvedCamera

SIZE_WH = (48, 32)
INTRINSICS = Intrinsics.from_fov(SIZE_WH, 45.0)
BLACK, WHITE = (np.full((4, 4, 3), level, np.uint8) for level in (0, 255))


def left_half(x, y):
    return np.asarray(x < 0)


def two_cards(near_su=2.0):
    return (
        Card((0, 0, -4), RIGHT, DOWN, BLACK, 1.0),
        Card((0, 0, -near_su), RIGHT, DOWN, WHITE, 1.0, left_half),
    )


def shifted(right_su):
    return ResolvedCamera(0, Pose.from_rotation((right_su, 0, 0), np.eye(3)), 45.0)


def test_the_photo_shows_the_near_card_before_the_far_one():
    srgb8, inv_depth = take_photo(two_cards(), INTRINSICS)
    assert (srgb8[:, :24] == 255).all() and (srgb8[:, 24:] == 0).all()
    assert np.allclose(inv_depth[:, :24], 0.5) and np.allclose(inv_depth[:, 24:], 0.25)


def test_an_edge_moves_by_focal_length_times_shift_times_inverse_depth():
    edge_px = 3.0
    right_su = edge_px / (INTRINSICS.focal_px * 0.5)
    _, inv_depth = take_photo(two_cards(), INTRINSICS)
    view = take_view(two_cards(), shifted(right_su), inv_depth, INTRINSICS)
    assert (view.srgb8[:, :21] == 255).all() and (view.srgb8[:, 21:] == 0).all()


def test_a_hole_is_what_the_near_card_hid():
    # The near edge moves 12 px to the left and the wall behind it 6: 6 px come into sight, but for
    # the one beside the outline, which may show either side of it
    right_su = 12.0 / (INTRINSICS.focal_px * 0.5)
    _, inv_depth = take_photo(two_cards(), INTRINSICS)
    view = take_view(two_cards(), shifted(right_su), inv_depth, INTRINSICS)
    assert np.flatnonzero(view.hole.all(0)).tolist() == list(range(12, 17))
    assert (view.hole.all(0) == view.hole.any(0)).all()
    # At the right border the wall comes in from beyond
    assert np.flatnonzero(view.beyond.all(0)).tolist() == list(range(42, 48))


def test_at_rest_nothing_is_hidden_and_the_view_is_the_photo():
    srgb8, inv_depth = take_photo(two_cards(), INTRINSICS)
    view = take_view(two_cards(), shifted(0.0), inv_depth, INTRINSICS)
    assert (view.srgb8 == srgb8).all()
    assert not view.hole.any() and not view.beyond.any()


@pytest.mark.parametrize("name", SCENES)
def test_a_shipped_scene_is_always_the_same_and_its_nearest_point_is_at_1(name):
    scene = generate_scene(name, SIZE_WH)
    generate_scene.cache_clear()
    again = generate_scene(name, SIZE_WH)
    assert (scene.srgb8 == again.srgb8).all()
    assert scene.inv_depth.max() == pytest.approx(1, abs=0.02)
    assert scene.inv_depth.min() > 0
    assert scene.srgb8.std() > 20
