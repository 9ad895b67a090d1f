"""Runs the suites, a cell at a time: one suite, one system, one film. What is done stays done."""

import hashlib
import json
import math
import subprocess
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

from benchmarks.suite.bank import Bank
from benchmarks.suite.film_file import read_frames, write_strip
from benchmarks.suite.shelf import Shelf
from benchmarks.suite.suites import (
    camera,
    determinism,
    fidelity,
    motion,
    novel_view,
    poses,
    seam,
    speed,
    vbench_proxies,
)
from benchmarks.suite.task import Adapter, CannotDo, Film, Metric, Samples, Task, json_of_task

Progress = Callable[[str, int, int], None]
LAST_WORDS = 300  # characters of an error that a report shows


class Suite(Protocol):
    """Films to ask for, and what to measure of them.

    Attributes:
        name: As on the command line.
        about: One or two sentences for the report.
        metrics: What it measures, by name.
    """

    name: str
    about: str
    metrics: ClassVar[dict[str, Metric]]

    def tasks(self, bank: Bank) -> list[Task]:
        """The films to ask for."""
        ...

    def score(self, task: Task, adapter: Adapter, shelf: Shelf) -> Samples | CannotDo:
        """What is measured of one film."""
        ...


SUITES: dict[str, Callable[[], Suite]] = {
    "novel-view": novel_view.NovelView,
    "camera": camera.Camera,
    "poses": poses.Poses,
    "motion": motion.Motion,
    "vbench-proxies": vbench_proxies.VbenchProxies,
    "fidelity": fidelity.Fidelity,
    "seam": seam.Seam,
    "determinism": determinism.Determinism,
    "speed": speed.Speed,
}
STRIPS_OF = ("T5 scenes, in motion", "scenes", "samples")  # groups; the rest looks alike
STRIP_SUITES = ("novel-view", "vbench-proxies", "motion")  # the others show the same films


@dataclass(frozen=True, slots=True)
class Cell:
    """What one system did with one task of one suite.

    Attributes:
        suite: Its name.
        adapter: The system's name.
        version: What exactly was measured.
        task: As it was asked, see `json_of_task`.
        status: "done"; "cannot", which it says itself; "failed"; "waiting", time was up before.
        reason: Why not.
        samples: What was measured.
        command: What made the film.
        seconds: What the cell took, scoring included.
        strip: File name of a strip of its frames, "" where there is none.
    """

    suite: str
    adapter: str
    version: str
    task: dict[str, Any]
    status: Literal["done", "cannot", "failed", "waiting"]
    reason: str = ""
    samples: Samples = field(default_factory=dict)
    command: str = ""
    seconds: float = 0.0
    strip: str = ""


def run_suites(
    suites: Sequence[Suite],
    adapters: Sequence[Adapter],
    *,
    bank: Bank,
    folder: Path,
    on_cell: Progress,
    minutes: float | None = None,
) -> list[Cell]:
    """Measures what is not measured yet and returns everything.

    All systems make one task before the next begins, so that they share a machine's moods.

    Args:
        suites: What to measure.
        adapters: Whom.
        bank: The data.
        folder: Where films and cells are kept.
        on_cell: Told a suite, how many of its cells are done, and how many there are.
        minutes: After so many no further cell is begun; the next run goes on.
    """
    shelf = Shelf(folder / "films")
    versions = {adapter.name: adapter.version() for adapter in adapters}
    until_s = math.inf if minutes is None else time.perf_counter() + 60 * minutes
    cells: list[Cell] = []
    for suite in suites:
        asked = [(task, adapter) for task in suite.tasks(bank) for adapter in adapters]
        for index, (task, adapter) in enumerate(asked):
            on_cell(suite.name, index, len(asked))
            file = folder / "cells" / suite.name / adapter.name / f"{task.name}.json"
            key = _key(suite, task, versions[adapter.name])
            cell = _read_cell(file, key)
            if cell is None and time.perf_counter() > until_s:
                about = (suite.name, adapter.name, versions[adapter.name], json_of_task(task))
                cells.append(Cell(*about, "waiting", "time was up; the same command goes on"))
                continue
            if cell is None:
                cell = _measure(suite, task, adapter, versions[adapter.name], shelf, bank, folder)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps({"key": key, "cell": asdict(cell)}, indent=1))
            cells.append(cell)
        on_cell(suite.name, len(asked), len(asked))
    return cells


def _measure(
    suite: Suite,
    task: Task,
    adapter: Adapter,
    version: str,
    shelf: Shelf,
    bank: Bank,
    folder: Path,
) -> Cell:
    """One cell; whatever goes wrong in it is noted and stops nothing else."""
    start_s = time.perf_counter()
    about = (suite.name, adapter.name, version, json_of_task(task))
    try:
        samples = suite.score(task, adapter, shelf)
    except Exception as error:
        return Cell(*about, "failed", _last_words(error), seconds=_since(start_s))
    if isinstance(samples, CannotDo):
        return Cell(*about, "cannot", samples.reason, seconds=_since(start_s))
    film = shelf.film(adapter, task)
    assert isinstance(film, Film)
    strip = ""
    shown = suite.name in STRIP_SUITES and task.group in STRIPS_OF
    if shown and bank.may_show(task):
        strip = f"{suite.name}.{task.name}.{adapter.name}.jpg"
        write_strip(read_frames(film), folder / "strips" / strip)
    return Cell(*about, "done", "", samples, film.command, _since(start_s), strip)


def _read_cell(file: Path, key: str) -> Cell | None:
    """A finished cell, if it answers the same question; one that failed is tried again."""
    if not file.exists():
        return None
    noted = json.loads(file.read_text())
    if noted["key"] != key or noted["cell"]["status"] == "failed":
        return None
    return Cell(**noted["cell"])


def _key(suite: Suite, task: Task, version: str) -> str:
    """What a cell depends on; another version of a system is measured anew."""
    text = json.dumps([suite.name, json_of_task(task), version], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _since(start_s: float) -> float:
    """Seconds since then."""
    return round(time.perf_counter() - start_s, 2)


def _last_words(error: Exception) -> str:
    """What a failure says, on one line."""
    if isinstance(error, subprocess.CalledProcessError):
        lines = [line for line in (error.stderr or "").splitlines() if line.strip()]
        return f"exit code {error.returncode}: {' '.join(lines)[-LAST_WORDS:]}"
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"{type(error).__name__} at {where}: {error}"[:LAST_WORDS]
