"""Flags for what lens, shutter and film do to the picture."""

import click

LOOK_OPTIONS = (
    click.option(
        "--shutter",
        "shutter_deg",
        type=click.FloatRange(0, 360),
        default=0,
        help="Motion blur: how long the shutter is open, in degrees; 180 is a film camera's.",
    ),
    click.option(
        "--aperture",
        "aperture_su",
        type=click.FloatRange(0, 10),
        default=0,
        help="Depth of field: diameter of the lens in scene units; 0.03 is a portrait's. Sharp is "
        "what the path's focus_su says, else the subject.",
    ),
    click.option(
        "--vignette",
        type=click.FloatRange(0, 0.95),
        default=0,
        help="Light that the corners lose, 0 to 0.95; 0.3 is seen and not noticed.",
    ),
    click.option(
        "--grain",
        type=click.FloatRange(0, 0.2),
        default=0,
        help="Film grain, 0 to 0.2; 0.02 is a fine film's.",
    ),
    click.option(
        "--lens-distortion",
        "distortion",
        type=click.FloatRange(0, 0.3),
        default=0,
        help="Lines bent outwards as by a wide lens, 0 to 0.3; 0.05 is light.",
    ),
)
