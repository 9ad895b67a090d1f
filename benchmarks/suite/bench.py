"""The command: suites, systems and data in, a report out."""

import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.suite.adapters.baselines import KenBurns, StretchMesh
from benchmarks.suite.adapters.depthflow import DepthFlow
from benchmarks.suite.adapters.folder import FilmFolder
from benchmarks.suite.adapters.ours import Ours
from benchmarks.suite.bank import Bank
from benchmarks.suite.report import Report, make_report, write_report
from benchmarks.suite.run import SUITES, Progress, run_suites
from benchmarks.suite.task import Adapter
from parallax.errors import ParallaxError

ADAPTERS = ("ours", "depthflow", "opencv-kenburns", "stretch-mesh", "folder")
SAMPLES = Path(__file__).parents[2] / "samples"  # an installed package has none


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchParams:
    """What to compare."""

    suites: Sequence[str]
    """Names of `SUITES`; none is all."""
    adapters: Sequence[str]
    """Names of `ADAPTERS`; none is all that can run with what is given."""
    into: Path
    """Where films, cells and the report are written."""
    stereo: Path | None = None
    """A folder of Middlebury pairs."""
    photos: Path | None = None
    """A folder of photos."""
    films: Path | None = None
    """A folder of finished films."""
    depthflow: Path | None = None
    """DepthFlow's command in its own environment."""
    smoke: bool = False
    """Small and few, to see that everything runs."""
    fresh: bool = False
    """Forget what is done."""
    minutes: float | None = None
    """Begin nothing after so many; None takes what it takes."""


def compare(params: BenchParams, *, on_cell: Progress) -> tuple[Report, list[Path]]:
    """Runs what is not done yet; returns the report, and the files it was written to.

    Raises:
        ParallaxError: An unknown name, or something that is missing.
    """
    adapters = choose_adapters(params)
    unknown = [name for name in params.suites if name not in SUITES]
    if unknown:
        raise ParallaxError(f"bench: expected suites of {', '.join(SUITES)}, got {unknown[0]!r}")
    suites = [SUITES[name]() for name in params.suites or SUITES]
    if params.fresh:
        for name in ("cells", "films", "strips", "data"):
            shutil.rmtree(params.into / name, ignore_errors=True)
    bank = Bank(
        params.into.absolute() / "data",
        smoke=params.smoke,
        stereo=params.stereo,
        photos=params.photos,
        samples=SAMPLES if SAMPLES.is_dir() else None,
    )
    cells = run_suites(
        suites,
        adapters,
        bank=bank,
        folder=params.into.absolute(),
        on_cell=on_cell,
        minutes=params.minutes,
    )
    report = make_report(cells, suites, adapters, command=_quote(params))
    return report, write_report(report, params.into)


def choose_adapters(params: BenchParams) -> list[Adapter]:
    """The systems that are asked for, or all for which everything needed is given.

    Raises:
        ParallaxError: Something that one of them needs is not given or not there.
    """
    names = list(params.adapters)
    if not names:
        names = [n for n in ADAPTERS if n not in ("depthflow", "folder")]
        names += ["depthflow"] if params.depthflow else []
        names += ["folder"] if params.films else []
    adapters: list[Adapter] = []
    for name in dict.fromkeys(names):
        if name == "ours":
            adapters.append(Ours())
        elif name == "opencv-kenburns":
            adapters.append(KenBurns())
        elif name == "stretch-mesh":
            adapters.append(StretchMesh())
        elif name == "depthflow":
            adapters.append(_open_depthflow(params.depthflow))
        elif name == "folder":
            if params.films is None or not params.films.is_dir():
                raise ParallaxError(f"bench: expected --films FOLDER, got {params.films}")
            adapters.append(FilmFolder(params.films))
        else:
            raise ParallaxError(f"bench: expected one of {', '.join(ADAPTERS)}, got {name!r}")
    return adapters


def _open_depthflow(executable: Path | None) -> DepthFlow:
    """DepthFlow, if its command is there."""
    if executable is None:
        raise ParallaxError(
            "bench: expected --depthflow PATH to its command, got none; "
            "`parallax bench --install-depthflow FOLDER` installs it"
        )
    try:
        return DepthFlow(executable)
    except FileNotFoundError as error:
        raise ParallaxError(str(error)) from error


def _quote(params: BenchParams) -> str:
    """The command line that does this, with bare names for folders."""
    words = ["parallax", "bench", *params.suites]
    for name in params.adapters:
        words += ["--adapter", name]
    folders = {
        "--data": params.stereo,
        "--photos": params.photos,
        "--films": params.films,
        "--depthflow": params.depthflow,
    }
    for flag, folder in folders.items():
        if folder is not None:
            words += [flag, folder.name]
    words += ["--into", params.into.name] + (["--smoke"] if params.smoke else [])
    return shlex.join(words)
