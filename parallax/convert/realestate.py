"""RealEstate10K's text, which CameraCtrl, MotionCtrl and most benchmarks of camera control read.

A first line with the source's address, then a line a frame of 19 numbers: the time in microseconds;
fx, fy, cx, cy as fractions of width and height; two distortion terms; and the 3 × 4 matrix camera
from world by rows, with OpenCV's axes.
"""

from fractions import Fraction

import numpy as np

from parallax.convert.imported import (
    Imported,
    ImportParams,
    exact_rate,
    fov_from_focal,
    import_frames,
    opencv_from_pose,
    pose_from_opencv,
    track_of_poses,
)
from parallax.errors import PathError
from parallax.path import CameraTrack

MAX_OFF_CENTER = 0.02  # of the size; a path's principal point is in the middle
EVEN_S = 1e-3  # stamps this near to an even rate are at it: players round them
HEAD = "https://www.youtube.com/watch?v=none"  # readers skip the first line, whatever it says


def parse_realestate(text: str, where: str, params: ImportParams) -> Imported:
    """The path of a RealEstate10K text.

    Raises:
        PathError: With the line.
    """
    poses, fov_deg, stamps = [], [], []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split()
        if not parts or (number == 1 and len(parts) != 19):
            continue
        at = f"{where}: line {number}"
        try:
            values = np.array([float(part) for part in parts])
        except ValueError as error:
            raise PathError(f"{at}: expected 19 numbers, got other words") from error
        if len(values) != 19 or not np.isfinite(values).all():
            raise PathError(f"{at}: expected 19 finite numbers, got {len(values)}")
        if np.abs(values[3:5] - 0.5).max() > MAX_OFF_CENTER:
            raise PathError(
                f"{at}: expected the principal point at 0.5, 0.5, got {values[3]:g}, {values[4]:g}"
            )
        stamps.append(values[0])
        fov_deg.append(fov_from_focal(values[2], 1.0, at))
        poses.append(pose_from_opencv(values[7:].reshape(3, 4), at))
    if not poses:
        raise PathError(f"{where}: expected a line of 19 numbers a frame, got none")
    times_s, fps = _times(stamps, where, params)
    track = track_of_poses(poses, fov_deg, size_wh=params.size_wh, fps=fps, times_s=times_s)
    return import_frames(track, params)


def format_realestate(track: CameraTrack) -> str:
    """The text of a track, stamped as a player shows its frames, in whole microseconds."""
    lines = [HEAD]
    width, height = track.size_wh
    for i, camera in enumerate(track.cameras):
        focal_px = track.focal_px(i)
        head = [focal_px / width, focal_px / height, 0.5, 0.5, 0.0, 0.0]
        numbers = [*head, *opencv_from_pose(camera.pose)[:3].ravel()]
        stamp = round(i / track.fps * 1_000_000)
        lines.append(" ".join([str(stamp), *(f"{number:.12g}" for number in numbers)]))
    return "\n".join(lines) + "\n"


def _times(
    stamps: list[float], where: str, params: ImportParams
) -> tuple[list[float] | None, Fraction]:
    """Times in seconds, None where they are even, and the mean rate.

    A file whose stamps are all alike has none, and runs at the rate asked for.
    """
    if len(stamps) < 2 or max(stamps) == min(stamps):
        return None, params.fps
    for i in range(1, len(stamps)):
        if stamps[i] <= stamps[i - 1]:
            raise PathError(
                f"{where}: frame {i}: expected a time after {stamps[i - 1]:g}, got {stamps[i]:g}"
            )
    times_s = (np.array(stamps) - stamps[0]) * 1e-6
    fps = exact_rate((len(stamps) - 1) / float(times_s[-1]))
    uneven_s = np.abs(times_s - np.arange(len(stamps)) / float(fps)).max()
    return (None if uneven_s < EVEN_S else times_s.tolist()), fps
