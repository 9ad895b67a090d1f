"""The part of a photo that a film of another shape shows."""

import numpy as np
import pytest

from parallax.moves import choose_window


def spot(u, v):
    weight = np.zeros((64, 64), np.float32)
    weight[min(int(v * 64), 63), min(int(u * 64), 63)] = 1
    return weight


def test_a_film_of_the_photos_shape_shows_all_of_it():
    assert choose_window((1600, 1200), (800, 600), weight=spot(0.5, 0.5)) is None
    assert choose_window((1600, 1200), (800, 602), weight=spot(0.5, 0.5)) is None


def test_a_tall_film_of_a_wide_photo_is_centred_on_the_subject():
    window = choose_window((1600, 900), (1080, 1920), weight=spot(0.4, 0.5))
    assert window is not None
    left, top, right, bottom = window
    assert (top, bottom) == (0, 900) and right - left == 506
    assert (left + right) / 2 == pytest.approx(0.4 * 1600, abs=20)


def test_a_window_never_leaves_the_photo():
    for focus in (0.0, 0.01, 0.99, 1.0):
        window = choose_window((1600, 900), (1080, 1920), weight=spot(focus, 0.5))
        assert window is not None
        assert window[0] >= 0 and window[2] <= 1600
    wide = choose_window((900, 1600), (1920, 1080), weight=spot(0.5, 0.97))
    assert wide is not None
    assert wide[0] == 0 and wide[2] == 900 and wide[3] == 1600


def test_a_window_holds_as_much_of_the_subject_as_can_be():
    weight = np.zeros((90, 160), np.float32)
    weight[:, 20:60] = 1.0  # the group
    weight[:, 150:155] = 1.0  # someone aside, who cannot be shown as well
    window = choose_window((1600, 900), (1080, 1920), weight=weight)
    assert window is not None
    assert window[0] <= 200 and window[2] >= 600


def test_of_a_subject_that_is_too_tall_the_head_is_kept():
    weight = np.zeros((100, 50), np.float32)
    weight[20:, 20:30] = 1  # from a fifth below the top to the bottom
    window = choose_window((500, 1000), (500, 500), weight=weight)
    assert window is not None
    _, top, _, bottom = window
    assert bottom - top == 500
    assert top == pytest.approx(200 + 0.04 * 800 - 0.15 * 500, abs=10)


def test_a_weight_of_any_size_and_no_extent_is_taken():
    weight = np.zeros((7, 5), np.float32)
    weight[3, 4] = 0.2
    window = choose_window((1600, 900), (900, 900), weight=weight)
    assert window is not None and window[2] >= 1598
