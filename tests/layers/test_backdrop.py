"""The sheet behind everything: always behind, always wider."""

import numpy as np

from parallax.camera import MIN_INV_DEPTH, Intrinsics
from parallax.layers.backdrop import make_backdrop

CAMERA = Intrinsics.from_fov((90, 60), 45.0)
WINDOW_UV = (-0.05, -0.05, 1.05, 1.05)


def backdrop_of(far_inv):
    grey = np.full((60, 90, 3), 128, np.uint8)
    return make_backdrop(grey, far_inv, window_uv=WINDOW_UV, intrinsics=CAMERA)


def test_it_stands_behind_the_sky_too():
    layer = backdrop_of(np.zeros((60, 90), np.float32))
    assert (-layer.mesh.positions_su[:, 2] > 1.2 / MIN_INV_DEPTH).all()


def test_it_stands_behind_the_farthest_thing_nearby():
    far_inv = np.full((60, 90), 0.5, np.float32)
    far_inv[:, 45:] = 0.1
    layer = backdrop_of(far_inv)
    u0, _, u1, _ = layer.window_uv
    photo_u = u0 + layer.mesh.uv[:, 0] * (u1 - u0)
    distance_su = -layer.mesh.positions_su[:, 2]
    assert (distance_su[photo_u > 0.6] > 10).all()
    assert (distance_su[photo_u < 0.2] > 2).all()


def test_it_reaches_past_the_canvas_on_every_side():
    u0, v0, u1, v1 = backdrop_of(np.ones((60, 90), np.float32)).window_uv
    assert max(u0, v0) < -0.2
    assert min(u1, v1) > 1.2
