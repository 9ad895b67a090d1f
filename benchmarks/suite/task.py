"""The nouns of the comparison: what is asked, what comes back, and who is asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from benchmarks.measure import Run


@dataclass(frozen=True, slots=True)
class Task:
    """One film that is asked of every adapter.

    Either `path`, an exact camera, or `move`, a motion in words, says how the camera goes; where
    both are given the path is that motion done well, and `move` is what will be scored. Where
    neither is, the system chooses: it is asked for the film that it makes by itself.

    Attributes:
        name: Unique among all suites, and a file's name: "lake.pan-left".
        group: What the scores of this task are counted together with: "true depth".
        photo: PNG or JPEG.
        size_wh: Of the film, in pixels.
        fps: Frames a second.
        seconds: Length of the film.
        depth: `.npy`, float32 (H, W) inverse depth in 1/su; None where a system has to see for
            itself.
        fov_deg: Vertical field of view of the photo, None where unknown.
        path: Camera path in JSON (`samples/README.md`), the exact camera that is wanted.
        move: "pan left", "zoom in", "static" … or None.
        moving: Whether what can move in the photo (water, sky, leaves) should.
        loop: Whether the film should end where it began.
        timed: Whether cost is what is measured: then a system runs as it comes, and does no more
            than deliver the film; else it may spend what it likes on quality.
    """

    name: str
    group: str
    photo: Path
    size_wh: tuple[int, int]
    fps: int
    seconds: float
    depth: Path | None = None
    fov_deg: float | None = None
    path: Path | None = None
    move: str | None = None
    moving: bool = False
    loop: bool = False
    timed: bool = False

    @property
    def free(self) -> bool:
        """Whether the system chooses camera and motion."""
        return self.path is None and self.move is None

    @property
    def num_frames(self) -> int:
        """How many frames such a film has."""
        return max(1, round(self.seconds * self.fps))


@dataclass(frozen=True, slots=True)
class Film:
    """A finished film.

    Attributes:
        file: As it is delivered: anything that FFmpeg reads.
        frames_dir: The same frames as `00000.png`, `00001.png` … without loss, where there are
            any; suites that hold pixels against the truth prefer them.
        command: What made it, for people to repeat.
        run: What making it cost; None where it was there before.
        stages: Seconds of each stage, where the system tells.
    """

    file: Path
    frames_dir: Path | None = None
    command: str = ""
    run: Run | None = None
    stages: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CannotDo:
    """What a system does not offer, and why: shown in the report, never counted as a failure."""

    reason: str


class Adapter(Protocol):
    """A system that makes films. `benchmarks/suite/README.md` tells how to write one.

    Attributes:
        name: Short, as in a table's head.
        about: One sentence for the report.
    """

    name: str
    about: str

    def version(self) -> str:
        """What was measured, exactly: a version or a commit."""
        ...

    def film(self, task: Task, folder: Path) -> Film | CannotDo:
        """The film, made in an empty folder; or why there is none.

        Raises:
            Exception: It should have worked and did not: the report says "failed".
        """
        ...


@dataclass(frozen=True, slots=True)
class Metric:
    """What a number means.

    Attributes:
        unit: "dB", "px", "" …
        better: Which way is better; "" where neither is.
        about: What it is, in one sentence.
        proxy: Whether it stands in for a published metric that needs weights.
        decimals: To print.
    """

    unit: str
    better: str
    about: str
    proxy: bool = False
    decimals: int = 2


Samples = dict[str, list[float]]
"""The measurements of one task by metric: one number, or one for each frame, view or run."""


def json_of_task(task: Task, *, whole_paths: bool = False) -> dict[str, Any]:
    """A task as it is written down.

    Args:
        task: Any.
        whole_paths: Where its files lie; else their names only, so that it can be passed on.
    """
    obj = {**asdict(task), "size_wh": list(task.size_wh)}
    for key in ("photo", "depth", "path"):
        file = obj[key]
        obj[key] = None if file is None else str(file.absolute()) if whole_paths else file.name
    return obj


def task_of_json(obj: Mapping[str, Any]) -> Task:
    """What `json_of_task` wrote down with whole paths."""
    files = {key: Path(obj[key]) if obj[key] else None for key in ("photo", "depth", "path")}
    return Task(**{**obj, **files, "size_wh": tuple(obj["size_wh"])})
