import numpy as np

from parallax.perceive.merge import fit_affine, merge_detail, smooth


def ramp(height, width):
    return np.tile(np.linspace(0, 1, width, dtype=np.float32), (height, 1))


def test_gain_and_shift_are_found():
    value = np.random.default_rng(0).random((8, 9), np.float32)
    gain, shift = fit_affine(value, 3 * value - 2)
    assert np.isclose(gain, 3, atol=1e-5)
    assert np.isclose(shift, -2, atol=1e-5)


def test_a_flat_map_fits_with_no_gain():
    assert fit_affine(np.full((4, 4), 2, np.float32), ramp(4, 4)) == (0.0, 0.5)


def test_a_map_in_other_units_adds_nothing_to_itself():
    base = ramp(24, 32)
    merged = merge_detail(base, ramp(48, 64) * 5 + 7, sigma_px=4)
    assert merged.shape == (48, 64)
    assert np.abs(merged - ramp(48, 64))[:, 4:-4].max() < 0.02


def test_structure_is_the_bases_and_edges_are_the_details():
    base = ramp(48, 64) + np.float32(3)
    detail = ramp(48, 64)
    detail[:, 32] += 1  # one sharp line that the base has not
    merged = merge_detail(base, detail, sigma_px=8)
    line = merged[:, 32] - (merged[:, 31] + merged[:, 33]) / 2
    assert line.min() > 0.6
    assert abs(float(merged.mean()) - 3.5) < 0.05


def test_a_wide_blur_made_small_is_the_blur():
    value = np.random.default_rng(1).random((64, 96), np.float32)
    assert abs(float(smooth(value, 12).mean()) - float(value.mean())) < 0.02
    assert float(smooth(value, 12).std()) < 0.1 * float(value.std())
