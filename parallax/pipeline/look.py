"""What lens, shutter and film do to the picture: all of it off where nothing is asked for."""

import math
from collections.abc import Sequence

import numpy as np

from parallax.camera import ResolvedCamera
from parallax.gpu import RenderParams, shutter_times
from parallax.path import CameraPath, resolve_path
from parallax.pipeline.params import SUPERSAMPLE, FilmParams, Quality

# Of an open shutter: as many as it takes to leave no gaps wider than this between the pictures of
# the fastest edge, which would be seen as a comb
GAP_PX: dict[Quality, float] = {"standard": 4.0, "high": 1.5, "maximum": 1.0}
LEAST_MOMENTS: dict[Quality, int] = {"standard": 4, "high": 8, "maximum": 16}
MOST_MOMENTS: dict[Quality, int] = {"standard": 32, "high": 96, "maximum": 192}
NEAR_SU, FAR_SU = 1.0, 1e4  # what is nearer than the nearest or farther moves no faster than both
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
    size_wh: tuple[int, int],
    default_fov_deg: float,
) -> list[list[ResolvedCamera]]:
    """The cameras whose light each frame gathers, as long as the shutter is open.

    Args:
        path: Of the film.
        cameras: One a frame.
        params: Of the film.
        size_wh: Of its frames.
        default_fov_deg: Vertical field of view where the path says none.
    """
    shutter_deg = params.look.shutter_deg
    if shutter_deg == 0:
        return [[camera] for camera in cameras]

    def resolve(num_moments: Sequence[int]) -> list[list[ResolvedCamera]]:
        """So many cameras for each frame."""
        moments_s = [
            shutter_times(camera.time_s, params.fps, shutter_deg=shutter_deg, num_samples=num)
            for camera, num in zip(cameras, num_moments, strict=True)
        ]
        resolved = resolve_path(
            path,
            np.array([s for times in moments_s for s in times]),
            default_fov_deg=default_fov_deg,
        )
        index = iter(range(sum(num_moments)))
        return [[resolved.camera(next(index)) for _ in times] for times in moments_s]

    ends = resolve([2] * len(cameras))  # half of the shutter's time apart
    gap_px, quality = GAP_PX[params.quality], params.quality
    num_moments = [math.ceil(2 * travel_px(first, last, size_wh) / gap_px) for first, last in ends]
    return resolve(
        [min(max(num, LEAST_MOMENTS[quality]), MOST_MOMENTS[quality]) for num in num_moments]
    )


def travel_px(first: ResolvedCamera, last: ResolvedCamera, size_wh: tuple[int, int]) -> float:
    """How far the picture of anything near or far moves at most from one camera to another."""
    width, height = size_wh
    side = np.linspace(-1, 1, 5)
    x, y = (n.ravel() for n in np.meshgrid(side * width / height, side))
    tan_first, tan_last = (math.tan(math.radians(c.fov_deg) / 2) for c in (first, last))
    ray = np.stack([x * tan_first, y * tan_first, -np.ones_like(x)])
    last_from_first = last.pose.camera_from_world @ first.pose.world_from_camera
    farthest_px = 0.0
    for distance_su in (NEAR_SU, FAR_SU):
        seen = last_from_first[:3, :3] @ (ray * distance_su) + last_from_first[:3, 3:]
        ahead = seen[2] < 0
        moved = seen[:2, ahead] / -seen[2, ahead] / tan_last - np.stack([x, y])[:, ahead]
        if ahead.any():
            farthest_px = max(farthest_px, float(np.hypot(*moved).max()) * height / 2)
    return farthest_px
