"""What a photo shows, as far as a fill has to know."""

import numpy as np

from parallax.label_map import LABELS, LabelMap
from parallax.layers.kind import SKY, UNKNOWN, VEGETATION, WATER, find_kinds


def labels_of(*rows):
    """A map whose pixels are each a name, or none for a draw between two."""
    probability = np.zeros((len(rows), len(rows[0]), len(LABELS)), np.uint8)
    for y, row in enumerate(rows):
        for x, name in enumerate(row):
            if name is None:
                probability[y, x, :2] = 127
            else:
                probability[y, x, LABELS.index(name)] = 255
    return LabelMap(probability)


def test_what_has_a_look_of_its_own_is_named():
    labels = labels_of(("sky", "water", "vegetation"), ("person", "building", "ground"))
    np.testing.assert_array_equal(
        find_kinds(labels, None, (3, 2)), [[SKY, WATER, VEGETATION], [UNKNOWN] * 3]
    )


def test_a_doubtful_label_says_nothing():
    np.testing.assert_array_equal(find_kinds(labels_of((None, "sky")), None, (2, 1)), [[0, SKY]])


def test_without_labels_nothing_is_known():
    np.testing.assert_array_equal(find_kinds(None, None, (4, 3)), np.zeros((3, 4)))


def test_the_sky_is_where_its_sharper_mask_says():
    labels = labels_of(("sky", "water"))
    sky = np.array([[False, True, True, False]])
    np.testing.assert_array_equal(find_kinds(labels, sky, (4, 1)), [[UNKNOWN, SKY, SKY, WATER]])
