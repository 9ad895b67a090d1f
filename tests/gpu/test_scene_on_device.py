"""What is uploaded of a scene."""

import numpy as np
import pytest

from parallax.gpu.context import open_context
from parallax.gpu.scene_on_device import SceneOnDevice
from parallax.gpu.texture import SampleGrid
from parallax.scene import Layer
from tests.scenes import SIZE_WH, SQUARE_UV, plane, scene_of, smooth_photo, with_alpha


@pytest.mark.parametrize("samples_per_px", [1, 2])
def test_a_layer_that_only_fills_gaps_has_a_coarser_texture(samples_per_px):
    texels = with_alpha(smooth_photo(np.random.default_rng(0)))
    whole, part = plane(0.25), plane(0.5, area_uv=SQUARE_UV)
    soft = plane(0.9, area_uv=SQUARE_UV, opaque=False)
    meshes = {"backdrop": whole, "gap": part, "front": whole, "rim": soft}
    scene = scene_of(*(Layer(name, mesh, texels) for name, mesh in meshes.items()))
    grid = SampleGrid(SIZE_WH, 2, samples_per_px, detail_per_px=1.0)
    with open_context("software") as context:
        uploaded = SceneOnDevice(context, scene, motion=None, grid=grid)
        widths = [mesh.texture.width // SIZE_WH[0] for mesh in uploaded._meshes]
        uploaded.release()
    assert widths == [2, 1 if samples_per_px == 1 else 2, 2, 2]
