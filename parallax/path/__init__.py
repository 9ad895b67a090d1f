"""Camera paths: the nouns, their file, and the camera at any moment."""

from parallax.path.keyframe import (
    DEFAULT_DURATION_S,
    MAX_COORDINATE_SU,
    MAX_CYCLES,
    MAX_DURATION_S,
    MAX_FOV_DEG,
    MIN_FOV_DEG,
    CameraPath,
    Keyframe,
)
from parallax.path.path_file import (
    Extend,
    format_path,
    load_path,
    parse_choice,
    parse_number,
    parse_path,
    parse_truth,
    parse_whole,
    parse_word,
    save_path,
    unknown_field,
)
from parallax.path.reach import measure_margin, measure_reach
from parallax.path.report import PathReport, inspect_path
from parallax.path.sample import CameraSamples, camera_at, frame_times, resolve_path
from parallax.path.schema import path_schema
from parallax.path.track import CameraTrack, load_track, track_path, write_camera_json

__all__ = [
    "DEFAULT_DURATION_S",
    "MAX_COORDINATE_SU",
    "MAX_CYCLES",
    "MAX_DURATION_S",
    "MAX_FOV_DEG",
    "MIN_FOV_DEG",
    "CameraPath",
    "CameraSamples",
    "CameraTrack",
    "Extend",
    "Keyframe",
    "PathReport",
    "camera_at",
    "format_path",
    "frame_times",
    "inspect_path",
    "load_path",
    "load_track",
    "measure_margin",
    "measure_reach",
    "parse_choice",
    "parse_number",
    "parse_path",
    "parse_truth",
    "parse_whole",
    "parse_word",
    "path_schema",
    "resolve_path",
    "save_path",
    "track_path",
    "unknown_field",
    "write_camera_json",
]
