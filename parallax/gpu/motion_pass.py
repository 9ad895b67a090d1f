"""The pass that draws the triangles that show something moving."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from parallax.gpu.context import Context
from parallax.gpu.motion_field import FieldPass
from parallax.gpu.motion_mask import (
    EDGE,
    FLOW,
    FOAM,
    GLINT,
    RIPPLE,
    SKY,
    SMOOTH,
    SWAY,
    LayerMotion,
)
from parallax.gpu.passes import FRAME_BINDING, MeshOnDevice, MovedRange, RimPass
from parallax.gpu.target import Target
from parallax.motion_plan import NO_RIPPLE, Motion

UNITS = {  # texture units: every sampler of shaders/common/motion.glsl has its own
    "u_photo": 0, "u_weight": 1, "u_field": 2, "u_veil": 3, "u_travel": 4, "u_flow_plate": 5,
    "u_sweep": 6, "u_foam_plate": 7, "u_sky_plate": 8, "u_ripple": 9,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Triangles of one mesh that move alike."""

    mesh: MeshOnDevice
    weight: Any
    program: Any
    vertex_array: Any
    part: MovedRange


class MotionPass:
    """The triangles that show something moving, opaque ones and soft ones.

    Attributes:
        programs: By what they move, and whether they are soft.
    """

    def __init__(
        self,
        context: Context,
        motion: Motion,
        meshes: Sequence[MeshOnDevice],
        found: Sequence[LayerMotion],
    ) -> None:
        gl = self._gl = context.gl
        self._context = context
        self._motion = motion
        self.programs: dict[tuple[int, bool], Any] = {}
        self._textures = _upload(gl, motion)
        self._field_pass: FieldPass | None = None
        if motion.veil or motion.glint or motion.sways.any():
            self._field_pass = FieldPass(context, motion)
        self._weights: list[Any] = []
        self._opaque: dict[MeshOnDevice, list[_Group]] = {}
        self._soft: list[_Group] = []
        for mesh, layer in zip(meshes, found, strict=True):
            if mesh.moved:
                weight = _texture(gl, layer.weight8)
                self._weights.append(weight)
                for part in mesh.moved:
                    group = self._group(mesh, weight, part)
                    opaque = self._opaque.setdefault(mesh, [])
                    (self._soft if part.soft else opaque).append(group)

    def prepare(self, time_s: float) -> None:
        """Everything that depends on the moment alone; draws into targets of its own."""
        turn = (time_s / self._motion.period_s) % 1.0
        if self._field_pass:
            self._field_pass.update(turn)
        values = {**UNITS, **_constants(self._motion), **_moment(self._motion, turn, time_s)}
        for program in self.programs.values():
            for name, value in values.items():
                if name in program:
                    program[name] = value

    def draw_opaque(self, mesh: MeshOnDevice, *, only_first: bool) -> None:
        """What moves of a mesh, in the state of the LayerPass that draws the rest of it.

        Args:
            mesh: Whose.
            only_first: Of each range, what `MeshOnDevice.put_first` has put first.
        """
        self._draw(self._opaque.get(mesh, []), only_first=only_first)

    def draw_soft(self, target: Target) -> None:
        """Over all that is opaque, from far to near, with the soft triangles that do not move."""
        RimPass.STATE.apply(self._gl, target.framebuffer)
        self._draw(self._soft)

    def release(self) -> None:
        """Give everything back."""
        for group in (*chain.from_iterable(self._opaque.values()), *self._soft):
            group.vertex_array.release()
        for resource in (*self._weights, *self._textures.values()):
            resource.release()
        if self._field_pass:
            self._field_pass.release()

    def _group(self, mesh: MeshOnDevice, weight: Any, part: MovedRange) -> _Group:
        """One range of triangles with the program that moves it."""
        key = part.kinds, part.soft
        if key not in self.programs:
            self.programs[key] = self._compile(part.kinds, soft=part.soft)
        program = self.programs[key]
        return _Group(mesh, weight, program, mesh.bind(self._gl, program), part)

    def _compile(self, kinds: int, *, soft: bool) -> Any:
        """The program for what these triangles show."""
        motion = self._motion
        sky, smooth = bool(kinds & SKY), bool(kinds & SMOOTH)
        glint = bool(kinds & GLINT) and motion.glint is not None and not soft
        defines = {
            "MOVES_EDGE": int(bool(kinds & EDGE)),
            "MOVES_FIELD": int((bool(kinds & SWAY) or glint) and not smooth),
            "MOVES_SMOOTH": int(smooth),
            "MOVES_SWAY": int(bool(kinds & SWAY)),
            "MOVES_FLOW": int(bool(kinds & FLOW) and motion.flow is not None),
            "MOVES_FOAM": int(bool(kinds & FOAM) and motion.foam is not None),
            "MOVES_GLINT": int(glint),
            "MOVES_RIPPLE": int(bool(kinds & RIPPLE) and motion.ripple is not None),
            "MOVES_DRIFT": int(sky and motion.drift is not None),
            "MOVES_VEIL": int(sky and motion.veil is not None),
        }
        fragment = "motion_rim.frag" if soft else "motion.frag"
        vertex = "motion.vert" if smooth else "layer.vert"
        program = self._context.programs.find(vertex, fragment, defines=defines)
        program["Frame"].binding = FRAME_BINDING
        return program

    def _draw(self, groups: Sequence[_Group], *, only_first: bool = False) -> None:
        """Draw groups in their order, with all textures in their units."""
        if not groups:
            return
        for name, texture in self._textures.items():
            if name in UNITS:
                texture.use(UNITS[name])
        if self._field_pass:
            self._field_pass.field.use(UNITS["u_field"])
            self._field_pass.veil.use(UNITS["u_veil"])
        for group in groups:
            count = group.mesh.num_first(group.part.kinds) if only_first else group.part.count
            if not count:
                continue
            group.mesh.texture.use(UNITS["u_photo"])
            if "u_weight" in group.program:
                group.weight.use(UNITS["u_weight"])
            group.program["u_texture_from_layer"] = group.mesh.texture_from_layer
            group.program["u_photo_from_texture"] = group.mesh.photo_from_texture
            if "u_texture_from_shift" in group.program:
                scale = group.mesh.photo_from_texture[:2]
                group.program["u_texture_from_shift"] = 1 / scale[0], 1 / scale[1]
            group.vertex_array.render(
                moderngl.TRIANGLES, vertices=3 * count, first=3 * group.part.first
            )


def _upload(gl: Any, motion: Motion) -> dict[str, Any]:
    """The textures that a motion has, by their sampler's name."""
    textures: dict[str, Any] = {}
    if motion.flow:
        textures["u_travel"] = _texture(gl, motion.flow.travel_uv)
        textures["u_flow_plate"] = _texture(gl, motion.flow.plate_srgb8)
    if motion.foam:
        textures["u_sweep"] = _texture(gl, motion.foam.sweep_uv)
        textures["u_foam_plate"] = _texture(gl, motion.foam.plate_srgb8)
    if motion.ripple:
        textures["u_ripple"] = _texture(gl, motion.ripple.waves8)
    if motion.drift:
        textures["u_sky_plate"] = _texture(gl, motion.drift.plate_srgb8)
    return textures


def _texture(gl: Any, array: NDArray[Any]) -> Any:
    """An array on the device, filtered; bytes as bytes, with four channels where it has three."""
    height, width, channels = array.shape
    if channels == 3:
        array = np.dstack([array, np.full((height, width, 1), 255, np.uint8)])
        channels = 4
    floats = array.dtype != np.uint8
    data = np.ascontiguousarray(array.astype(np.float16) if floats else array)
    texture = gl.texture((width, height), channels, data, dtype="f2" if floats else "f1",
                         alignment=1)  # fmt: skip
    texture.filter = moderngl.LINEAR, moderngl.LINEAR
    texture.repeat_x = texture.repeat_y = False
    return texture


def _constants(motion: Motion) -> dict[str, Any]:
    """Uniforms that no moment changes."""
    values: dict[str, Any] = {}
    if motion.flow:
        aspect = motion.mask8.shape[1] / motion.mask8.shape[0]
        values["u_flow_aside"] = -motion.flow.aside / aspect, motion.flow.aside * aspect
    if motion.drift:
        u0, v0, u1, v1 = motion.drift.window_uv
        scale = 1 / (u1 - u0), 1 / (v1 - v0)
        values["u_plate_from_photo"] = (*scale, -u0 * scale[0], -v0 * scale[1])
    if motion.veil:
        values["u_veil_color"] = motion.veil.color_srgb
    if motion.ripple:
        values["u_no_ripple"] = NO_RIPPLE / 255
    return values


def _moment(motion: Motion, turn: float, time_s: float) -> dict[str, Any]:
    """Uniforms of one moment."""
    values: dict[str, Any] = {"u_turn": turn}
    if motion.drift:
        du, dv = (speed * time_s for speed in motion.drift.velocity_uv_s)
        values["u_drift"] = (du, dv, motion.drift.horizon_v)
    if motion.ripple:
        angles = (2 * np.pi * n * turn for n in motion.ripple.cycles)
        strength = motion.ripple.largest * 255 / 127
        values["u_ripple_now"] = tuple(strength * f(a) for a in angles for f in (np.cos, np.sin))
    return values
