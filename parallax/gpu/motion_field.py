"""`FieldPass`: how far each place of the photo is displaced at a moment, and what passes over."""

from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from parallax.gpu.context import Context
from parallax.gpu.passes import PassState
from parallax.motion_plan import Motion

TAU = 2 * np.pi
UNSEEN_UV = 2e-5  # a mode that shifts by less, a twentieth of a pixel of a large film, is left out
Box = tuple[int, int, int, int]


class FieldPass:
    """The displacements and the veil of one moment, as a texture.

    Displacements are a sum of few modes: the processor adds them in 1 ms, where a software device
    takes 7. The veil, if there is one, is drawn over the part that shows it.

    Attributes:
        field: Where they are; displacement x, y in uv, change of brightness, density of the veil.
    """

    STATE = PassState(add=True)

    def __init__(self, context: Context, motion: Motion, noise: Any | None) -> None:
        """Upload.

        Args:
            context: The device.
            motion: What moves.
            noise: The texture of the veil's noise; None where there is no veil.
        """
        gl = self._gl = context.gl
        self._motion = motion
        height, width = motion.shade.shape[:2]
        self._shown = np.flatnonzero(np.abs(motion.modes_uv).max(axis=(1, 2, 3)) > UNSEEN_UV)
        rows = np.flatnonzero(motion.sways.any(1)) if len(self._shown) else np.empty(0, np.intp)
        self._rows = slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(0, 0)
        self._modes = _flat_modes(motion, self._shown, self._rows)
        self.field = gl.texture((width, height), 4, dtype="f4")
        self.field.filter = moderngl.LINEAR, moderngl.LINEAR
        self.field.repeat_x = self.field.repeat_y = False
        self._framebuffer = gl.framebuffer([self.field])
        self._framebuffer.clear()
        self._noise = noise
        self._box = _box_of(motion)
        if noise is None:
            return
        self.program = context.programs.find("fullscreen.vert", "field.frag")
        lit = np.ascontiguousarray(motion.shade[..., 2:])
        self._still = gl.texture((width, height), 2, lit, dtype="f4")
        self._still.filter = moderngl.NEAREST, moderngl.NEAREST
        self._vertex_array = gl.vertex_array(self.program, [])

    def draw(self, turn: float) -> None:
        """The field after so much of a period."""
        if self._noise is not None:
            self._framebuffer.clear(viewport=self._box)
        if len(self._modes):
            angles = TAU * np.array(self._motion.cycles)[self._shown] * turn
            now = np.stack([np.cos(angles), np.sin(angles)], -1).ravel().astype(np.float32)
            # Not a matrix product, whose threads cost more than they bring
            swung = np.einsum("k,kn->n", now, self._modes)
            size = self.field.width, self._rows.stop - self._rows.start
            self.field.write(swung, viewport=(0, self._rows.start, *size))
        if self._noise is not None:
            self._draw_veil(turn)

    def release(self) -> None:
        """Give everything back."""
        if self._noise is not None:
            self._vertex_array.release()
            self._still.release()
        self._framebuffer.release()
        self.field.release()

    def _draw_veil(self, turn: float) -> None:
        """Add what passes over the sky."""
        veil = self._motion.veil
        if veil is None or self._noise is None:
            return
        self.STATE.apply(self._gl, self._framebuffer)
        self._framebuffer.viewport = self._box
        way = tuple((cycles * turn) % 1.0 for sheet in veil.cycles_xy for cycles in sheet)
        values: dict[str, Any] = {
            "u_still": 0,
            "u_veil_noise": 1,
            "u_veil_tiles": tuple(float(n) for n in veil.tiles),
            "u_veil_strength": (veil.opacity, veil.light, veil.horizon_v, veil.mirror_v),
            "u_veil_way": way,
        }
        for name, value in values.items():
            self.program[name] = value
        self._still.use(0)
        self._noise.use(1)
        self._vertex_array.render(moderngl.TRIANGLES, vertices=3)


def _flat_modes(motion: Motion, shown: NDArray[np.intp], rows: slice) -> NDArray[np.float32]:
    """(2K, n * 4): cosine and sine parts in turns, texels of `field`, brightness included."""
    parts = motion.modes_uv[shown, rows]  # (K, n rows, width, 4)
    count, high, wide = parts.shape[:3]
    flat = np.zeros((count, 2, high, wide, 4), np.float32)
    for half in (0, 1):
        swing = parts[..., 2 * half : 2 * half + 2]
        flat[:, half, ..., :2] = swing
        flat[:, half, ..., 2] = (swing * motion.shade[rows, :, :2]).sum(-1)
    return flat.reshape(2 * count if high else 0, high * wide * 4)


def _box_of(motion: Motion) -> Box:
    """Left, top, width and height, in texels, of what a veil is seen over, and a margin of two."""
    height, width = motion.shade.shape[:2]
    rows, columns = (
        np.concatenate([
            np.flatnonzero(motion.mask8[..., 1].any(1 - axis)) * side / motion.mask8.shape[axis],
            np.flatnonzero(motion.shade[..., 2:].any((1 - axis, 2))),
        ])
        for axis, side in enumerate((height, width))
    )  # fmt: skip
    if not len(rows):
        return 0, 0, 0, 0
    left, top = (max(0, int(at.min()) - 2) for at in (columns, rows))
    right, low = min(width, int(columns.max()) + 3), min(height, int(rows.max()) + 3)
    return left, top, right - left, low - top
