"""The passes that make a frame: a class each, with its shaders and its state."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from parallax.gpu.context import Context
from parallax.gpu.target import Target
from parallax.scene import WHOLE_PHOTO_UV, Mesh

FRAME_DTYPE = np.dtype([("clip_from_world", np.float32, (4, 4))])  # shaders/common/frame.glsl
FRAME_BINDING = 0
NUM_STRIPS = 128  # of triangles side by side: drawn in turns, they find their texels in the cache
FRAMEBUFFER_SRGB = 0x8DB9  # moderngl has no name for it


@dataclass(frozen=True, slots=True)
class PassState:
    """What the device is told before a draw, all of it each time.

    Attributes:
        depth_test: Hidden by what is nearer.
        depth_write: Hides what is farther.
        blend_pre: Laid over what is there by its premultiplied alpha.
        add: Added to what is there.
        encode: LINEAR light comes out of the shader and is blended as such, and the device encodes
            it; otherwise the shader's bytes are stored.
    """

    depth_test: bool = False
    depth_write: bool = False
    blend_pre: bool = False
    add: bool = False
    encode: bool = False

    def apply(self, gl: Any, framebuffer: Any) -> None:
        """Set everything for drawing into a framebuffer."""
        framebuffer.use()
        framebuffer.depth_mask = self.depth_write
        blend = self.blend_pre or self.add
        wanted = (self.depth_test and moderngl.DEPTH_TEST, blend and moderngl.BLEND)
        gl.enable_only(sum(int(flag) for flag in wanted))
        gl.depth_func = "<"
        covered = moderngl.ONE if self.add else moderngl.ONE_MINUS_SRC_ALPHA
        gl.blend_func = moderngl.ONE, covered
        (gl.enable_direct if self.encode else gl.disable_direct)(FRAMEBUFFER_SRGB)


@dataclass(frozen=True, slots=True)
class MovedRange:
    """Triangles of a mesh, one after the other, that show the same kinds of motion.

    Attributes:
        kinds: A sum of `parallax.gpu.motion_mask.SWAY` and so on, not 0.
        first: Of the mesh's triangles on the device.
        count: How many.
        soft: Whether they are blended.
    """

    kinds: int
    first: int
    count: int
    soft: bool


class MeshOnDevice:
    """A layer's triangles and texture, uploaded.

    The opaque triangles that stand still come first, then those that move, then the soft ones,
    which keep their order: if one of them moves, all count as moved.

    Attributes:
        num_opaque: Opaque triangles that stand still.
        first_soft: Of the soft triangles that stand still.
        num_soft: How many.
        moved: The other triangles.
        texture_from_layer: Scale and shift, uv of the texture from uv of the layer.
        photo_from_texture: Scale and shift, uv of the photo from uv of the texture.
    """

    def __init__(
        self,
        gl: Any,
        mesh: Mesh,
        texture: Any,
        texture_from_layer: NDArray[np.float32],
        *,
        window_uv: tuple[float, float, float, float] = WHOLE_PHOTO_UV,
        kinds: NDArray[np.uint8] | None = None,
    ) -> None:
        """Upload.

        Args:
            gl: The context.
            mesh: Of the layer.
            texture: On the device already; released with the mesh.
            texture_from_layer: float32 (4,), scale and shift.
            window_uv: Of the layer.
            kinds: uint8 (T,), what each triangle shows of a motion; None where nothing moves.
        """
        self.texture = texture
        self.texture_from_layer = tuple(float(n) for n in texture_from_layer)
        window = np.array(window_uv).reshape(2, 2)
        scale = (window[1] - window[0]) / texture_from_layer[:2]
        self.photo_from_texture = (*scale, *(window[0] - texture_from_layer[2:] * scale))
        if kinds is None:
            kinds = np.zeros(len(mesh.triangles), np.uint8)
        order = self._part(kinds, mesh)
        self._opaque = np.ascontiguousarray(mesh.triangles[order[: mesh.num_opaque]])
        self._num_first: dict[int, int] = {}
        vertices = np.hstack([mesh.positions_su, mesh.uv])
        self.vertices = gl.buffer(np.ascontiguousarray(vertices))
        self.triangles = gl.buffer(np.ascontiguousarray(mesh.triangles[order]))

    def _part(self, kinds: NDArray[np.uint8], mesh: Mesh) -> NDArray[np.intp]:
        """The order of the triangles on the device; sets the ranges."""
        num_opaque = mesh.num_opaque
        middle_uv = mesh.uv[mesh.triangles[:num_opaque]].mean(1)
        strip = np.floor(middle_uv[:, 0] * NUM_STRIPS)
        in_strips = np.lexsort((middle_uv[:, 1], strip, kinds[:num_opaque]))
        order = np.concatenate([in_strips, np.arange(num_opaque, len(kinds))])
        self.num_opaque = int(np.count_nonzero(kinds[:num_opaque] == 0))
        self.moved = []
        first = self.num_opaque
        for kind in np.unique(kinds[:num_opaque]):
            if kind:
                count = int(np.count_nonzero(kinds[:num_opaque] == kind))
                self.moved.append(MovedRange(int(kind), first, count, soft=False))
                first += count
        soft_kinds = int(np.bitwise_or.reduce(kinds[num_opaque:], initial=0))
        num_soft = len(kinds) - num_opaque
        if soft_kinds and num_soft:
            self.moved.append(MovedRange(soft_kinds, num_opaque, num_soft, soft=True))
        self.first_soft = num_opaque
        self.num_soft = 0 if soft_kinds else num_soft
        return order

    @property
    def opaque_triangles(self) -> NDArray[np.uint32]:
        """uint32 (N, 3), the vertices of the opaque triangles, those that stand still first."""
        return self._opaque

    def put_first(self, chosen: NDArray[np.bool_]) -> None:
        """Let some of `opaque_triangles`, bool (N,), be drawn before others that move alike."""
        begins = {0: 0} | {part.kinds: part.first for part in self.moved if not part.soft}
        order = np.arange(len(chosen))
        for kinds, (begin, end) in zip(
            begins, pairwise([*begins.values(), len(order)]), strict=True
        ):
            part = order[begin:end]
            self._num_first[kinds] = int(chosen[part].sum())
            order[begin:end] = np.concatenate([part[chosen[part]], part[~chosen[part]]])
        self.triangles.write(self._opaque[order].tobytes())

    def num_first(self, kinds: int) -> int:
        """How many triangles were put first of those that show these kinds; 0: stand still."""
        return self._num_first.get(kinds, 0)

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

    def __init__(self, context: Context, meshes: list[MeshOnDevice]) -> None:
        self._gl = context.gl
        self.program = context.programs.find("layer.vert", "layer.frag")
        self.program["Frame"].binding = FRAME_BINDING
        # Near layers first: what lies behind them is then never shaded
        near_first = reversed(meshes)
        self._draws = [(mesh, mesh.bind(context.gl, self.program)) for mesh in near_first]

    def draw(
        self,
        target: Target,
        *,
        clear_alpha: float,
        with_farthest: bool = True,
        draw_moved: Callable[..., None] | None = None,
    ) -> None:
        """Clear the target, to black and this alpha, and draw.

        Args:
            target: To draw into.
            clear_alpha: Where nothing is drawn.
            with_farthest: All of the layer behind all others; otherwise what was put first of it.
            draw_moved: Draws what moves of one mesh, in the same state, or with `only_first` what
                was put first of that: each in its turn, so that it hides what is behind it,
                moving or not.
        """
        self.STATE.apply(self._gl, target.framebuffer)
        target.framebuffer.clear(alpha=clear_alpha)
        for mesh, vertex_array in self._draws:
            only_first = not with_farthest and mesh is self._draws[-1][0]
            num_drawn = mesh.num_first(0) if only_first else mesh.num_opaque
            if num_drawn:
                mesh.texture.use(0)
                self.program["u_texture_from_layer"] = mesh.texture_from_layer
                vertex_array.render(moderngl.TRIANGLES, vertices=3 * num_drawn)
            if draw_moved:
                draw_moved(mesh, only_first=only_first)

    def release(self) -> None:
        """Give everything back."""
        for _, vertex_array in self._draws:
            vertex_array.release()


class RimPass:
    """Soft triangles, laid over what is behind them in LINEAR light."""

    STATE = PassState(depth_test=True, blend_pre=True, encode=True)

    def __init__(self, context: Context, meshes: list[MeshOnDevice]) -> None:
        self._gl = context.gl
        self.program = context.programs.find("layer.vert", "rim.frag")
        self.program["Frame"].binding = FRAME_BINDING
        soft = [mesh for mesh in meshes if mesh.num_soft]
        self._draws = [(mesh, mesh.bind(context.gl, self.program)) for mesh in soft]

    def draw(self, target: Target) -> None:
        """Draw over what the target shows."""
        self.STATE.apply(self._gl, target.framebuffer)
        for mesh, vertex_array in self._draws:
            mesh.texture.use(0)
            self.program["u_texture_from_layer"] = mesh.texture_from_layer
            vertex_array.render(
                moderngl.TRIANGLES, vertices=3 * mesh.num_soft, first=3 * mesh.first_soft
            )

    def release(self) -> None:
        """Give everything back."""
        for _, vertex_array in self._draws:
            vertex_array.release()


class ResolvePass:
    """The mean of each pixel's samples, in LINEAR light."""

    STATE = PassState(encode=True)

    def __init__(self, context: Context, *, supersample: int) -> None:
        if supersample % 2:
            raise ValueError(f"ResolvePass: expected an even number, got {supersample}")
        self._gl = context.gl
        self._num_taps = supersample // 2  # each reads 2×2 samples
        self.program = context.programs.find("fullscreen.vert", "resolve.frag")
        self._vertex_array = context.gl.vertex_array(self.program, [])

    def draw(self, samples: Target, target: Target, *, box_px: tuple[int, int, int, int]) -> None:
        """Draw one picture, smaller, into a part of another: left, top, width and height."""
        whole, target.framebuffer.viewport = target.framebuffer.viewport, box_px
        self.STATE.apply(self._gl, target.framebuffer)
        samples.colour.use(0)
        self.program["u_num_taps"] = self._num_taps
        self.program["u_tap_uv"] = tuple(2 / side for side in samples.size_wh)
        self._vertex_array.render(moderngl.TRIANGLES, vertices=3)
        target.framebuffer.viewport = whole

    def release(self) -> None:
        """Give everything back."""
        self._vertex_array.release()
