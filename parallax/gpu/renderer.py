"""`Renderer`: a scene seen from one camera after another."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Self

import moderngl
import numpy as np

from parallax.camera import Intrinsics, ResolvedCamera, clip_from_camera
from parallax.frame import Frame
from parallax.gpu.context import Context, DeviceName, open_context
from parallax.gpu.motion_mask import LayerMotion, find_layer_motion
from parallax.gpu.motion_pass import MotionPass
from parallax.gpu.passes import (
    FRAME_BINDING,
    FRAME_DTYPE,
    LayerPass,
    MeshOnDevice,
    ResolvePass,
    RimPass,
)
from parallax.gpu.target import FRAMES_IN_FLIGHT, Readback, Target, create_target
from parallax.gpu.texture import SampleGrid, fit_texture
from parallax.motion_plan import Motion
from parallax.scene import Layer, Scene

NEAR_PLANE = 0.02  # of the nearest vertex's distance: a path may come that close to it
FAR_PLANE = 1.5  # times the farthest vertex's distance, for paths that back away
TEXELS_PER_PX = 2  # a side: parallax/gpu/texture.py says why; a third would cost 100 MB a layer
LARGE_FRAME_PX = 4e6  # from here on one texel a pixel: the blur between texels is too small to see
WORTH_DETAIL = 1.15  # a smaller zoom shows no detail that the photo at the film's size lacks
Y_DOWN = np.diag([1.0, -1.0, 1.0, 1.0])  # the first row in memory is the top one, at no cost


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderParams:
    """How frames are drawn."""

    supersample: int = 1
    """Samples a side of each pixel: 1, 2 or 4."""
    device: DeviceName = "auto"
    """An index of `list_devices`, "software", or "auto" for the best there is."""

    def __post_init__(self) -> None:
        if self.supersample not in (1, 2, 4):
            raise ValueError(
                f"RenderParams.supersample: expected 1, 2 or 4, got {self.supersample}"
            )


class Renderer:
    """Draws a scene; a context manager, to be used on the thread that made it.

    The same scene and cameras give the same bytes on the same device, in any order.

    Attributes:
        device: The driver's name of what draws.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        size_wh: tuple[int, int],
        params: RenderParams | None = None,
        context: Context | None = None,
        motion: Motion | None = None,
    ) -> None:
        """Upload the scene.

        Args:
            scene: What there is.
            size_wh: Of the frames, in pixels.
            params: How to draw.
            context: An open context to draw with; None opens one for this renderer alone.
            motion: How it moves; None where all stands still.

        Raises:
            ContextError: There is no device, or it is too small.
        """
        self._size_wh = size_wh
        self._params = params or RenderParams()
        self._planes_su = _clip_planes(scene)
        self._grid = _choose_grid(size_wh, self._params.supersample, scene.reach.zoom)
        self._frames_asked_for = False
        with ExitStack() as closing:
            self._context = context or closing.enter_context(open_context(self._params.device))
            self._frame_block = self._own(
                closing, self._context.gl.buffer(reserve=FRAME_DTYPE.itemsize)
            )
            self._add_targets(closing)
            self._add_passes(closing, scene, motion)
            self._context.check_error("scene")
            self._closing = closing.pop_all()
        self.device = self._context.renderer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def frames(self, cameras: Iterable[ResolvedCamera]) -> Iterator[Frame]:
        """One frame for each camera, in their order, numbered from 0.

        A frame is drawn while the one before it is read back; each has an array of its own.

        Raises:
            RuntimeError: Another iterator of this renderer is not finished.
        """
        if self._frames_asked_for:
            raise RuntimeError("Renderer.frames: expected the iterator before to be finished")
        self._frames_asked_for = True
        try:
            in_flight: deque[tuple[int, float, Readback]] = deque()
            for index, camera in enumerate(cameras):
                readback = self._readbacks[index % len(self._readbacks)]
                self._draw(camera, readback)
                in_flight.append((index, camera.time_s, readback))
                if len(in_flight) == len(self._readbacks):
                    yield _finish(*in_flight.popleft())
            while in_flight:
                yield _finish(*in_flight.popleft())
        finally:
            self._frames_asked_for = False

    def render(self, camera: ResolvedCamera) -> Frame:
        """The frame of one camera."""
        (frame,) = self.frames([camera])
        return frame

    def count_uncovered(self, camera: ResolvedCamera) -> int:
        """How many samples no opaque triangle covers: 0 for a scene built for this camera."""
        canvas = self._canvas or self._readbacks[0].target
        self._set_frame(camera)
        self._draw_opaque(canvas, camera.time_s, clear_alpha=0.0)
        width, height = canvas.size_wh
        srgb8 = np.empty((height, width, 4), np.uint8)
        canvas.framebuffer.read_into(srgb8, components=4)
        return int(np.count_nonzero(srgb8[..., 3] == 0))

    def _add_targets(self, closing: ExitStack) -> None:
        """What is drawn into: the frames in flight and, for supersampling, a larger canvas."""
        width, height = self._size_wh
        canvas_wh = (width * self._params.supersample, height * self._params.supersample)
        self._context.check_size("frame", canvas_wh)
        depth = self._own(closing, self._context.gl.depth_renderbuffer(canvas_wh))
        self._canvas: Target | None = None
        if self._params.supersample > 1:
            self._canvas = self._own(closing, create_target(self._context, canvas_wh, depth=depth))
        own_depth = None if self._canvas else depth
        self._readbacks = []
        for _ in range(FRAMES_IN_FLIGHT):
            target = create_target(self._context, self._size_wh, depth=own_depth)
            self._readbacks.append(self._own(closing, Readback(self._context, target)))

    def _add_passes(self, closing: ExitStack, scene: Scene, motion: Motion | None) -> None:
        """The scene's meshes and textures, and the passes that draw them."""
        gl = self._context.gl
        found: list[LayerMotion] = []
        if motion and not motion.is_still:
            found = find_layer_motion(scene, motion)
        meshes = [
            self._own(closing, self._upload(layer, scene.intrinsics, layer_motion))
            for layer, layer_motion in zip_longest(scene.layers, found)
        ]
        self._motion_pass: MotionPass | None = None
        if motion and found:
            self._motion_pass = self._own(closing, MotionPass(gl, motion, meshes, found))
        self._layer_pass = self._own(closing, LayerPass(gl, meshes))
        self._rim_pass = self._own(closing, RimPass(gl, meshes))
        self._resolve_pass: ResolvePass | None = None
        if self._params.supersample > 1:
            self._resolve_pass = self._own(
                closing, ResolvePass(gl, supersample=self._params.supersample)
            )

    def _upload(
        self, layer: Layer, intrinsics: Intrinsics, motion: LayerMotion | None
    ) -> MeshOnDevice:
        """A layer on the device, its texture on the grid of the film's samples."""
        fitted = fit_texture(layer, intrinsics, self._grid)
        height, width = fitted.srgb8.shape[:2]
        self._context.check_size(f"texture of layer {layer.name}", (width, height))
        texture = self._context.gl.texture((width, height), 4, np.ascontiguousarray(fitted.srgb8))
        texture.filter = moderngl.LINEAR, moderngl.LINEAR
        texture.repeat_x = texture.repeat_y = False
        return MeshOnDevice(
            self._context.gl,
            layer.mesh,
            texture,
            fitted.texture_from_layer,
            window_uv=layer.window_uv,
            kinds=motion.kinds if motion else None,
        )

    def _draw(self, camera: ResolvedCamera, readback: Readback) -> None:
        """Draw one frame and start to read it back."""
        canvas = self._canvas or readback.target
        self._set_frame(camera)
        self._draw_opaque(canvas, camera.time_s, clear_alpha=1.0)
        self._rim_pass.draw(canvas)
        if self._motion_pass:
            self._motion_pass.draw_soft(canvas)
        if self._canvas and self._resolve_pass:
            self._resolve_pass.draw(self._canvas, readback.target)
        readback.start()

    def _draw_opaque(self, canvas: Target, time_s: float, *, clear_alpha: float) -> None:
        """Clear, and draw the opaque triangles, those that move after those that do not."""
        if self._motion_pass:
            self._motion_pass.prepare(time_s)
        self._layer_pass.draw(canvas, clear_alpha=clear_alpha)
        if self._motion_pass:
            self._motion_pass.draw_opaque(canvas)

    def _set_frame(self, camera: ResolvedCamera) -> None:
        """Fill the Frame block."""
        near_su, far_su = self._planes_su
        width, height = self._size_wh
        clip_from_world = (
            Y_DOWN
            @ clip_from_camera(camera.fov_deg, width / height, near_su=near_su, far_su=far_su)
            @ camera.pose.camera_from_world
        )
        block = np.zeros((), FRAME_DTYPE)
        block["clip_from_world"] = clip_from_world.T  # OpenGL keeps columns together
        self._frame_block.write(block.tobytes())
        self._frame_block.bind_to_uniform_block(FRAME_BINDING)

    @staticmethod
    def _own(closing: ExitStack, resource: Any) -> Any:
        """The resource, to be released with the renderer."""
        closing.callback(resource.release)
        return resource


def _choose_grid(size_wh: tuple[int, int], supersample: int, zoom: float) -> SampleGrid:
    """How fine a film's textures are to be: as fine as anybody sees, and no finer."""
    is_large = size_wh[0] * size_wh[1] > LARGE_FRAME_PX
    texels_per_px = 1 if is_large and supersample == 1 else TEXELS_PER_PX
    detail_per_px = supersample * (zoom if zoom > WORTH_DETAIL else 1.0)
    return SampleGrid(
        size_wh, texels_per_px, supersample, detail_per_px=min(detail_per_px, texels_per_px)
    )


def _clip_planes(scene: Scene) -> tuple[float, float]:
    """Distances in front of which and behind which nothing is drawn."""
    distances_su = np.concatenate(
        [np.linalg.norm(layer.mesh.positions_su, axis=1) for layer in scene.layers]
    )
    return NEAR_PLANE * float(distances_su.min()), FAR_PLANE * float(distances_su.max())


def _finish(index: int, time_s: float, readback: Readback) -> Frame:
    """The frame that a readback brings."""
    return Frame(index, time_s, readback.finish())
