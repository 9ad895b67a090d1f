"""`FieldPass`: how far each place of the photo is displaced at a moment, and what passes over."""

from typing import Any

import cv2
import moderngl
import numpy as np
from numpy.typing import NDArray

from parallax.gpu.context import Context
from parallax.motion_plan import Motion, Veil

TAU = 2 * np.pi
UNSEEN_UV = 2e-5  # a mode that shifts by less, a twentieth of a pixel of a large film, is left out
Box = tuple[int, int, int, int]


class FieldPass:
    """What each place does at one moment, as textures.

    Few modes and a noise on 400 × 225 texels: the processor adds them up in 2 ms. A software
    device would take several times as long, and wait for the frame before.

    Attributes:
        field: Displacement x, y in uv, change of brightness, swing of the sparkle.
        veil: Change of a sky's brightness, density of what passes over it.
    """

    def __init__(self, context: Context, motion: Motion) -> None:
        self._motion = motion
        height, width = motion.shade.shape[:2]
        self._shown = np.flatnonzero(np.abs(motion.modes_uv).max(axis=(1, 2, 3)) > UNSEEN_UV)
        self._rows = _rows_of(motion)
        self._now = np.zeros((self._rows.stop - self._rows.start, width, 4), np.float32)
        self._modes = _planes(motion.modes_uv[self._shown, self._rows], halves=2)
        self._shade = np.ascontiguousarray(np.moveaxis(motion.shade, -1, 0))  # (4, h, w)
        self._swing = np.zeros((0, 0), np.float32)
        if motion.glint:
            self._swing = _planes(motion.glint.swing[None, self._rows], halves=4)
        self.field = _float_texture(context.gl, (width, height), 4)
        self.veil = _float_texture(context.gl, (width, height), 2)
        self._box = _box_of(motion)
        self._sheets = _Sheets(motion.veil, (width, height), self._box) if motion.veil else None

    def update(self, turn: float) -> None:
        """The textures after so much of a period."""
        gain = np.zeros(self._now.shape[:2], np.float32)
        if len(self._modes):
            shift = _sum(self._modes, np.array(self._motion.cycles)[self._shown], turn)
            shift = shift.reshape(2, *gain.shape)
            gain += (shift * self._shade[:2, self._rows]).sum(0)
            self._now[..., 0], self._now[..., 1] = shift
        if self._motion.glint:
            swing = _sum(self._swing, np.array(self._motion.glint.cycles), turn)
            self._now[..., 3] = swing.reshape(gain.shape) * np.float32(self._motion.glint.largest)
        if self._sheets:
            self._pass_over(self._sheets, turn, gain)
        if gain.size:
            self._now[..., 2] = gain
            viewport = 0, self._rows.start, *gain.shape[::-1]
            self.field.write(self._now, viewport=viewport)

    def release(self) -> None:
        """Give everything back."""
        self.veil.release()
        self.field.release()

    def _pass_over(self, sheets: "_Sheets", turn: float, gain: NDArray[np.float32]) -> None:
        """Write what passes over the sky, and add its image to the water that mirrors it."""
        left, top, wide, high = self._box
        wisps, light = sheets.at(turn)
        lit, mirrored = self._shade[2:, top : top + high, left : left + wide]
        told = np.empty((high, wide, 2), np.float32)
        told[..., 0], told[..., 1] = lit * light, wisps
        self.veil.write(told, viewport=self._box)
        first, last = max(top, self._rows.start), min(top + high, self._rows.stop)
        if first < last:
            rows = slice(first - top, last - top)
            into = gain[first - self._rows.start : last - self._rows.start, left : left + wide]
            into += mirrored[rows] * wisps[rows]


class _Sheets:
    """Two sheets of noise over a box of texels, which close when they have passed whole tiles."""

    def __init__(self, veil: Veil, size_wh: tuple[int, int], box: Box) -> None:
        self._veil = veil
        side = self._side = veil.noise8.shape[0]
        # Two tiles each way, so that nothing that has passed less than one leaves them
        tiled = np.tile(veil.noise8.astype(np.float32) / 255, (2, 2, 1))
        self._noise = cv2.copyMakeBorder(tiled, 1, 1, 1, 1, cv2.BORDER_WRAP)
        left, top, wide, high = box
        u = (np.arange(left, left + wide) + 0.5) / size_wh[0]
        v = (np.arange(top, top + high) + 0.5) / size_wh[1]
        v = np.minimum(v, 2 * veil.mirror_v - v)
        x, y = np.meshgrid(u - 0.5, 0.6 * v)
        if veil.horizon_v > 0:
            slant = np.maximum(1 - v / veil.horizon_v, 0.1)  # the far end is not seen edge-on
            nearer = 1 / (0.4 + 0.6 * slant)[:, None]
            x, y = x * nearer, 0.6 * nearer + 0 * x
        self._at = [
            tuple(((p * tiles * side - 0.5) % side + side + 1).astype(np.float32) for p in (x, y))
            for tiles in veil.tiles
        ]

    def at(self, turn: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(high, wide) twice: opacity of the wisps, and the change of brightness."""
        total = np.zeros((*self._at[0][0].shape, 2), np.float32)
        for (x, y), cycles in zip(self._at, self._veil.cycles_xy, strict=True):
            dx, dy = (np.float32(n * turn % 1.0 * self._side) for n in cycles)
            total += cv2.remap(self._noise, x - dx, y - dy, cv2.INTER_LINEAR)
        wisps = total[..., 0] * np.float32(0.5 * self._veil.opacity)
        light = (total[..., 1] - 1) * np.float32(2 * self._veil.light)
        return wisps, light


def _planes(parts: NDArray[np.float32], *, halves: int) -> NDArray[np.float32]:
    """(K * halves, n): what (K, h, w, 4) holds for each wave, its channels one after the other."""
    count, high, wide, channels = parts.shape
    each = channels // halves
    planes = np.moveaxis(parts.reshape(count, high, wide, halves, each), (3, 4), (1, 2))
    return np.ascontiguousarray(planes.reshape(count * halves, each * high * wide))


def _sum(planes: NDArray[np.float32], cycles: NDArray[np.int_], turn: float) -> NDArray[np.float32]:
    """(n,): the waves, whose cosines and sines are (2K, n), at a moment."""
    angles = TAU * cycles * turn
    waves = np.stack([np.cos(angles), np.sin(angles)], -1).ravel().astype(np.float32)
    # Not a matrix product, whose threads cost more than they bring
    return np.asarray(np.einsum("k,kn->n", waves, planes), np.float32)


def _rows_of(motion: Motion) -> slice:
    """The rows of the field in which anything sways, mirrors or sparkles."""
    busy = motion.sways
    if motion.glint:
        busy = busy | motion.glint.swing.any(-1)
    rows = np.flatnonzero(busy.any(1))
    return slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(0, 0)


def _float_texture(gl: Any, size_wh: tuple[int, int], channels: int) -> Any:
    """A texture of zeros, filtered, clamped at its edge."""
    zeros = np.zeros((size_wh[1], size_wh[0], channels), np.float32)
    texture = gl.texture(size_wh, channels, zeros, dtype="f4")
    texture.filter = moderngl.LINEAR, moderngl.LINEAR
    texture.repeat_x = texture.repeat_y = False
    return texture


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
