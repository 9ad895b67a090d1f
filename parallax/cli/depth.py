"""`parallax depth`: how far everything in a photo is."""

from pathlib import Path
from typing import Any

import click

from parallax.cli.option import FILE, as_source_params, depth_options, output_options, report


@click.command()
@click.argument("photo", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="depth.png or depth.npy.")
@depth_options
@output_options
def command(photo: Path, output: Path, overwrite: bool, as_json: bool, **flags: Any) -> None:
    """Write how far everything in a photo is.

    A .png has 16 bits with near = white; a .npy holds float32 inverse depth in 1/su, the nearest
    point at 1.
    """
    from parallax.pipeline import estimate_depth

    done = estimate_depth(photo, output, params=as_source_params(flags), overwrite=overwrite)
    report(
        done,
        as_json=as_json,
        sentence=f"{output}: by {done['depth']} ({done['seconds']['total']:.1f} s)",
    )
