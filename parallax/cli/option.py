"""Flags that several commands share, and how they are parsed."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from parallax.cli.look import LOOK_OPTIONS

if TYPE_CHECKING:
    from parallax.pipeline import FilmParams, SourceParams

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
MAX_SIDE_PX = 16384  # the widest frame that H.264 and every OpenGL here take
MAX_DURATION_S = 3600.0
MAX_FPS = 240
FILE = click.Path(path_type=Path)


class _Size(click.ParamType[tuple[int, int]]):
    """`1920x1080` as (1920, 1080)."""

    name = "WxH"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """The width and height, each even and at least 16."""
        match = re.fullmatch(r"(\d{1,6})\s*[x×X]\s*(\d{1,6})", str(value).strip())
        if not match:
            self.fail(f"expected WIDTHxHEIGHT such as 1920x1080, got {value!r}", param, ctx)
        size_wh = int(match[1]), int(match[2])
        if not all(16 <= side <= MAX_SIDE_PX for side in size_wh):
            self.fail(f"expected sides of 16 to {MAX_SIDE_PX} pixels, got {value}", param, ctx)
        if size_wh[0] % 2 or size_wh[1] % 2:
            even = f"{size_wh[0] // 2 * 2}x{size_wh[1] // 2 * 2}"
            self.fail(
                f"expected even sides, which video needs, got {value}; try {even}", param, ctx
            )
        return size_wh


class _Rate(click.ParamType[Fraction]):
    """`30`, `23.976` or `30000/1001` as an exact fraction."""

    name = "FPS"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Fraction:
        """The frame rate; the usual NTSC decimals become their exact fractions."""
        try:
            rate = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            self.fail(f"expected a number such as 30 or 30000/1001, got {value!r}", param, ctx)
        if not 1 <= rate <= MAX_FPS:
            self.fail(f"expected 1 to {MAX_FPS} frames a second, got {value}", param, ctx)
        ntsc = Fraction(round(rate) * 1000, 1001)
        return ntsc if rate != ntsc and abs(rate - ntsc) < Fraction(1, 200) else rate


class _Seconds(click.ParamType[float]):
    """A length of time."""

    name = "SECONDS"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The seconds, above 0 and at most an hour."""
        try:
            seconds = float(value)
        except ValueError:
            self.fail(f"expected seconds such as 6 or 2.5, got {value!r}", param, ctx)
        if not 0 < seconds <= MAX_DURATION_S:  # also false for NaN
            self.fail(
                f"expected more than 0 and at most {MAX_DURATION_S:.0f}, got {value}", param, ctx
            )
        return seconds


class _Device(click.ParamType[str | int]):
    """What draws: a word or an index."""

    name = "DEVICE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | int:
        """The word, or the number as one."""
        if value in ("auto", "software"):
            return str(value)
        if str(value).isdigit():
            return int(value)
        self.fail(f"expected auto, software or a number, got {value!r}", param, ctx)


class _Motion(click.ParamType[str | Path]):
    """What moves: a word or a file."""

    name = "auto|none|FILE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | Path:
        """The word, or the file's path."""
        return str(value) if value in ("auto", "none") else Path(value)


class _Focus(click.ParamType[str | tuple[float, float]]):
    """What the camera is about: a point of the photo, or a word."""

    name = "X,Y|subject|auto"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | tuple[float, float]:
        """The word, or the point in uv."""
        if value in ("auto", "subject"):
            return str(value)
        try:
            u, v = (float(part) for part in str(value).split(","))
        except ValueError:
            u = v = -1.0
        if not (0 <= u <= 1 and 0 <= v <= 1):
            self.fail(
                "expected subject, auto, or two numbers from 0 to 1 such as 0.4,0.6 "
                f"(from the left and the top), got {value!r}",
                param,
                ctx,
            )
        return u, v


FOCUS = _Focus()
SIZE, RATE, SECONDS, DEVICE, MOTION = _Size(), _Rate(), _Seconds(), _Device(), _Motion()


def compose(*options: Callable[[Any], Any]) -> Callable[[Decorated], Decorated]:
    """One decorator of many, listed in `--help` in the order given."""

    def decorate(function: Decorated) -> Decorated:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


scene_options = compose(
    click.option(
        "--size",
        "size_wh",
        type=SIZE,
        help="Of the film; default: the photo's shape, within 1920×1080 or 1080×1920.",
    ),
    click.option(
        "--fit",
        type=click.Choice(["crop", "blur", "extend"]),
        default="crop",
        show_default=True,
        help="Where the film has another shape than the photo: crop around the subject, the whole "
        "photo on a blurred ground, or the photo continued past its borders.",
    ),
    click.option(
        "--duration",
        "duration_s",
        type=SECONDS,
        help="Length; default: 6, or what the path file says.",
    ),
    click.option("--camera", "preset", metavar="PRESET", help="A move; see `parallax path list`."),
    click.option("--path", "path_file", type=FILE, help="A camera path in JSON."),
    click.option(
        "--focus",
        type=FOCUS,
        default="auto",
        show_default=True,
        help="What the camera holds or approaches: a point (0,0 is the top left, 1,1 the bottom "
        "right), the subject, or auto.",
    ),
    click.option(
        "--style",
        type=click.Choice(["natural", "cinematic", "dynamic"]),
        default="natural",
        show_default=True,
        help="How the camera moves where nothing else is said.",
    ),
    click.option(
        "--intensity",
        type=click.FloatRange(0, 100),
        default=60,
        show_default=True,
        help="How much moves, 0 to 100.",
    ),
    click.option("--seed", type=click.IntRange(0), default=0, help="Another roll of the dice."),
    click.option(
        "--loop/--no-loop", default=None, help="End where it began; default: where the move can."
    ),
    click.option(
        "--motion",
        type=MOTION,
        default="auto",
        show_default=True,
        help="What moves in the photo: auto, none, or a plan FILE.json.",
    ),
    click.option(
        "--prompt", help='What should move, in words: "gentle breeze from left to right".'
    ),
    click.option(
        "--quality",
        type=click.Choice(["standard", "high", "maximum"]),
        default="standard",
        show_default=True,
        help="standard: real time; high, maximum: finer edges, slower and better encoding.",
    ),
)
film_options = compose(
    scene_options,
    click.option("--fps", type=RATE, default="30", show_default=True, help="Frames a second."),
    click.option("--encoder", help="Codec; default: by the file's name, H.264 for .mp4."),
    click.option("--frames-dir", type=FILE, help="Also write every frame there as a lossless PNG."),
    click.option(
        "--frames-format",
        type=click.Choice(["png", "exr"]),
        default="png",
        show_default=True,
        help="Of the frames in --frames-dir; exr holds linear light and needs OpenEXR.",
    ),
    click.option(
        "--device",
        type=DEVICE,
        default="auto",
        show_default=True,
        help="auto, software, or a number that `parallax doctor` lists.",
    ),
    *LOOK_OPTIONS,
)
depth_options = compose(
    click.option(
        "--depth",
        "depth_file",
        type=FILE,
        help="Depth to use: 16-bit PNG near = white, or .npy inverse depth.",
    ),
    click.option(
        "--depth-model", default="auto", show_default=True, help="See `parallax models list`."
    ),
    click.option(
        "--fov",
        "fov_deg",
        type=click.FloatRange(1, 150),
        help="The photo's vertical field of view in degrees; default: from EXIF, or 45.",
    ),
)
output_options = compose(
    click.option("-y", "--overwrite", is_flag=True, help="Replace the result if it is there."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object of what was done."),
)


def report(result: Mapping[str, Any], *, as_json: bool, sentence: str) -> None:
    """Prints what was done: one JSON object to stdout, or a sentence; warnings to stderr."""
    if as_json:
        click.echo(json.dumps(result, indent=1, ensure_ascii=False))
    else:
        click.echo(sentence)
    for warning in result.get("warnings", ()):
        click.echo(f"Note: {warning}", err=True)


def as_source_params(flags: Mapping[str, Any]) -> "SourceParams":
    """The flags of `depth_options` as parameters."""
    from parallax.pipeline import SourceParams

    return SourceParams(**_fields_of(SourceParams, flags))


def as_film_params(flags: Mapping[str, Any]) -> "FilmParams":
    """The flags of `scene_options` or `film_options` as parameters.

    Raises:
        click.UsageError: Flags that exclude one another.
    """
    from parallax.pipeline import FilmParams, LookParams, MotionChoice, ShotParams

    if flags["preset"] is not None and flags["path_file"] is not None:
        raise click.UsageError("--camera and --path: expected one of them, got both")
    shot = ShotParams(**_fields_of(ShotParams, flags))
    movement = MotionChoice(**_fields_of(MotionChoice, flags))
    look = LookParams(**_fields_of(LookParams, flags))
    return FilmParams(**_fields_of(FilmParams, flags), look=look, shot=shot, movement=movement)


def _fields_of(params: type, flags: Mapping[str, Any]) -> dict[str, Any]:
    """The flags that a dataclass has fields for."""
    return {f.name: flags[f.name] for f in fields(params) if f.name in flags}
