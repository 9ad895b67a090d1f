"""nerfstudio's camera_path JSON (viewer and ns-render).

`camera_path[]` holds one camera a frame: `camera_to_world`, 16 numbers by rows, OpenGL axes, and
`fov`, vertical, in degrees. Frames lie at i / n of the duration: the end is left out. `keyframes[]`
is what a person set; its `matrix` is a list by rows from the newer viewer, but a *string* by
columns from the older one and from the Blender and Maya add-ons, so frames are preferred.
"""

import json
from dataclasses import replace
from typing import Any

import numpy as np

from parallax.camera import Pose
from parallax.convert.imported import (
    Imported,
    ImportParams,
    checked_fov_deg,
    exact_rate,
    import_frames,
    import_keys,
    pose_from_rows,
    track_of_poses,
)
from parallax.curve import Tcb
from parallax.errors import PathError
from parallax.json_text import parse_json
from parallax.path import CameraTrack, parse_number

USUAL_TRANSITION_S = 2.0  # nerfstudio's own default
MAX_FPS = 240


def parse_nerfstudio(obj: Any, where: str, params: ImportParams) -> Imported:
    """The path of a camera_path file.

    Raises:
        PathError: With the JSON address.
    """
    kind = obj.get("camera_type", "perspective")
    if str(kind).lower() not in ("perspective", "pinhole"):
        raise PathError(f"{where}: camera_type: expected perspective, got {kind!r}")
    frames = obj.get("camera_path") or []
    if not isinstance(frames, list):
        raise PathError(f"{where}: camera_path: expected a list, got another thing")
    size_wh = _size(obj, where, params)
    if not frames:
        return _parse_keyframes(obj, where, params, size_wh)
    poses, fov_deg = [], []
    for i, frame in enumerate(frames):
        at = f"{where}: camera_path[{i}]"
        poses.append(pose_from_rows(_field(frame, "camera_to_world", at), f"{at}.camera_to_world"))
        fov = parse_number(_field(frame, "fov", at), f"{at}.fov")
        fov_deg.append(checked_fov_deg(fov, f"{at}.fov"))
    fps = params.fps
    if "seconds" in obj:
        seconds = parse_number(obj["seconds"], f"{where}: seconds")
        if not 0 < seconds <= 3600:
            raise PathError(f"{where}: seconds: expected above 0 and at most 3600, got {seconds:g}")
        fps = exact_rate(len(frames) / seconds)
    loop = obj.get("is_cycle") is True
    track = track_of_poses(poses, fov_deg, size_wh=size_wh, fps=fps, loop=loop)
    return import_frames(track, params)


def format_nerfstudio(track: CameraTrack) -> str:
    """The text of a camera_path file that ns-render reads."""
    aspect = track.size_wh[0] / track.size_wh[1]
    frames = [
        {
            "camera_to_world": camera.pose.world_from_camera.ravel().tolist(),
            "fov": camera.fov_deg,
            "aspect": aspect,
        }
        for camera in track.cameras
    ]
    # ns-render needs no keyframes, its viewer one at each end at least
    ends = sorted({0, len(track.cameras) - 1})
    keyframes = [
        {
            "matrix": frames[i]["camera_to_world"],
            "fov": frames[i]["fov"],
            "aspect": aspect,
            "override_transition_enabled": False,
            "override_transition_sec": None,
        }
        for i in ends
    ]
    seconds = float(len(frames) / track.fps)
    obj = {
        "default_fov": track.cameras[0].fov_deg,
        "default_transition_sec": seconds / max(1, len(ends) - 1),
        "keyframes": keyframes,
        "camera_type": "perspective",
        "render_height": track.size_wh[1],
        "render_width": track.size_wh[0],
        "fps": float(track.fps),
        "seconds": seconds,
        "is_cycle": track.loop,
        "smoothness_value": 0.0,
        "camera_path": frames,
    }
    return json.dumps(obj, indent=1)


def _parse_keyframes(
    obj: Any, where: str, params: ImportParams, size_wh: tuple[int, int]
) -> Imported:
    """The path through the keyframes, with nerfstudio's spline."""
    keys = obj.get("keyframes")
    if not isinstance(keys, list) or not keys:
        raise PathError(f"{where}: expected a camera_path or keyframes, got neither")
    usual_s = parse_number(
        obj.get("default_transition_sec", USUAL_TRANSITION_S), f"{where}: default_transition_sec"
    )
    poses, fov_deg, times_s = [], [], [0.0]
    for i, key in enumerate(keys):
        at = f"{where}: keyframes[{i}]"
        poses.append(_parse_key_matrix(_field(key, "matrix", at), f"{at}.matrix"))
        fov = parse_number(key.get("fov", obj.get("default_fov", 50.0)), f"{at}.fov")
        fov_deg.append(checked_fov_deg(fov, f"{at}.fov"))
        own_s = (
            key.get("override_transition_sec") if key.get("override_transition_enabled") else None
        )
        step_s = usual_s if own_s is None else parse_number(own_s, f"{at}.override_transition_sec")
        if not step_s > 0:
            raise PathError(f"{at}: expected a transition above 0 s, got {step_s:g}")
        times_s.append(times_s[-1] + step_s)
    loop = obj.get("is_cycle") is True and len(keys) > 1
    track = track_of_poses(
        poses, fov_deg, size_wh=size_wh, fps=params.fps, times_s=times_s[:-1], loop=loop
    )
    fps = parse_number(obj["fps"], f"{where}: fps") if "fps" in obj else None
    if fps is not None and not 1 <= fps <= MAX_FPS:
        raise PathError(f"{where}: fps: expected 1 to {MAX_FPS}, got {fps:g}")
    rate = None if fps is None else exact_rate(fps)
    found = import_keys(track, params, duration_s=times_s[-1] if loop else 0.0, fps=rate)
    tension = parse_number(obj.get("smoothness_value", 0.0), f"{where}: smoothness_value")
    tcb = Tcb(tension=float(np.clip(tension, -1, 1)))
    return replace(found, path=replace(found.path, spline="kochanek-bartels", tcb=tcb))


def _parse_key_matrix(value: Any, where: str) -> Pose:
    """The pose of a keyframe: a list by rows, or a string by columns."""
    if not isinstance(value, str):
        return pose_from_rows(value, where)
    numbers = np.array(parse_json(value, where, PathError), np.float64)
    if numbers.shape != (16,):
        raise PathError(f"{where}: expected 16 numbers, got shape {numbers.shape}")
    matrix = numbers.reshape(4, 4)
    by_columns = not np.allclose(matrix[3], (0, 0, 0, 1), atol=1e-6)
    return pose_from_rows(matrix.T if by_columns else matrix, where)


def _size(obj: Any, where: str, params: ImportParams) -> tuple[int, int]:
    """Width and height of the film."""
    if "render_width" not in obj or "render_height" not in obj:
        return params.size_wh
    width = parse_number(obj["render_width"], f"{where}: render_width")
    height = parse_number(obj["render_height"], f"{where}: render_height")
    if not (width >= 1 and height >= 1):
        raise PathError(f"{where}: render_width: expected a size, got {width:g} × {height:g}")
    return round(width), round(height)


def _field(obj: Any, name: str, where: str) -> Any:
    """A field that has to be there."""
    if not isinstance(obj, dict) or name not in obj:
        raise PathError(f"{where}.{name}: expected it, got none")
    return obj[name]
