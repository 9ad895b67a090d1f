"""Scene and camera path in, film out."""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from parallax.camera import ResolvedCamera, fov_to_cover
from parallax.frame import Frame, PlanarFrame
from parallax.gpu import (
    Context,
    Device,
    Renderer,
    join_alpha,
    matte_motion,
    matte_scene,
    open_context,
)
from parallax.memory import give_back_free_memory
from parallax.motion_plan import Motion
from parallax.output import whole_file
from parallax.path import CameraPath, frame_times, resolve_path, write_camera_json
from parallax.pipeline.clock import StageClock
from parallax.pipeline.cutout import lay_on_ground
from parallax.pipeline.framing import lay_on_mat
from parallax.pipeline.look import open_shutter, render_params
from parallax.pipeline.params import FilmParams
from parallax.scene import Scene
from parallax.video import (
    PLANAR_FORMAT,
    VideoInfo,
    VideoParams,
    choose_profile,
    save_frames,
    write_video,
)

Progress = Callable[[str, int, int], None]
AnyFrame = TypeVar("AnyFrame", Frame, PlanarFrame)


@dataclass(frozen=True, slots=True)
class Film:
    """A film that has been written.

    Attributes:
        video: What the file says about itself.
        camera_file: The resolved camera of every frame, beside it.
        device: What drew it.
    """

    video: VideoInfo
    camera_file: Path
    device: str


def shoot_film(
    scene: Scene,
    path: CameraPath,
    out_path: Path,
    *,
    motion: Motion | None,
    size_wh: tuple[int, int],
    mat: NDArray[np.uint8] | None = None,
    params: FilmParams,
    clock: StageClock,
    on_progress: Progress,
) -> Film:
    """Films a scene along a path.

    Args:
        scene: What there is.
        path: From where it is seen.
        motion: How it moves; None where all stands still.
        out_path: The film; `NAME.camera.json` is written beside it.
        size_wh: Of the moving picture.
        mat: uint8 (H, W, 4), a larger film's ground that the picture is laid on; None for none.
        params: Rate, quality, codec, device.
        clock: Counts "upload", "film" and, within it, "draw".
        on_progress: Told ("film", frames done, frames in all).

    Raises:
        ContextError: There is nothing to draw with.
        VideoError: The encoder refuses.
        OutputError: The disk refuses.
    """
    cameras, exposures = _plan_exposures(scene, path, size_wh, params)
    alpha = _alpha_of(scene, out_path, params)
    with ExitStack() as closing:
        with clock.stage("upload"):
            give_back_free_memory()
            context = closing.enter_context(open_context(params.device))
            renderer = closing.enter_context(
                Renderer(
                    scene,
                    size_wh=size_wh,
                    motion=motion,
                    params=render_params(params),
                    context=context,
                )
            )
            matte = _open_matte(closing, context, scene, motion, size_wh=size_wh, params=params)
        closing.enter_context(clock.stage("film"))
        frames: Iterable[Frame | PlanarFrame]
        if mat is None and come_in_planes(context.device, out_path, params, alpha.is_there):
            frames = _timed(renderer.planar_frames(exposures), clock)
        else:
            drawn = renderer.frames(exposures)
            if matte is not None:
                drawn = join_alpha(drawn, matte.frames(exposures))
            pictures: Iterable[Frame] = _timed(drawn, clock)
            if mat is not None:
                cameras, size_wh, pictures = _lay_all_on_mat(mat, cameras, size_wh, pictures)
            frames = _pass_on(pictures, params, alpha)
        video = write_video(
            frames,
            out_path,
            size_wh=size_wh,
            fps=params.fps,
            params=_video_params(params, alpha, loop_frames=len(cameras) if path.loop else 0),
            on_frame=lambda done: on_progress("film", done, len(cameras)),
        )
    camera_file = out_path.with_suffix(".camera.json")
    with whole_file(camera_file) as partial:
        write_camera_json(partial, cameras, size_wh=size_wh, fps=params.fps, loop=path.loop)
    return Film(video, camera_file, renderer.device)


def _plan_exposures(
    scene: Scene, path: CameraPath, size_wh: tuple[int, int], params: FilmParams
) -> tuple[list[ResolvedCamera], list[list[ResolvedCamera]]]:
    """The camera of every frame, and those whose light each frame gathers."""
    fov_deg = fov_to_cover(scene.intrinsics, size_wh)
    times_s = frame_times(path.duration_s, params.fps, loop=path.loop)
    resolved = resolve_path(path, np.array(times_s), default_fov_deg=fov_deg)
    cameras = [resolved.camera(index) for index in range(len(times_s))]
    return cameras, open_shutter(path, cameras, params, size_wh=size_wh, default_fov_deg=fov_deg)


@dataclass(frozen=True, slots=True)
class _Alpha:
    """Whether the photo is transparent in places, and whether the film is to be."""

    is_there: bool
    is_kept: bool


def _alpha_of(scene: Scene, out_path: Path, params: FilmParams) -> _Alpha:
    """What there is of transparency, and whether such a file can have it."""
    is_there = "alpha8" in scene.maps
    profile = choose_profile(out_path, params.encoder or "auto")
    return _Alpha(is_there, is_there and profile.keeps_alpha)


def come_in_planes(
    device: Device, out_path: Path, params: FilmParams, is_transparent: bool
) -> bool:
    """Whether frames go from the device to the encoder as planes.

    Only a card makes them faster than the processor; nobody may want to see the frames in between.
    """
    profile = choose_profile(out_path, params.encoder or "auto")
    takes_planes = profile.pixel_format == PLANAR_FORMAT and params.frames_dir is None
    return takes_planes and not device.is_software and not is_transparent


def _open_matte(
    closing: ExitStack,
    context: Context,
    scene: Scene,
    motion: Motion | None,
    *,
    size_wh: tuple[int, int],
    params: FilmParams,
) -> Renderer | None:
    """What draws how opaque the frames are; None where the photo is opaque everywhere."""
    if "alpha8" not in scene.maps:
        return None
    return closing.enter_context(
        Renderer(
            matte_scene(scene, scene.maps["alpha8"]),
            size_wh=size_wh,
            motion=matte_motion(motion) if motion else None,
            params=replace(render_params(params), vignette=0.0, grain=0.0),
            context=context,
        )
    )


def _pass_on(frames: Iterable[Frame], params: FilmParams, alpha: _Alpha) -> Iterable[Frame]:
    """The frames as the film is to have them, each written as a picture on its way if wanted."""
    if params.frames_dir is not None:
        frames = save_frames(
            frames, params.frames_dir, params.frames_format, has_alpha=alpha.is_there
        )
    return lay_on_ground(frames) if alpha.is_there and not alpha.is_kept else frames


def _video_params(params: FilmParams, alpha: _Alpha, *, loop_frames: int) -> VideoParams:
    """How the film is encoded."""
    return VideoParams(
        encoder=params.encoder or "auto",
        quality=params.quality,
        loop_frames=loop_frames,
        has_alpha=alpha.is_kept,
    )


def _lay_all_on_mat(
    mat: NDArray[np.uint8],
    cameras: Sequence[ResolvedCamera],
    size_wh: tuple[int, int],
    frames: Iterable[Frame],
) -> tuple[list[ResolvedCamera], tuple[int, int], Iterable[Frame]]:
    """The cameras, the size and the frames of the film that the picture is a part of."""
    height, width = mat.shape[:2]
    widened = [_widened(camera, height / size_wh[1]) for camera in cameras]
    return widened, (width, height), (lay_on_mat(frame, mat) for frame in frames)


def _widened(camera: ResolvedCamera, factor: float) -> ResolvedCamera:
    """The camera of a film that is taller by a factor, with every pixel where it was."""
    tan = math.tan(math.radians(camera.fov_deg) / 2) * factor
    return replace(camera, fov_deg=math.degrees(2 * math.atan(tan)))


def _timed(frames: Iterator[AnyFrame], clock: StageClock) -> Iterator[AnyFrame]:
    """The same frames; the time it takes to get them counts as "draw"."""
    while True:
        start_s = time.perf_counter()
        frame = next(frames, None)
        clock.add("draw", time.perf_counter() - start_s)
        if frame is None:
            return
        yield frame
