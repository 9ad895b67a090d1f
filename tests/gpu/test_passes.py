"""What Python and the shaders say about the same things."""

import numpy as np
import pytest

from parallax.gpu.passes import FRAME_DTYPE, LayerPass, MeshOnDevice, ResolvePass, RimPass
from tests.scenes import plane


@pytest.fixture
def mesh(ctx):
    texture = ctx.gl.texture((2, 2), 4, np.zeros((2, 2, 4), np.uint8))
    mesh = MeshOnDevice(ctx.gl, plane(0.5), texture, np.array([1, 1, 0, 0], np.float32))
    yield mesh
    mesh.release()


@pytest.mark.parametrize("kind", [LayerPass, RimPass])
def test_the_frame_block_is_laid_out_as_the_dtype(ctx, mesh, kind):
    drawn = kind(ctx, [mesh])
    assert drawn.program["Frame"].size == FRAME_DTYPE.itemsize
    drawn.release()


@pytest.mark.parametrize("kind", [LayerPass, RimPass])
def test_a_mesh_pass_has_the_names_that_are_set(ctx, mesh, kind):
    drawn = kind(ctx, [mesh])
    wanted = {"Frame", "in_position_world", "in_uv", "u_photo", "u_texture_from_layer"}
    assert set(drawn.program) == wanted
    drawn.release()


def test_the_resolve_pass_has_the_names_that_are_set(ctx):
    drawn = ResolvePass(ctx, supersample=4)
    assert set(drawn.program) - {"gl_VertexID"} == {"u_samples", "u_num_taps", "u_tap_uv"}
    drawn.release()


def test_an_odd_number_of_samples_cannot_be_averaged_by_pairs(ctx):
    with pytest.raises(ValueError, match="expected an even number, got 3"):
        ResolvePass(ctx, supersample=3)
