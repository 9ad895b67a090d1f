import numpy as np

from parallax.perceive.label_edge import refine_labels

SKY, VEGETATION = 1, 3


def two_fields(height, width, edge):
    srgb8 = np.full((height, width, 3), (110, 170, 240), np.uint8)
    srgb8[:, edge:] = (40, 90, 30)
    return srgb8


def blurred_labels(height, width, edge, blur_px):
    """Sky to the left, vegetation to the right, with a ramp between."""
    x = np.arange(width)[None] + np.zeros((height, 1))
    probability = np.zeros((height, width, 7), np.float32)
    probability[..., VEGETATION] = np.clip((x + 0.5 - edge) / blur_px + 0.5, 0, 1)
    probability[..., SKY] = 1 - probability[..., VEGETATION]
    return probability


def test_a_blurred_edge_two_pixels_off_moves_to_the_photos():
    srgb8 = two_fields(96, 320, 160)
    small = two_fields(48, 160, 80).astype(np.float32) / 255
    labels = refine_labels(blurred_labels(24, 80, 39, 3), small, srgb8)
    sky = labels[..., SKY].astype(float)
    assert sky[:, 157].min() > 4 * sky[:, 163].max()
    assert sky[:, :140].min() > 230
    assert labels[:, 180:, VEGETATION].min() > 230


def test_labels_sum_to_certainty_and_absent_ones_stay_absent():
    labels = refine_labels(
        blurred_labels(24, 80, 40, 20), two_fields(48, 160, 80).astype(np.float32) / 255,
        two_fields(96, 320, 160),
    )  # fmt: skip
    assert np.abs(labels.sum(axis=-1, dtype=int) - 255).max() <= 3
    absent = [i for i in range(7) if i not in (SKY, VEGETATION)]
    assert labels[..., absent].max() == 0


def test_one_colour_leaves_the_labels_alone():
    grey = np.full((48, 160, 3), 128, np.uint8)
    probability = blurred_labels(48, 160, 80, 60)
    labels = refine_labels(probability, grey.astype(np.float32) / np.float32(255), grey)
    assert np.abs(labels / 255 - probability).mean() < 0.02
