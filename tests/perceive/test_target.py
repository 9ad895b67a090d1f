import numpy as np

from parallax.label_map import LABELS
from parallax.perceive.training.target import (
    label_index,
    merge_matte,
    merge_scales,
    push_sky_far,
    replace_label,
    snap_edges,
)


def step_of(blur_px, width=64):
    x = np.arange(width, dtype=np.float32) - width / 2 + 0.5
    return np.tile(np.clip(x / max(blur_px, 1e-3) + 0.5, 0, 1), (32, 1)).astype(np.float32)


def test_a_blurred_step_becomes_one_pixel_wide():
    snapped = snap_edges(step_of(6))
    between = (snapped > 0.05) & (snapped < 0.95)
    assert between.sum(axis=1).max() <= 1
    moved = (snapped > 0.5).sum(axis=1) - (step_of(6) > 0.5).sum(axis=1)
    assert np.abs(moved).max() <= 1  # a pixel right between both sides may take either


def test_a_slope_stays_a_slope():
    slope = np.tile(np.linspace(0, 1, 384, dtype=np.float32), (32, 1))
    assert np.abs(snap_edges(slope) - slope).max() < 0.01


def test_the_sky_is_farthest_and_the_skyline_is_sharp():
    depth = np.tile(np.linspace(0.3, 1, 48, dtype=np.float32)[:, None], (1, 64))
    sky = np.zeros_like(depth)
    sky[:20] = 1
    pushed = push_sky_far(depth, sky)
    assert pushed[:20].max() <= pushed[20:].min()
    assert np.allclose(pushed[:20], pushed[0, 0])
    assert pushed[20].min() >= depth[20].min()  # the ground beside it did not sink


def test_depth_without_sky_is_left_alone():
    depth = step_of(3)
    assert push_sky_far(depth, np.zeros_like(depth)) is depth


def test_a_matte_is_believed_near_the_coarse_mask_only():
    coarse = np.zeros((64, 96), np.float32)
    coarse[:32] = 1
    matte = np.zeros_like(coarse)
    matte[:36] = 1  # the true edge is 4 px lower
    matte[55:] = 1  # and something else looks the same
    merged = merge_matte(coarse, matte, reach_px=9)
    assert merged[:35].min() > 0.95
    assert merged[55:].max() < 0.05


def test_a_matte_that_sees_nothing_is_overruled():
    coarse = np.zeros((64, 96), np.float32)
    coarse[:32] = 1
    merged = merge_matte(coarse, np.zeros_like(coarse), reach_px=9)
    assert np.array_equal(merged > 0.5, coarse > 0.5)


def test_a_replaced_label_leaves_the_rest_to_the_others():
    probability = np.full((4, 5, len(LABELS)), 1 / 7, np.float32)
    mask = np.full((4, 5), 0.4, np.float32)
    replaced = replace_label(probability, label_index("sky"), mask)
    assert np.allclose(replaced.sum(axis=-1), 1, atol=1e-5)
    assert np.allclose(replaced[..., label_index("sky")], 0.4)
    assert np.allclose(replaced[..., label_index("water")], 0.1)


def test_what_was_all_sky_and_is_not_becomes_other():
    probability = np.zeros((2, 2, len(LABELS)), np.float32)
    probability[..., label_index("sky")] = 1
    replaced = replace_label(probability, label_index("sky"), np.zeros((2, 2), np.float32))
    assert np.allclose(replaced[..., label_index("other")], 1)


def test_edges_come_from_the_large_view_and_heights_from_the_small_one():
    # The large view sees a sharp step, but calls it 0 to 1 where the small one says 2 to 5
    sharp, soft = step_of(0, width=240), step_of(24, width=240)
    merged = merge_scales(2 + 3 * soft[::2, ::2], sharp)
    assert merged.shape == sharp.shape
    middle = merged[16]
    assert middle[121] - middle[118] > 1.5
    assert (3 * soft[16])[121] - (3 * soft[16])[118] < 0.5
    assert abs(middle[60] - 2) < 0.2
    assert abs(middle[180] - 5) < 0.2


def test_relief_that_only_the_large_view_sees_is_not_believed():
    relief = step_of(0, width=240)
    assert np.abs(merge_scales(np.full((16, 120), 0.3, np.float32), relief) - 0.3).max() < 1e-4
