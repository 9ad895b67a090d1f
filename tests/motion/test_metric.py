"""Numbers about films, on films whose numbers are known."""

from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks import bench_motion
from benchmarks import motion_metric as metric

FPS, NUM = 24, 48
SIZE = (64, 96)


def texture(seed=0):
    noise = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=SIZE), (0, 0), 2.5)
    return np.clip(128 + 50 * noise / noise.std(), 0, 255).astype(np.float32)


def shifted(picture, dx):
    moved = cv2.warpAffine(
        picture, np.array([[1, 0, dx], [0, 1, 0]], np.float32), SIZE[::-1],
        flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT,
    )  # fmt: skip
    return np.rint(moved).astype(np.uint8)[..., None].repeat(3, 2)


def swaying(hz, amplitude_px):
    angles = 2 * np.pi * hz * np.arange(NUM) / FPS
    return np.stack([shifted(texture(), amplitude_px * np.sin(a)) for a in angles])


ALL = np.ones(SIZE, bool)


def test_a_whole_swing_has_an_even_seam_and_a_cut_one_has_not():
    loop = swaying(1.0, 3)
    assert metric.seam_ratio(loop) < 1.6
    assert metric.seam_ratio(loop[:18]) > 2.5


def test_a_leak_is_the_largest_change_outside():
    still = shifted(texture(), 0)
    frames = np.stack([still, still])
    moving = np.zeros(SIZE, bool)
    moving[:, :40] = True
    frames[1, :, :40] += 9
    assert metric.static_leak(frames, still, moving) == 0
    frames[1, 3, 70, 1] = still[3, 70, 1] - 7
    assert metric.static_leak(frames, still, moving) == 7


def test_blurred_frames_are_less_sharp_and_blurring_ones_pulse():
    still = shifted(texture(), 0)
    soft = cv2.GaussianBlur(still, (0, 0), 2)
    assert metric.sharpness(np.stack([still] * 3), still, ALL) == pytest.approx(1)
    assert metric.sharpness(np.stack([soft] * 3), still, ALL) < 0.8
    assert metric.contrast_pulsing(np.stack([still, still]), ALL) == 0
    assert metric.contrast_pulsing(np.stack([still, soft]), ALL) > 0.1


def test_only_fast_changes_of_light_flicker():
    t = np.arange(NUM) / FPS
    for hz, expected in ((1.0, 0.0), (6.0, 10 / np.sqrt(2))):
        level = np.rint(128 + 10 * np.sin(2 * np.pi * hz * t + 0.3)).astype(np.uint8)
        frames = np.broadcast_to(level[:, None, None, None], (NUM, *SIZE, 3))
        assert metric.flicker(frames, ALL, fps=FPS) == pytest.approx(expected, abs=0.4)


def test_a_sway_is_measured_by_its_frequency_and_speed():
    found = metric.liveliness(swaying(1.5, 2.0), ALL, fps=FPS)
    assert found.dominant_hz == pytest.approx(1.5, abs=0.35)
    mean_speed = 100 * 2.0 * 2 * np.pi * 1.5 / np.sqrt(2) / SIZE[0]  # its root mean square
    assert found.typical_pct_s == pytest.approx(mean_speed, rel=0.3)
    assert found.sideways > 0.9


def test_what_hardly_moves_is_hardly_renewed_and_noise_is_another_one_each_time():
    rng = np.random.default_rng(3)
    hardly = metric.liveliness(swaying(1.0, 0.1), ALL, fps=FPS)
    assert hardly.renewed_soon < 0.1
    noise = rng.integers(60, 190, (40, *SIZE, 3)).astype(np.uint8)
    found = metric.liveliness(noise, ALL, fps=FPS)
    assert found.renewed_soon == pytest.approx(1, abs=0.02)
    swaying_once = metric.liveliness(swaying(1.0, 6.0), ALL, fps=FPS)
    assert swaying_once.renewed_soon > 0.3 > 0.05 > swaying_once.renewed_later


def test_a_texel_that_sparkles_alone_is_within_what_moves_at_any_size():
    strength8 = np.zeros((71, 128), np.uint8)
    strength8[30, 64] = 90
    motion: Any = SimpleNamespace(
        mask8=np.zeros((71, 128, 3), np.uint8),
        glint=SimpleNamespace(strength8=strength8),
        ripple=None,
        sways=np.zeros((20, 36), bool),
    )
    scene: Any = SimpleNamespace(intrinsics=SimpleNamespace(size_wh=(128, 71)))
    for size_wh in ((128, 71), (128, 72), (150, 83), (256, 144)):
        assert bench_motion._moving_mask(motion, scene, size_wh).any(), size_wh
