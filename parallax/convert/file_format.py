"""Which formats there are, how they are told apart, and one door to all of them."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from parallax.camera import ResolvedCamera
from parallax.convert.after_effects import format_after_effects
from parallax.convert.colmap import load_colmap, save_colmap
from parallax.convert.gltf import load_gltf, save_gltf
from parallax.convert.imported import Imported, ImportParams, import_frames, scaled_pose
from parallax.convert.nerfstudio import format_nerfstudio, parse_nerfstudio
from parallax.convert.realestate import format_realestate, parse_realestate
from parallax.convert.transforms import format_transforms, parse_transforms
from parallax.errors import OutputError, PathError
from parallax.json_text import load_json
from parallax.path import (
    CameraPath,
    CameraTrack,
    Extend,
    load_path,
    load_track,
    save_path,
    track_path,
    write_camera_json,
)

MAX_TEXT_BYTES = 64 * 2**20
OWN = "parallax"
Read = Callable[[Path, ImportParams], Imported]
Write = Callable[[Path, CameraTrack], None]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A file format for camera paths.

    Attributes:
        description: One line.
        suffix: Of its files; "" for a folder.
        read: Makes a path, None where it cannot be read.
        write: Writes a track, None where it cannot be written.
    """

    description: str
    suffix: str
    read: Read | None
    write: Write | None


def read_foreign_path(
    file: Path,
    *,
    format_name: str | None = None,
    params: ImportParams | None = None,
    extend: Extend | None = None,
) -> Imported:
    """The path of a file of any format that can be read.

    Args:
        file: A file, or COLMAP's folder.
        format_name: One of `FORMATS`; found from the file where it is not given.
        params: How it is fitted to a photo.
        extend: Makes the preset that a path of ours `extends`.

    Raises:
        PathError: No such format, or not a file of it.
    """
    name = format_name or find_format(file)
    if name == OWN:
        return _read_own(file, params or ImportParams(), extend)
    found = _format(name)
    if found.read is None:
        raise PathError(f"{file}: {name} can be written, not read")
    return found.read(file, params or ImportParams())


def write_foreign_path(
    file: Path,
    path: CameraPath,
    *,
    size_wh: tuple[int, int],
    fps: Fraction,
    default_fov_deg: float,
    format_name: str | None = None,
) -> int:
    """Writes a path in any format: our own with its keys, others with a camera a frame.

    Args:
        file: To be written; a folder for COLMAP.
        path: A camera path.
        size_wh: Of the film.
        fps: Frames a second.
        default_fov_deg: Vertical field of view where the path says none.
        format_name: One of `FORMATS`; by the file's name where it is not given.

    Returns:
        How many keys or cameras were written.

    Raises:
        PathError: No such format.
        OutputError: The file cannot be written.
    """
    if (format_name or _format_of_name(file)) == OWN:
        save_path(file, path)
        return len(path.keyframes)
    track = track_path(path, size_wh=size_wh, fps=fps, default_fov_deg=default_fov_deg)
    write_foreign_track(file, track, format_name=format_name)
    return len(track.cameras)


def write_foreign_track(
    file: Path, track: CameraTrack, *, format_name: str | None = None, unit_scale: float = 1.0
) -> None:
    """Writes the cameras of a film in any format.

    Args:
        file: To be written; a folder for COLMAP.
        track: Of the film.
        format_name: One of `FORMATS`; by the file's name where it is not given.
        unit_scale: How many of the file's units a scene unit is.

    Raises:
        PathError: No such format.
        OutputError: The file cannot be written.
    """
    name = format_name or _format_of_name(file)
    found = _format(name)
    if found.write is None:
        raise PathError(f"{file}: {name} can be read, not written")
    cameras = tuple(_scaled(camera, unit_scale) for camera in track.cameras)
    try:
        found.write(file, replace(track, cameras=cameras))
    except OSError as error:
        raise OutputError(f"{file}: expected to write cameras, got: {error.strerror}") from error


def find_format(file: Path) -> str:
    """The name of a file's format, from its name and content.

    Raises:
        PathError: It looks like none of them.
    """
    suffix = file.suffix.lower()
    if file.is_dir() or file.name in ("images.txt", "cameras.txt"):
        return "colmap"
    if suffix in (".glb", ".gltf"):
        return "gltf"
    if suffix == ".txt":
        return "realestate10k"
    if suffix == ".jsx":
        return "after-effects"
    if suffix != ".json":
        raise PathError(f"{file}: expected a camera path, got a name ending in {suffix!r}")
    obj = load_json(file, PathError)
    if isinstance(obj, Mapping):
        frames = obj.get("frames")
        first = frames[0] if isinstance(frames, list) and frames else None
        if isinstance(first, Mapping) and "world_from_camera" in first:
            return "camera"
        if "version" in obj or "extends" in obj:
            return "parallax"
        if "camera_path" in obj or "keyframes" in obj:
            return "nerfstudio"
        if "frames" in obj:
            return "transforms"
    known = ", ".join(FORMATS)
    raise PathError(f"{file.name}: expected a camera path of {known}, got another thing")


def _format_of_name(file: Path) -> str:
    """The format that a file to be written asks for by its name."""
    if file.name.endswith(".camera.json"):
        return "camera"
    if file.name == "transforms.json":
        return "transforms"
    suffix = file.suffix.lower()
    by_suffix = {
        ".glb": "gltf",
        ".txt": "realestate10k",
        ".jsx": "after-effects",
        ".json": "parallax",
        "": "colmap",
    }
    if suffix not in by_suffix:
        known = ", ".join(by_suffix)
        raise PathError(f"{file}: expected a name ending in one of {known}, got {suffix}")
    return by_suffix[suffix]


def _format(name: str) -> FileFormat:
    """A format by its name."""
    if name in FORMATS:
        return FORMATS[name]
    near = difflib.get_close_matches(name, FORMATS, n=1)
    hint = f", did you mean {near[0]}?" if near else ""
    raise PathError(f"format: expected one of {', '.join(FORMATS)}, got {name!r}{hint}")


def _scaled(camera: ResolvedCamera, unit_scale: float) -> ResolvedCamera:
    """The same camera in other units."""
    focus = None if camera.focus_su is None else camera.focus_su * unit_scale
    aperture = None if camera.aperture_su is None else camera.aperture_su * unit_scale
    pose = scaled_pose(camera.pose, unit_scale)
    return replace(camera, pose=pose, focus_su=focus, aperture_su=aperture)


def _read_own(file: Path, params: ImportParams, extend: Extend | None = None) -> Imported:
    """Our own path, as it is."""
    if params.unit_scale != 1:
        raise PathError(f"{file}: is in scene units already; expected no unit scale")
    return Imported(load_path(file, extend=extend), params.size_wh)


def _read_text(file: Path) -> str:
    """The text of a file of reasonable size."""
    if not file.is_file():
        raise PathError(f"{file}: expected a text file, got nothing there")
    if file.stat().st_size > MAX_TEXT_BYTES:
        raise PathError(f"{file}: expected at most {MAX_TEXT_BYTES >> 20} MB, got more")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PathError(f"{file.name}: expected UTF-8 text, got another thing") from error


def _read_json(
    parse: Callable[[Any, str, ImportParams], Imported], file: Path, params: ImportParams
) -> Imported:
    """The path of a JSON file."""
    obj = load_json(file, PathError)
    if not isinstance(obj, Mapping):
        raise PathError(f"{file.name}: expected a JSON object, got another thing")
    return parse(obj, file.name, params)


def _write_text(text_of: Callable[[CameraTrack], str]) -> Write:
    """A writer of a text format."""

    def write(file: Path, track: CameraTrack) -> None:
        file.write_text(text_of(track), encoding="utf-8")

    return write


def _write_camera(file: Path, track: CameraTrack) -> None:
    """Writes our own per-frame cameras."""
    write_camera_json(file, track.cameras, size_wh=track.size_wh, fps=track.fps, loop=track.loop)


FORMATS: Mapping[str, FileFormat] = {
    OWN: FileFormat(
        "our own path: keys, splines, easing",
        ".json",
        _read_own,
        lambda file, track: save_path(
            file, import_frames(track, ImportParams(), of_photo=True).path
        ),
    ),
    "camera": FileFormat(
        "our own cameras, one a frame (OUT.camera.json)",
        ".camera.json",
        lambda file, params: import_frames(load_track(file), params, of_photo=True),
        _write_camera,
    ),
    "nerfstudio": FileFormat(
        "nerfstudio's camera_path",
        ".json",
        lambda file, params: _read_json(parse_nerfstudio, file, params),
        _write_text(format_nerfstudio),
    ),
    "realestate10k": FileFormat(
        "RealEstate10K text, as CameraCtrl and MotionCtrl read it",
        ".txt",
        lambda file, params: parse_realestate(_read_text(file), file.name, params),
        _write_text(format_realestate),
    ),
    "transforms": FileFormat(
        "transforms.json of instant-ngp and nerfstudio",
        ".json",
        lambda file, params: _read_json(parse_transforms, file, params),
        _write_text(format_transforms),
    ),
    "colmap": FileFormat(
        "COLMAP's text model, a folder",
        "",
        lambda file, params: load_colmap(file if file.is_dir() else file.parent, params),
        save_colmap,
    ),
    "gltf": FileFormat("glTF animation, for Blender and others", ".glb", load_gltf, save_gltf),
    "after-effects": FileFormat(
        "a script that builds the camera in After Effects",
        ".jsx",
        None,
        _write_text(format_after_effects),
    ),
}
