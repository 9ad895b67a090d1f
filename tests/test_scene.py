from typing import Any

import numpy as np
import pytest

from parallax.camera import Intrinsics, Reach
from parallax.frame import Frame
from parallax.label_map import LABELS, LabelMap
from parallax.scene import Layer, Mesh, Scene


def one_triangle(**changes):
    fields: dict[str, Any] = {
        "positions_su": np.array([[0, 0, -1], [1, 0, -1], [0, 1, -1]], np.float32),
        "uv": np.array([[0, 1], [1, 1], [0, 0]], np.float32),
        "triangles": np.array([[0, 1, 2]], np.uint32),
        "num_opaque": 1,
    }
    return Mesh(**(fields | changes))


def test_a_triangle_of_a_vertex_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="expected indices below 3, got 3"):
        one_triangle(triangles=np.array([[0, 1, 3]], np.uint32))


def test_more_opaque_triangles_than_triangles_are_refused():
    with pytest.raises(ValueError, match="num_opaque: expected 0…1, got 2"):
        one_triangle(num_opaque=2)


def test_a_scene_counts_its_triangles_and_needs_a_layer():
    layer = Layer("front", one_triangle(), np.zeros((4, 4, 4), np.uint8))
    camera = Intrinsics((4, 4), 4.0)
    assert Scene((layer, layer), camera, Reach(0.1), focus_su=2.0).num_triangles == 2
    with pytest.raises(ValueError, match="at least one layer"):
        Scene((), camera, Reach(0.1), focus_su=2.0)


def test_a_texture_window_has_a_size():
    with pytest.raises(ValueError, match="expected u0 < u1"):
        Layer("front", one_triangle(), np.zeros((4, 4, 4), np.uint8), (0.5, 0, 0.5, 1))


def test_a_frame_is_red_green_blue_alpha():
    with pytest.raises(ValueError, match=r"expected shape \(H, W, 4\)"):
        Frame(0, 0.0, np.zeros((2, 2, 3), np.uint8))


def test_a_label_map_tells_masks_and_the_likeliest_label():
    probability = np.zeros((2, 2, len(LABELS)), np.uint8)
    probability[..., LABELS.index("other")] = 255
    probability[0, 0] = 0
    probability[0, 0, LABELS.index("sky")] = 255
    labels = LabelMap(probability)
    assert labels.mask("sky").tolist() == [[1, 0], [0, 0]]
    assert labels.likeliest()[0, 0] == LABELS.index("sky")
    assert labels.resized((4, 4)).size_wh == (4, 4)
    for size_wh in ((5, 3), (1, 1)):
        mask = labels.resized(size_wh).mask("sky")
        np.testing.assert_array_equal(labels.mask("sky", size_wh), mask)
