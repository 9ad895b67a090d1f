"""The passes that make a frame: a class each, with its shaders and its state."""

from dataclasses import dataclass
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from parallax.gpu.shader import compile_program
from parallax.gpu.target import Target
from parallax.scene import Mesh

FRAME_DTYPE = np.dtype([("clip_from_world", np.float32, (4, 4))])  # shaders/common/frame.glsl
FRAME_BINDING = 0
FRAMEBUFFER_SRGB = 0x8DB9  # moderngl has no name for it


@dataclass(frozen=True, slots=True)
class PassState:
    """What the device is told before a draw, all of it each time.

    Attributes:
        depth_test: Hidden by what is nearer.
        depth_write: Hides what is farther.
        blend_pre: Laid over what is there by its premultiplied alpha.
        encode: LINEAR light comes out of the shader and is blended as such, and the device encodes
            it; otherwise the shader's bytes are stored.
    """

    depth_test: bool = False
    depth_write: bool = False
    blend_pre: bool = False
    encode: bool = False

    def apply(self, gl: Any, target: Target) -> None:
        """Set everything for drawing into `target`."""
        target.framebuffer.use()
        target.framebuffer.depth_mask = self.depth_write
        wanted = (self.depth_test and moderngl.DEPTH_TEST, self.blend_pre and moderngl.BLEND)
        gl.enable_only(sum(int(flag) for flag in wanted))
        gl.depth_func = "<"
        gl.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
        (gl.enable_direct if self.encode else gl.disable_direct)(FRAMEBUFFER_SRGB)


class MeshOnDevice:
    """A layer's triangles and texture, uploaded."""

    def __init__(
        self, gl: Any, mesh: Mesh, texture: Any, texture_from_layer: NDArray[np.float32]
    ) -> None:
        self.num_opaque = mesh.num_opaque
        self.num_soft = len(mesh.triangles) - mesh.num_opaque
        self.texture = texture
        self.texture_from_layer = tuple(float(n) for n in texture_from_layer)
        vertices = np.hstack([mesh.positions_su, mesh.uv])
        self.vertices = gl.buffer(np.ascontiguousarray(vertices))
        self.triangles = gl.buffer(np.ascontiguousarray(mesh.triangles))

    def bind(self, gl: Any, program: Any) -> Any:
        """The vertex array that feeds these triangles to a program."""
        layout = [(self.vertices, "3f 2f", "in_position_world", "in_uv")]
        return gl.vertex_array(program, layout, index_buffer=self.triangles)

    def release(self) -> None:
        """Give everything back."""
        for resource in (self.vertices, self.triangles, self.texture):
            resource.release()


class LayerPass:
    """Opaque triangles, the photo's bytes as they are."""

    STATE = PassState(depth_test=True, depth_write=True)

    def __init__(self, gl: Any, meshes: list[MeshOnDevice]) -> None:
        self._gl = gl
        self.program = compile_program(gl, "layer.vert", "layer.frag")
        self.program["Frame"].binding = FRAME_BINDING
        # Near layers first: what lies behind them is then never shaded
        near_first = [mesh for mesh in reversed(meshes) if mesh.num_opaque]
        self._draws = [(mesh, mesh.bind(gl, self.program)) for mesh in near_first]

    def draw(self, target: Target, *, clear_alpha: float) -> None:
        """Clear the target, to black and this alpha, and draw."""
        self.STATE.apply(self._gl, target)
        target.framebuffer.clear(alpha=clear_alpha)
        for mesh, vertex_array in self._draws:
            mesh.texture.use(0)
            self.program["u_texture_from_layer"] = mesh.texture_from_layer
            vertex_array.render(moderngl.TRIANGLES, vertices=3 * mesh.num_opaque)

    def release(self) -> None:
        """Give everything back."""
        for _, vertex_array in self._draws:
            vertex_array.release()
        self.program.release()


class RimPass:
    """Soft triangles, laid over what is behind them in LINEAR light."""

    STATE = PassState(depth_test=True, blend_pre=True, encode=True)

    def __init__(self, gl: Any, meshes: list[MeshOnDevice]) -> None:
        self._gl = gl
        self.program = compile_program(gl, "layer.vert", "rim.frag")
        self.program["Frame"].binding = FRAME_BINDING
        soft = [mesh for mesh in meshes if mesh.num_soft]
        self._draws = [(mesh, mesh.bind(gl, self.program)) for mesh in soft]

    def draw(self, target: Target) -> None:
        """Draw over what the target shows."""
        self.STATE.apply(self._gl, target)
        for mesh, vertex_array in self._draws:
            mesh.texture.use(0)
            self.program["u_texture_from_layer"] = mesh.texture_from_layer
            vertex_array.render(
                moderngl.TRIANGLES, vertices=3 * mesh.num_soft, first=3 * mesh.num_opaque
            )

    def release(self) -> None:
        """Give everything back."""
        for _, vertex_array in self._draws:
            vertex_array.release()
        self.program.release()


class ResolvePass:
    """The mean of each pixel's samples, in LINEAR light."""

    STATE = PassState(encode=True)

    def __init__(self, gl: Any, *, supersample: int) -> None:
        if supersample % 2:
            raise ValueError(f"ResolvePass: expected an even number, got {supersample}")
        self._gl = gl
        self._num_taps = supersample // 2  # each reads 2×2 samples
        self.program = compile_program(gl, "fullscreen.vert", "resolve.frag")
        self._vertex_array = gl.vertex_array(self.program, [])

    def draw(self, samples: Target, target: Target) -> None:
        """Draw one picture, smaller, into another."""
        self.STATE.apply(self._gl, target)
        samples.colour.use(0)
        self.program["u_num_taps"] = self._num_taps
        self.program["u_tap_uv"] = tuple(2 / side for side in samples.size_wh)
        self._vertex_array.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        """Give everything back."""
        self._vertex_array.release()
        self.program.release()
