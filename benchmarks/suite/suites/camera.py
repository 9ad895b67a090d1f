"""Whether a film's camera does what it was asked, called from the frames alone."""

from typing import ClassVar

from benchmarks.camera_motion import call_as_vbench, classify_camera_motion
from benchmarks.suite.bank import Bank
from benchmarks.suite.film_file import read_frames
from benchmarks.suite.shelf import Shelf
from benchmarks.suite.suites.asked import group_of, moved_film, moves
from benchmarks.suite.task import Adapter, CannotDo, Metric, Samples, Task


class Camera:
    """The suite."""

    name = "camera"
    about = (
        "Each system is asked in words for VBench-I2V's seven camera motions; dense flow on the "
        "finished film tells which it was."
    )
    metrics: ClassVar[dict[str, Metric]] = {
        "called_right": Metric(
            "", "high", "1 where our classifier calls the motion that was asked for"
        ),
        "vbench_rule": Metric(
            "",
            "high",
            "1 where VBench's rule calls it too; its point tracker replaced by dense flow",
            proxy=True,
        ),
    }

    def tasks(self, bank: Bank) -> list[Task]:
        """Every motion for a few pictures."""
        return [
            moved_film(picture, move, group_of(picture))
            for move in moves(bank)
            for picture in bank.exact_pictures()
        ]

    def score(self, task: Task, adapter: Adapter, shelf: Shelf) -> Samples | CannotDo:
        """What the motion is called."""
        film = shelf.film(adapter, task)
        if isinstance(film, CannotDo):
            return film
        frames = list(read_frames(film))
        return {
            "called_right": [float(classify_camera_motion(frames) == task.move)],
            "vbench_rule": [float(task.move in call_as_vbench(frames))],
        }
