"""Rotations as unit quaternions (w, x, y, z), and splines through them.

Source: K. Shoemake 1985, "Animating Rotation with Quaternion Curves": a cubic Bézier on the sphere,
evaluated by de Casteljau's steps of slerp. The tangents are those of `parallax.curve.spline`.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parallax.curve.spline import Pace, SplineKind, Tcb, tangents

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RotationSpline:
    """A turn through rotations, each step the shortest way.

    Attributes:
        pace: From time to knot.
        quaternions: (N + 1, 4), neighbours on the same side of the sphere.
        leave: (N, 3), rotation vector per knot at the start of each segment, in its own frame.
        arrive: (N, 3), the same at its end.
        straight: Whether each step is one even slerp instead.
    """

    pace: Pace
    quaternions: Floats
    leave: Floats
    arrive: Floats
    straight: bool

    @classmethod
    def through(
        cls, times_s: Floats, quaternions: Floats, *, kind: SplineKind, tcb: Tcb, closed: bool
    ) -> "RotationSpline":
        """The spline of this kind through `quaternions` (N + 1, 4)."""
        near = quaternions.copy()
        for i in range(1, len(near)):
            if near[i] @ near[i - 1] < 0:  # q and −q are one rotation: take the nearer
                near[i] = -near[i]
        steps = rotation_vector(multiply(conjugate(near[:-1]), near[1:]))
        spacing = np.sqrt(np.linalg.norm(steps, axis=1))
        pace = Pace.through(times_s, np.concatenate([[0], np.cumsum(spacing)]), closed=closed)
        leave, arrive = tangents(steps, spacing, tcb=tcb, closed=closed)
        return cls(pace, near, leave, arrive, kind == "linear")

    def at(self, segment: NDArray[np.intp], u: Floats) -> Floats:
        """(M, 4): the rotations at a progress u within segments; turning on outside 0…1."""
        begin, end = self.quaternions[segment], self.quaternions[segment + 1]
        if self.straight:
            return slerp(begin, end, u)
        inside = np.clip(u, 0, 1)
        w, speed = self.pace.fraction(segment, inside)
        length = np.diff(self.pace.knots)[segment][:, None]
        leave, arrive = self.leave[segment] * length, self.arrive[segment] * length
        value = self._bezier(begin, end, leave, arrive, w)

        # Past an end the turn goes on as it was there
        over = u - inside
        vector = np.where(over[:, None] < 0, leave, arrive) * (over * speed)[:, None]
        return multiply(value, quaternion_from_vector(vector))

    @staticmethod
    def _bezier(begin: Floats, end: Floats, leave: Floats, arrive: Floats, w: Floats) -> Floats:
        """De Casteljau's six slerps."""
        second = multiply(begin, quaternion_from_vector(leave / 3))
        third = multiply(end, quaternion_from_vector(-arrive / 3))
        a, b, c = slerp(begin, second, w), slerp(second, third, w), slerp(third, end, w)
        return slerp(slerp(a, b, w), slerp(b, c, w), w)


def slerp(begin: Floats, end: Floats, u: Floats) -> Floats:
    """(…, 4): the rotation at u on the shortest even turn from one to another."""
    step = rotation_vector(multiply(conjugate(begin), end))
    return multiply(begin, quaternion_from_vector(step * u[..., None]))


def multiply(p: Floats, q: Floats) -> Floats:
    """(…, 4): the rotation that does q first, then p."""
    pw, px, py, pz = np.moveaxis(p, -1, 0)
    qw, qx, qy, qz = np.moveaxis(q, -1, 0)
    return np.stack(
        [
            pw * qw - px * qx - py * qy - pz * qz,
            pw * qx + px * qw + py * qz - pz * qy,
            pw * qy - px * qz + py * qw + pz * qx,
            pw * qz + px * qy - py * qx + pz * qw,
        ],
        -1,
    )


def conjugate(q: Floats) -> Floats:
    """(…, 4): the inverse rotations."""
    return np.asarray(q * np.array([1.0, -1.0, -1.0, -1.0]))


def rotation_vector(q: Floats) -> Floats:
    """(…, 3): axis times angle in radians, the shorter way round."""
    q = np.where(q[..., :1] < 0, -q, q)
    sine = np.linalg.norm(q[..., 1:], axis=-1, keepdims=True)
    half = np.arctan2(sine, q[..., :1])  # no acos, which is NaN past 1 and blunt near it
    factor = np.divide(2 * half, sine, out=np.full_like(sine, 2.0), where=sine > 1e-12)
    return np.asarray(q[..., 1:] * factor)


def quaternion_from_vector(vector: Floats) -> Floats:
    """(…, 4): the rotations of axis times angle in radians."""
    half = np.linalg.norm(vector, axis=-1, keepdims=True) / 2
    factor = np.sinc(half / np.pi) / 2  # sin(half) / (2 · half), 1/2 at 0
    return np.concatenate([np.cos(half), vector * factor], -1)


def rotation_from_quaternion(q: Floats) -> Floats:
    """(…, 3, 3): the matrices of unit quaternions."""
    w, x, y, z = np.moveaxis(q / np.linalg.norm(q, axis=-1, keepdims=True), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, -1) for row in rows], -2)


def quaternion_from_rotation(rotation: Floats) -> Floats:
    """(4,): the unit quaternion of a matrix (3, 3), with w from 0 up.

    The largest eigenvector of Bar-Itzhack 2000, "New Method for Extracting the Quaternion from a
    Rotation Matrix": no branch, and the nearest rotation where the matrix is slightly off.
    """
    m = rotation
    k = np.array(
        [
            [m[0, 0] + m[1, 1] + m[2, 2], m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]],
            [0, m[0, 0] - m[1, 1] - m[2, 2], m[1, 0] + m[0, 1], m[2, 0] + m[0, 2]],
            [0, 0, m[1, 1] - m[0, 0] - m[2, 2], m[2, 1] + m[1, 2]],
            [0, 0, 0, m[2, 2] - m[0, 0] - m[1, 1]],
        ]
    )
    q = np.linalg.eigh(k, UPLO="U")[1][:, -1]
    return np.asarray(-q if q[0] < 0 else q)


def angles_from_rotation(rotation: Floats) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees, the inverse of `parallax.camera.rotation_from_angles`.

    Looking straight up or down, yaw and roll are one turn: all of it is given to yaw.
    """
    # Row 1 is (cos pitch sin roll, cos pitch cos roll, −sin pitch)
    cos_pitch = math.hypot(rotation[1, 0], rotation[1, 1])
    pitch = math.atan2(-rotation[1, 2], cos_pitch)
    if cos_pitch > 1e-9:
        yaw = math.atan2(rotation[0, 2], rotation[2, 2])
        roll = math.atan2(rotation[1, 0], rotation[1, 1])
    else:
        yaw, roll = math.atan2(-rotation[2, 0], rotation[0, 0]), 0.0
    return math.degrees(yaw), math.degrees(pitch), math.degrees(roll)
