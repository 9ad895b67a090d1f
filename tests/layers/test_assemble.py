"""Layers put together from surfaces, pictures and squares."""

import numpy as np

from parallax.camera import Reach
from parallax.depth_map import DepthMap
from parallax.layers.build import BuildParams, build_scene
from parallax.photo import Photo


def outline(*, depth_guessed):
    """The soft edge of a thing before the sky that changes its depth half-way down."""
    inv_depth = np.full((96, 128), 0.1, np.float32)
    inv_depth[:48, :64] = 0.5
    inv_depth[48:, :64] = 0.9
    photo = Photo(np.full((96, 128, 3), 90, np.uint8), focal_px=128.0)
    params = BuildParams(depth_guessed=depth_guessed)
    reach = Reach(0.15, (0.1,) * 4)
    scene = build_scene(
        photo, DepthMap(inv_depth), None, reach=reach, size_wh=(128, 96), params=params
    )
    return next(layer.mesh for layer in scene.layers if layer.name == "rim")


def test_an_outline_is_torn_where_its_depth_is_known_to_change():
    exact, guessed = outline(depth_guessed=False), outline(depth_guessed=True)
    assert len(exact.triangles) == len(guessed.triangles)
    # What is torn off has corners of its own
    assert len(exact.positions_su) > len(guessed.positions_su)
