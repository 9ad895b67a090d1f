"""What the commands of `parallax path` have in common: a path, and the photo it is meant for."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parallax.cli.option import FILE, FOCUS, SECONDS, SIZE, compose

if TYPE_CHECKING:
    from parallax.path import CameraPath
    from parallax.pipeline import Survey

stage_options = compose(
    click.option("--photo", type=FILE, help="The photo that it is meant for."),
    click.option("--scene", type=FILE, help="A built scene, instead of the photo."),
    click.option(
        "--size",
        "size_wh",
        type=SIZE,
        help="Of the film; default: as the photo, or 1920x1080.",
    ),
    click.option("--fov", "fov_deg", type=click.FloatRange(1, 150), help="Of the photo, vertical."),
    click.option("--duration", "duration_s", type=SECONDS, help="Length; default: the path's own."),
    click.option("--loop/--no-loop", default=None, help="Whether a preset ends where it began."),
    click.option("--focus", type=FOCUS, default="auto", help="X,Y (0 to 1), subject or auto."),
)
AUTO = "auto"  # the move that suits the photo


def find_path(name: str, flags: Mapping[str, Any]) -> tuple["CameraPath", "Survey"]:
    """The path of a file, of a preset, or of the photo's own choice, and what it was made for.

    Args:
        name: A .json file, a preset, or "auto".
        flags: Those of `stage_options`.
    """
    from parallax.moves import MoveParams, choose_move, make_preset, preset_extender
    from parallax.path import DEFAULT_DURATION_S, load_path

    survey = _find_survey(flags)
    stage, duration_s, focus = survey.stage, flags["duration_s"], flags["focus"]
    params = MoveParams(
        duration_s=duration_s or DEFAULT_DURATION_S,
        loop=flags["loop"],
        focus_uv=focus if isinstance(focus, tuple) else None,
    )
    if name == AUTO:
        if survey.glance is None:
            raise click.UsageError("auto: expected --photo or --scene to choose a move for")
        choice = choose_move(survey.glance, stage, params=params)
        return choice.path, survey
    if Path(name).suffix.lower() != ".json":
        return make_preset(name, stage, params=params), survey
    path = load_path(Path(name), extend=preset_extender(stage, usual=params))
    return (path if duration_s is None else path.stretched(duration_s)), survey


def _find_survey(flags: Mapping[str, Any]) -> "Survey":
    """What is known of the photo that a path is meant for."""
    from parallax.pipeline import SourceParams, survey_nothing, survey_photo, survey_scene

    if flags["photo"] is not None and flags["scene"] is not None:
        raise click.UsageError("--photo and --scene: expected one of them, got both")
    if flags["photo"] is not None:
        params = SourceParams(fov_deg=flags["fov_deg"])
        return survey_photo(
            flags["photo"], params=params, size_wh=flags["size_wh"], focus=flags["focus"]
        )
    if flags["scene"] is not None:
        return survey_scene(flags["scene"], size_wh=flags["size_wh"], focus=flags["focus"])
    return survey_nothing(size_wh=flags["size_wh"], fov_deg=flags["fov_deg"])
