"""`parallax path`: camera paths, listed, shown, checked and converted."""

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parallax.cli.option import FILE, RATE, SECONDS, SIZE
from parallax.cli.staging import find_path, stage_options

if TYPE_CHECKING:
    from parallax.convert import Imported, ImportParams


class _Scale(click.ParamType[float | str]):
    """A factor above 0, or "auto"."""

    name = "N|auto"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | str:
        """The factor."""
        if value == "auto":
            return "auto"
        try:
            scale = float(value)
        except ValueError:
            scale = 0.0
        if not 0 < scale < float("inf"):
            self.fail(f"expected a number above 0, or auto, got {value!r}", param, ctx)
        return scale


SCALE = _Scale()
overwrite_option = click.option(
    "-y", "--overwrite", is_flag=True, help="Replace the result if it is there."
)
fps_option = click.option(
    "--fps", type=RATE, default="30", show_default=True, help="Frames a second."
)


@click.group()
def command() -> None:
    """List, show, check and convert camera paths.

    NAME is a preset, a path file in JSON, or "auto", the move that suits the --photo.
    """


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_presets(as_json: bool) -> None:
    """List the built-in moves, and what other tools call them."""
    from parallax.moves import ALIASES, PRESETS

    if as_json:
        click.echo(json.dumps({"presets": dict(PRESETS), "aliases": ALIASES}, indent=1))
        return
    for name, description in PRESETS.items():
        others = ", ".join(alias for alias, meant in ALIASES.items() if meant == name)
        click.echo(f"{name:<14} {description}{f' Also: {others}.' if others else ''}")


@command.command()
@click.argument("name")
@stage_options
@click.option("-o", "--output", type=FILE, help="Write the path there; default: print it.")
@click.option("--plot", type=FILE, help="Draw it from above, from the side and over time.")
@click.option("--film", type=FILE, help="Film it as a wireframe, seen through it and from aside.")
@fps_option
@overwrite_option
def show(
    name: str,
    output: Path | None,
    plot: Path | None,
    film: Path | None,
    overwrite: bool,
    **flags: Any,
) -> None:
    """Show a preset or a path file as the path it becomes, in our JSON.

    --plot draws it as .svg or .png: from above and from the side, and its speed over time. --film
    is a quick film of lines, for judging a move before anything is built. With --photo or --scene
    both hold what there is to see.
    """
    from parallax.moves.plot import plot_path
    from parallax.output import check_output, whole_file
    from parallax.path import format_path, save_path
    from parallax.pipeline import film_wireframe

    path, survey = find_path(name, flags)
    for file, suffixes in ((output, (".json",)), (plot, (".svg", ".png")), (film, (".mp4",))):
        if file is not None:
            check_output(file, overwrite=overwrite, suffixes=suffixes, inputs=[Path(name)])
    if plot is not None:
        drawing = plot_path(path, survey.stage, title=name, depth=survey.depth)
        is_svg = plot.suffix.lower() == ".svg"
        with whole_file(plot) as partial:
            partial.write_bytes(drawing.svg().encode() if is_svg else drawing.png())
    if film is not None:
        film_wireframe(path, survey, film, fps=flags["fps"])
    if output is not None:
        with whole_file(output) as partial:
            save_path(partial, path)
    if output is None and plot is None and film is None:
        click.echo(json.dumps(format_path(path), indent=1))


@command.command()
@click.argument("name")
@stage_options
@fps_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, frame by frame.")
def check(name: str, fps: Any, as_json: bool, **flags: Any) -> None:
    """Check a path: borders, speed, jerks, what it uncovers, and how to mend them.

    With --photo or --scene it is tried on what there is. Exits with 0 where the path can be flown,
    also where it earns warnings.
    """
    from parallax.pipeline import check_path

    path, survey = find_path(name, flags)
    summary, frames = check_path(path, survey, fps=fps)
    if as_json:
        click.echo(json.dumps({"path": name, **summary, "frames": frames}, indent=1))
        return
    click.echo(f"{'path':<22} {name}")
    for key, value in summary.items():
        if key != "warnings":
            click.echo(f"{key:<22} {'not known without --photo' if value is None else value}")
    for warning in summary["warnings"]:
        click.echo(f"Note: {warning}", err=True)


@command.command()
@click.argument("photo", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="A .png or .jpg.")
@click.option("--preset", "names", multiple=True, help="Only this move; may be given repeatedly.")
@click.option("--fov", "fov_deg", type=click.FloatRange(1, 150), help="Of the photo, vertical.")
@click.option("--depth", "depth_file", type=FILE, help="Depth to use, as for animate.")
@overwrite_option
def sheet(photo: Path, output: Path, names: tuple[str, ...], overwrite: bool, **flags: Any) -> None:
    """Draw all presets on a photo: each one's beginning, middle and end, side by side."""
    from parallax.moves import PRESETS, find_preset
    from parallax.output import check_output
    from parallax.pipeline import SourceParams, draw_sheet

    check_output(output, overwrite=overwrite, suffixes=(".png", ".jpg"), inputs=[photo])
    wanted = [find_preset(name) for name in names] or list(PRESETS)
    draw_sheet(photo, output, names=wanted, params=SourceParams(**flags))
    click.echo(f"{output}: {len(wanted)} moves")


@command.command()
@click.argument("source")
@click.option("-o", "--output", type=FILE, required=True, help="By its ending, or by --to.")
@click.option("--from", "from_format", help="Format of SOURCE; default: found from the file.")
@click.option("--to", "to_format", help="Format to write; default: by the output's name.")
@click.option(
    "--unit-scale", type=SCALE, default="1", help="Scene units a unit of SOURCE, or auto."
)
@click.option(
    "--recenter/--no-recenter",
    default=None,
    help="Whether its first camera becomes the photo's; default: unless SOURCE is our own.",
)
@click.option("--size", "size_wh", type=SIZE, help="Of the film; default: as SOURCE, or 1920x1080.")
@click.option("--fps", type=RATE, help="Frames a second to write; default: as SOURCE, or 30.")
@click.option("--fov", "fov_deg", type=click.FloatRange(1, 150), default=45.0, show_default=True)
@click.option("--duration", "duration_s", type=SECONDS, help="Length; default: as SOURCE.")
@overwrite_option
def convert(
    source: str,
    output: Path,
    from_format: str | None,
    to_format: str | None,
    overwrite: bool,
    **flags: Any,
) -> None:
    """Convert a path to or from another tool's file.

    SOURCE is a file or a preset. Files with a camera a frame keep each camera on its frame.
    Formats: parallax, camera (OUT.camera.json), nerfstudio, realestate10k, transforms, colmap (a
    folder), gltf, after-effects (written only).
    """
    from parallax.convert import ImportParams, write_foreign_path
    from parallax.output import check_output

    if output.suffix:
        check_output(output, overwrite=overwrite, inputs=[Path(source)])
    fitted = ImportParams(
        unit_scale=flags["unit_scale"],
        recenter=flags["recenter"],
        size_wh=flags["size_wh"] or (1920, 1080),
        fps=flags["fps"] or Fraction(30),
    )
    found = _read_source(source, from_format, fitted, flags)
    path = found.path if flags["duration_s"] is None else found.path.stretched(flags["duration_s"])
    num = write_foreign_path(
        output,
        path,
        size_wh=flags["size_wh"] or found.size_wh,
        fps=flags["fps"] or found.fps or fitted.fps,
        default_fov_deg=flags["fov_deg"],
        format_name=to_format,
    )
    click.echo(f"{output}: {num} cameras, {path.duration_s:g} s")


@command.command()
def schema() -> None:
    """Print the JSON Schema of camera paths."""
    from parallax.moves import params_schema
    from parallax.path import path_schema

    click.echo(json.dumps(path_schema(params_schema()), indent=1))


def _read_source(
    source: str, from_format: str | None, params: "ImportParams", flags: dict[str, Any]
) -> "Imported":
    """The path of a file of any format, or of a preset."""
    from parallax.camera import Intrinsics
    from parallax.convert import Imported, read_foreign_path
    from parallax.moves import Stage, make_preset, preset_extender

    stage = Stage(Intrinsics.from_fov(params.size_wh, flags["fov_deg"]), params.size_wh)
    file = Path(source)
    if from_format is None and not file.suffix and not file.exists():
        return Imported(make_preset(source, stage), params.size_wh)
    extend = preset_extender(stage)
    return read_foreign_path(file, format_name=from_format, params=params, extend=extend)
