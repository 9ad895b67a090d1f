"""The exact camera of a task, for systems that follow one."""

from fractions import Fraction

from PIL import Image

from benchmarks.suite.task import Task
from parallax.camera import DEFAULT_FOV_DEG, Intrinsics, fov_to_cover
from parallax.path import CameraTrack, load_path, track_path


def intrinsics_of_task(task: Task) -> Intrinsics:
    """The camera that took a task's photo."""
    with Image.open(task.photo) as image:
        size_wh = image.size
    return Intrinsics.from_fov(size_wh, task.fov_deg or DEFAULT_FOV_DEG)


def track_of_task(task: Task) -> CameraTrack:
    """The camera of every frame of a task that has a path."""
    if task.path is None:
        raise ValueError(f"{task.name}: expected a task with a path")
    path = load_path(task.path).stretched(task.seconds)
    return track_path(
        path,
        size_wh=task.size_wh,
        fps=Fraction(task.fps),
        default_fov_deg=fov_to_cover(intrinsics_of_task(task), task.size_wh),
    )
