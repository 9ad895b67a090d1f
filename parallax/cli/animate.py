"""`parallax animate`: the main job, photo to film."""

from pathlib import Path
from typing import Any

import click

from parallax.cli.option import (
    FILE,
    as_film_params,
    as_source_params,
    depth_options,
    film_options,
    output_options,
    report,
)
from parallax.cli.progress import progress_bar


@click.command()
@click.argument("photo", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="The film, such as film.mp4.")
@film_options
@depth_options
@output_options
def command(photo: Path, output: Path, overwrite: bool, as_json: bool, **flags: Any) -> None:
    """Turn a photo into a film.

    Good with no other flag: the depth is read from the photo, a camera move is chosen for it and
    scaled so that what comes out from behind things stays believable. Beside the film,
    NAME.camera.json holds the exact camera of every frame.
    """
    from parallax.pipeline import animate_photo

    with progress_bar() as on_progress:
        done = animate_photo(
            photo,
            output,
            source_params=as_source_params(flags),
            film_params=as_film_params(flags),
            overwrite=overwrite,
            on_progress=on_progress,
        )
    width, height = done["size_wh"]
    report(
        done,
        as_json=as_json,
        sentence=(
            f"{output}: {width}×{height}, {done['duration_s']:g} s, camera {done['camera']}"
            f"{': ' + done['camera_reason'] if done['camera_reason'] else ''} "
            f"({done['seconds']['total']:.1f} s)"
        ),
    )
