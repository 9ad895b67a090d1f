import numpy as np
import pytest

from parallax.perceive.training.metric import (
    boundary_f1,
    confusion,
    iou_from_confusion,
    score_depth,
)

ALL = np.ones((48, 64), bool)


def scene(seed=0):
    """A slope with a box in front."""
    disparity = np.tile(np.linspace(0.2, 0.5, 48, dtype=np.float32)[:, None], (1, 64))
    disparity[15:40, 20:45] = 0.9
    return disparity + np.random.default_rng(seed).random((48, 64), np.float32) * 0.001


def test_another_scale_and_shift_is_no_error():
    score = score_depth(5 * scene() + 3, scene(), ALL)
    assert score.abs_rel < 1e-3
    assert score.delta == 1
    assert score.ordinal > 0.999
    assert score.boundary_f1 > 0.999


def test_a_flat_map_is_as_wrong_as_the_mean():
    flat = np.full((48, 64), 0.4, np.float32)
    score = score_depth(flat, scene(), ALL)
    mean = float(scene().mean())
    assert np.isclose(score.abs_rel, np.abs(scene() / mean - 1).mean(), atol=1e-3)
    assert score.correlation == 0
    assert score.boundary_f1 == 0


def test_order_turned_around_is_never_right():
    # The fit may not help it: order is told without one
    assert score_depth(1.1 - scene(), scene(), ALL).ordinal < 0.05


def test_unknown_pixels_do_not_count():
    known = ALL.copy()
    known[:10] = False
    wrong = scene()
    wrong[:9] = 100
    assert score_depth(wrong, scene(), known).abs_rel < 1e-3


def test_a_contour_one_pixel_off_is_found_and_one_five_off_is_not():
    truth = scene()
    near, far = (np.roll(truth, shift, axis=1) for shift in (1, 5))
    assert boundary_f1(near, truth, ALL) > 0.9
    assert boundary_f1(far, truth, ALL) < 0.5  # the box's top and bottom still overlap


def test_iou_of_two_overlapping_halves():
    truth = np.repeat([0, 0, 1, 1], 10)
    predicted = np.repeat([0, 1, 1, 1], 10)
    iou = iou_from_confusion(confusion(predicted, truth, 2))
    assert iou == pytest.approx([1 / 2, 2 / 3])
