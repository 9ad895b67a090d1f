"""Whether the same command makes the same film twice."""

from typing import ClassVar

import numpy as np

from benchmarks.suite.bank import Bank
from benchmarks.suite.film_file import read_frames
from benchmarks.suite.shelf import Shelf
from benchmarks.suite.suites.asked import free_film, group_of, moved_film
from benchmarks.suite.task import Adapter, CannotDo, Metric, Samples, Task


class Determinism:
    """The suite."""

    name = "determinism"
    about = "The same film made a second time, in another process."
    metrics: ClassVar[dict[str, Metric]] = {
        "same_file": Metric("", "high", "1 where both files are the same to the byte"),
        "same_frames": Metric("", "high", "1 where every decoded pixel is the same"),
        "largest_difference": Metric("", "low", "of any pixel, of 255", decimals=0),
    }

    def tasks(self, bank: Bank) -> list[Task]:
        """Two pictures are enough to see it."""
        pictures = [bank.picture_of_scene(bank.scene_names[0]), *bank.samples()[:1]]
        if bank.smoke:
            return [moved_film(pictures[0], "pan left", group_of(pictures[0]))]
        return [free_film(bank, picture, group_of(picture)) for picture in pictures]

    def score(self, task: Task, adapter: Adapter, shelf: Shelf) -> Samples | CannotDo:
        """Both takes, compared."""
        films = [shelf.film(adapter, task, take=take) for take in ("", "-again")]
        one, other = films
        if isinstance(one, CannotDo):
            return one
        if isinstance(other, CannotDo):
            return other
        if one.run is None:
            return CannotDo("finished films cannot be made again")
        frames = [read_frames(film).astype(np.int16) for film in (one, other)]
        if frames[0].shape != frames[1].shape:
            return {"same_file": [0.0], "same_frames": [0.0], "largest_difference": [255.0]}
        largest = float(np.abs(frames[0] - frames[1]).max())
        return {
            "same_file": [float(one.file.read_bytes() == other.file.read_bytes())],
            "same_frames": [float(largest == 0)],
            "largest_difference": [largest],
        }
