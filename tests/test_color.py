import numpy as np

from parallax.color import (
    LUMINANCE_OF_LINEAR,
    linear_from_srgb,
    linear_from_srgb8,
    srgb8_from_linear,
    srgb_from_linear,
)


def test_a_middle_grey_byte_is_a_fifth_of_the_light():
    assert abs(float(linear_from_srgb8(np.array([118], np.uint8))[0]) - 0.1812) < 1e-3


def test_black_and_white_stay_themselves():
    assert linear_from_srgb(np.array([0, 1], np.float32)).tolist() == [0.0, 1.0]
    assert np.allclose(
        srgb_from_linear(np.array([-1, 0, 1, 2], np.float32)), [0, 0, 1, 1], atol=1e-6
    )


def test_every_byte_survives_the_round_trip():
    every = np.arange(256, dtype=np.uint8)
    assert (srgb8_from_linear(linear_from_srgb8(every)) == every).all()


def test_bytes_of_light_are_the_nearest_of_its_encoded_values():
    light = np.random.default_rng(0).random(100_000, dtype=np.float32) ** 3
    nearest = np.rint(srgb_from_linear(light) * 255).astype(np.uint8)
    assert (srgb8_from_linear(light) == nearest).all()
    assert srgb8_from_linear(np.array([-1, -0.0, 1, 2])).tolist() == [0, 0, 255, 255]
    assert srgb8_from_linear(np.zeros((0, 3))).shape == (0, 3)


def test_the_two_branches_meet_without_a_step():
    around = np.array([0.04045 - 1e-6, 0.04045 + 1e-6], np.float32)
    assert np.diff(linear_from_srgb(around))[0] < 1e-6


def test_luminance_weights_sum_to_one():
    assert abs(LUMINANCE_OF_LINEAR.sum() - 1) < 1e-6
