"""Two systems of a page each, to hold the others against: a flat zoom, and a stretched sheet.

    python -m benchmarks.suite.adapters.baseline zoom|sheet TASK.json FOLDER

Each runs as a process of its own, so that its time and memory are measured like anyone's.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.suite.adapters.track import intrinsics_of_task, track_of_task
from benchmarks.suite.task import Task, task_of_json
from parallax.camera import (
    Intrinsics,
    Pose,
    Reach,
    ResolvedCamera,
    fov_to_cover,
    positions_from_uv,
)
from parallax.frame import Frame
from parallax.gpu import Renderer, RenderParams
from parallax.photo import load_photo
from parallax.scene import Layer, Mesh, Scene
from parallax.video import VideoParams, save_frames, write_video

PAD = 0.1  # of the photo's sides, mirrored on around the sheet
GRID_LONG_SIDE = 480  # cells of the sheet along the photo's longer side
SHIFT_SU = 0.06  # of the sheet's camera, for moves asked for in words
GROWTH = 0.12  # of the flat zoom
Picture = NDArray[np.uint8]


def main() -> None:
    """Make one film."""
    kind, task_file, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    task = task_of_json(json.loads(task_file.read_text()))
    frames = save_frames(_numbered(DRAWERS[kind](task), task.fps), folder / "frames")
    write_video(
        frames,
        folder / "film.mp4",
        size_wh=task.size_wh,
        fps=Fraction(task.fps),
        params=VideoParams(),
    )


def zoom_photo(task: Task) -> Iterator[Picture]:
    """The photo as a flat picture, shifted and grown: what Ken Burns did."""
    source = load_photo(task.photo).srgb8
    width, height = task.size_wh
    cover = max(width / source.shape[1], height / source.shape[0])
    if cover < 0.5:  # two texels a pixel are enough; more would glitter
        scale = 2 * cover
        source = np.asarray(
            cv2.resize(source, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        )
        cover = 0.5
    if task.path is None:
        steps = [_flat_move(task, i / max(1, task.num_frames - 1)) for i in range(task.num_frames)]
    else:
        steps = _flat_track(task)
    middle, source_middle = np.array([width / 2, height / 2]), np.array(source.shape[1::-1]) / 2
    for growth, shift_px in steps:
        scale = cover * growth
        start = middle + shift_px - scale * source_middle
        start += (scale - 1) / 2  # OpenCV counts from the middle of the first pixel
        matrix = np.array([[scale, 0, start[0]], [0, scale, start[1]]])
        flat = cv2.warpAffine(source, matrix, task.size_wh, borderMode=cv2.BORDER_REFLECT)
        yield np.asarray(flat)


def _flat_move(task: Task, part: float) -> tuple[float, NDArray[np.float64]]:
    """Growth and shift in pixels at a part of the film; the free film zooms in."""
    width, height = task.size_wh
    slack = np.array([width, height]) * GROWTH / 2
    away = {
        "pan left": (1, 0),
        "pan right": (-1, 0),
        "tilt up": (0, 1),
        "tilt down": (0, -1),
    }.get(task.move or "")
    if away is not None:
        return 1 + GROWTH, np.array(away) * slack * (2 * part - 1)
    if task.move == "static":
        return 1.0, np.zeros(2)
    if task.loop:
        part = 1 - abs(2 * part - 1)
    return 1 + GROWTH * ((1 - part) if task.move == "zoom out" else part), np.zeros(2)


def _flat_track(task: Task) -> list[tuple[float, NDArray[np.float64]]]:
    """Growth and shift of a flat picture at the scene's middle distance, for each camera."""
    inverse = 0.5 if task.depth is None else float(np.median(np.load(task.depth)))
    rest = Intrinsics.from_fov(task.size_wh, fov_to_cover(intrinsics_of_task(task), task.size_wh))
    steps = []
    for camera in track_of_task(task).cameras:
        focal_px = Intrinsics.from_fov(task.size_wh, camera.fov_deg).focal_px
        # Where the plane's middle, and a point a tenth of its distance beside it, are seen
        points = np.array([[0, 0, -1 / inverse, 1], [0.1 / inverse, 0, -1 / inverse, 1]])
        at = points @ camera.pose.camera_from_world.T
        middle, side = at[:, :2] * (1, -1) / -at[:, 2:3] * focal_px
        growth = float(np.linalg.norm(side - middle)) / (0.1 * rest.focal_px)
        steps.append((growth, middle))
    return steps


def stretch_sheet(task: Task) -> Iterator[Picture]:
    """The photo over its depth as one mesh that is never torn, and nothing behind it."""
    if task.depth is None:
        raise ValueError("expected depth")
    photo, intrinsics = load_photo(task.photo).srgb8, intrinsics_of_task(task)
    scene = _sheet(photo, np.load(task.depth), intrinsics)
    fov_deg = fov_to_cover(intrinsics, task.size_wh)
    cameras = _sheet_cameras(task, fov_deg)
    params = RenderParams(supersample=2, device="software")
    with Renderer(scene, size_wh=task.size_wh, params=params) as renderer:
        for frame in renderer.frames(cameras):
            yield frame.srgb8[..., :3]


def _sheet(photo: Picture, inv_depth: NDArray[np.float32], intrinsics: Intrinsics) -> Scene:
    """One layer: a regular grid over the photo and its mirrored surroundings."""
    width, height = intrinsics.size_wh
    pad_x, pad_y = round(width * PAD), round(height * PAD)
    around = ((pad_y, pad_y), (pad_x, pad_x))
    texture = np.pad(photo, (*around, (0, 0)), mode="symmetric")
    wide = cv2.resize(inv_depth, (width, height), interpolation=cv2.INTER_LINEAR)
    wide = np.pad(wide, around, mode="edge")
    step = max(1, round(max(width, height) / GRID_LONG_SIDE))
    x = np.unique(np.append(np.arange(0, wide.shape[1], step), wide.shape[1] - 1))
    y = np.unique(np.append(np.arange(0, wide.shape[0], step), wide.shape[0] - 1))
    at_x, at_y = np.meshgrid(x, y)
    place = np.stack([(at_x + 0.5) / wide.shape[1], (at_y + 0.5) / wide.shape[0]], -1)
    window = (-pad_x / width, -pad_y / height, 1 + pad_x / width, 1 + pad_y / height)
    low, high = np.array(window[:2]), np.array(window[2:])
    positions = positions_from_uv(low + place * (high - low), wide[at_y, at_x], intrinsics)
    first = (np.arange(len(y) - 1)[:, None] * len(x) + np.arange(len(x) - 1)).ravel()
    below = first + len(x)
    corners = np.stack([first, below, first + 1, first + 1, below, below + 1], -1)
    triangles = corners.reshape(-1, 3).astype(np.uint32)
    mesh = Mesh(
        positions.reshape(-1, 3),
        place.reshape(-1, 2).astype(np.float32),
        triangles,
        len(triangles),
    )
    opaque = np.dstack([texture, np.full(texture.shape[:2], 255, np.uint8)])
    layer = Layer("sheet", mesh, opaque, window)
    return Scene((layer,), intrinsics, Reach(0.1, (PAD,) * 4), focus_su=2.0)


def _sheet_cameras(task: Task, fov_deg: float) -> Sequence[ResolvedCamera]:
    """The cameras of a path; of a move in words; or, free, of a circle."""
    if task.path is not None:
        return track_of_task(task).cameras
    cameras = []
    for index in range(task.num_frames):
        part = index / max(1, task.num_frames - 1)
        angle = 2 * np.pi * index / task.num_frames
        position = {
            "pan left": (-part, 0, 0),
            "pan right": (part, 0, 0),
            "tilt up": (0, part, 0),
            "tilt down": (0, -part, 0),
            "zoom in": (0, 0, -2 * part),
            "zoom out": (0, 0, -2 * (1 - part)),
            "static": (0, 0, 0),
        }.get(task.move or "", (0.5 * np.sin(angle), 0.5 * np.cos(angle), 0))
        place = SHIFT_SU * np.array(position)
        pose = Pose.from_rotation((float(place[0]), float(place[1]), float(place[2])), np.eye(3))
        cameras.append(ResolvedCamera(index / task.fps, pose, fov_deg))
    return cameras


def _numbered(pictures: Iterator[Picture], fps: int) -> Iterator[Frame]:
    """Pictures as frames."""
    for index, srgb8 in enumerate(pictures):
        alpha = np.full(srgb8.shape[:2], 255, np.uint8)
        yield Frame(index, index / fps, np.dstack([srgb8, alpha]))


DRAWERS: dict[str, Callable[[Task], Iterator[Picture]]] = {
    "zoom": zoom_photo,
    "sheet": stretch_sheet,
}

if __name__ == "__main__":
    main()
