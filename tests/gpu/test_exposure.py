"""Shutter and lens."""

from fractions import Fraction

import numpy as np
import pytest

from parallax.gpu.exposure import lens_points, shutter_times


def test_the_shutter_is_open_about_the_frame_s_own_time():
    times_s = shutter_times(2.0, Fraction(25), shutter_deg=180, num_samples=4)
    assert times_s == pytest.approx([1.9925, 1.9975, 2.0025, 2.0075])


def test_a_shutter_open_all_the_time_meets_the_next_frame_s():
    one = shutter_times(1.0, Fraction(10), shutter_deg=360, num_samples=5)
    other = shutter_times(1.1, Fraction(10), shutter_deg=360, num_samples=5)
    assert np.allclose(np.diff([*one, *other]), 0.02)


def test_one_moment_is_the_frame_s_own():
    assert shutter_times(1.5, Fraction(30), shutter_deg=180, num_samples=1) == [1.5]


def test_a_lens_without_a_radius_is_one_point():
    assert lens_points(0.0, 48) == [(0.0, 0.0)]


def test_points_of_a_lens_cover_it_evenly():
    points = np.array(lens_points(2.0, 200))
    radius = np.linalg.norm(points, axis=1)
    assert radius.max() < 2
    assert np.mean(radius < 1) == pytest.approx(0.25, abs=0.01)
    assert np.abs(points.mean(0)).max() < 0.03
    assert points.var(0) == pytest.approx([1.0, 1.0], abs=0.05)  # radius² / 4
