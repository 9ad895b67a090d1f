"""`CameraTrack`: the resolved camera of every frame, and its file `OUT.camera.json`.

```json
{"version": 1, "size_wh": [1920, 1080], "fps": "30000/1001", "loop": false,
 "frames": [{"time_s": 0.0, "fov_deg": 45.0, "focal_px": 1303.67, "focus_su": null,
             "aperture_su": null,
             "world_from_camera": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]}]}
```

Matrices are lists of rows; axes and units are those of `parallax.camera` (OpenGL, su, the photo's
camera is the world). `fov_deg` is vertical; `focal_px` says the same in pixels of `size_wh`. The
principal point is the middle of the picture. The file is exact truth for whoever measures a film.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from parallax.camera import Intrinsics, Pose, ResolvedCamera
from parallax.errors import OutputError, PathError
from parallax.json_text import load_json
from parallax.path.keyframe import CameraPath
from parallax.path.path_file import parse_number
from parallax.path.sample import frame_times, resolve_path

TRACK_VERSION = 1


@dataclass(frozen=True, slots=True, eq=False)
class CameraTrack:
    """The camera of every frame of a film.

    Attributes:
        cameras: In order of time.
        size_wh: Of the film.
        fps: Frames a second.
        loop: Whether the first frame follows the last.
    """

    cameras: tuple[ResolvedCamera, ...]
    size_wh: tuple[int, int]
    fps: Fraction
    loop: bool = False

    def __post_init__(self) -> None:
        if not self.cameras:
            raise ValueError("CameraTrack.cameras: expected at least one, got none")
        if min(self.size_wh) < 1 or not self.fps > 0:
            raise ValueError(
                f"CameraTrack: expected a size and a rate, got {self.size_wh} and {self.fps}"
            )

    def focal_px(self, index: int) -> float:
        """The focal length of one frame, in its pixels."""
        return Intrinsics.from_fov(self.size_wh, self.cameras[index].fov_deg).focal_px


def track_path(
    path: CameraPath, *, size_wh: tuple[int, int], fps: Fraction, default_fov_deg: float
) -> CameraTrack:
    """The camera of every frame of a film along a path.

    Args:
        path: A camera path.
        size_wh: Of the film.
        fps: Frames a second.
        default_fov_deg: Vertical field of view where the path says none.
    """
    times_s = np.array(frame_times(path.duration_s, fps, loop=path.loop))
    samples = resolve_path(path, times_s, default_fov_deg=default_fov_deg)
    cameras = tuple(samples.camera(i) for i in range(len(times_s)))
    return CameraTrack(cameras, size_wh, fps, path.loop)


def write_camera_json(
    file: Path,
    cameras: Sequence[ResolvedCamera],
    *,
    size_wh: tuple[int, int],
    fps: Fraction,
    loop: bool = False,
) -> None:
    """Writes the camera of every frame beside a film.

    Raises:
        OutputError: The file cannot be written.
    """
    track = CameraTrack(tuple(cameras), size_wh, fps, loop)
    head = {"version": TRACK_VERSION, "size_wh": list(size_wh), "fps": str(fps), "loop": loop}
    frames = ",\n ".join(json.dumps(_format_frame(track, i)) for i in range(len(cameras)))
    text = f'{json.dumps(head)[:-1]}, "frames": [\n {frames}]}}\n'
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"{file}: expected to write the cameras, got: {error.strerror}"
        ) from error


def load_track(file: Path) -> CameraTrack:
    """The cameras of an `OUT.camera.json`.

    Raises:
        PathError: Not such a file.
    """
    obj = load_json(file, PathError)
    try:
        if obj["version"] != TRACK_VERSION:
            raise PathError(f"{file.name}: version: expected {TRACK_VERSION}, got {obj['version']}")
        width, height = obj["size_wh"]
        cameras = tuple(
            _parse_frame(frame, f"{file.name}: frames[{i}]")
            for i, frame in enumerate(obj["frames"])
        )
        return CameraTrack(cameras, (int(width), int(height)), Fraction(obj["fps"]), obj["loop"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise PathError(f"{file.name}: expected the cameras of a film, got: {error}") from error


def _format_frame(track: CameraTrack, index: int) -> dict[str, Any]:
    """The JSON object of one camera."""
    camera = track.cameras[index]
    return {
        "time_s": camera.time_s,
        "fov_deg": camera.fov_deg,
        "focal_px": track.focal_px(index),
        "focus_su": camera.focus_su,
        "aperture_su": camera.aperture_su,
        "world_from_camera": camera.pose.world_from_camera.tolist(),
    }


def _parse_frame(obj: Any, where: str) -> ResolvedCamera:
    """One camera."""
    try:
        matrix = np.array(obj["world_from_camera"], np.float64)
        focus_su, aperture_su = obj["focus_su"], obj.get("aperture_su")
        camera = ResolvedCamera(
            parse_number(obj["time_s"], f"{where}.time_s"),
            Pose(matrix),
            parse_number(obj["fov_deg"], f"{where}.fov_deg"),
            None if focus_su is None else parse_number(focus_su, f"{where}.focus_su"),
            None if aperture_su is None else parse_number(aperture_su, f"{where}.aperture_su"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PathError(f"{where}: expected a camera, got: {error}") from error
    if not 0 < camera.fov_deg < 180 or not math.isfinite(camera.time_s):
        raise PathError(f"{where}.fov_deg: expected 0 to 180, got {camera.fov_deg}")
    return camera
