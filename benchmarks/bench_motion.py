"""Motion of regions: what it costs, whether it is seamless, still elsewhere, sharp, and like life.

    python -m benchmarks.bench_motion [PHOTO …] [--size 1920x1080] [--frames 24] [--clips FOLDER]

For each photo: the share that moves, seconds to plan and to bake, milliseconds to draw a frame
with and without motion (processor time of all threads), and with a camera at rest

    loop_diff    largest difference of the frames at 0 and at T, of 255; 0 is exact
    seam_ratio   mean difference across the loop's end over the mean between neighbours; 1 is even
    film_end     mean difference across the loop's end of a film of 30 frames a second, encoded and
                 decoded, of 255
    film_step    the same between its neighbours
    leak         largest difference from the still frame 4 px and more outside every mask, of 255,
                 where nothing shows through
    through      the same where it does: soft rims of what stands before a sky that moves
    pulsing      standard deviation over time of the contrast of detail inside the masks, in %
    sharpness    that contrast over the photo's
    flicker      standard deviation of the moving part's mean brightness above 3 Hz, of 255
    stretch      largest singular value of the displacement's gradient; 1 folds the picture

`--clips`: films of real water and leaves. The first frame of each is moved by the engine, and both
are measured by the same optical flow (`benchmarks/motion_clip.py`).

Written to `benchmarks/results/motion.json`.
"""

import argparse
import tempfile
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks import motion_metric
from benchmarks.measure import print_table, time_calls, write_result
from benchmarks.motion_clip import compare_clips
from parallax.camera import Pose, Reach, ResolvedCamera, fov_to_cover
from parallax.gpu import Renderer, RenderParams
from parallax.layers.build import build_scene
from parallax.motion import MotionParams, bake_motion, plan_motion
from parallax.motion.course import stretch_of
from parallax.motion_plan import Motion
from parallax.pipeline.clock import StageClock
from parallax.pipeline.params import SourceParams
from parallax.pipeline.source import read_source
from parallax.scene import Layer, Scene
from parallax.video import VideoParams, write_video

SAMPLE = Path(__file__).parent.parent / "samples" / "lake.jpg"
OUTSIDE_PX = 4  # of the film: two texels of a mask, whose weights are interpolated
FPS = 30


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="*", type=Path, default=[SAMPLE])
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--frames", type=int, default=24, help="of the loop that are looked at")
    parser.add_argument("--clips", type=Path, help="folder of real films to compare with")
    options = parser.parse_args()
    if absent := [str(path) for path in options.photos if not path.is_file()]:
        parser.error(f"no such photo: {', '.join(absent)}")
    width, height = (int(n) for n in options.size.split("x"))
    rows = {p.stem: _measure(p, (width, height), options.frames) for p in options.photos}
    _print_rows("photo", rows)
    clips = compare_clips(options.clips) if options.clips else {}
    _print_rows("clip", clips)
    print(f"\n{write_result('motion', {'photos': rows, 'clips': clips})}")


def _print_rows(title: str, rows: dict[str, dict[str, Any]]) -> None:
    """A table of rows that have the same keys."""
    if rows:
        names = list(next(iter(rows.values())))
        print_table([title, *names], [[p, *(row[n] for n in names)] for p, row in rows.items()])
        print()


def _measure(photo_path: Path, size_wh: tuple[int, int], num_frames: int) -> dict[str, Any]:
    """All numbers of one photo."""
    source = read_source(photo_path, params=SourceParams(), clock=StageClock())
    if source.labels is None:
        raise ValueError(f"{photo_path}: expected labels from the network")
    start_s = time.perf_counter()
    planned = plan_motion(source.photo, source.depth, source.labels, params=MotionParams())
    plan_s = time.perf_counter() - start_s
    start_s = time.perf_counter()
    motion = bake_motion(
        planned.plan, source.photo, source.depth, source.labels, film_long_side_px=max(size_wh)
    )
    bake_s = time.perf_counter() - start_s
    scene = build_scene(
        source.photo, source.depth, source.labels, reach=Reach(0.03, (0.02,) * 4), size_wh=size_wh
    )
    moving = _moving_mask(motion, scene, size_wh)
    return {
        "regions": " ".join(r.type for r in planned.plan.regions) or "none",
        "moving_share": round(float(moving.mean()), 3),
        "plan_s": round(plan_s, 2),
        "bake_s": round(bake_s, 2),
        **_cost(scene, motion, size_wh),
        **_looks(scene, motion, size_wh, moving, num_frames),
        "stretch": _worst_stretch(motion),
    }


def _moving_mask(motion: Motion, scene: Scene, size_wh: tuple[int, int]) -> NDArray[np.bool_]:
    """(H, W) of the film at rest: what any region moves."""
    weight = motion.mask8.max(-1) > 0
    if motion.glint:
        weight |= motion.glint.strength8 > 0
    if motion.ripple:
        weight |= motion.ripple.runs
    sways = cv2.resize(motion.sways.astype(np.float32), weight.shape[::-1]) > 0
    photo_wh = scene.intrinsics.size_wh
    scale = max(size_wh[0] / photo_wh[0], size_wh[1] / photo_wh[1])
    whole_wh = (round(photo_wh[0] * scale), round(photo_wh[1] * scale))
    # As floats: bytes would round a texel that sparkles alone to nothing
    whole = cv2.resize((weight | sways).astype(np.float32), whole_wh) > 0
    left, top = (whole_wh[0] - size_wh[0]) // 2, (whole_wh[1] - size_wh[1]) // 2
    return np.asarray(whole[top : top + size_wh[1], left : left + size_wh[0]])


def _cost(scene: Scene, motion: Motion, size_wh: tuple[int, int]) -> dict[str, float]:
    """Processor milliseconds of a frame without and with motion."""
    costs = {}
    for name, moved in (("still_ms", None), ("moving_ms", motion)):
        with _renderer(scene, moved, size_wh) as renderer:
            cameras = [_camera(scene, size_wh, i / FPS, 0.01 * np.sin(i)) for i in range(8)]
            timing = time_calls(lambda r=renderer, c=cameras: list(r.frames(c)))  # type: ignore[misc]
            costs[name] = round(timing.cpu_ms / len(cameras), 1)
    costs["added_percent"] = round(100 * (costs["moving_ms"] / costs["still_ms"] - 1))
    return costs


def _looks(
    scene: Scene,
    motion: Motion,
    size_wh: tuple[int, int],
    moving: NDArray[np.bool_],
    num_frames: int,
) -> dict[str, float]:
    """Seam, leak, pulsing, sharpness and flicker of the loop from a camera at rest."""
    with _renderer(scene, None, size_wh) as renderer:
        still = renderer.render(_camera(scene, size_wh, 0.0)).srgb8[..., :3]
    times_s = [i / num_frames * motion.period_s for i in range(num_frames + 1)]
    with _renderer(scene, motion, size_wh) as renderer:
        cameras = (_camera(scene, size_wh, t) for t in times_s)
        *loop, end = (frame.srgb8[..., :3] for frame in renderer.frames(cameras))
    frames = np.stack(loop)
    far = cv2.distanceTransform((~moving).astype(np.uint8), cv2.DIST_L2, 5) > OUTSIDE_PX
    inside = cv2.erode(moving.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    fps = num_frames / motion.period_s
    film_end, film_step = _seam_of_film(scene, motion, size_wh)
    through = _seen_through(scene, size_wh)
    return {
        "loop_diff": int(np.abs(end.astype(np.int16) - loop[0]).max()),
        "seam_ratio": round(motion_metric.seam_ratio(frames), 2),
        "film_end": round(film_end, 3),
        "film_step": round(film_step, 3),
        "leak": motion_metric.static_leak(frames, still, ~far | through),
        "through": motion_metric.static_leak(frames, still, ~(far & through)),
        "pulsing": round(100 * motion_metric.contrast_pulsing(frames, inside), 2),
        "sharpness": round(motion_metric.sharpness(frames, still, inside), 3),
        "flicker": round(motion_metric.flicker(frames, inside, fps=fps), 2),
    }


def _seen_through(scene: Scene, size_wh: tuple[int, int]) -> NDArray[np.bool_]:
    """(H, W): where a soft layer covers a part of a pixel, as far as the device draws it.

    Each such layer is drawn black before a white world: what comes out grey shows both.
    """
    grey = np.zeros(size_wh[::-1], np.bool_)
    for soft in scene.layers:
        if soft.mesh.num_opaque == len(soft.mesh.triangles):
            continue
        layers = [_painted(layer, 0 if layer is soft else 255) for layer in scene.layers]
        with _renderer(replace(scene, layers=tuple(layers)), None, size_wh) as renderer:
            level = renderer.render(_camera(scene, size_wh, 0.0)).srgb8[..., 0]
        grey |= (level > 0) & (level < 255)
    return grey


def _painted(layer: Layer, level: int) -> Layer:
    """The layer with every colour alike; its alpha stays."""
    srgb8 = layer.srgb8.copy()
    srgb8[..., :3] = level
    return replace(layer, srgb8=srgb8)


def _seam_of_film(scene: Scene, motion: Motion, size_wh: tuple[int, int]) -> tuple[float, float]:
    """The step at the loop's end and the usual one, as a player shows them at standard quality."""
    num_frames = round(motion.period_s * FPS)
    cameras = (_camera(scene, size_wh, i / FPS) for i in range(num_frames))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "loop.mp4"
        with _renderer(scene, motion, size_wh) as renderer:
            frames = renderer.frames(cameras)
            params = VideoParams(loop_frames=num_frames)
            write_video(frames, path, size_wh=size_wh, fps=Fraction(FPS), params=params)
        with av.open(str(path)) as film:
            shown = (
                np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                for frame in film.decode(video=0)
            )
            return motion_metric.seam_of(shown)


def _worst_stretch(motion: Motion) -> float:
    """The largest singular value of the displacement's gradient, over places and times."""
    height, width = motion.modes_uv.shape[1:3]
    short = min(height, width)
    to_short = np.array([width / short, height / short], np.float32)
    worst = 0.0
    for turn in np.linspace(0, 1, 17):
        angle = 2 * np.pi * turn * np.array(motion.cycles)
        shift = sum(
            mode[..., :2] * np.float32(np.cos(a)) + mode[..., 2:] * np.float32(np.sin(a))
            for mode, a in zip(motion.modes_uv, angle, strict=True)
        )
        worst = max(worst, float(stretch_of(np.asarray(shift * to_short), 1 / short).max()))
    return round(worst, 3)


def _camera(
    scene: Scene, size_wh: tuple[int, int], time_s: float, right_su: float = 0.0
) -> ResolvedCamera:
    """A camera a little aside at a moment."""
    pose = Pose.from_rotation((right_su, 0, 0), np.eye(3))
    return ResolvedCamera(time_s, pose, fov_to_cover(scene.intrinsics, size_wh))


def _renderer(scene: Scene, motion: Motion | None, size_wh: tuple[int, int]) -> Renderer:
    """A renderer in software, for numbers that can be compared."""
    return Renderer(scene, size_wh=size_wh, motion=motion, params=RenderParams(device="software"))


if __name__ == "__main__":
    main()
