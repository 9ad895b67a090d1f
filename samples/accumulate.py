"""Draws a setting as the mean of many simple pictures.

Each of them has its own shift inside the pixel, its own place in the lens and its own lamps, all
with hard shadows; their mean has smooth edges, depth of field and soft shadows. Haeberli and
Akeley 1990, "The Accumulation Buffer: Hardware Support for High-Quality Rendering".
"""

from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS
from samples.program import load_shader, set_uniforms
from samples.projection import (
    clip_from_world,
    disc_from_square,
    lamp_from_world,
    lens_shear,
    spread,
)
from samples.setting import MATERIALS, Batch, Camera, Lamp, Setting

MAX_LAMPS = 8  # as light.frag; the atlas of shadow maps has 4 × 2 places
NUM_MIRROR_SAMPLES = 4  # the mirrored picture is seen through ripples: it needs no more


class Accumulator:
    """Everything of one setting in an open context, which releases it when it is closed."""

    def __init__(
        self,
        ctx: moderngl.Context,
        setting: Setting,
        *,
        size_wh: tuple[int, int],
        shadow_px: int,
    ) -> None:
        self.ctx, self.setting, self.size_wh, self.shadow_px = ctx, setting, size_wh, shadow_px
        self.programs = {
            name: self.ctx.program(load_shader(f"{vertex}.vert"), load_shader(f"{name}.frag"))
            for name, vertex in (
                *(("surfaces", "mesh"), ("shadow", "mesh"), ("light", "fullscreen")),
                *(("compose", "fullscreen"), ("sky", "fullscreen")),
            )
        }
        self.screens = {
            name: self.ctx.vertex_array(self.programs[name], [])
            for name in ("light", "compose", "sky")
        }
        self.arrays = [(batch, *self._upload(batch)) for batch in setting.batches]
        self._make_targets()

    def picture(self, num_samples: int) -> NDArray[np.float32]:
        """(H, W, 3), LINEAR light, top row first."""
        if self.setting.far_box[3] > 0:
            self._draw_far_shadow()
        if self.setting.has_water:
            self._draw_sky(mirror=-1)
            self._accumulate(min(num_samples, NUM_MIRROR_SAMPLES), mirror=-1)
            self.mirrored.write(self.sum.read())
        self._draw_sky(mirror=1)
        self._accumulate(num_samples, mirror=1)
        return np.ascontiguousarray(self._read(self.sum, np.float32)[..., :3])

    def geometry(self) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Exact distance (H, W) in m along the axis, 0 for the sky; and label indices (H, W)."""
        camera = self.setting.camera
        self._draw_surfaces(clip_from_world(camera, self.size_wh), camera, 1)
        position = self._read(self.position, np.float32)
        label = np.rint(self._read(self.albedo, np.float16)[..., 3])
        axes = camera.world_from_view
        z = (np.asarray(camera.eye_m) - position[..., :3]) @ axes[:, 2]
        is_there = position[..., 3] > 0
        labels = np.where(is_there, label, LABELS.index("sky"))
        z = np.where(is_there, z, np.inf)
        if self.setting.has_water:
            z_water = _distance_to_water(camera, self.size_wh)
            is_water = z_water < np.minimum(z, 12000)
            z, labels = (
                np.where(is_water, z_water, z),
                np.where(is_water, LABELS.index("water"), labels),
            )
        return np.where(np.isfinite(z), z, 0).astype(np.float32), labels.astype(np.uint8)

    def _make_targets(self) -> None:
        """Textures that the passes write."""
        ctx, size = self.ctx, self.size_wh
        self.albedo, self.normal = (
            ctx.texture(size, 4, dtype="f2"),
            ctx.texture(size, 4, dtype="f2"),
        )
        self.position, self.local = (
            ctx.texture(size, 4, dtype="f4"),
            ctx.texture(size, 4, dtype="f4"),
        )
        self.lit, self.sky = ctx.texture(size, 4, dtype="f2"), ctx.texture(size, 4, dtype="f2")
        self.sum, self.mirrored = ctx.texture(size, 4, dtype="f4"), ctx.texture(size, 4, dtype="f4")
        for texture in (self.albedo, self.normal, self.position, self.local):
            texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        surfaces = [self.albedo, self.normal, self.position, self.local]
        self.surfaces_target = ctx.framebuffer(surfaces, ctx.depth_renderbuffer(size))
        self.targets = {
            name: ctx.framebuffer([texture])
            for name, texture in (("lit", self.lit), ("sky", self.sky), ("sum", self.sum))
        }
        px = self.shadow_px
        self.shadows, self.far_shadow = (
            ctx.depth_texture((4 * px, 2 * px)),
            ctx.depth_texture((2 * px, 2 * px)),
        )
        for texture in (self.shadows, self.far_shadow):
            texture.compare_func = "<="
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
            texture.repeat_x = texture.repeat_y = False
        self.shadow_targets = [
            ctx.framebuffer(depth_attachment=t) for t in (self.shadows, self.far_shadow)
        ]

    def _upload(self, batch: Batch) -> tuple[moderngl.VertexArray, moderngl.VertexArray]:
        """Vertex arrays of a batch for the surface pass and for shadow maps."""
        mesh = batch.mesh
        vertices = np.concatenate([mesh.positions, mesh.normals, mesh.albedo, mesh.uv_ao], 1)
        buffer = self.ctx.buffer(np.ascontiguousarray(vertices, np.float32))
        indices = self.ctx.buffer(np.ascontiguousarray(mesh.triangles))
        places = self.ctx.buffer(np.ascontiguousarray(batch.instances, np.float32))
        surfaces = [
            (buffer, "3f 3f 3f 3f", "in_position", "in_normal", "in_albedo", "in_uv_ao"),
            (places, "4f 4f/i", "in_place", "in_turn"),
        ]
        shadows = [(buffer, "3f 24x 3f", "in_position", "in_uv_ao"), surfaces[1]]
        return (
            self.ctx.vertex_array(self.programs["surfaces"], surfaces, indices),
            self.ctx.vertex_array(self.programs["shadow"], shadows, indices),
        )

    def _accumulate(self, num_samples: int, *, mirror: int) -> None:
        """Adds the samples up in `sum`."""
        camera = self.setting.camera
        shifts = spread(num_samples) - 0.5
        lens = disc_from_square(spread(num_samples, 7)) * (camera.aperture_m / 2)
        self.targets["sum"].clear()
        for index in range(num_samples):
            seen_from, still_px = lens_shear(camera, self.size_wh, (lens[index, 0], lens[index, 1]))
            shift_px = (shifts[index, 0] + still_px[0], shifts[index, 1] + still_px[1])
            matrix = clip_from_world(seen_from, self.size_wh, shift_px=shift_px)
            lamps = self.setting.lamps[index * len(self.setting.lamps) // num_samples]
            self._draw_shadows(lamps)
            self._draw_surfaces(matrix, seen_from, mirror)
            self._draw_light(lamps, seen_from, mirror)
            self._draw_sample(seen_from, shift_px, index, num_samples, mirror)
            self.ctx.finish()

    def _draw_shadows(self, lamps: tuple[Lamp, ...]) -> None:
        """Each lamp's depth map in its place of the atlas."""
        self.shadow_targets[0].use()
        self.shadow_targets[0].clear(depth=1.0)
        self.ctx.enable_only(moderngl.DEPTH_TEST)
        program, px = self.programs["shadow"], self.shadow_px
        for index, lamp in enumerate(lamps):
            self.shadow_targets[0].viewport = (index % 4 * px, index // 4 * px, px, px)
            set_uniforms(
                program,
                u_clip_from_world=lamp_from_world(lamp, self.setting.near_box),
                u_mirror=1.0,
            )
            for batch, _, array in self.arrays:
                if batch.reach == "near" and (lamp.is_sun or batch.casts_sky_shadow):
                    set_uniforms(program, u_material=MATERIALS[batch.material])
                    array.render(instances=len(batch.instances))

    def _draw_far_shadow(self) -> None:
        """What mountains and far trees hide from the sun."""
        sun = Lamp(self.setting.sun, self.setting.sun_light)
        self.shadow_targets[1].use()
        self.shadow_targets[1].clear(depth=1.0)
        self.ctx.enable_only(moderngl.DEPTH_TEST)
        program = self.programs["shadow"]
        set_uniforms(
            program, u_clip_from_world=lamp_from_world(sun, self.setting.far_box), u_mirror=1.0
        )
        for batch, _, array in self.arrays:
            if batch.reach == "far":
                set_uniforms(program, u_material=MATERIALS[batch.material])
                array.render(instances=len(batch.instances))

    def _draw_surfaces(self, matrix: NDArray[np.float64], camera: Camera, mirror: int) -> None:
        """Place, normal, colour and kind of what is seen at each pixel."""
        self.surfaces_target.use()
        self.surfaces_target.clear(depth=1.0)
        self.ctx.enable_only(moderngl.DEPTH_TEST)
        program = self.programs["surfaces"]
        set_uniforms(program, u_clip_from_world=matrix, u_mirror=float(mirror), u_eye=camera.eye_m)
        for batch, array, _ in self.arrays:
            set_uniforms(
                program,
                u_material=MATERIALS[batch.material],
                u_label=float(LABELS.index(batch.label)),
            )
            array.render(instances=len(batch.instances))

    def _draw_light(self, lamps: tuple[Lamp, ...], camera: Camera, mirror: int) -> None:
        """Lights the surfaces; the result is in `lit`."""
        self.targets["lit"].use()
        self.ctx.enable_only(moderngl.NOTHING)
        for unit, texture in enumerate(
            (self.albedo, self.normal, self.position, self.local, self.shadows, self.far_shadow)
        ):
            texture.use(unit)
        empty = [Lamp((0, 1, 0), (0, 0, 0))] * (MAX_LAMPS - len(lamps))
        padded, setting = [*lamps, *empty], self.setting
        far_sun = Lamp(setting.sun, setting.sun_light)
        has_far = setting.far_box[3] > 0
        far = lamp_from_world(far_sun, setting.far_box) if has_far else np.eye(4)
        texels_m = np.array([setting.near_box[3], setting.far_box[3] / 2]) * 2 / self.shadow_px
        set_uniforms(
            self.programs["light"],
            **{"u_albedo": 0, "u_normal": 1, "u_position": 2, "u_local": 3, "u_shadows": 4},
            **{"u_far_shadow": 5, "u_far_from_world": far, "u_far_weight": float(has_far)},
            u_num_lamps=len(lamps),
            u_lamp_from_world=[lamp_from_world(lamp, setting.near_box) for lamp in padded],
            u_lamp_place=[(*lamp.place, float(lamp.is_near)) for lamp in padded],
            u_lamp_light=[lamp.light for lamp in padded],
            u_bias=texels_m * (1.2, 1.5),
            u_ambient=setting.ambient,
            u_eye=camera.eye_m,
            u_mirror=float(mirror),
        )
        self.screens["light"].render(vertices=3)

    def _draw_sky(self, *, mirror: int) -> None:
        """The sky behind everything, in `sky`."""
        self.targets["sky"].use()
        self.ctx.enable_only(moderngl.NOTHING)
        set_uniforms(
            self.programs["sky"],
            u_world_from_view=self.setting.camera.world_from_view,
            u_tan_half=self.setting.camera.tan_half(self.size_wh),
            u_mirror=float(mirror),
            u_sun=self.setting.sun,
            u_sun_light=self.setting.sun_light,
        )
        self.screens["sky"].render(vertices=3)

    def _draw_sample(
        self,
        camera: Camera,
        shift_px: tuple[float, float],
        index: int,
        num_samples: int,
        mirror: int,
    ) -> None:
        """Adds one finished sample to `sum`."""
        self.targets["sum"].use()
        self.ctx.enable_only(moderngl.BLEND)
        self.ctx.blend_func = moderngl.ONE, moderngl.ONE
        for unit, texture in enumerate((self.lit, self.position, self.sky, self.mirrored)):
            texture.use(unit)
        shift_ndc = 2 * np.array(shift_px) / self.size_wh
        set_uniforms(
            self.programs["compose"],
            **{"u_lit": 0, "u_position": 1, "u_sky": 2, "u_mirrored": 3},
            **{"u_shift_ndc": shift_ndc, "u_sample": float(index), "u_weight": 1 / num_samples},
            u_world_from_view=camera.world_from_view,
            u_tan_half=camera.tan_half(self.size_wh),
            u_eye=camera.eye_m,
            u_mirror=float(mirror),
            u_has_water=float(self.setting.has_water),
            u_sun=self.setting.sun,
            u_sun_light=self.setting.sun_light,
            u_haze_m=self.setting.haze_m,
        )
        self.screens["compose"].render(vertices=3)

    def _read(self, texture: moderngl.Texture, dtype: type) -> NDArray[Any]:
        """(H, W, 4), top row first."""
        flat: NDArray[Any] = np.frombuffer(texture.read(), dtype)
        return flat.reshape(self.size_wh[1], self.size_wh[0], 4)[::-1]


def _distance_to_water(camera: Camera, size_wh: tuple[int, int]) -> NDArray[np.float64]:
    """(H, W), m along the camera's axis to the plane y = 0; infinite where it is not met."""
    tan_x, tan_y = camera.tan_half(size_wh)
    x = ((np.arange(size_wh[0]) + 0.5) / size_wh[0] * 2 - 1) * tan_x
    y = (1 - (np.arange(size_wh[1]) + 0.5) / size_wh[1] * 2) * tan_y
    axes = camera.world_from_view
    down = -(axes[1, 0] * x[None, :] + axes[1, 1] * y[:, None] - axes[1, 2])
    return np.where(down > 1e-9, camera.eye_m[1] / np.maximum(down, 1e-9), np.inf)
