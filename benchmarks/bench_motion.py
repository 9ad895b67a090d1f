"""Motion of regions: what it costs, and whether it is seamless, still elsewhere, sharp and even.

    python -m benchmarks.bench_motion [PHOTO …] [--size 1920x1080] [--frames 24]

For each photo: the share that moves, seconds to plan and to bake, milliseconds to draw a frame
with and without motion (processor time of all threads), and with a camera at rest

    loop_diff    largest difference of the frames at 0 and at T, of 255; 0 is exact
    seam_ratio   mean difference across the loop's end over the mean between neighbours; 1 is even
    leak         largest difference from the still frame 4 px and more outside every mask, of 255
    pulsing      standard deviation over time of the contrast of detail inside the masks, in %
    sharpness    that contrast over the photo's
    stretch      largest singular value of the displacement's gradient; 1 folds the picture

Written to `benchmarks/results/motion.json`.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import print_table, time_calls, write_result
from parallax.camera import Pose, Reach, ResolvedCamera, fov_to_cover
from parallax.gpu import Renderer, RenderParams
from parallax.layers.build import build_scene
from parallax.motion import MotionParams, bake_motion, plan_motion
from parallax.motion.course import stretch_of
from parallax.motion_plan import Motion
from parallax.pipeline.clock import StageClock
from parallax.pipeline.params import SourceParams
from parallax.pipeline.source import read_source
from parallax.scene import Scene

SAMPLE = Path(__file__).parent.parent / "samples" / "lake.jpg"
OUTSIDE_PX = 4  # a soft edge between a thing and a moving sky shows some of the sky
FPS = 30


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="*", type=Path, default=[SAMPLE])
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--frames", type=int, default=24, help="of the loop that are looked at")
    options = parser.parse_args()
    width, height = (int(n) for n in options.size.split("x"))
    rows = {p.stem: _measure(p, (width, height), options.frames) for p in options.photos}
    names = list(next(iter(rows.values())))
    print_table(["photo", *names], [[p, *(row[n] for n in names)] for p, row in rows.items()])
    print(f"\n{write_result('motion', rows)}")


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
        weight |= (motion.glint.swing8 != 128).any(-1)
    sways = cv2.resize(motion.sways.astype(np.uint8), weight.shape[::-1]) > 0
    photo_wh = scene.intrinsics.size_wh
    scale = max(size_wh[0] / photo_wh[0], size_wh[1] / photo_wh[1])
    whole_wh = (round(photo_wh[0] * scale), round(photo_wh[1] * scale))
    whole = cv2.resize((weight | sways).astype(np.uint8), whole_wh) > 0
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
    """Seam, leak, pulsing and sharpness of the loop from a camera at rest."""
    with _renderer(scene, None, size_wh) as renderer:
        still = renderer.render(_camera(scene, size_wh, 0.0)).srgb8[..., :3].astype(np.int16)
    times_s = [i / num_frames * motion.period_s for i in range(num_frames)]
    times_s += [motion.period_s - 1 / FPS, motion.period_s, 1 / FPS]
    with _renderer(scene, motion, size_wh) as renderer:
        frames = [
            f.srgb8[..., :3].astype(np.int16)
            for f in renderer.frames(_camera(scene, size_wh, t) for t in times_s)
        ]
    *loop, before_end, end, after_start = frames
    far = cv2.distanceTransform((~moving).astype(np.uint8), cv2.DIST_L2, 5) > OUTSIDE_PX
    leak = max((int(np.abs(f - still)[far].max()) for f in loop), default=0) if far.any() else 0
    inside = cv2.erode(moving.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    contrast = np.array([_detail(frame, inside) for frame in loop])
    step = float(np.abs(after_start - loop[0]).mean())
    return {
        "loop_diff": int(np.abs(end - loop[0]).max()),
        "seam_ratio": round(float(np.abs(loop[0] - before_end).mean()) / max(step, 1e-9), 2),
        "leak": leak,
        "pulsing": round(100 * float(contrast.std() / max(contrast.mean(), 1e-9)), 2),
        "sharpness": round(float(contrast.mean()) / max(_detail(still, inside), 1e-9), 3),
    }


def _detail(frame: NDArray[np.int16], inside: NDArray[np.bool_]) -> float:
    """Standard deviation of what is finer than two pixels, inside a mask."""
    grey = frame.astype(np.float32).mean(-1)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 2)
    return float(fine[inside].std()) if inside.any() else 0.0


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
