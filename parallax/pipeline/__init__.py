"""The only place that knows all rooms: whole jobs from file to file."""

from parallax.pipeline.job import (
    animate_photo,
    build_photo,
    estimate_depth,
    find_regions,
    render_scene,
)
from parallax.pipeline.params import (
    FilmParams,
    LookParams,
    MotionChoice,
    ShotParams,
    SourceParams,
    film_size,
)
from parallax.pipeline.preview import check_path, draw_sheet, film_wireframe
from parallax.pipeline.survey import Survey, survey_nothing, survey_photo, survey_scene

__all__ = [
    "FilmParams",
    "LookParams",
    "MotionChoice",
    "ShotParams",
    "SourceParams",
    "Survey",
    "animate_photo",
    "build_photo",
    "check_path",
    "draw_sheet",
    "estimate_depth",
    "film_size",
    "film_wireframe",
    "find_regions",
    "render_scene",
    "survey_nothing",
    "survey_photo",
    "survey_scene",
]
