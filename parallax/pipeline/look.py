"""What lens, shutter and film do to the picture: all of it off where nothing is asked for."""

from collections.abc import Sequence

import numpy as np

from parallax.camera import ResolvedCamera
from parallax.gpu import RenderParams, shutter_times
from parallax.path import CameraPath, resolve_path
from parallax.pipeline.params import SUPERSAMPLE, FilmParams, Quality

MOMENTS: dict[Quality, int] = {"standard": 8, "high": 16, "maximum": 32}  # of an open shutter
LENS_POINTS: dict[Quality, int] = {"standard": 24, "high": 48, "maximum": 96}  # of a wide lens


def render_params(params: FilmParams) -> RenderParams:
    """How the renderer is to draw a film."""
    look = params.look
    return RenderParams(
        supersample=SUPERSAMPLE[params.quality],
        lens_radius_su=look.aperture_su / 2,
        lens_samples=LENS_POINTS[params.quality],
        vignette=look.vignette,
        grain=look.grain,
        distortion=look.distortion,
        device=params.device,
    )


def open_shutter(
    path: CameraPath,
    cameras: Sequence[ResolvedCamera],
    params: FilmParams,
    *,
    default_fov_deg: float,
) -> list[list[ResolvedCamera]]:
    """The cameras whose light each frame gathers, as long as the shutter is open.

    Args:
        path: Of the film.
        cameras: One a frame.
        params: Of the film.
        default_fov_deg: Vertical field of view where the path says none.
    """
    shutter_deg, num = params.look.shutter_deg, MOMENTS[params.quality]
    if shutter_deg == 0:
        return [[camera] for camera in cameras]
    times_s = [
        shutter_times(camera.time_s, params.fps, shutter_deg=shutter_deg, num_samples=num)
        for camera in cameras
    ]
    resolved = resolve_path(path, np.array(times_s).ravel(), default_fov_deg=default_fov_deg)
    return [
        [resolved.camera(frame * num + moment) for moment in range(num)]
        for frame in range(len(cameras))
    ]
