"""What a film costs: start-up, frames, memory, and where the time goes."""

from dataclasses import replace
from typing import ClassVar

from benchmarks.suite.bank import Bank
from benchmarks.suite.shelf import Shelf
from benchmarks.suite.task import Adapter, CannotDo, Metric, Samples, Task

FPS = 30
LEAST_S = 0.1  # a film that took no longer than this beyond its start says nothing of its frames
FULL_SIZES, FULL_RUNS, FULL_S = ((1280, 720), (1920, 1080)), 5, 1.0
SMOKE_SIZES, SMOKE_RUNS, SMOKE_S = ((240, 160),), 1, 0.5


class Speed:
    """The suite."""

    name = "speed"
    about = (
        "Whole processes, as a user starts them, with depth given; systems take turns run by run. "
        "Start-up is a film of one frame; what a frame costs is the rest over the rest."
    )
    metrics: ClassVar[dict[str, Metric]] = {
        "frames_per_s": Metric("1/s", "high", "frames a second once started", decimals=1),
        "start_s": Metric("s", "low", "a film of one frame"),
        "film_s": Metric("s", "low", "a film of one second (30 frames), start included"),
        "second_s": Metric("s", "low", "what each further second of film takes"),
        "cpu_s": Metric("s", "low", "processor seconds of that film, all threads"),
        "peak_mb": Metric("MB", "low", "most memory of its largest process", decimals=0),
    }

    def tasks(self, bank: Bank) -> list[Task]:
        """One task a run and size, so that systems take turns."""
        sizes, runs = (SMOKE_SIZES, SMOKE_RUNS) if bank.smoke else (FULL_SIZES, FULL_RUNS)
        picture = (bank.samples() or [bank.picture_of_scene(bank.scene_names[0])])[0]
        return [
            Task(
                f"speed-{size[1]}p-{run + 1}",
                f"{size[0]} × {size[1]}",
                picture.photo,
                size,
                fps=FPS,
                seconds=SMOKE_S if bank.smoke else FULL_S,
                depth=picture.depth,
                fov_deg=picture.fov_deg,
                loop=True,
                timed=True,
            )
            for size in sizes
            for run in range(runs)
        ]

    def score(self, task: Task, adapter: Adapter, shelf: Shelf) -> Samples | CannotDo:
        """One film of a frame, and one that lasts."""
        start = shelf.film(adapter, replace(task, seconds=1 / FPS, name=f"{task.name}-start"))
        film = shelf.film(adapter, task)
        if isinstance(start, CannotDo):
            return start
        if isinstance(film, CannotDo):
            return film
        if start.run is None or film.run is None:
            return CannotDo("does not say what its films cost")
        more_s = film.run.wall_s - start.run.wall_s
        steady = {}
        if more_s > LEAST_S:
            per_s = (task.num_frames - 1) / more_s
            steady = {"frames_per_s": [per_s], "second_s": [FPS / per_s]}
        return {
            "start_s": [start.run.wall_s],
            "film_s": [film.run.wall_s],
            **steady,
            "cpu_s": [film.run.cpu_s],
            "peak_mb": [film.run.peak_mb],
            **{f"stage {name}": [seconds] for name, seconds in film.stages.items()},
        }
