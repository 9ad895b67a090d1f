"""Finished films from anywhere: how a system is scored that this machine cannot run."""

from pathlib import Path

from benchmarks.suite.task import CannotDo, Film, Task

SUFFIXES = (".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".gif")


class FilmFolder:
    """Films named after tasks, `lake.pan-left.mp4`, or after photos, `lake.mp4`."""

    def __init__(self, films: Path) -> None:
        """Look for films in a folder, whose name becomes the system's."""
        self._films = films
        self.name = films.resolve().name
        self.about = f"Finished films from the folder {self.name}."

    def version(self) -> str:
        """How many films there are, and when the newest was written."""
        files = [file for file in self._films.iterdir() if file.suffix.lower() in SUFFIXES]
        newest = max((int(file.stat().st_mtime) for file in files), default=0)
        return f"{len(files)} films, newest {newest}"

    def film(self, task: Task, folder: Path) -> Film | CannotDo:
        """The film of this task; where the camera is free, of this photo."""
        if task.timed:
            return CannotDo("finished films do not say what they cost")
        names = [task.name]
        if task.free:
            names.append(task.photo.stem)
        for name in names:
            for suffix in SUFFIXES:
                file = self._films / f"{name}{suffix}"
                if file.is_file():
                    return Film(file, command=f"(found) {file.name}")
        return CannotDo(f"no film {' or '.join(names)} among its films")
