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
def show(name: str, output: Path | None, **flags: Any) -> None:
    """Show a preset or a path file as the path it becomes, in our JSON."""
    from parallax.output import check_output
    from parallax.path import format_path, save_path

    path, _ = _find_path(name, flags)
    if output is None:
        click.echo(json.dumps(format_path(path), indent=1))
        return
    check_output(output, overwrite=False, suffixes=(".json",), inputs=[Path(name)])
    save_path(output, path)
    click.echo(f"{output}: {len(path.keyframes)} keyframes, {path.duration_s:g} s")


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
