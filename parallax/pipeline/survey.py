"""What a camera move has to know of a photo, found without filming it."""

from dataclasses import dataclass
from pathlib import Path

from parallax.camera import DEFAULT_FOV_DEG, Intrinsics
from parallax.depth_map import DepthMap
from parallax.layers.glb import load_scene
from parallax.moves import Focus, Glance, Stage, survey_stage
from parallax.pipeline.clock import StageClock
from parallax.pipeline.params import SourceParams, film_size
from parallax.pipeline.shot import stage_of_scene
from parallax.pipeline.source import glance_at, read_source, source_of_scene

USUAL_SIZE_WH = (1920, 1080)


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What a move has to know of a photo, and what it was learnt from.

    Attributes:
        stage: Of the photo and the film.
        depth: Of the photo; None where there is no photo.
        glance: At the photo, likewise.
    """

    stage: Stage
    depth: DepthMap | None = None
    glance: Glance | None = None


def survey_photo(
    photo_path: Path,
    *,
    params: SourceParams,
    size_wh: tuple[int, int] | None = None,
    focus: Focus = "auto",
) -> Survey:
    """What a move has to know of a photo.

    Args:
        photo_path: Of the photo.
        params: How to understand it.
        size_wh: Of the film; None takes the photo's shape.
        focus: What moves hold or approach.

    Raises:
        ParallaxError: The photo, its depth or the network cannot be used.
    """
    source = read_source(photo_path, params=params, clock=StageClock())
    size_wh = size_wh or film_size(source.photo.size_wh)
    glance = glance_at(source)
    stage = survey_stage(glance, source.photo.intrinsics(), size_wh, focus=focus)
    return Survey(stage, source.depth, glance)


def survey_scene(
    scene_path: Path, *, size_wh: tuple[int, int] | None = None, focus: Focus = "auto"
) -> Survey:
    """What a move has to know of a built scene.

    Raises:
        SceneError: It is not one.
    """
    scene = load_scene(scene_path)
    stage = stage_of_scene(scene, size_wh or film_size(scene.intrinsics.size_wh), focus=focus)
    source = source_of_scene(scene)
    if source is not None:
        return Survey(stage, source.depth, glance_at(source))
    kept = scene.maps.get("inv_depth")
    if kept is None:
        return Survey(stage)
    depth = DepthMap(kept)
    return Survey(stage, depth, Glance.of(depth))


def survey_nothing(
    *, size_wh: tuple[int, int] | None = None, fov_deg: float | None = None
) -> Survey:
    """A photo as photos usually are, of a film's shape."""
    size_wh = size_wh or USUAL_SIZE_WH
    return Survey(Stage(Intrinsics.from_fov(size_wh, fov_deg or DEFAULT_FOV_DEG), size_wh))
