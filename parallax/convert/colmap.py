"""COLMAP's sparse model as text: `cameras.txt`, `images.txt`, `points3D.txt` in one folder.

A picture takes two lines: `ID qw qx qy qz tx ty tz CAMERA_ID NAME`, camera from world with OpenCV's
axes, and its points, of which a path has none.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from parallax.convert.imported import (
    Imported,
    ImportParams,
    fov_from_focal,
    import_frames,
    opencv_from_pose,
    pose_from_opencv,
    track_of_poses,
)
from parallax.curve import quaternion_from_rotation, rotation_from_quaternion
from parallax.errors import PathError
from parallax.path import CameraTrack

# Where the vertical focal length stands among a model's parameters
FOCAL_Y = {
    "SIMPLE_PINHOLE": 0, "PINHOLE": 1, "SIMPLE_RADIAL": 0, "RADIAL": 0, "OPENCV": 1,
    "FULL_OPENCV": 1,
}  # fmt: skip


def load_colmap(folder: Path, params: ImportParams) -> Imported:
    """The path through the pictures of a model, in the order of their names.

    Raises:
        PathError: With the file and line.
    """
    lenses = _read_cameras(folder / "cameras.txt")
    images = _read_images(folder / "images.txt")
    poses, fov_deg = [], []
    size_wh = params.size_wh
    for name, camera_id, matrix in images:
        where = f"{folder.name}/images.txt: {name}"
        if camera_id not in lenses:
            raise PathError(f"{where}: expected a camera of cameras.txt, got {camera_id}")
        size_wh, focal_px = lenses[camera_id]
        poses.append(pose_from_opencv(matrix, where))
        fov_deg.append(fov_from_focal(focal_px, size_wh[1], where))
    track = track_of_poses(poses, fov_deg, size_wh=size_wh, fps=params.fps)
    return import_frames(track, params)


def save_colmap(folder: Path, track: CameraTrack) -> None:
    """Writes a model of cameras alone; one PINHOLE camera for each focal length.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(exist_ok=True)
    width, height = track.size_wh
    focals = [f"{track.focal_px(i):.12g}" for i in range(len(track.cameras))]
    id_of = {focal: i for i, focal in enumerate(dict.fromkeys(focals), 1)}
    cameras = [
        f"{i} PINHOLE {width} {height} {focal} {focal} {width / 2:g} {height / 2:g}"
        for focal, i in id_of.items()
    ]
    images = []
    for i, (camera, focal) in enumerate(zip(track.cameras, focals, strict=True)):
        matrix = opencv_from_pose(camera.pose)
        numbers = [*quaternion_from_rotation(matrix[:3, :3]), *matrix[:3, 3]]
        text = " ".join(f"{number:.17g}" for number in numbers)
        images += [f"{i + 1} {text} {id_of[focal]} {i:05d}.png", ""]
    head = "# COLMAP text model; no points"
    (folder / "cameras.txt").write_text("\n".join([head, *cameras]) + "\n", encoding="utf-8")
    (folder / "images.txt").write_text("\n".join([head, *images]) + "\n", encoding="utf-8")
    (folder / "points3D.txt").write_text(head + "\n", encoding="utf-8")


def _read_cameras(file: Path) -> dict[str, tuple[tuple[int, int], float]]:
    """Size and vertical focal length of each camera."""
    found: dict[str, tuple[tuple[int, int], float]] = {}
    for number, line in _lines(file):
        parts = line.split()
        where = f"{file.name}: line {number}"
        if len(parts) < 5 or parts[1] not in FOCAL_Y:
            known = ", ".join(FOCAL_Y)
            model = parts[1] if len(parts) > 1 else "nothing"
            raise PathError(f"{where}: expected a camera of {known}, got {model}")
        try:
            numbers = [float(part) for part in parts[2:]]
            found[parts[0]] = (
                (int(numbers[0]), int(numbers[1])),
                numbers[2 + FOCAL_Y[parts[1]]],
            )
        except (ValueError, IndexError) as error:
            raise PathError(f"{where}: expected a size and parameters, got {line!r}") from error
    return found


def _read_images(file: Path) -> list[tuple[str, str, NDArray[np.float64]]]:
    """Name, camera and matrix of each picture, by name."""
    images = []
    points_next = False  # every second line holds points, and may be empty
    for number, raw in enumerate(_text(file).splitlines(), 1):
        line = raw.strip()
        if line.startswith("#"):
            continue
        if points_next:
            points_next = False
            continue
        if not line:
            continue
        points_next = True
        parts = line.split(maxsplit=9)
        try:
            values = np.array([float(part) for part in parts[1:8]])
        except ValueError:
            values = np.zeros(0)
        if len(parts) != 10 or len(values) != 7 or not np.isfinite(values).all():
            raise PathError(
                f"{file.name}: line {number}: expected ID, 7 numbers, camera and name, got {line!r}"
            )
        if not 0.9 < np.linalg.norm(values[:4]) < 1.1:
            raise PathError(f"{file.name}: line {number}: expected a unit quaternion, got another")
        matrix = np.eye(4)
        matrix[:3, :3] = rotation_from_quaternion(values[:4])
        matrix[:3, 3] = values[4:]
        images.append((parts[9], parts[8], matrix))
    if not images:
        raise PathError(f"{file.name}: expected pictures, got none")
    return sorted(images, key=lambda image: image[0])


def _lines(file: Path) -> list[tuple[int, str]]:
    """Lines that say something, with their numbers."""
    lines = enumerate(_text(file).splitlines(), 1)
    return [(i, line.strip()) for i, line in lines if line.strip() and not line.startswith("#")]


def _text(file: Path) -> str:
    """The text of a file."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PathError(f"{file}: expected a COLMAP text file, got: {error}") from error
