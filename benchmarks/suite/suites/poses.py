"""Where a film's camera really was: solved for from its frames and the exact depth."""

from dataclasses import replace
from typing import Any, ClassVar

import cv2
import numpy as np

from benchmarks.camera_pose import compare_poses
from benchmarks.suite.adapters.track import track_of_task
from benchmarks.suite.bank import Bank, Picture
from benchmarks.suite.film_file import fit_frames, read_frames
from benchmarks.suite.shelf import Shelf
from benchmarks.suite.task import Adapter, CannotDo, Metric, Samples, Task
from parallax.depth_map import DepthMap
from parallax.moves import Glance, make_preset, survey_stage
from parallax.path import format_path
from parallax.photo import Photo, load_photo

FPS, FRAMES = 4, 5
TRACK = ((0.0, 0.0, 0.0), (0.02, 0.01, -0.02), (0.04, 0.0, -0.04), (0.0, -0.01, -0.05))


class Poses:
    """The suite."""

    name = "poses"
    about = (
        "Points of the photo are followed into each frame, and the camera is solved for from them "
        "(PnP), blind to what was asked. Small scenes of 480 px limit how well that can be known."
    )
    metrics: ClassVar[dict[str, Metric]] = {
        "turn_deg": Metric("°", "low", "worst angle to the camera that was asked for", decimals=3),
        "place_percent": Metric("%", "low", "worst distance from it, of the path's length"),
        "points": Metric("", "", "fewest points that agreed in a frame", decimals=0),
    }

    def tasks(self, bank: Bank) -> list[Task]:
        """A path that shifts and one that turns, of a few pictures with exact depth."""
        return [
            task
            for picture in bank.exact_pictures()
            for task in (_shifting(bank, picture), _turning(bank, picture))
        ]

    def score(self, task: Task, adapter: Adapter, shelf: Shelf) -> Samples | CannotDo:
        """The worst of a film's cameras."""
        film = shelf.film(adapter, task)
        if isinstance(film, CannotDo):
            return film
        frames = fit_frames(read_frames(film, lossless=True), task.size_wh)
        grays = [np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8) for frame in frames]
        assert task.depth is not None
        depth = DepthMap(np.load(task.depth))
        turn_deg, percent, points = compare_poses(
            grays, track_of_task(task), _photo_of(task), depth
        )
        return {"turn_deg": [turn_deg], "place_percent": [percent], "points": [float(points)]}


def _shifting(bank: Bank, picture: Picture) -> Task:
    """A camera that moves sideways, up and forward without turning."""
    seconds = FRAMES / FPS
    keys = [
        {
            "time_s": seconds * index / (len(TRACK) - 1),
            "position_su": list(place),
            "rotation_deg": [0, 0, 0],
        }
        for index, place in enumerate(TRACK)
    ]
    return _task(bank, picture, "shifting", {"version": 1, "loop": False, "keyframes": keys})


def _turning(bank: Bank, picture: Picture) -> Task:
    """Our arc around the subject."""
    photo, depth = load_photo(picture.photo), DepthMap(np.load(picture.depth))
    intrinsics = photo.intrinsics(fov_deg=picture.fov_deg)
    stage = survey_stage(Glance.of(depth), intrinsics, picture.size_wh)
    path = make_preset("arc-right", stage).stretched(FRAMES / FPS)
    return _task(bank, picture, "turning", format_path(path))


def _task(bank: Bank, picture: Picture, kind: str, path: dict[str, Any]) -> Task:
    """A film along a path."""
    name = f"{picture.name}.{kind}"
    return Task(
        name,
        f"a {kind} camera",
        picture.photo,
        picture.size_wh,
        fps=FPS,
        seconds=FRAMES / FPS,
        depth=picture.depth,
        fov_deg=picture.fov_deg,
        path=bank.write_path(name, path),
    )


def _photo_of(task: Task) -> Photo:
    """The photo, with the field of view that it was asked with."""
    photo = load_photo(task.photo)
    return replace(photo, focal_px=photo.intrinsics(fov_deg=task.fov_deg).focal_px)
