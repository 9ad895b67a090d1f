"""The sheet behind everything."""

import numpy as np
import pytest

from parallax.camera import MIN_INV_DEPTH, Intrinsics
from parallax.layers.backdrop import MOST_TRIANGLES, make_backdrop

INTRINSICS = Intrinsics((120, 80), 100.0)
WINDOW_UV = (-0.1, -0.05, 1.1, 1.05)


def backdrop_of(far_inv, color=(10, 200, 90)):
    picture = np.broadcast_to(np.array(color, np.uint8), (88, 144, 3))
    return make_backdrop(picture, far_inv, window_uv=WINDOW_UV, intrinsics=INTRINSICS)


def test_it_is_wider_than_the_canvas_on_every_side():
    u0, v0, u1, v1 = backdrop_of(np.full((44, 72), 0.5, np.float32)).window_uv
    assert u0 < -0.3
    assert v0 < -0.3
    assert u1 > 1.3
    assert v1 > 1.3


def test_it_is_behind_the_farthest_thing_around():
    rng = np.random.default_rng(1)
    far_inv = rng.uniform(0.2, 0.9, (44, 72)).astype(np.float32)
    mesh = backdrop_of(far_inv).mesh
    assert (-mesh.positions_su[:, 2]).min() > 1.2 / far_inv.max()
    flat = backdrop_of(np.full((44, 72), 0.5, np.float32)).mesh
    np.testing.assert_allclose(-flat.positions_su[:, 2], 2.5, rtol=1e-4)


def test_it_is_behind_what_is_far_on_one_side_only():
    far_inv = np.full((44, 72), 0.5, np.float32)
    far_inv[:, 36:] = 0.1
    layer = backdrop_of(far_inv)
    u0, _, u1, _ = layer.window_uv
    photo_u = u0 + layer.mesh.uv[:, 0] * (u1 - u0)
    distance_su = -layer.mesh.positions_su[:, 2]
    assert (distance_su[photo_u > 0.6] > 10).all()
    assert (distance_su[photo_u < 0.2] < 10).all()


def test_it_is_behind_the_sky_too():
    layer = backdrop_of(np.zeros((44, 72), np.float32))
    assert (-layer.mesh.positions_su[:, 2] > 1.2 / MIN_INV_DEPTH).all()


def test_it_has_the_backgrounds_colours_and_hides_nothing():
    layer = backdrop_of(np.full((44, 72), 0.5, np.float32))
    assert np.abs(layer.srgb8[..., :3].astype(int) - (10, 200, 90)).max() <= 1
    assert (layer.srgb8[..., 3] == 255).all()
    assert layer.mesh.num_opaque == len(layer.mesh.triangles)


def test_it_faces_the_camera():
    mesh = backdrop_of(np.full((44, 72), 0.5, np.float32)).mesh
    a, b, c = (mesh.positions_su[mesh.triangles[:, i]].astype(float) for i in range(3))
    assert (np.einsum("ij,ij->i", np.cross(b - a, c - a), a) < 0).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 30), (30, 1), (3, 5)])
def test_any_size_of_map_will_do(size):
    assert backdrop_of(np.full(size, 0.5, np.float32)).name == "backdrop"


def test_it_has_few_triangles_whatever_its_shape():
    for shape in ((44, 72), (72, 44), (200, 20)):
        mesh = backdrop_of(np.full(shape, 0.5, np.float32)).mesh
        assert len(mesh.triangles) <= MOST_TRIANGLES
