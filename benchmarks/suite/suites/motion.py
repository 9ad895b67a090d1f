"""Whether water, sky and leaves move, nothing else does, and without pulsing or blur."""

from dataclasses import replace
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks import motion_metric
from benchmarks.suite.bank import Bank, Picture
from benchmarks.suite.film_file import film_rate, fit_frames, read_frames
from benchmarks.suite.film_motion import motion_energy, moving_mask
from benchmarks.suite.picture import photo_as_film
from benchmarks.suite.shelf import Shelf
from benchmarks.suite.suites.asked import free_film, group_of
from benchmarks.suite.task import Adapter, CannotDo, Metric, Samples, Task
from parallax.label_map import LABELS
from parallax.photo import load_photo

MOVABLE = ("sky", "water", "vegetation")
NEAR_PX = 8  # leaves and reflections reach past their outline by so much
LEAST_SHARE = 0.002  # of the frame; less is called nothing


class Motion:
    """The suite."""

    name = "motion"
    about = (
        "A loop with the camera at rest in which what can move should. Where the labels are known "
        "exactly, change outside sky, water and vegetation is a leak."
    )
    metrics: ClassVar[dict[str, Metric]] = {
        "moving_share": Metric("%", "", "pixels that move"),
        "energy": Metric("", "", "mean change at 96 px width over 1/15 s, of 255"),
        "leak": Metric("", "low", "largest change of what should rest, of 255", decimals=0),
        "speed": Metric("%/s", "", "median speed where it moves, of the short side"),
        "dominant_hz": Metric("Hz", "", "half of the motion's power lies below"),
        "pulsing": Metric("%", "low", "how much detail comes and goes where it moves"),
        "sharpness": Metric("", "1", "detail over the photo's, where it moves"),
        "flicker": Metric("", "low", "brightness above 3 Hz where it moves, of 255", decimals=3),
        "seam": Metric("", "1", "step across the loop's end over the mean step"),
    }

    def __init__(self) -> None:
        """Start without pictures."""
        self._pictures: dict[str, Picture] = {}

    def tasks(self, bank: Bank) -> list[Task]:
        """The samples and the photos: the generated scenes hold nothing that moves."""
        pictures = [] if bank.smoke else [p for p in bank.pictures() if p.labels or not p.ours]
        tasks = []
        for picture in pictures:
            name = f"{picture.name}.moving"
            self._pictures[name] = picture
            film = free_film(bank, picture, group_of(picture))
            tasks.append(replace(film, name=name, move="static", moving=True))
        return tasks

    def score(self, task: Task, adapter: Adapter, shelf: Shelf) -> Samples | CannotDo:
        """How one film moves."""
        film = shelf.film(adapter, task)
        if isinstance(film, CannotDo):
            return film
        frames = fit_frames(read_frames(film, lossless=True), task.size_wh)
        fps = film_rate(film.file)
        moves = moving_mask(frames)
        samples = {
            "moving_share": [100 * float(moves.mean())],
            "energy": [motion_energy(frames, fps)],
        }
        photo = photo_as_film(load_photo(task.photo).srgb8, task.size_wh)
        labels = self._pictures[task.name].labels
        if labels is not None:
            movable = _movable(np.array(Image.open(labels)), task.size_wh)
            samples["leak"] = [float(motion_metric.static_leak(frames, frames[0], movable))]
        if moves.mean() < LEAST_SHARE:
            return samples
        lively = motion_metric.liveliness(frames, moves, fps=fps)
        return {
            **samples,
            "speed": [lively.typical_pct_s],
            "dominant_hz": [lively.dominant_hz],
            "pulsing": [100 * motion_metric.contrast_pulsing(frames, moves)],
            "sharpness": [motion_metric.sharpness(frames, photo, moves)],
            "flicker": [motion_metric.flicker(frames, moves, fps=fps)],
            "seam": [motion_metric.seam_ratio(frames)],
        }


def _movable(labels: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.bool_]:
    """(H, W) of the film: what may move, and a rim about it."""
    may = np.isin(labels, [LABELS.index(name) for name in MOVABLE]).astype(np.uint8) * 255
    shown = photo_as_film(np.dstack([may] * 3), size_wh)[..., 0] > 0
    reach = np.ones((2 * NEAR_PX + 1,) * 2, np.uint8)
    return np.asarray(cv2.dilate(shown.astype(np.uint8), reach) > 0)
