"""VBench's measures on films whose values can be worked out."""

import cv2
import numpy as np
import pytest

from benchmarks.suite import vbench
from benchmarks.suite.film_motion import motion_energy, velocity_ratio

SIZE = (96, 144)


def picture(seed=0):
    soft = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=(*SIZE, 3)), (0, 0), 3)
    return np.clip(128 + 50 * soft / soft.std(), 0, 255).astype(np.uint8)


def film_of_shift(px_a_frame, num=17):
    shifts = [np.array([[1, 0, px_a_frame * t], [0, 1, 0]], np.float32) for t in range(num)]
    wh = SIZE[::-1]
    moved = [cv2.warpAffine(picture(), m, wh, borderMode=cv2.BORDER_REFLECT) for m in shifts]
    return np.stack(moved)


def test_temporal_flickering_is_one_less_the_mean_change():
    frames = np.stack([np.full((*SIZE, 3), level, np.uint8) for level in (10, 20, 50, 50)])
    mean_change = (10 + 30 + 0) / 3
    assert vbench.temporal_flickering(frames) == pytest.approx((255 - mean_change) / 255)


def test_a_still_film_is_smooth_consistent_and_not_dynamic():
    still = np.repeat(picture()[None], 9, 0)
    assert vbench.temporal_flickering(still) == 1
    assert vbench.motion_smoothness(still) == pytest.approx(1, abs=1e-3)
    assert vbench.subject_consistency(still) == pytest.approx(1)
    assert vbench.background_consistency(still) == pytest.approx(1)
    assert vbench.i2v_subject(picture(), still) == pytest.approx(1)
    assert vbench.i2v_background(picture(), still) == pytest.approx(1)
    assert vbench.imaging_quality(picture(), still) == pytest.approx(1)
    assert vbench.dynamic_degree(still, 8) == 0
    assert motion_energy(still, 30) == 0


def test_the_speed_of_an_even_shift_is_that_shift():
    px_a_frame = 2.0
    percent_a_second = 100 * px_a_frame * 24 / min(SIZE)
    measured = vbench.flow_speed(film_of_shift(px_a_frame), 24)
    assert measured == pytest.approx(percent_a_second, rel=0.1)


@pytest.mark.parametrize(("of_limit", "dynamic"), [(0.6, 0), (1.7, 1)])
def test_dynamic_begins_at_six_px_of_256_between_frames_at_8_hz(of_limit, dynamic):
    limit_px = 6 * min(SIZE) / 256
    assert vbench.dynamic_degree(film_of_shift(of_limit * limit_px, num=9), 8) == dynamic


def test_an_even_shift_is_smoother_than_a_jerking_one():
    even, jerking = film_of_shift(2), film_of_shift(2)
    jerking[1::2] = jerking[0::2][: len(jerking[1::2])]
    assert vbench.motion_smoothness(even) > vbench.motion_smoothness(jerking)


def test_another_scene_lowers_every_consistency():
    cut = np.stack([picture(0)] * 4 + [picture(7) // 2] * 4)
    assert vbench.subject_consistency(cut) < 0.95
    assert vbench.background_consistency(cut) < 0.95
    assert vbench.i2v_subject(picture(0), cut) < 0.95


def test_a_sine_loop_runs_on_with_the_same_velocity_and_half_a_turn_does_not():
    whole = [128 + 60 * np.sin(2 * np.pi * t / 24) for t in range(24)]
    half = [128 + 60 * np.sin(np.pi * t / 24) for t in range(24)]
    loops = [np.stack([np.full((8, 8, 3), v, np.uint8) for v in f]) for f in (whole, half)]
    assert velocity_ratio(loops[0]) < 2
    assert velocity_ratio(loops[1]) > 8
