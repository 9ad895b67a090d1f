"""How visible a loop's end is."""

from typing import ClassVar

import numpy as np

from benchmarks.motion_metric import seam_ratio
from benchmarks.suite.bank import Bank
from benchmarks.suite.film_file import fit_frames, read_frames
from benchmarks.suite.film_motion import velocity_ratio
from benchmarks.suite.shelf import Shelf
from benchmarks.suite.suites.asked import free_film, group_of
from benchmarks.suite.task import Adapter, CannotDo, Metric, Samples, Task


class Seam:
    """The suite."""

    name = "seam"
    about = (
        "The last frame of a film that is asked for as a loop, followed by its first. 1 is a step "
        "like any other; decoded films up to 1.5 are seamless to the eye."
    )
    metrics: ClassVar[dict[str, Metric]] = {
        "seam": Metric("", "1", "step across the end over the mean step, delivered film"),
        "velocity_seam": Metric("", "1", "change of step at the end over the mean change of step"),
        "seam_lossless": Metric("", "1", "the same before encoding, where frames are delivered"),
    }

    def tasks(self, bank: Bank) -> list[Task]:
        """The free films, which are loops where a system can."""
        return [free_film(bank, picture, group_of(picture)) for picture in bank.pictures()]

    def score(self, task: Task, adapter: Adapter, shelf: Shelf) -> Samples | CannotDo:
        """The seam of one film."""
        film = shelf.film(adapter, task)
        if isinstance(film, CannotDo):
            return film
        frames = fit_frames(read_frames(film), task.size_wh)
        if np.ptp(frames, 0).max() == 0:
            return CannotDo("nothing moves in its film")
        samples = {"seam": [seam_ratio(frames)], "velocity_seam": [velocity_ratio(frames)]}
        if film.frames_dir is not None:
            samples["seam_lossless"] = [seam_ratio(read_frames(film, lossless=True))]
        return samples
