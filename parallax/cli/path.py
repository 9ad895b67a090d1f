"""`parallax path`: camera paths, listed, shown, checked and converted."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parallax.cli.option import FILE, RATE, SECONDS, SIZE, compose

if TYPE_CHECKING:
    from parallax.moves import Stage
    from parallax.path import CameraPath


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
stage_options = compose(
    click.option("--scene", type=FILE, help="A built scene whose depth and size count."),
    click.option("--size", "size_wh", type=SIZE, default="1920x1080", help="Of the film."),
    click.option("--fov", "fov_deg", type=click.FloatRange(1, 150), default=45.0),
    click.option("--duration", "duration_s", type=SECONDS, help="Length of a preset."),
    click.option("--loop/--no-loop", default=None, help="Whether a preset ends where it began."),
)


@click.group()
def command() -> None:
    """List, show, check and convert camera paths."""


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_presets(as_json: bool) -> None:
    """List the built-in moves."""
    from parallax.moves import ALIASES, PRESETS

    if as_json:
        click.echo(json.dumps({"presets": dict(PRESETS), "aliases": ALIASES}, indent=1))
        return
    for name, description in PRESETS.items():
        click.echo(f"{name:<14} {description}")


@command.command()
@click.argument("name")
@stage_options
@click.option("-o", "--output", type=FILE, help="Write the path there; default: print it.")
@click.option("--plot", type=FILE, help="Draw it from above, from the side and over time.")
@overwrite_option
def show(name: str, output: Path | None, plot: Path | None, overwrite: bool, **flags: Any) -> None:
    """Show a preset or a path file as the path it becomes, in our JSON.

    --plot draws it as .svg or .png: from above and from the side, and its speed over time.
    """
    from parallax.moves.plot import plot_path
    from parallax.output import check_output, whole_file
    from parallax.path import format_path, save_path

    path, stage = _find_path(name, flags)
    for file, suffixes in ((output, (".json",)), (plot, (".svg", ".png"))):
        if file is not None:
            check_output(file, overwrite=overwrite, suffixes=suffixes, inputs=[Path(name)])
    if plot is not None:
        drawing = plot_path(path, stage, title=name)
        is_svg = plot.suffix.lower() == ".svg"
        with whole_file(plot) as partial:
            partial.write_bytes(drawing.svg().encode() if is_svg else drawing.png())
    if output is not None:
        with whole_file(output) as partial:
            save_path(partial, path)
    if output is None and plot is None:
        click.echo(json.dumps(format_path(path), indent=1))


@command.command()
@click.argument("name")
@stage_options
@click.option("--fps", type=RATE, default="30", show_default=True, help="Frames a second.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, frame by frame.")
def check(name: str, fps: Any, as_json: bool, **flags: Any) -> None:
    """Check a path: borders, speed, jerks, and how to mend them.

    Exits with 0 where the path can be flown, also where it earns warnings.
    """
    import numpy as np

    from parallax.path import frame_times, inspect_path

    path, stage = _find_path(name, flags)
    times_s = frame_times(path.duration_s, fps, loop=path.loop)
    found = inspect_path(
        path,
        stage.intrinsics,
        size_wh=stage.size_wh,
        times_s=np.array(times_s),
        inv_depth_range=(0.0, max(1.0, stage.near_inv_depth)),
        default_fov_deg=stage.rest_fov_deg,
    )
    summary = {
        "path": name,
        "duration_s": path.duration_s,
        "loop": path.loop,
        "keyframes": len(path.keyframes),
        "fastest_widths_per_s": round(float(found.speed_per_s.max()), 4),
        "hardest_widths_per_s2": round(float(found.acceleration_per_s2.max()), 4),
        "parallax_diagonals": round(float(found.parallax_diagonal.max()), 4),
        "margin_uv": [round(float(m), 4) for m in found.margin_uv.max(0)],
        "zoom": round(float(found.zoom.max()), 4),
        "warnings": list(found.warnings),
    }
    if as_json:
        frames = {
            "time_s": found.times_s.tolist(),
            "speed_widths_per_s": found.speed_per_s.tolist(),
            "acceleration_widths_per_s2": found.acceleration_per_s2.tolist(),
            "margin_uv": found.margin_uv.tolist(),
        }
        click.echo(json.dumps({**summary, "frames": frames}, indent=1))
        return
    for key, value in summary.items():
        if key != "warnings":
            click.echo(f"{key:<22} {value}")
    for warning in found.warnings:
        click.echo(f"Note: {warning}", err=True)


@command.command()
@click.argument("source", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="By its ending, or by --to.")
@click.option("--from", "from_format", help="Format of SOURCE; default: found from the file.")
@click.option("--to", "to_format", help="Format to write; default: by the output's name.")
@click.option(
    "--unit-scale", type=SCALE, default="1", help="Scene units a unit of SOURCE, or auto."
)
@click.option(
    "--recenter/--no-recenter", default=True, help="Whether its first camera becomes the photo's."
)
@click.option("--size", "size_wh", type=SIZE, default="1920x1080", help="Of the film.")
@click.option("--fps", type=RATE, default="30", help="Of formats that hold a camera a frame.")
@click.option("--fov", "fov_deg", type=click.FloatRange(1, 150), default=45.0)
@overwrite_option
def convert(
    source: Path,
    output: Path,
    from_format: str | None,
    to_format: str | None,
    overwrite: bool,
    **flags: Any,
) -> None:
    """Convert a path to or from another tool's file.

    Formats: parallax, camera (OUT.camera.json), nerfstudio, realestate10k, transforms, colmap (a
    folder), gltf, after-effects (written only).
    """
    import numpy as np

    from parallax.convert import ImportParams, read_foreign_path, write_foreign_track
    from parallax.output import check_output
    from parallax.path import CameraTrack, frame_times, resolve_path

    if output.suffix:
        check_output(output, overwrite=overwrite, inputs=[source])
    size_wh, fps = flags["size_wh"], flags["fps"]
    fitted = ImportParams(
        unit_scale=flags["unit_scale"], recenter=flags["recenter"], size_wh=size_wh, fps=fps
    )
    path = read_foreign_path(source, format_name=from_format, params=fitted)
    times_s = np.array(frame_times(path.duration_s, fps, loop=path.loop))
    resolved = resolve_path(path, times_s, default_fov_deg=flags["fov_deg"])
    cameras = tuple(resolved.camera(index) for index in range(len(times_s)))
    track = CameraTrack(cameras, size_wh, fps, path.loop)
    write_foreign_track(output, track, format_name=to_format)
    click.echo(f"{output}: {len(cameras)} cameras, {path.duration_s:g} s")


@command.command()
def schema() -> None:
    """Print the JSON Schema of camera paths."""
    from parallax.path import path_schema

    click.echo(json.dumps(path_schema(), indent=1))


def _find_path(name: str, flags: Mapping[str, Any]) -> tuple["CameraPath", "Stage"]:
    """The path of a file, or of a preset, and the stage it is meant for."""
    from parallax.camera import Intrinsics
    from parallax.layers.glb import load_scene
    from parallax.moves import MoveParams, Stage, make_preset, preset_extender
    from parallax.path import DEFAULT_DURATION_S, load_path
    from parallax.pipeline import stage_of_scene

    size_wh = flags["size_wh"]
    if flags["scene"] is not None:
        stage = stage_of_scene(load_scene(flags["scene"]), size_wh)
    else:
        stage = Stage(Intrinsics.from_fov(size_wh, flags["fov_deg"]), size_wh)
    duration_s = flags["duration_s"]
    params = MoveParams(duration_s=duration_s or DEFAULT_DURATION_S, loop=flags["loop"])
    if Path(name).suffix.lower() != ".json":
        return make_preset(name, stage, params=params), stage
    path = load_path(Path(name), extend=preset_extender(stage, usual=params))
    return (path if duration_s is None else path.stretched(duration_s)), stage
