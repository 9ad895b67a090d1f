import numpy as np

from parallax.label_map import LABELS
from parallax.perceive.sky import AGREED, agree_with_sky, settle_sky

SKY, VEGETATION = LABELS.index("sky"), LABELS.index("vegetation")


def labels_of(sky):
    """Probabilities in which the rest is "other"."""
    probability = np.zeros((*sky.shape, len(LABELS)), np.float32)
    probability[..., SKY], probability[..., 0] = sky, 1 - sky
    return probability


def far_above():
    """Log disparity that is far in the upper half."""
    log_disparity = np.full((100, 80), 2, np.float32)
    log_disparity[:50] = 0
    return log_disparity


def test_a_hole_in_the_sky_is_sky_and_a_speck_of_sky_is_not():
    sky = np.zeros((100, 80), np.float32)
    sky[:50] = 0.9
    sky[20:26, 30:36] = 0.1
    sky[80:84, 40:44] = 0.9
    assert np.array_equal(settle_sky(labels_of(sky), far_above()), far_above() == 0)


def test_doubtful_sky_beside_sure_sky_counts_if_it_is_far():
    sky = np.zeros((100, 80), np.float32)
    sky[:50, :40] = 0.9
    sky[:70, 40:] = 0.3  # doubtful, and its lower part is near
    assert np.array_equal(settle_sky(labels_of(sky), far_above()), far_above() == 0)


def test_a_mast_that_looks_like_sky_but_stands_out_in_depth_stays_before_it():
    sky = np.zeros((100, 80), np.float32)
    sky[:50] = 0.9
    sky[10:50, 40:43] = 0.6
    log_disparity = far_above()
    assert settle_sky(labels_of(sky), log_disparity)[10:50, 40:43].all()
    log_disparity[10:50, 40:43] = 0.5
    assert not settle_sky(labels_of(sky), log_disparity)[10:50, 40:43].any()


def test_sky_seen_through_a_gap_is_sky_if_it_is_as_far():
    sky = np.zeros((100, 80), np.float32)
    sky[:50, :50] = 0.9
    sky[20:25, 60:64] = 0.9  # a quarter of the area that an island needs
    log_disparity = far_above()
    log_disparity[:50, 50:] = 1
    assert not settle_sky(labels_of(sky), log_disparity)[20:25, 60:64].any()
    log_disparity[20:25, 60:64] = 0
    assert settle_sky(labels_of(sky), log_disparity)[20:25, 60:64].all()


def test_doubtful_sky_alone_is_none():
    assert not settle_sky(labels_of(np.full((100, 80), 0.3, np.float32)), far_above()).any()


def test_a_large_thing_before_the_sky_stays_before_it():
    sky = np.zeros((100, 80), np.float32)
    sky[:50] = 0.9
    sky[10:40, 30:50] = 0  # a balloon
    assert not settle_sky(labels_of(sky), far_above())[10:40, 30:50].any()


def test_a_dark_cloud_above_the_sky_is_sky_and_a_branch_is_not():
    sky = np.zeros((100, 80), np.float32)
    sky[20:50] = 0.9
    sky[:20] = 0.1
    probability = labels_of(sky)
    probability[:20, 60:, VEGETATION], probability[:20, 60:, 0] = 0.8, 0.1
    settled = settle_sky(probability, far_above())
    assert settled[:20, :60].all()
    assert not settled[:20, 60:].any()


def test_labels_agree_with_the_settled_sky_and_still_sum_to_one():
    rng = np.random.default_rng(4)
    probability = rng.dirichlet(np.ones(7), size=(12, 16)).astype(np.float32)
    is_sky = np.zeros((24, 32), np.bool_)
    is_sky[:12] = True
    agreed = agree_with_sky(probability, is_sky)
    assert (agreed[:6, :, SKY] >= AGREED - 1e-6).all()
    assert (agreed[6:, :, SKY] <= 1 - AGREED + 1e-6).all()
    unsure = probability[6:, :, SKY] < 1 - AGREED
    assert np.array_equal(agreed[6:][unsure], probability[6:][unsure])
    assert np.abs(agreed.sum(axis=-1) - 1).max() < 1e-5
