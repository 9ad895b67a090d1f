"""The baselines of `baseline`, each as an adapter that starts a process of its own."""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import run_process
from benchmarks.suite.task import CannotDo, Film, Task, json_of_task

HOME = Path(__file__).parents[3]  # what `benchmarks` is imported from


class _Baseline:
    """One of the two."""

    name: str
    about: str
    kind: str

    def version(self) -> str:
        """Of the library that does its work."""
        return f"opencv {version('opencv-python-headless')}"

    def film(self, task: Task, folder: Path) -> Film | CannotDo:
        """The film, in a process of its own."""
        if task.moving:
            return CannotDo("moves the camera only: nothing in the photo moves")
        file = folder / "task.json"
        file.write_text(json.dumps(json_of_task(task, whole_paths=True)))
        command = [sys.executable, "-m", "benchmarks.suite.adapters.baseline"]
        command += [self.kind, str(file), str(folder)]
        run = run_process(command, environment={"PYTHONPATH": str(HOME)})
        return Film(folder / "film.mp4", folder / "frames", f"({self.kind} of the suite)", run)


class KenBurns(_Baseline):
    """The photo as a flat picture that is shifted and grown."""

    name = "opencv-kenburns"
    about = "A plain 2-D pan and zoom of the photo (OpenCV): no depth, so no parallax."
    kind = "zoom"


class StretchMesh(_Baseline):
    """The photo on one mesh."""

    name = "stretch-mesh"
    about = (
        "The photo over its depth as one mesh that is never torn, with nothing behind it, drawn "
        "by our renderer at 2 × 2 samples."
    )
    kind = "sheet"

    def film(self, task: Task, folder: Path) -> Film | CannotDo:
        """The film; needs depth."""
        if task.depth is None:
            return CannotDo("finds no depth by itself")
        return super().film(task, folder)
