"""What a frame costs: upload, drawing opaque triangles and rims, reading back, all together.

    python -m benchmarks.bench_render [--sizes 1280x720 1920x1080] [--frames 24] [--runs 5]

The scene is the lake of `samples/`, built from its exact depth, seen from a camera that sways.
Medians are printed and written to `benchmarks/results/render.json`; the milliseconds of a stage are
those of everything up to its end, with the device waited for.
"""

import argparse
import math
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Timing, peak_memory_mb, print_table, time_calls, write_result
from parallax.camera import Pose, Reach, ResolvedCamera, fov_to_cover
from parallax.depth_map import load_depth
from parallax.gpu import Context, Renderer, RenderParams, open_context
from parallax.layers.build import build_scene
from parallax.photo import load_photo
from parallax.scene import Scene

SAMPLES = Path(__file__).parent.parent / "samples"
SWAY_SU = 0.05
REACH = Reach(parallax_su=SWAY_SU, margin_uv=(0.05, 0.05, 0.05, 0.05))
SUPERSAMPLES = (1, 2)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["1280x720", "1920x1080"])
    parser.add_argument("--frames", type=int, default=24)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()
    device = int(options.device) if options.device.isdigit() else options.device
    rows: dict[str, Timing] = {}
    with open_context(device) as context:
        for size in options.sizes:
            width, height = (int(side) for side in size.split("x"))
            scene = lake_scene((width, height))
            for supersample in SUPERSAMPLES:
                params = RenderParams(supersample=supersample)
                measured = measure(
                    scene, (width, height), params, context, options.frames, options.runs
                )
                for stage, timing in measured.items():
                    rows[f"{size} {supersample}×{supersample} {stage}"] = timing
            rows[f"{size} triangles {scene.num_triangles}"] = Timing(0, 0, 0, 0)
        device_name = context.renderer
    header = ["what", "wall ms", "cpu ms", "spread ms"]
    print_table(header, [[n, t.wall_ms, t.cpu_ms, t.spread_ms] for n, t in rows.items()])
    print(f"\n{device_name}, peak memory {peak_memory_mb()} MB")
    table = {n: {"wall_ms": t.wall_ms, "cpu_ms": t.cpu_ms} for n, t in rows.items()}
    print(write_result("render", {"device": device_name, **table}))


def lake_scene(size_wh: tuple[int, int]) -> Scene:
    """The lake, taken apart for films of this size."""
    photo = load_photo(SAMPLES / "lake.jpg")
    depth = load_depth(SAMPLES / "lake.depth.png")
    return build_scene(photo, depth, None, reach=REACH, size_wh=size_wh)


def sway(scene: Scene, size_wh: tuple[int, int], num_frames: int) -> list[ResolvedCamera]:
    """A camera that goes from side to side and a little up and down."""
    fov_deg = 0.92 * fov_to_cover(scene.intrinsics, size_wh)
    cameras = []
    for k in range(num_frames):
        turn = 2 * math.pi * k / num_frames
        position_su = (SWAY_SU * math.sin(turn), 0.4 * SWAY_SU * math.cos(turn), 0.0)
        pose = Pose.look_at(position_su, (0, 0, -scene.focus_su))
        cameras.append(ResolvedCamera(k / 30, pose, fov_deg))
    return cameras


def measure(
    scene: Scene,
    size_wh: tuple[int, int],
    params: RenderParams,
    context: Context,
    num_frames: int,
    num_runs: int,
) -> dict[str, Timing]:
    """The time of each stage, of a frame but for the upload."""
    cameras = sway(scene, size_wh, num_frames)

    def upload() -> None:
        with Renderer(scene, size_wh=size_wh, params=params, context=context):
            context.gl.finish()

    found = {"upload": time_calls(upload, num_runs=num_runs)}
    with Renderer(scene, size_wh=size_wh, params=params, context=context) as renderer:

        def opaque() -> None:
            for camera in cameras:
                renderer.count_uncovered(camera)

        def frames() -> None:
            for _ in renderer.frames(cameras):
                pass

        stages: dict[str, Callable[[], None]] = {"opaque, read, count": opaque, "frame": frames}
        for stage, run in stages.items():
            whole = time_calls(run, num_runs=num_runs)
            found[stage] = Timing(
                round(whole.wall_ms / num_frames, 2),
                round(whole.cpu_ms / num_frames, 2),
                round(whole.spread_ms / num_frames, 2),
                num_runs,
            )
    return found


if __name__ == "__main__":
    main()
