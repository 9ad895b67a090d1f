"""People and things that do not bend."""

import cv2
import numpy as np
import pytest

from parallax.layers.rigid import keep_rigid

GAP_PX_OF_INV = 60.0
WALL = 0.1
LEAN = 0.002  # 1/su a row
STRAIGHT_PX = 3.0  # a line between points each up to 2 px off the plane
THING_STRAIGHT_PX = 1.5  # and one between points up to 1 px off it


def a_bumpy_person(height=96, width=128):
    """Someone who leans, with bumps of 7 px at the worst pose, before a wall."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    person = (np.abs(x - 64) < 30) & (y > 10) & (y < 86)
    bumps = 7 / GAP_PX_OF_INV * np.sin(x / 11) * np.cos(y / 40)
    return np.where(person, 0.7 + LEAN * y + bumps, WALL).astype(np.float32), person


NOTHING = np.zeros((96, 128), np.bool_)


def flat(inv_depth, people=NOTHING, things=NOTHING, *, sigma_px=2.0):
    return keep_rigid(
        inv_depth, people, things, gap_px_of_inv=GAP_PX_OF_INV, sigma_px=sigma_px, tear_gap_px=2.0
    )


def bend_px(inv_depth, person):
    """How far lines across a person are from straight at the worst pose."""
    inner = cv2.erode(person.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    worst = 0.0
    for row in range(20, 80, 4):
        x = np.flatnonzero(inner[row])
        shift_px = inv_depth[row, x] * GAP_PX_OF_INV
        straight_px = np.polyval(np.polyfit(x, shift_px, 1), x)
        worst = max(worst, float(np.abs(shift_px - straight_px).max()))
    return worst


def test_a_line_on_a_person_stays_straight():
    inv_depth, person = a_bumpy_person()
    assert bend_px(inv_depth, person) > 2 * STRAIGHT_PX
    assert bend_px(flat(inv_depth, person), person) < STRAIGHT_PX


def test_a_person_still_leans_and_the_rest_is_left_alone():
    inv_depth, person = a_bumpy_person()
    flattened = flat(inv_depth, person)
    np.testing.assert_array_equal(flattened[~person], np.float32(WALL))
    slope = np.polyfit(np.arange(20, 80), flattened[20:80, 40:88].mean(1), 1)[0]
    assert slope == pytest.approx(LEAN, rel=0.3)


def test_the_outline_goes_with_the_person():
    inv_depth, person = a_bumpy_person()
    flattened = flat(inv_depth, person)
    both = person[:, 1:] & person[:, :-1]
    assert np.abs(np.diff(flattened, axis=1))[both].max() * GAP_PX_OF_INV < 1.0


def test_someone_flat_enough_is_not_changed():
    inv_depth, person = a_bumpy_person()
    gentle = np.where(person, 0.7 + (inv_depth - 0.7) * 0.2, WALL).astype(np.float32)
    np.testing.assert_allclose(flat(gentle, person), gentle, atol=1e-6)


def test_an_exact_map_is_believed():
    inv_depth, person = a_bumpy_person()
    np.testing.assert_array_equal(flat(inv_depth, person, sigma_px=0.0), inv_depth)


def test_no_step_appears_where_a_person_is_joined_to_something():
    inv_depth, person = a_bumpy_person()
    inv_depth[86:] = inv_depth[85]  # stands on it
    person_above = flat(inv_depth, person)
    np.testing.assert_allclose(
        person_above[84, 40:88], inv_depth[84, 40:88], atol=0.1 / GAP_PX_OF_INV
    )


def test_a_line_on_a_thing_stays_straighter_still():
    inv_depth, box = a_bumpy_person()
    flattened = flat(inv_depth, things=box)
    assert bend_px(flattened, box) < THING_STRAIGHT_PX
    np.testing.assert_array_equal(flattened[~box], np.float32(WALL))


def test_what_is_neither_thing_nor_person_keeps_its_bumps():
    inv_depth, _ = a_bumpy_person()
    np.testing.assert_array_equal(flat(inv_depth), inv_depth)


def test_an_exact_map_of_things_is_believed():
    inv_depth, box = a_bumpy_person()
    np.testing.assert_array_equal(flat(inv_depth, things=box, sigma_px=0.0), inv_depth)
