"""`parallax regions`: what moves in a photo, written down to be edited."""

from pathlib import Path
from typing import Any

import click

from parallax.cli.option import (
    FILE,
    as_film_params,
    as_source_params,
    depth_options,
    output_options,
    report,
    scene_options,
)


@click.command()
@click.argument("photo", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="The plan, such as motion.json.")
@click.option("--preview", type=FILE, help="Also draw it over the photo, as a PNG.")
@scene_options
@depth_options
@output_options
def command(
    photo: Path,
    output: Path,
    preview: Path | None,
    overwrite: bool,
    as_json: bool,
    **flags: Any,
) -> None:
    """Find what moves in a photo; write it down to edit.

    `parallax animate PHOTO --motion motion.json` then moves what the edited file says.
    """
    from parallax.pipeline import find_regions

    done = find_regions(
        photo,
        output,
        preview_path=preview,
        source_params=as_source_params(flags),
        film_params=as_film_params(flags),
        overwrite=overwrite,
    )
    kinds = ", ".join(done["regions"]) or "nothing that moves"
    report(done, as_json=as_json, sentence=f"{output}: {kinds} ({done['seconds']['total']:.1f} s)")
