"""The only place that knows all rooms: whole jobs from file to file."""

from parallax.pipeline.job import (
    animate_photo,
    build_photo,
    estimate_depth,
    find_regions,
    render_scene,
)
from parallax.pipeline.params import FilmParams, MotionChoice, ShotParams, SourceParams, film_size
from parallax.pipeline.shot import stage_of_scene

__all__ = [
    "FilmParams",
    "MotionChoice",
    "ShotParams",
    "SourceParams",
    "animate_photo",
    "build_photo",
    "estimate_depth",
    "film_size",
    "find_regions",
    "render_scene",
    "stage_of_scene",
]
