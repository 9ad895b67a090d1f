"""A scene, uploaded: its meshes and textures, its motion, and the passes that draw them."""

from contextlib import ExitStack
from dataclasses import replace
from itertools import zip_longest

import cv2
import moderngl
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, ResolvedCamera, clip_from_camera
from parallax.gpu.context import Context
from parallax.gpu.motion_mask import LayerMotion, find_layer_motion
from parallax.gpu.motion_particle import ParticlePass
from parallax.gpu.motion_pass import MotionPass
from parallax.gpu.passes import FRAME_BINDING, FRAME_DTYPE, LayerPass, MeshOnDevice, RimPass
from parallax.gpu.target import Target, own
from parallax.gpu.texture import SampleGrid, fit_texture
from parallax.gpu.tile import WHOLE_UV
from parallax.motion_plan import Motion
from parallax.scene import Layer, Scene

NEAR_PLANE = 0.02  # of the nearest vertex's distance: a path may come that close to it
GAPS_SHARE = 0.5  # a layer that covers less of its window is seen beside others only
FAR_PLANE = 1.5  # times the farthest vertex's distance, for paths that back away
Y_DOWN = np.diag([1.0, -1.0, 1.0, 1.0])  # the first row in memory is the top one, at no cost


class SceneOnDevice:
    """Draws a scene as one camera sees it."""

    def __init__(
        self, context: Context, scene: Scene, *, motion: Motion | None, grid: SampleGrid
    ) -> None:
        """Upload.

        Args:
            context: The device.
            scene: What there is.
            motion: How it moves; None where all stands still.
            grid: Where the textures' texels are to lie.

        Raises:
            ContextError: Too large for the device.
        """
        self._aspect = grid.size_wh[0] / grid.size_wh[1]
        self._near_su, self._far_su = _clip_planes(scene)
        self._focus_su = scene.focus_su
        gl = context.gl
        with ExitStack() as closing:
            self._frame_block = own(closing, gl.buffer(reserve=FRAME_DTYPE.itemsize))
            found: list[LayerMotion] = []
            if motion and not motion.is_still:
                found = find_layer_motion(scene, motion)
            meshes = [
                own(closing, _upload(context, layer, scene.intrinsics, layer_motion, its_grid))
                for layer, layer_motion, its_grid in zip_longest(
                    scene.layers, found, _choose_grids(scene, grid)
                )
            ]
            self._motion_pass: MotionPass | None = None
            if motion and found:
                self._motion_pass = own(closing, MotionPass(context, motion, meshes, found))
            self._particle_pass: ParticlePass | None = None
            if motion and motion.particles:
                particles = ParticlePass(context, motion, scene.intrinsics)
                self._particle_pass = own(closing, particles)
            self._layer_pass = own(closing, LayerPass(context, meshes))
            self._rim_pass = own(closing, RimPass(context, meshes))
            self._meshes = meshes
            farthest = (found[0].layer if found else scene.layers[0]).mesh
            self._farthest_su = farthest.positions_su.astype(np.float64)
            self._uncovered = np.zeros(len(meshes[0].opaque_triangles), bool)
            context.check_error("scene")
            self._closing = closing.pop_all()

    def draw(
        self,
        camera: ResolvedCamera,
        target: Target,
        *,
        part_uv: tuple[float, float, float, float] = WHOLE_UV,
        lens_offset_su: tuple[float, float] = (0.0, 0.0),
        with_farthest: bool = True,
    ) -> None:
        """Clear the target and draw everything.

        Args:
            camera: From where and when.
            target: Of the part's shape.
            part_uv: Left, top, right and bottom edge of what is drawn of the frame.
            lens_offset_su: The point of the lens to look through, to the right of and above its
                middle; the focused plane stays where it is.
            with_farthest: All of the layer behind all others; otherwise only what `uncover` has
                found of it, and pixels that nothing covers get an alpha below 1.
        """
        self.draw_opaque(
            camera,
            target,
            part_uv=part_uv,
            lens_offset_su=lens_offset_su,
            clear_alpha=1.0 if with_farthest else 0.0,
            with_farthest=with_farthest,
        )
        self._rim_pass.draw(target)
        if self._motion_pass:
            self._motion_pass.draw_soft(target)
        if self._particle_pass:
            self._particle_pass.draw(target, camera.time_s)

    def draw_opaque(
        self,
        camera: ResolvedCamera,
        target: Target,
        *,
        part_uv: tuple[float, float, float, float] = WHOLE_UV,
        lens_offset_su: tuple[float, float] = (0.0, 0.0),
        clear_alpha: float = 1.0,
        with_farthest: bool = True,
    ) -> None:
        """Clear, and draw the opaque triangles, those that move among those that do not."""
        self._set_frame(camera, part_uv, lens_offset_su)
        if self._motion_pass:
            self._motion_pass.prepare(camera.time_s)
        draw_moved = self._motion_pass.draw_opaque if self._motion_pass else None
        self._layer_pass.draw(
            target,
            clear_alpha=clear_alpha,
            with_farthest=with_farthest,
            draw_moved=draw_moved,
        )

    @property
    def can_leave_out(self) -> bool:
        """Whether a layer lies behind others."""
        return len(self._meshes) > 1

    def uncover(self, camera: ResolvedCamera, covered: NDArray[np.bool_]) -> bool:
        """Have all that lies where a frame is not covered drawn from now on.

        Args:
            camera: Of the frame.
            covered: (H, W).

        Returns:
            Whether anything is drawn now that was not before.
        """
        height, width = covered.shape
        clip_from_world = self._clip_from_world(camera, WHOLE_UV, (0.0, 0.0))
        clip = self._farthest_su @ clip_from_world[:, :3].T + clip_from_world[:, 3]
        w = np.maximum(clip[:, 3:], 1e-6)
        px = (clip[:, :2] / w + 1) / 2 * (width, height)
        corners = px[self._meshes[0].opaque_triangles]  # (T, 3, 2)
        low = np.clip(np.floor(corners.min(1)) - 1, 0, (width, height)).astype(int)
        high = np.clip(np.ceil(corners.max(1)) + 1, 0, (width, height)).astype(int)
        missing = cv2.integral((~covered).astype(np.uint8))
        found = (
            missing[high[:, 1], high[:, 0]]
            - missing[low[:, 1], high[:, 0]]
            - missing[high[:, 1], low[:, 0]]
            + missing[low[:, 1], low[:, 0]]
        ) > 0
        is_more = bool((found & ~self._uncovered).any())
        self._uncovered |= found
        self._meshes[0].put_first(self._uncovered)
        return is_more

    def release(self) -> None:
        """Give everything back."""
        self._closing.close()

    def _set_frame(
        self,
        camera: ResolvedCamera,
        part_uv: tuple[float, float, float, float],
        lens_offset_su: tuple[float, float],
    ) -> None:
        """Fill the Frame block."""
        block = np.zeros((), FRAME_DTYPE)
        # OpenGL keeps columns together
        block["clip_from_world"] = self._clip_from_world(camera, part_uv, lens_offset_su).T
        self._frame_block.write(block.tobytes())
        self._frame_block.bind_to_uniform_block(FRAME_BINDING)

    def _clip_from_world(
        self,
        camera: ResolvedCamera,
        part_uv: tuple[float, float, float, float],
        lens_offset_su: tuple[float, float],
    ) -> NDArray[np.float64]:
        """(4, 4), what places the vertices; y points down."""
        projection = clip_from_camera(
            camera.fov_deg, self._aspect, near_su=self._near_su, far_su=self._far_su
        )
        focus_su = camera.focus_su or self._focus_su
        lens_from_camera = _lens_from_camera(lens_offset_su, focus_su)
        part_from_clip = _part_from_clip(part_uv) @ Y_DOWN
        matrix: NDArray[np.float64] = (
            part_from_clip @ projection @ lens_from_camera @ camera.pose.camera_from_world
        )
        return matrix


def _choose_grids(scene: Scene, grid: SampleGrid) -> list[SampleGrid]:
    """The grid of each layer's texture: coarser where a layer only fills gaps.

    Less than a percent of a frame then changes by three levels or more, for a third of the memory.
    """
    coarse = replace(grid, texels_per_px=1) if grid.samples_per_px == 1 else grid
    *hidden, _ = scene.layers
    return [coarse if _opaque_share(layer) < GAPS_SHARE else grid for layer in hidden] + [grid]


def _opaque_share(layer: Layer) -> float:
    """How much of its window a layer covers with opaque triangles; 1 if it has none."""
    if not layer.mesh.num_opaque:
        return 1.0
    corners = layer.mesh.uv[layer.mesh.triangles[: layer.mesh.num_opaque]]
    (du1, dv1), (du2, dv2) = (corners[:, k].T - corners[:, 0].T for k in (1, 2))
    return float(np.abs(du1 * dv2 - du2 * dv1).sum() / 2)


def _upload(
    context: Context,
    layer: Layer,
    intrinsics: Intrinsics,
    motion: LayerMotion | None,
    grid: SampleGrid,
) -> MeshOnDevice:
    """A layer on the device, its texture on the grid of the film's samples."""
    layer = motion.layer if motion else layer
    fitted = fit_texture(layer, intrinsics, grid, max_side_px=context.max_side_px)
    height, width = fitted.srgb8.shape[:2]
    texture = context.gl.texture((width, height), 4, np.ascontiguousarray(fitted.srgb8))
    texture.filter = moderngl.LINEAR, moderngl.LINEAR
    texture.repeat_x = texture.repeat_y = False
    return MeshOnDevice(
        context.gl,
        layer.mesh,
        texture,
        fitted.texture_from_layer,
        window_uv=layer.window_uv,
        kinds=motion.kinds if motion else None,
    )


def _part_from_clip(part_uv: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """(4, 4), enlarges a part of the frame to all of it; y points down."""
    u0, v0, u1, v1 = part_uv
    part_from_clip = np.diag([1 / (u1 - u0), 1 / (v1 - v0), 1.0, 1.0])
    part_from_clip[:2, 3] = (1 - u0 - u1) / (u1 - u0), (1 - v0 - v1) / (v1 - v0)
    return part_from_clip


def _lens_from_camera(offset_su: tuple[float, float], focus_su: float) -> NDArray[np.float64]:
    """(4, 4), a camera moved within its lens and sheared so that the focused plane stays.

    Haeberli and Akeley 1990, "The Accumulation Buffer", section 5.
    """
    lens_from_camera = np.eye(4)
    for axis, offset in enumerate(offset_su):
        lens_from_camera[axis, 2] = -offset / focus_su
        lens_from_camera[axis, 3] = -offset
    return lens_from_camera


def _clip_planes(scene: Scene) -> tuple[float, float]:
    """Distances in front of which and behind which nothing is drawn."""
    distances_su = np.concatenate(
        [np.linalg.norm(layer.mesh.positions_su, axis=1) for layer in scene.layers]
    )
    return NEAR_PLANE * float(distances_su.min()), FAR_PLANE * float(distances_su.max())
