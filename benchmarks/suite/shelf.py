"""Films that were made, each once: several suites look at the same one."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.measure import Run
from benchmarks.suite.task import Adapter, CannotDo, Film, Task, json_of_task


class Shelf:
    """A folder of films, one folder a film, with a note of what made it."""

    def __init__(self, folder: Path) -> None:
        """Keep films here."""
        self._folder = folder
        self._versions: dict[str, str] = {}

    def film(self, adapter: Adapter, task: Task, *, take: str = "") -> Film | CannotDo:
        """The film of a task, made where it is not there yet.

        Args:
            adapter: Who makes it.
            task: Which.
            take: Another take of the same film has another name.
        """
        folder = self._folder / adapter.name / f"{task.name}{take}"
        note = folder / "film.json"
        version = self._version_of(adapter)
        kept = _read_note(note, task, version) if note.exists() else None
        if kept is not None:
            return kept
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        film = adapter.film(task, folder)
        if isinstance(film, Film):
            obj = asdict(film)
            obj["file"] = str(film.file.absolute())
            obj["frames_dir"] = film.frames_dir and str(film.frames_dir.absolute())
            obj |= {"asked": _asked(task), "version": version}
            note.write_text(json.dumps(obj, indent=1))
        return film

    def _version_of(self, adapter: Adapter) -> str:
        """What an adapter says it is, asked once."""
        if adapter.name not in self._versions:
            self._versions[adapter.name] = adapter.version()
        return self._versions[adapter.name]


def _read_note(note: Path, task: Task, version: str) -> Film | None:
    """A film as it was noted, if it is of this task and by this version."""
    obj = json.loads(note.read_text())
    if (obj["asked"], obj["version"]) != (_asked(task), version):
        return None
    return Film(
        Path(obj["file"]),
        Path(obj["frames_dir"]) if obj["frames_dir"] else None,
        obj["command"],
        Run(**obj["run"]) if obj["run"] else None,
        obj["stages"],
    )


def _asked(task: Task) -> dict[str, Any]:
    """What a film depends on: all of a task but how suites group its scores."""
    return {key: value for key, value in json_of_task(task).items() if key != "group"}
