"""Whole jobs, one a command: files in, files out, and a report of what was done."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from parallax.depth_map import save_depth
from parallax.layers.export import prepare_folder, save_layers
from parallax.layers.glb import load_scene, save_scene
from parallax.motion import draw_preview
from parallax.motion_plan import save_motion
from parallax.output import check_output, whole_file
from parallax.pipeline.built import notes_of, plan_film, understand_photo
from parallax.pipeline.clock import StageClock
from parallax.pipeline.film import shoot_film
from parallax.pipeline.framing import make_mat, size_within
from parallax.pipeline.movement import heed_words, move_photo
from parallax.pipeline.params import FilmParams, MotionChoice, SourceParams, film_size
from parallax.pipeline.report import (
    Report,
    about_film,
    about_movement,
    about_run,
    about_scene,
    about_shot,
    about_source,
)
from parallax.pipeline.shot import replan_shot
from parallax.pipeline.source import read_source, source_of_scene
from parallax.scene import Scene
from parallax.video import choose_profile

Progress = Callable[[str, int, int], None]


def _quiet(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


def estimate_depth(
    photo_path: Path, out_path: Path, *, params: SourceParams, overwrite: bool = False
) -> Report:
    """Writes how far everything in a photo is, at the photo's size.

    Raises:
        ParallaxError: Any of the kinds that `parallax.errors` lists.
    """
    check_output(out_path, overwrite=overwrite, suffixes=(".png", ".npy"), inputs=[photo_path])
    clock = StageClock()
    source = read_source(photo_path, params=params, needs_labels=False, clock=clock)
    with clock.stage("save"), whole_file(out_path) as partial:
        save_depth(partial, source.depth.resized(source.photo.size_wh))
    return {
        **about_source(photo_path, source),
        "output": str(out_path),
        **about_run(clock, source.photo.warnings),
    }


def build_photo(
    photo_path: Path,
    out_path: Path,
    *,
    source_params: SourceParams,
    film_params: FilmParams,
    layers_dir: Path | None = None,
    overwrite: bool = False,
) -> Report:
    """Builds the scene of a photo for a film and writes it as .glb, and if told as pictures too.

    Raises:
        ParallaxError: Any of the kinds that `parallax.errors` lists.
    """
    check_output(out_path, overwrite=overwrite, suffixes=(".glb",), inputs=[photo_path])
    if layers_dir is not None:
        prepare_folder(layers_dir, overwrite=overwrite)
    clock = StageClock()
    built = understand_photo(photo_path, source_params, film_params, clock)
    with clock.stage("save"):
        save_scene(out_path, built.scene)
        if layers_dir is not None:
            save_layers(layers_dir, built.scene)
    return {
        **about_source(photo_path, built.source),
        "output": str(out_path),
        **({"layers_dir": str(layers_dir)} if layers_dir is not None else {}),
        **about_scene(built.scene),
        **about_shot(built.shot),
        **about_movement(built.movement),
        **about_run(clock, built.warnings),
    }


def animate_photo(
    photo_path: Path,
    out_path: Path,
    *,
    source_params: SourceParams,
    film_params: FilmParams,
    overwrite: bool = False,
    on_progress: Progress = _quiet,
) -> Report:
    """Turns a photo into a film.

    Raises:
        ParallaxError: Any of the kinds that `parallax.errors` lists.
    """
    _check_film_output(out_path, film_params, overwrite=overwrite, inputs=[photo_path])
    clock = StageClock()
    built = understand_photo(photo_path, source_params, film_params, clock)
    film = shoot_film(
        built.scene,
        built.shot.path,
        out_path,
        motion=built.movement.motion if built.movement else None,
        size_wh=built.framing.size_wh,
        mat=built.framing.mat,
        params=film_params,
        clock=clock,
        on_progress=on_progress,
    )
    notes = built.warnings + film.video.warnings
    return {
        **about_source(photo_path, built.source),
        **about_film(film, clock),
        **about_scene(built.scene),
        **about_shot(built.shot),
        **about_movement(built.movement),
        **about_run(clock, notes),
    }


def render_scene(
    scene_path: Path,
    out_path: Path,
    *,
    film_params: FilmParams,
    overwrite: bool = False,
    on_progress: Progress = _quiet,
) -> Report:
    """Films a scene that was built before; needs no network.

    Raises:
        ParallaxError: Any of the kinds that `parallax.errors` lists.
    """
    _check_film_output(out_path, film_params, overwrite=overwrite, inputs=[scene_path])
    clock = StageClock()
    with clock.stage("load"):
        scene = load_scene(scene_path)
    film_wh = film_params.size_wh or film_size(scene.intrinsics.size_wh)
    size_wh, mat = _frame_scene(scene, film_wh, film_params)
    choice, shot_params = film_params.movement, film_params.shot
    with clock.stage("plan"):
        shot = replan_shot(scene, params=heed_words(shot_params, choice), size_wh=size_wh)
        source = source_of_scene(scene)
        movement = None
        if source is not None:
            movement = move_photo(
                source, shot.path, choice=choice, params=shot_params, size_wh=size_wh
            )
    film = shoot_film(
        scene,
        shot.path,
        out_path,
        motion=movement.motion if movement else None,
        size_wh=size_wh,
        mat=mat,
        params=film_params,
        clock=clock,
        on_progress=on_progress,
    )
    return {
        "scene": str(scene_path),
        **about_film(film, clock),
        **about_scene(scene),
        **about_shot(shot),
        **about_movement(movement),
        **about_run(clock, shot.warnings + notes_of(movement) + film.video.warnings),
    }


def find_regions(
    photo_path: Path,
    out_path: Path,
    *,
    preview_path: Path | None,
    source_params: SourceParams,
    film_params: FilmParams,
    overwrite: bool = False,
) -> Report:
    """Writes what moves in a photo as a plan to be edited, and draws it.

    Raises:
        ParallaxError: Any of the kinds that `parallax.errors` lists.
    """
    check_output(out_path, overwrite=overwrite, suffixes=(".json",), inputs=[photo_path])
    if preview_path is not None:
        check_output(preview_path, overwrite=overwrite, suffixes=(".png",), inputs=[photo_path])
    clock = StageClock()
    source = read_source(photo_path, params=source_params, clock=clock)
    assert source.labels is not None
    size_wh = film_params.size_wh or film_size(source.photo.size_wh)
    with clock.stage("plan"):
        shot = plan_film(source, film_params, size_wh)
        movement = move_photo(
            source,
            shot.path,
            choice=MotionChoice(prompt=film_params.movement.prompt),
            params=film_params.shot,
            size_wh=size_wh,
        )
    assert movement is not None
    with clock.stage("save"), whole_file(out_path) as partial:
        save_motion(partial, movement.plan)
    if preview_path is not None:
        with clock.stage("preview"), whole_file(preview_path) as partial:
            srgb8 = draw_preview(
                source.photo, movement.plan, source.depth, source.labels, movement.motion
            )
            Image.fromarray(srgb8).save(partial)
    return {
        **about_source(photo_path, source),
        "output": str(out_path),
        **about_movement(movement),
        **about_run(clock, source.photo.warnings + notes_of(movement)),
    }


def _frame_scene(
    scene: Scene, film_wh: tuple[int, int], params: FilmParams
) -> tuple[tuple[int, int], NDArray[np.uint8] | None]:
    """The size of the moving picture within a film of a scene, and the mat it is laid on."""
    photo_wh = scene.intrinsics.size_wh
    if params.fit != "blur" or size_within(photo_wh, film_wh) == film_wh:
        return film_wh, None
    front = next(layer for layer in scene.layers if layer.name == "front")
    return size_within(photo_wh, film_wh), make_mat(front.srgb8[..., :3], film_wh)


def _check_film_output(
    out_path: Path, params: FilmParams, *, overwrite: bool, inputs: list[Path]
) -> None:
    """Refuses what could not be written, before minutes are spent."""
    profile = choose_profile(out_path, params.encoder or "auto")
    check_output(out_path, overwrite=overwrite, suffixes=profile.suffixes, inputs=inputs)
