"""From a photo to a scene that is built for one film."""

from dataclasses import dataclass, replace
from pathlib import Path

from parallax.cores import both
from parallax.layers.build import BuildParams, build_scene
from parallax.path import format_path
from parallax.pipeline.clock import StageClock
from parallax.pipeline.framing import Framing, frame_source
from parallax.pipeline.movement import Movement, heed_words, move_photo
from parallax.pipeline.params import (
    MAX_TRIANGLES,
    SUPERSAMPLE,
    FilmParams,
    SourceParams,
    film_size,
)
from parallax.pipeline.shot import Shot, describe_stage, plan_shot
from parallax.pipeline.source import Source, maps_of_source, read_source
from parallax.scene import Scene


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A scene on its way to a film.

    Attributes:
        source: The whole photo.
        shot: What will be flown.
        scene: Of what the film shows of the photo.
        movement: What moves in it.
        framing: What the film shows of the photo.
    """

    source: Source
    shot: Shot
    scene: Scene
    movement: Movement | None
    framing: Framing

    @property
    def warnings(self) -> tuple[str, ...]:
        """What there is to know of photo, camera and motion."""
        notes = self.source.photo.warnings + self.framing.warnings
        return notes + self.shot.warnings + notes_of(self.movement)


def understand_photo(
    photo_path: Path, source_params: SourceParams, film_params: FilmParams, clock: StageClock
) -> Built:
    """The scene of a photo, built for the path that will be flown and the film that shows it.

    Raises:
        ParallaxError: The photo, its depth, the network or a script cannot be used.
    """
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
        shot = plan_film(part, film_params, size_wh)
    photo = part.photo.resized(_texture_size(part.photo.size_wh, size_wh, film_params))

    def build() -> Scene:
        with clock.stage("build"):
            params = BuildParams(
                max_triangles=MAX_TRIANGLES[film_params.quality], depth_guessed=part.depth_guessed
            )
            return build_scene(
                photo, part.depth, part.labels, reach=shot.reach, size_wh=size_wh, params=params
            )

    def move() -> Movement | None:
        with clock.stage("motion"):
            return move_photo(
                replace(part, photo=photo),  # as a scene file keeps it, for the same film from both
                shot.path,
                choice=film_params.movement,
                params=film_params.shot,
                size_wh=size_wh,
            )

    # On two cores: what moves is found in the photo, not in the scene
    scene, movement = both(build, move)
    origin = {
        **scene.origin,
        "depth": source.depth_from,
        "camera": shot.name,
        "stage": describe_stage(shot.stage),
    }
    scene = replace(
        scene,
        path=format_path(shot.path),
        focus_su=shot.stage.focus_su,
        origin=origin,
        maps=maps_of_source(part),
    )
    return Built(source, shot, scene, movement, framing)


def plan_film(source: Source, film_params: FilmParams, size_wh: tuple[int, int]) -> Shot:
    """The shot for a photo, by flags, by words, or by the photo itself."""
    params = heed_words(film_params.shot, film_params.movement)
    return plan_shot(source, params=params, size_wh=size_wh)


def notes_of(movement: Movement | None) -> tuple[str, ...]:
    """What there is to know of the motion."""
    return movement.motion.warnings if movement else ()


def _texture_size(
    photo_wh: tuple[int, int], film_wh: tuple[int, int], params: FilmParams
) -> tuple[int, int]:
    """The photo's size at which a texel is a sample of the film; never larger than the photo."""
    film_px_of_photo_px = max(film_wh[0] / photo_wh[0], film_wh[1] / photo_wh[1])
    scale = min(1.0, film_px_of_photo_px * SUPERSAMPLE[params.quality])
    return max(1, round(photo_wh[0] * scale)), max(1, round(photo_wh[1] * scale))
