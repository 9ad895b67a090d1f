"""`transforms.json` of instant-ngp and nerfstudio: a camera a picture.

`transform_matrix` is world from camera by rows, OpenGL axes. Intrinsics stand at the top or with
each frame: `fl_x fl_y cx cy w h` in pixels, or `camera_angle_x` in radians. There is no time:
frames follow one another in the order of their file names.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from parallax.convert.imported import (
    Imported,
    ImportParams,
    checked_fov_deg,
    fov_from_focal,
    import_frames,
    pose_from_rows,
    track_of_poses,
)
from parallax.errors import PathError
from parallax.path import CameraTrack, parse_number


def parse_transforms(obj: Any, where: str, params: ImportParams) -> Imported:
    """The path through the pictures of a transforms.json.

    Raises:
        PathError: With the JSON address.
    """
    frames = obj.get("frames")
    if not isinstance(frames, list) or not frames:
        raise PathError(f"{where}: frames: expected a list of pictures, got none")
    listed = [(frame, f"{where}: frames[{i}]") for i, frame in enumerate(frames)]
    for frame, at in listed:
        if not isinstance(frame, Mapping) or "transform_matrix" not in frame:
            raise PathError(f"{at}.transform_matrix: expected it, got none")
    listed.sort(key=lambda item: _by_number(str(item[0].get("file_path", ""))))
    poses = [
        pose_from_rows(frame["transform_matrix"], f"{at}.transform_matrix") for frame, at in listed
    ]
    fov_deg = [_fov_deg({**obj, **frame}, at) for frame, at in listed]
    size_wh = params.size_wh
    if "w" in obj and "h" in obj:
        size_wh = (
            round(parse_number(obj["w"], f"{where}: w")),
            round(parse_number(obj["h"], f"{where}: h")),
        )
    track = track_of_poses(poses, fov_deg, size_wh=size_wh, fps=params.fps)
    return import_frames(track, params)


def format_transforms(track: CameraTrack) -> str:
    """The text of a transforms.json, with the frames named as `--frames-dir` names them."""
    width, height = track.size_wh
    center = {"cx": width / 2, "cy": height / 2, "w": width, "h": height}
    frames = [
        {
            "file_path": f"frames/{i:05d}.png",
            "fl_x": track.focal_px(i),
            "fl_y": track.focal_px(i),
            "transform_matrix": camera.pose.world_from_camera.tolist(),
        }
        for i, camera in enumerate(track.cameras)
    ]
    first = {"fl_x": track.focal_px(0), "fl_y": track.focal_px(0)}
    obj = {"camera_model": "OPENCV", **first, **center, "k1": 0.0, "k2": 0.0, "p1": 0.0, "p2": 0.0}
    return json.dumps({**obj, "frames": frames}, indent=1)


def _fov_deg(values: Mapping[str, Any], where: str) -> float:
    """Vertical field of view from whatever intrinsics a file has."""

    def number(name: str) -> float | None:
        return parse_number(values[name], f"{where}: {name}") if name in values else None

    width, height = number("w"), number("h")
    focal_y = number("fl_y") or number("fl_x")
    if focal_y is not None and height is not None:
        return fov_from_focal(focal_y, height, f"{where}: fl_y")
    angle_y, angle_x = number("camera_angle_y"), number("camera_angle_x")
    if angle_y is not None:
        return checked_fov_deg(math.degrees(angle_y), f"{where}: camera_angle_y")
    if angle_x is not None:
        # Files without a size are of square pictures, as in the first NeRF's data
        aspect = width / height if width and height else 1.0
        half = math.tan(angle_x / 2) / aspect
        return checked_fov_deg(math.degrees(2 * math.atan(half)), f"{where}: camera_angle_x")
    raise PathError(f"{where}: expected fl_y and h, or camera_angle_x, got neither")


def _by_number(name: str) -> list[int | str]:
    """A key that sorts frame_2 before frame_10."""
    parts = re.split(r"(\d+)", name)
    return [int(part) if i % 2 else part for i, part in enumerate(parts)]
