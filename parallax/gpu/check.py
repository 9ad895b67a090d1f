"""Whether a device draws what it should."""

import numpy as np

from parallax.camera import Intrinsics, Pose, Reach, ResolvedCamera, positions_from_uv
from parallax.gpu.context import Context
from parallax.gpu.renderer import Renderer
from parallax.scene import Layer, Mesh, Scene

TEST_SIZE_WH = (16, 16)
TEST_SRGB8 = (64, 128, 192, 255)


def draw_test_pixel(context: Context) -> tuple[int, int, int, int]:
    """The middle pixel of a frame that should be `TEST_SRGB8` all over.

    Everything that a film needs takes part: shaders, textures, blending, depth, reading back.

    Raises:
        ShaderError: The driver refuses a shader.
        ContextError: The driver refuses anything else.
    """
    intrinsics = Intrinsics.from_fov(TEST_SIZE_WH, 45.0)
    corner_uv = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    triangles = np.array([[0, 1, 2], [2, 1, 3]], np.uint32)
    srgb8 = np.full((*TEST_SIZE_WH, 4), TEST_SRGB8, np.uint8)
    layers = tuple(
        Layer(
            name,
            Mesh(
                positions_from_uv(corner_uv, np.full(4, inv_depth), intrinsics),
                corner_uv,
                triangles,
                num_opaque,
            ),
            srgb8,
        )
        for name, inv_depth, num_opaque in (("back", 0.5, 2), ("front", 1.0, 0))
    )
    scene = Scene(layers, intrinsics, Reach(0.0), focus_su=1.0)
    with Renderer(scene, size_wh=TEST_SIZE_WH, context=context) as renderer:
        frame = renderer.render(ResolvedCamera(0.0, Pose.identity(), 45.0))
    red, green, blue, alpha = (int(n) for n in frame.srgb8[8, 8])
    return red, green, blue, alpha
