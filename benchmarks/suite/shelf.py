"""Films that were made, each once: several suites look at the same one."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import Run
from benchmarks.suite.task import Adapter, CannotDo, Film, Task


class Shelf:
    """A folder of films, one folder a film, with a note of what made it."""

    def __init__(self, folder: Path) -> None:
        """Keep films here."""
        self._folder = folder

    def film(self, adapter: Adapter, task: Task, *, take: str = "") -> Film | CannotDo:
        """The film of a task, made where it is not there yet.

        Args:
            adapter: Who makes it.
            task: Which.
            take: Another take of the same film has another name.
        """
        folder = self._folder / adapter.name / f"{task.name}{take}"
        note = folder / "film.json"
        if note.exists():
            return _read_note(note)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        film = adapter.film(task, folder)
        if isinstance(film, Film):
            obj = asdict(film)
            obj["file"] = str(film.file.absolute())
            obj["frames_dir"] = film.frames_dir and str(film.frames_dir.absolute())
            note.write_text(json.dumps(obj, indent=1))
        return film


def _read_note(note: Path) -> Film:
    """A film as it was noted."""
    obj = json.loads(note.read_text())
    return Film(
        Path(obj["file"]),
        Path(obj["frames_dir"]) if obj["frames_dir"] else None,
        obj["command"],
        Run(**obj["run"]) if obj["run"] else None,
        obj["stages"],
    )
