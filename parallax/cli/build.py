"""`parallax build`: a photo to a scene file."""

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
@click.option("-o", "--output", type=FILE, required=True, help="The scene, such as scene.glb.")
@click.option(
    "--layers",
    "layers_dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also write every layer into this folder, for editors: RGBA and 16-bit depth PNGs, and "
    "layers.json that says how they stack.",
)
@scene_options
@depth_options
@output_options
def command(
    photo: Path,
    output: Path,
    layers_dir: Path | None,
    overwrite: bool,
    as_json: bool,
    **flags: Any,
) -> None:
    """Write the scene of a photo as a .glb.

    It opens in Blender, three.js and every other glTF viewer, and `parallax render` films it. The
    scene is built for the camera move and the size that the flags name, and carries that path.
    """
    from parallax.pipeline import build_photo

    done = build_photo(
        photo,
        output,
        source_params=as_source_params(flags),
        film_params=as_film_params(flags),
        layers_dir=layers_dir,
        overwrite=overwrite,
    )
    layers = ", ".join(f"{name} {count}" for name, count in done["layers"].items())
    report(
        done,
        as_json=as_json,
        sentence=(
            f"{output}: {done['triangles']} triangles ({layers}), built for camera "
            f"{done['camera']} ({done['seconds']['total']:.1f} s)"
        ),
    )
