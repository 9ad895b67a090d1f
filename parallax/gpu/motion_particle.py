"""The pass that draws rain, snow, dust and embers between what is in the scene."""

from typing import Any

import moderngl
import numpy as np

from parallax.camera import Intrinsics
from parallax.color import linear_from_srgb
from parallax.gpu.context import Context
from parallax.gpu.passes import FRAME_BINDING, PassState
from parallax.gpu.target import Target
from parallax.motion_plan import Motion


class ParticlePass:
    """All particles of a motion, hidden by opaque things that are nearer."""

    STATE = PassState(depth_test=True, blend_pre=True, encode=True)

    def __init__(self, context: Context, motion: Motion, intrinsics: Intrinsics) -> None:
        self._gl = context.gl
        self._motion = motion
        width, height = intrinsics.size_wh
        self._ray_of_uv = width / intrinsics.focal_px, height / intrinsics.focal_px
        self._uv_of_short = min(width, height) / width, min(width, height) / height
        self.program = context.programs.find("particle.vert", "particle.frag")
        self.program["Frame"].binding = FRAME_BINDING
        self._buffers, self._vertex_arrays = [], []
        for flock in motion.particles:
            buffer = context.gl.buffer(np.ascontiguousarray(np.hstack([flock.place, flock.way])))
            layout = [(buffer, "4f 4f/i", "in_place", "in_way")]
            self._buffers.append(buffer)
            self._vertex_arrays.append(context.gl.vertex_array(self.program, layout))

    def draw(self, target: Target, time_s: float) -> None:
        """Over all that is there, at a moment."""
        self.STATE.apply(self._gl, target.framebuffer)
        self.program["u_turn"] = (time_s / self._motion.period_s) % 1.0
        self.program["u_ray_of_uv"] = self._ray_of_uv
        self.program["u_uv_of_short"] = self._uv_of_short
        for flock, vertex_array in zip(self._motion.particles, self._vertex_arrays, strict=True):
            red, green, blue = linear_from_srgb(np.array(flock.color_srgb))
            values: dict[str, Any] = {
                "u_lives": float(flock.lives),
                "u_sways": float(flock.sways),
                "u_size": flock.size,
                "u_color": (float(red), float(green), float(blue), flock.opacity),
            }
            for name, value in values.items():
                self.program[name] = value
            vertex_array.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=len(flock.place))

    def release(self) -> None:
        """Give everything back."""
        for resource in (*self._vertex_arrays, *self._buffers):
            resource.release()
