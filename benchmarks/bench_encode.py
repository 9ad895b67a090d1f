"""What encoding a frame costs: drawing, reading, converting, encoding, and all of it at once.

    python -m benchmarks.bench_encode [--size 1920x1080] [--frames 60] [--runs 5]
                                      [--encoders h264] [--qualities standard high maximum]

The frames are those of `bench_render`: the lake of `samples/` from a camera that sways. Medians are
printed and written to `benchmarks/results/encode.json`: milliseconds a frame, Mbit/s, how far
the film is from the frames (PSNR of luma), and which part of the encoder's own speed is reached:
that of converting and encoding frames that are there already. Beside drawing only the first quality
is measured, as frames are drawn for it; the others once. Two to three minutes on two cores.
"""

import argparse
import tempfile
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np

from benchmarks.bench_render import lake_scene, sway
from benchmarks.measure import peak_memory_mb, print_table, time_calls, write_result
from parallax.camera import ResolvedCamera
from parallax.frame import Frame
from parallax.gpu import Context, Renderer, open_context
from parallax.gpu.readback import Readback, SpareArrays
from parallax.gpu.target import create_target
from parallax.video import PROFILES, VideoParams, write_video
from parallax.video.convert import PLANAR_FORMAT, PixelConverter

FPS = Fraction(30)
RUNS_OF_OTHERS = 1  # after one to warm up: their films take up to ten times as long
Row: TypeAlias = dict[str, float]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--encoders", nargs="+", default=["h264"], choices=PROFILES)
    parser.add_argument("--qualities", nargs="+", default=["standard", "high", "maximum"])
    options = parser.parse_args()
    width, height = (int(side) for side in options.size.split("x"))
    size_wh = width, height
    scene = lake_scene(size_wh)
    cameras = sway(scene, size_wh, options.frames)
    rows: dict[str, Row] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        open_context() as context,
        Renderer(scene, size_wh=size_wh, context=context) as renderer,
    ):

        def draw() -> None:
            deque(renderer.frames(cameras), maxlen=0)

        def measured(call: Callable[[], object], num_runs: int = options.runs) -> Row:
            timing = time_calls(call, num_runs=num_runs)
            return {
                "wall_ms": round(timing.wall_ms / options.frames, 2),
                "cpu_ms": round(timing.cpu_ms / options.frames, 2),
            }

        rows["draw, read"] = measured(draw)
        rows["read"] = measured(lambda: _read(context, size_wh, options.frames))
        frames = list(renderer.frames(cameras))
        rows["convert"] = measured(lambda: _convert(frames))
        for encoder in options.encoders:
            path = Path(folder) / f"film{PROFILES[encoder].suffixes[0]}"
            for quality in options.qualities:
                params = VideoParams(encoder=encoder, quality=quality)
                write = partial(write_video, out_path=path, size_wh=size_wh, fps=FPS, params=params)
                name, is_first = f"{encoder} {quality}", quality == options.qualities[0]
                num_runs = options.runs if is_first else RUNS_OF_OTHERS
                alone = measured(partial(write, frames), num_runs)
                rows[f"{name}: convert, encode"] = alone | _quality(path, frames)
                if is_first:
                    whole = measured(partial(_all_at_once, renderer, cameras, write))
                    share = round(alone["wall_ms"] / whole["wall_ms"], 2)
                    rows[f"{name}: draw, read, convert, encode"] = whole | {"of_encoder": share}
    header = ["what", "wall_ms", "cpu_ms", "mbit_s", "psnr_db", "of_encoder"]
    print_table(header, [[n, *(row.get(h, "–") for h in header[1:])] for n, row in rows.items()])
    print(f"\npeak memory {peak_memory_mb()} MB, {options.frames} frames held")
    print(write_result("encode", {"size": options.size, "frames": options.frames, **rows}))


def _all_at_once(
    renderer: Renderer, cameras: list[ResolvedCamera], write: Callable[..., object]
) -> None:
    """Draw a film and write it meanwhile."""
    write(renderer.frames(cameras))


def _read(context: Context, size_wh: tuple[int, int], num_frames: int) -> None:
    """Read pictures back that have been drawn."""
    spare = SpareArrays()
    readback = Readback(context, create_target(context, size_wh), spare)
    for _ in range(num_frames):
        readback.start()
        readback.finish()
    readback.release()


def _convert(frames: list[Frame]) -> None:
    """Turn every frame into the encoder's pixels."""
    converter = _converter(frames[0].size_wh)
    for frame in frames:
        converter.convert(frame)


def _converter(size_wh: tuple[int, int]) -> PixelConverter:
    """What films in H.264 are converted by."""
    return PixelConverter(PLANAR_FORMAT, size_wh, halves_chroma=True)


def _quality(path: Path, frames: list[Frame]) -> dict[str, float]:
    """How large a film is, and how far from its frames."""
    converter = _converter(frames[0].size_wh)
    height = frames[0].srgb8.shape[0]
    errors = []
    with av.open(str(path)) as film:
        for shown, frame in zip(film.decode(video=0), frames, strict=True):
            luma = shown.to_ndarray(format="yuv420p")[:height].astype(np.float32)
            wanted = converter.convert(frame).to_ndarray()[:height].astype(np.float32)
            errors.append(np.square(luma - wanted).mean())
    seconds = len(frames) / float(FPS)
    return {
        "mbit_s": round(path.stat().st_size * 8 / seconds / 1e6, 2),
        "psnr_db": round(float(10 * np.log10(255**2 / np.mean(errors))), 2),
    }


if __name__ == "__main__":
    main()
