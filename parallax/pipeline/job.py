"""Whole jobs, one a command: files in, files out, and a report of what was done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from parallax.depth_map import save_depth
from parallax.layers.build import build_scene
from parallax.layers.export import prepare_folder, save_layers
from parallax.layers.glb import load_scene, save_scene
from parallax.motion import draw_preview
from parallax.motion_plan import save_motion
from parallax.output import check_output, whole_file
from parallax.path import format_path
from parallax.pipeline.clock import StageClock
from parallax.pipeline.film import shoot_film
from parallax.pipeline.framing import Framing, frame_source, make_mat, size_within
from parallax.pipeline.movement import Movement, heed_words, move_photo
from parallax.pipeline.params import SUPERSAMPLE, FilmParams, MotionChoice, SourceParams, film_size
from parallax.pipeline.report import (
    Report,
    about_film,
    about_movement,
    about_run,
    about_scene,
    about_shot,
    about_source,
)
from parallax.pipeline.shot import Shot, describe_stage, plan_shot, replan_shot
from parallax.pipeline.source import Source, maps_of_source, read_source, source_of_scene
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
    built = _build(photo_path, source_params, film_params, clock)
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
    built = _build(photo_path, source_params, film_params, clock)
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
        **about_run(clock, shot.warnings + _notes_of(movement) + film.video.warnings),
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
        shot = _plan(source, film_params, size_wh)
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
        **about_run(clock, source.photo.warnings + _notes_of(movement)),
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Built:
    """A scene on its way to a film."""

    source: Source
    shot: Shot
    scene: Scene
    movement: Movement | None
    framing: Framing

    @property
    def warnings(self) -> tuple[str, ...]:
        """What there is to know of photo, camera and motion."""
        notes = self.source.photo.warnings + self.framing.warnings
        return notes + self.shot.warnings + _notes_of(self.movement)


def _build(
    photo_path: Path, source_params: SourceParams, film_params: FilmParams, clock: StageClock
) -> _Built:
    """The scene of a photo, built for the path that will be flown and the film that shows it."""
    source = read_source(
        photo_path,
        params=source_params,
        quality=film_params.quality,
        needs_labels=film_params.movement.motion != "none",
        clock=clock,
    )
    size_wh = film_params.size_wh or film_size(source.photo.size_wh)
    with clock.stage("plan"):
        framing = frame_source(source, size_wh, params=film_params)
        part, film_params, size_wh = framing.source, framing.params, framing.size_wh
        shot = _plan(part, film_params, size_wh)
    with clock.stage("build"):
        photo = part.photo.resized(_texture_size(part.photo.size_wh, size_wh, film_params))
        scene = build_scene(photo, part.depth, part.labels, reach=shot.reach, size_wh=size_wh)
        scene = replace(
            scene,
            path=format_path(shot.path),
            focus_su=shot.stage.focus_su,
            origin={
                **scene.origin,
                "depth": source.depth_from,
                "camera": shot.name,
                "stage": describe_stage(shot.stage),
            },
            maps=maps_of_source(part),
        )
    with clock.stage("motion"):
        movement = move_photo(
            replace(part, photo=photo),  # as a scene file keeps it, for the same film from both
            shot.path,
            choice=film_params.movement,
            params=film_params.shot,
            size_wh=size_wh,
        )
    return _Built(source, shot, scene, movement, framing)


def _frame_scene(
    scene: Scene, film_wh: tuple[int, int], params: FilmParams
) -> tuple[tuple[int, int], NDArray[np.uint8] | None]:
    """The size of the moving picture within a film of a scene, and the mat it is laid on."""
    photo_wh = scene.intrinsics.size_wh
    if params.fit != "blur" or size_within(photo_wh, film_wh) == film_wh:
        return film_wh, None
    front = next(layer for layer in scene.layers if layer.name == "front")
    return size_within(photo_wh, film_wh), make_mat(front.srgb8[..., :3], film_wh)


def _plan(source: Source, film_params: FilmParams, size_wh: tuple[int, int]) -> Shot:
    """The shot for a photo, by flags, by words, or by the photo itself."""
    params = heed_words(film_params.shot, film_params.movement)
    return plan_shot(source, params=params, size_wh=size_wh)


def _notes_of(movement: Movement | None) -> tuple[str, ...]:
    """What there is to know of the motion."""
    return movement.motion.warnings if movement else ()


def _check_film_output(
    out_path: Path, params: FilmParams, *, overwrite: bool, inputs: list[Path]
) -> None:
    """Refuses what could not be written, before minutes are spent."""
    profile = choose_profile(out_path, params.encoder or "auto")
    check_output(out_path, overwrite=overwrite, suffixes=profile.suffixes, inputs=inputs)


def _texture_size(
    photo_wh: tuple[int, int], film_wh: tuple[int, int], params: FilmParams
) -> tuple[int, int]:
    """The photo's size at which a texel is a sample of the film; never larger than the photo."""
    film_px_of_photo_px = max(film_wh[0] / photo_wh[0], film_wh[1] / photo_wh[1])
    scale = min(1.0, film_px_of_photo_px * SUPERSAMPLE[params.quality])
    return max(1, round(photo_wh[0] * scale)), max(1, round(photo_wh[1] * scale))
