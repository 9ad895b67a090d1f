"""Sizes of map, photo and film."""

import pytest

from parallax.camera import Intrinsics, Reach
from parallax.layers.scale import plan_scale, scaled_size
from parallax.layers.skirt import Canvas


def scale_of(film_wh, structure_px=10_000, photo_wh=(400, 200)):
    return plan_scale(
        Canvas(photo_wh, (0, 0, 0, 0)),
        Intrinsics(photo_wh, 300.0),
        reach=Reach(0.1),
        size_wh=film_wh,
        structure_px=structure_px,
    )


def test_the_gap_is_the_shift_of_the_films_pixels():
    assert scale_of((400, 200)).gap_px_of_inv == pytest.approx(300 * 0.1)
    assert scale_of((800, 400)).gap_px_of_inv == pytest.approx(600 * 0.1)


def test_a_cropped_film_has_the_scale_of_the_side_that_fits():
    assert scale_of((400, 400)).gap_px_of_inv == pytest.approx(2 * 300 * 0.1)


def test_a_small_photo_is_its_own_map():
    scale = scale_of((400, 200))
    assert scale.map_wh == (400, 200)
    assert scale.photo_px_of_map_px == 1
    assert scale.map_px_of_output_px == pytest.approx(1)


def test_a_large_photo_has_a_smaller_map():
    scale = scale_of((400, 200), structure_px=100)
    assert scale.map_wh == (100, 50)
    assert scale.photo_px_of_map_px == pytest.approx(4)
    assert scale.map_px_of_output_px == pytest.approx(0.25)


def test_a_size_is_never_empty():
    assert scaled_size((300, 2), 0.1) == (30, 1)
