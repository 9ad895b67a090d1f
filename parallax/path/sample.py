"""The camera of any moment of a path."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from parallax.camera import Pose, ResolvedCamera, rotation_from_angles
from parallax.curve import (
    PointSpline,
    RotationSpline,
    ScalarTrack,
    parse_ease,
    quaternion_from_rotation,
    rotation_from_quaternion,
)
from parallax.path.keyframe import CameraPath, Keyframe

Floats = NDArray[np.float64]
UP = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True, eq=False)
class CameraSamples:
    """The cameras of many moments.

    Attributes:
        times_s: (N,).
        positions_su: (N, 3).
        rotations: (N, 3, 3), world from camera.
        fov_deg: (N,), vertical.
        focus_su: (N,), or None where the path does not say.
        aperture_su: (N,), or None where the path does not say.
    """

    times_s: Floats
    positions_su: Floats
    rotations: Floats
    fov_deg: Floats
    focus_su: Floats | None
    aperture_su: Floats | None

    def camera(self, index: int) -> ResolvedCamera:
        """One of the cameras."""
        return ResolvedCamera(
            float(self.times_s[index]),
            Pose.from_rotation(self.positions_su[index], self.rotations[index]),
            float(self.fov_deg[index]),
            None if self.focus_su is None else float(self.focus_su[index]),
            None if self.aperture_su is None else float(self.aperture_su[index]),
        )


def camera_at(path: CameraPath, time_s: float, *, default_fov_deg: float) -> ResolvedCamera:
    """The camera at one moment.

    Args:
        path: A camera path.
        time_s: From the film's start. Before 0 and past the end the camera rests; a loop goes on.
        default_fov_deg: Vertical field of view where the path says none.
    """
    return resolve_path(path, np.array([time_s]), default_fov_deg=default_fov_deg).camera(0)


def frame_times(duration_s: float, fps: Fraction | int, *, loop: bool) -> list[float]:
    """When each frame of a film is seen.

    A loop of n frames shows i/n of its time and leaves out the end, which is its beginning. Any
    other film shows its very end on its last frame.
    """
    num = max(1, round(duration_s * fps))
    if loop:
        return [duration_s * i / num for i in range(num)]
    return [duration_s * i / max(1, num - 1) for i in range(num)]


def resolve_path(path: CameraPath, times_s: Floats, *, default_fov_deg: float) -> CameraSamples:
    """The cameras at many moments.

    Args:
        path: A camera path.
        times_s: (N,), in any order.
        default_fov_deg: Vertical field of view where the path says none.
    """
    tracks = _tracks(path, default_fov_deg)
    segment, u = tracks.locate(_time_within_pass(path, np.asarray(times_s, np.float64)))
    positions = tracks.position.at(segment, u)
    if tracks.target is None:
        assert tracks.turn is not None
        rotations = rotation_from_quaternion(tracks.turn.at(segment, u))
    else:
        roll_deg = tracks.roll.at(segment, u)
        rotations = _rotations_at_target(positions, tracks.target.at(segment, u), roll_deg)
    fov_deg = np.clip(tracks.fov.at(segment, u), 0.1, 179.0)
    focus = None if tracks.focus is None else 1 / np.maximum(tracks.focus.at(segment, u), 1e-4)
    aperture = None if tracks.aperture is None else np.maximum(tracks.aperture.at(segment, u), 0)
    return CameraSamples(
        np.asarray(times_s, np.float64), positions, rotations, fov_deg, focus, aperture
    )


def _time_within_pass(path: CameraPath, times_s: Floats) -> Floats:
    """(N,): the moment of the keys' own time that each moment of the film shows."""
    progress = times_s / path.duration_s
    if path.loop:
        progress = progress - np.floor(progress)
    progress = np.clip(progress, 0, 1) * path.cycles
    if path.loop or path.alternate:
        progress = (progress + path.phase) % 1
    if path.alternate:
        progress = 1 - np.abs(1 - 2 * progress)
    return np.asarray(parse_ease(path.ease)(progress) * path.pass_s)


@dataclass(frozen=True, slots=True, eq=False)
class _Tracks:
    """What the keys of one path become."""

    times_s: Floats
    eases: tuple[str, ...]
    position: PointSpline
    target: PointSpline | None
    turn: RotationSpline | None
    roll: ScalarTrack
    fov: ScalarTrack
    focus: ScalarTrack | None
    aperture: ScalarTrack | None

    def locate(self, times_s: Floats) -> tuple[NDArray[np.intp], Floats]:
        """The segment of each moment, and the eased progress 0…1 within it."""
        num = len(self.times_s) - 1
        segment = np.clip(np.searchsorted(self.times_s, times_s, side="right") - 1, 0, num - 1)
        begin_s, end_s = self.times_s[segment], self.times_s[segment + 1]
        u = np.clip((times_s - begin_s) / (end_s - begin_s), 0, 1)
        eased = u.copy()
        for name in set(self.eases) - {"linear"}:
            here = np.isin(segment, [i for i, ease in enumerate(self.eases) if ease == name])
            # Held keys still arrive: the last moment of all belongs to the last key
            arrived = here & (u == 1)
            eased[here] = parse_ease(name)(u[here])
            eased[arrived] = 1.0
        return segment, eased


@lru_cache(maxsize=16)
def _tracks(path: CameraPath, default_fov_deg: float) -> _Tracks:
    """The splines of a path."""
    keys = list(path.keyframes)
    if path.closed and (len(keys) == 1 or keys[-1].time_s < path.pass_s * (1 - 1e-9)):
        keys.append(_moved(keys[0], path.pass_s))
    elif len(keys) == 1:
        keys.append(_moved(keys[0], keys[0].time_s + 1.0))
    times_s = np.array([key.time_s for key in keys])
    closed = path.closed and len(keys) > 2

    def points(values: list[tuple[float, float, float]]) -> PointSpline:
        array = np.array(values, np.float64)
        return PointSpline.through(times_s, array, tcb=path.tcb, kind=path.spline, closed=closed)

    def scalars(values: list[float]) -> ScalarTrack:
        array = np.array(values, np.float64)
        return ScalarTrack.through(times_s, array, kind=path.spline, closed=closed)

    target = turn = None
    aims = [key.look_at_su for key in keys if key.look_at_su is not None]
    if aims:
        target = points(aims)
    else:
        matrices = [rotation_from_angles(*(key.rotation_deg or (0, 0, 0))) for key in keys]
        quaternions = np.stack([quaternion_from_rotation(matrix) for matrix in matrices])
        turn = RotationSpline.through(
            times_s, quaternions, tcb=path.tcb, kind=path.spline, closed=closed
        )
    focus = _filled_focus(keys, times_s)
    aperture = _filled({key.time_s: key.aperture_su for key in keys}, times_s)
    return _Tracks(
        times_s,
        tuple(key.ease for key in keys[:-1]),
        points([key.position_su for key in keys]),
        target,
        turn,
        scalars([key.roll_deg for key in keys]),
        scalars([default_fov_deg if key.fov_deg is None else key.fov_deg for key in keys]),
        None if focus is None else scalars(list(focus)),
        None if aperture is None else scalars(list(aperture)),
    )


def _moved(key: Keyframe, time_s: float) -> Keyframe:
    """The same camera at another time."""
    return Keyframe(
        time_s,
        key.position_su,
        key.look_at_su,
        key.rotation_deg,
        key.roll_deg,
        key.fov_deg,
        key.focus_su,
        key.aperture_su,
    )


def _filled_focus(keys: list[Keyframe], times_s: Floats) -> Floats | None:
    """(N,), inverse focus distance at every key, from the keys that say; None if none does.

    Inverse, because that is how a lens turns and how sharpness falls off.
    """
    inverse = {key.time_s: 1 / key.focus_su if key.focus_su else None for key in keys}
    return _filled(inverse, times_s)


def _filled(values: dict[float, float | None], times_s: Floats) -> Floats | None:
    """(N,), a value at every moment, from the moments that have one; None if none has."""
    known = {time_s: value for time_s, value in values.items() if value is not None}
    if not known:
        return None
    return np.asarray(np.interp(times_s, list(known), list(known.values())), np.float64)


def _rotations_at_target(positions: Floats, targets: Floats, roll_deg: Floats) -> Floats:
    """(N, 3, 3): cameras at places that look at points, level before the roll."""
    back = positions - targets
    length = np.linalg.norm(back, axis=1, keepdims=True)
    back = np.where(length > 1e-9, back / np.maximum(length, 1e-9), [0.0, 0.0, 1.0])
    right = np.cross(UP, back)
    level = np.linalg.norm(right, axis=1, keepdims=True)
    right = np.where(level > 1e-9, right / np.maximum(level, 1e-9), [1.0, 0.0, 0.0])
    up = np.cross(back, right)
    cos, sin = np.cos(np.radians(roll_deg))[:, None], np.sin(np.radians(roll_deg))[:, None]
    return np.stack([cos * right + sin * up, cos * up - sin * right, back], -1)
