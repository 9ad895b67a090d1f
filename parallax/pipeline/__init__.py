"""The only place that knows all rooms: whole jobs from file to file."""

from parallax.pipeline.job import animate_photo, build_photo, estimate_depth, render_scene
from parallax.pipeline.params import FilmParams, ShotParams, SourceParams, film_size

__all__ = [
    "FilmParams",
    "ShotParams",
    "SourceParams",
    "animate_photo",
    "build_photo",
    "estimate_depth",
    "film_size",
    "render_scene",
]
