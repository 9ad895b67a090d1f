"""What is a single thing in a photo."""

import cv2
import numpy as np

from parallax.layers.thing import find_things

SHAPE = (120, 160)


def a_box(left, top, right, bottom):
    mask = np.zeros(SHAPE, np.bool_)
    mask[top:bottom, left:right] = True
    return mask


def test_what_stands_alone_is_a_thing():
    bottle = a_box(60, 20, 90, 100)
    np.testing.assert_array_equal(find_things(bottle), bottle)


def test_two_things_are_both_found():
    both = a_box(20, 30, 60, 90) | a_box(90, 20, 140, 100)
    np.testing.assert_array_equal(find_things(both), both)


def test_a_wall_is_none():
    assert not find_things(a_box(0, 0, 160, 70)).any()


def test_what_the_border_cuts_off_is_none():
    assert not find_things(a_box(0, 30, 60, 90)).any()  # a quarter of its outline


def test_what_the_border_just_touches_may_be_one():
    car = a_box(8, 30, 120, 90) | a_box(0, 52, 8, 68)
    np.testing.assert_array_equal(find_things(car), car)


def test_a_fence_is_none():
    fence = np.zeros(SHAPE, np.uint8)
    cv2.rectangle(fence, (20, 20), (140, 100), 1, 8)
    cv2.line(fence, (20, 20), (140, 100), 1, 8)
    fence[:60, 100:] = 0  # open on one side, or its outline would be a full rectangle
    assert not find_things(fence > 0).any()


def test_specks_are_none():
    assert not find_things(a_box(70, 50, 78, 58)).any()


def test_nothing_is_nothing():
    assert not find_things(np.zeros(SHAPE, np.bool_)).any()
