"""From the cameras that another tool wrote to a path for a photo.

Another tool's world has its own origin, axes and unit. The photo's camera is our world, so the
first camera of a file becomes the photo's, and all others follow relative to it; a scale brings
their distances to scene units.

Most files hold a camera a frame. N frames at a rate are a film of N / rate seconds, whose path ends
on the last of them (`parallax.path.frame_times`): the keys are laid on the moments of its frames,
so that N cameras stay N, each on its own frame. Others hold keys that a person set, at their times.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from parallax.camera import Pose, ResolvedCamera
from parallax.curve import angles_from_rotation
from parallax.errors import PathError
from parallax.path import MAX_FOV_DEG, MIN_FOV_DEG, CameraPath, CameraTrack, Keyframe

Floats = NDArray[np.float64]
AUTO_REACH_SU = 0.06  # the farthest camera of a path of unknown scale: a move that a photo bears
OPENGL_FROM_OPENCV = np.diag([1.0, -1.0, -1.0, 1.0])  # y down and z forward, to y up and z back
ROUNDED_RATE = 1e-4  # a frame's time in whole microseconds; 29.97 is ten times farther from 30
SKEW = 1e-2  # of a rotation: more is no rounding, but a scale, a shear or another layout


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportParams:
    """How a foreign path is fitted to a photo.

    Attributes:
        unit_scale: Scene units for one of the file's; "auto" brings its farthest camera
            `AUTO_REACH_SU` away from the first.
        recenter: Whether the first camera becomes the photo's; None where the file's world is not
            the photo's already.
        keep_fov: Whether the file's fields of view count, or the photo's throughout.
        size_wh: Of the film, for formats that do not say.
        fps: Frames a second, for formats that do not say.
    """

    unit_scale: float | Literal["auto"] = 1.0
    recenter: bool | None = None
    keep_fov: bool = True
    size_wh: tuple[int, int] = (1280, 720)
    fps: Fraction = Fraction(30)

    def __post_init__(self) -> None:
        scale = self.unit_scale
        if scale != "auto" and not (math.isfinite(scale) and scale > 0):
            raise ValueError(f"unit_scale: expected above 0, got {scale}")


@dataclass(frozen=True, slots=True)
class Imported:
    """A path that another tool wrote.

    Attributes:
        path: Fitted to a photo.
        size_wh: Of the film, in the file or as asked for.
        fps: Frames a second at which each camera of the file is a frame again; None where the file
            holds keys and says no rate.
    """

    path: CameraPath
    size_wh: tuple[int, int]
    fps: Fraction | None = None


def import_frames(track: CameraTrack, params: ImportParams, *, of_photo: bool = False) -> Imported:
    """The path through the cameras of a film: frame k of N at its rate is camera k.

    Args:
        track: A camera a frame.
        params: How it is fitted to a photo.
        of_photo: Whether the photo's camera is the track's world.

    Raises:
        PathError: It cannot be flown: too long, too far.
    """
    num = len(track.cameras)
    duration_s = float(num / track.fps)
    first_s, last_s = track.cameras[0].time_s, track.cameras[-1].time_s
    if track.loop or num == 1:
        times_s = [float(i / track.fps) for i in range(num)]
    else:
        # Uneven stamps keep their rhythm
        stretch = duration_s / (last_s - first_s)
        times_s = [(camera.time_s - first_s) * stretch for camera in track.cameras]
        times_s[-1] = duration_s
    path = _path(track, times_s, duration_s, params, of_photo=of_photo)
    return Imported(path, track.size_wh, track.fps)


def import_keys(
    track: CameraTrack,
    params: ImportParams,
    *,
    duration_s: float = 0.0,
    fps: Fraction | None = None,
) -> Imported:
    """The path through cameras that are keys, each at its time after the first.

    Args:
        track: A camera a key.
        params: How it is fitted to a photo.
        duration_s: Of the whole; 0 is until the last key.
        fps: Of the film, where the file says.

    Raises:
        PathError: It cannot be flown: too long, too far.
    """
    first_s = track.cameras[0].time_s
    times_s = [camera.time_s - first_s for camera in track.cameras]
    return Imported(_path(track, times_s, duration_s, params), track.size_wh, fps)


def _path(
    track: CameraTrack,
    times_s: Sequence[float],
    duration_s: float,
    params: ImportParams,
    *,
    of_photo: bool = False,
) -> CameraPath:
    """The path through the cameras of a track at given times."""
    matrices = np.stack([camera.pose.world_from_camera for camera in track.cameras])
    recenter = params.recenter if params.recenter is not None else not of_photo
    if recenter:
        matrices = track.cameras[0].pose.camera_from_world @ matrices
    scale = params.unit_scale
    if scale == "auto":
        reach = float(np.linalg.norm(matrices[:, :3, 3] - matrices[0, :3, 3], axis=1).max())
        scale = AUTO_REACH_SU / reach if reach > 0 else 1.0
    try:
        keys = tuple(
            _keyframe(camera, matrix, time_s, scale, keep_fov=params.keep_fov)
            for camera, matrix, time_s in zip(track.cameras, matrices, times_s, strict=True)
        )
        return CameraPath(keys, duration_s=duration_s, loop=track.loop)
    except ValueError as error:
        raise PathError(f"imported path: {error}") from error


def _keyframe(
    camera: ResolvedCamera, matrix: Floats, time_s: float, scale: float, *, keep_fov: bool
) -> Keyframe:
    """The key of one camera."""
    x, y, z = (float(v) * scale for v in matrix[:3, 3])
    return Keyframe(
        time_s,
        (x, y, z),
        rotation_deg=angles_from_rotation(matrix[:3, :3]),
        fov_deg=camera.fov_deg if keep_fov else None,
        focus_su=None if camera.focus_su is None else camera.focus_su * scale,
        aperture_su=None if camera.aperture_su is None else camera.aperture_su * scale,
    )


def exact_rate(fps: float) -> Fraction:
    """Frames a second as meant, from a number that times were rounded into."""
    near = [Fraction(round(fps)), Fraction(round(fps) * 1000, 1001)]
    meant = min(near, key=lambda rate: abs(rate - Fraction(fps)))
    if meant > 0 and abs(float(meant) / fps - 1) < ROUNDED_RATE:
        return meant
    return Fraction(fps).limit_denominator(1000)


def pose_from_rows(rows: Any, where: str) -> Pose:
    """The pose of a matrix in a file: 3 × 4 or 4 × 4, as rows or flat.

    Rounding is mended; anything else that is no rigid motion is refused.

    Raises:
        PathError: Not such a matrix.
    """
    try:
        matrix = np.array(rows, np.float64)
    except (TypeError, ValueError) as error:
        raise PathError(f"{where}: expected a matrix of numbers, got another thing") from error
    if matrix.shape in ((16,), (12,)):
        matrix = matrix.reshape(-1, 4)
    if matrix.shape == (3, 4):
        matrix = np.vstack([matrix, [0, 0, 0, 1]])
    if matrix.shape != (4, 4):
        raise PathError(f"{where}: expected 4 × 4 numbers, got shape {matrix.shape}")
    if not np.isfinite(matrix).all():
        raise PathError(f"{where}: expected finite numbers, got NaN or infinity")
    if not np.allclose(matrix[3], (0, 0, 0, 1), atol=1e-6):
        raise PathError(f"{where}: expected 0, 0, 0, 1 as the last row, got {matrix[3].tolist()}")
    return Pose.from_rotation(matrix[:3, 3], mended_rotation(matrix[:3, :3], where))


def mended_rotation(matrix: Floats, where: str) -> Floats:
    """(3, 3): the nearest rotation, where a matrix is one but for rounding.

    Raises:
        PathError: Singular, mirrored, scaled or sheared.
    """
    left, sizes, right = np.linalg.svd(matrix)
    if sizes[2] < 1e-6:
        raise PathError(f"{where}: expected a rotation, got a singular matrix")
    if np.linalg.det(matrix) < 0:
        raise PathError(f"{where}: expected a rotation, got a mirror image (determinant below 0)")
    if np.abs(sizes - 1).max() > SKEW:
        raise PathError(
            f"{where}: expected a rotation, got one that scales by {sizes[0]:.3g} to {sizes[2]:.3g}"
        )
    return np.asarray(left @ right)


def pose_from_opencv(camera_from_world: Floats, where: str) -> Pose:
    """The pose of an OpenCV matrix, both of whose frames have y down and z forward."""
    flip = OPENGL_FROM_OPENCV
    inverse = pose_from_rows(camera_from_world, where).camera_from_world
    return Pose(np.ascontiguousarray(flip @ inverse @ flip))


def opencv_from_pose(pose: Pose) -> Floats:
    """(4, 4), camera from world, both frames as OpenCV's."""
    flip = OPENGL_FROM_OPENCV
    return np.asarray(flip @ pose.camera_from_world @ flip)


def checked_fov_deg(fov_deg: float, where: str) -> float:
    """A vertical field of view that a path may have.

    Raises:
        PathError: Not within `MIN_FOV_DEG` and `MAX_FOV_DEG`.
    """
    if not MIN_FOV_DEG <= fov_deg <= MAX_FOV_DEG:
        raise PathError(f"{where}: expected {MIN_FOV_DEG} to {MAX_FOV_DEG}, got {fov_deg:g}")
    return fov_deg


def fov_from_focal(focal_px: float, height_px: float, where: str) -> float:
    """The vertical field of view in degrees of a focal length.

    Raises:
        PathError: Not above 0.
    """
    if not (math.isfinite(focal_px) and focal_px > 0 and height_px > 0):
        raise PathError(f"{where}: expected a focal length above 0, got {focal_px}")
    return checked_fov_deg(math.degrees(2 * math.atan(height_px / 2 / focal_px)), where)


def scaled_pose(pose: Pose, scale: float) -> Pose:
    """The same camera with its distance from the origin scaled."""
    return Pose.from_rotation(pose.position_su * scale, pose.world_from_camera[:3, :3])


def track_of_poses(
    poses: Sequence[Pose],
    fov_deg: Sequence[float],
    *,
    size_wh: tuple[int, int],
    fps: Fraction,
    times_s: Sequence[float] | None = None,
    loop: bool = False,
) -> CameraTrack:
    """The track of cameras at an even rate, or at given times."""
    times = times_s if times_s is not None else [float(i / fps) for i in range(len(poses))]
    cameras = zip(times, poses, fov_deg, strict=True)
    return CameraTrack(
        tuple(ResolvedCamera(t, pose, fov) for t, pose, fov in cameras), size_wh, fps, loop
    )
