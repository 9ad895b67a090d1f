"""`parallax bench`: this project, others and simple baselines, measured side by side."""

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from parallax.cli.option import FILE
from parallax.cli.progress import progress_bar
from parallax.errors import ParallaxError


@click.command()
@click.argument("suites", nargs=-1)
@click.option("--into", type=FILE, help="Folder for films, results and the report.")
@click.option("--adapter", "adapters", multiple=True, help="A system; default: all there are.")
@click.option("--data", "stereo", type=FILE, help="Folder of Middlebury stereo pairs.")
@click.option("--photos", type=FILE, help="Folder of photos; the first six by name.")
@click.option("--films", type=FILE, help="Folder of finished films, named after tasks or photos.")
@click.option("--depthflow", type=FILE, help="DepthFlow's command in an environment of its own.")
@click.option(
    "--install-depthflow",
    type=FILE,
    metavar="FOLDER",
    help="Make such an environment, from the package index, and stop.",
)
@click.option("--smoke", is_flag=True, help="Small and few, in a minute: does everything run?")
@click.option("--minutes", type=click.FloatRange(0), help="Begin no measurement after so many.")
@click.option("--resume/--fresh", default=True, help="Keep what is done, the default; or forget.")
def command(
    suites: tuple[str, ...],
    into: Path | None,
    adapters: tuple[str, ...],
    install_depthflow: Path | None,
    resume: bool,
    **options: Any,
) -> None:
    """Compare image-to-film systems, and write a report.

    SUITES are novel-view, camera, poses, motion, vbench-proxies, fidelity, seam, determinism and
    speed; none is all of them. Systems are ours, depthflow, opencv-kenburns, stretch-mesh, and
    folder: finished films of any system. Nothing is downloaded unless asked for.
    """
    if install_depthflow is not None:
        depthflow = _load("benchmarks.suite.adapters.depthflow")
        click.echo(f"--depthflow {depthflow.install(install_depthflow)}")
        return
    if into is None:
        raise click.UsageError("Missing option '--into'.")
    bench = _load("benchmarks.suite.bench")
    params = bench.BenchParams(
        suites=suites, adapters=adapters, into=into, fresh=not resume, **options
    )
    into.mkdir(parents=True, exist_ok=True)
    with progress_bar() as on_progress:
        report, files = bench.compare(params, on_cell=on_progress)
    failed = sum(excuse["n"] for excuse in report.excuses if excuse["status"] == "failed")
    click.echo("\n".join(str(file) for file in files))
    if failed:
        raise ParallaxError(f"{into}: {failed} measurements failed; the report says which")


def _load(name: str) -> Any:
    """A module of the benchmarks, which travel beside the package."""
    from parallax.resource import resource_dir

    home = str(resource_dir("benchmarks").parent)
    if home not in sys.path:
        sys.path.insert(0, home)
    return importlib.import_module(name)
