"""`parallax render`: a built scene to film."""

from pathlib import Path
from typing import Any

import click

from parallax.cli.option import FILE, as_film_params, film_options, output_options, report
from parallax.cli.progress import progress_bar


@click.command()
@click.argument("scene", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="The film, such as film.mp4.")
@film_options
@output_options
def command(scene: Path, output: Path, overwrite: bool, as_json: bool, **flags: Any) -> None:
    """Film a built scene.

    SCENE is a .glb that `parallax build` wrote. Without --camera or --path the camera flies the
    path that the scene was built for. No network is loaded.
    """
    from parallax.pipeline import render_scene

    with progress_bar() as on_progress:
        done = render_scene(
            scene,
            output,
            film_params=as_film_params(flags),
            overwrite=overwrite,
            on_progress=on_progress,
        )
    width, height = done["size_wh"]
    report(
        done,
        as_json=as_json,
        sentence=(
            f"{output}: {width}×{height}, {done['duration_s']:g} s, camera {done['camera']} "
            f"({done['seconds']['total']:.1f} s)"
        ),
    )
