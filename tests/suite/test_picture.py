"""Differences of pictures that can be worked out."""

import cv2
import numpy as np
import pytest

from benchmarks.suite.picture import (
    ciede2000,
    color_difference,
    laplacian_variance,
    photo_as_film,
    ssim,
)

# Sharma, Wu and Dalal 2005, table 1: pairs 1, 3, 7, 9, 13, 17, 21, 25, 30, 34
PUBLISHED = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 2.8361, -74.0200), (50.0, 0.0, -82.7485), 3.4412),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0009), 7.1792),
    ((50.0, -0.0010, 2.4900), (50.0, 0.0009, -2.4900), 4.8045),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (50.0, 3.1736, 0.5854), 1.0),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


def noise(seed=0, size=(48, 64)):
    return np.random.default_rng(seed).integers(0, 256, (*size, 3)).astype(np.uint8)


@pytest.mark.parametrize(("one", "other", "expected"), PUBLISHED)
def test_ciede2000_gives_the_published_differences(one, other, expected):
    for pair in ((one, other), (other, one)):
        lab = [np.array(color, np.float64) for color in pair]
        assert ciede2000(*lab) == pytest.approx(expected, abs=1e-4)


def test_the_same_picture_differs_in_nothing():
    assert ssim(noise(), noise()) == pytest.approx(1)
    assert color_difference(noise(), noise()) == 0


def test_ssim_of_two_even_greys_is_what_its_luminance_term_says():
    one, other = (np.full((48, 64, 3), level, np.uint8) for level in (100, 150))
    c1 = (0.01 * 255) ** 2
    assert ssim(one, other) == pytest.approx((2 * 100 * 150 + c1) / (100**2 + 150**2 + c1))


def test_unrelated_noise_is_not_similar():
    assert abs(ssim(noise(0), noise(1))) < 0.05


def test_blur_lowers_the_variance_of_the_laplacian():
    assert (
        laplacian_variance(cv2.GaussianBlur(noise(), (0, 0), 1)) < laplacian_variance(noise()) / 9
    )


def test_a_photo_as_a_film_is_cut_about_its_middle():
    photo = np.zeros((40, 100, 3), np.uint8)
    photo[:, 30:70] = 255
    assert (photo_as_film(photo, (40, 40)) == 255).all()
    assert photo_as_film(photo, (50, 20)).shape == (20, 50, 3)
