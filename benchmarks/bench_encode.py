"""What encoding a frame costs: converting, encoding, and both beside drawing.

    python -m benchmarks.bench_encode [--size 1920x1080] [--frames 60] [--runs 5]
                                      [--encoders h264] [--qualities standard high maximum]

The frames are those of `bench_render`: the lake of `samples/` from a camera that sways. Medians are
printed and written to `benchmarks/results/encode.json`: milliseconds a frame, Mbit/s, how far
the film is from the frames (PSNR of luma), and which part of the encoder's own speed is reached.
"""

import argparse
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from benchmarks.bench_render import lake_scene, sway
from benchmarks.measure import Timing, peak_memory_mb, print_table, time_calls, write_result
from parallax.frame import Frame
from parallax.gpu import Renderer
from parallax.video import PROFILES, VideoParams, write_video
from parallax.video.convert import PixelConverter

FPS = Fraction(30)


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
    rows: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, Renderer(scene, size_wh=size_wh) as renderer:

        def draw() -> None:
            for _ in renderer.frames(cameras):
                pass

        def measured(call: Any) -> dict[str, Any]:
            timing: Timing = time_calls(call, num_runs=options.runs)
            per_frame = (timing.wall_ms / options.frames, timing.cpu_ms / options.frames)
            return {"wall_ms": round(per_frame[0], 2), "cpu_ms": round(per_frame[1], 2)}

        rows["draw and read"] = measured(draw)
        frames = list(renderer.frames(cameras))
        rows["convert"] = measured(lambda: _convert(frames))
        for encoder in options.encoders:
            path = Path(folder) / f"film{PROFILES[encoder].suffixes[0]}"
            for quality in options.qualities:
                params = VideoParams(encoder=encoder, quality=quality)
                write = {"size_wh": size_wh, "fps": FPS, "params": params}
                name = f"{encoder} {quality}"
                alone = measured(lambda p=path, w=write: write_video(frames, p, **w))
                rows[f"{name} convert, encode"] = alone | _quality(path, frames)
                both = measured(
                    lambda p=path, w=write: write_video(renderer.frames(cameras), p, **w)
                )
                share = round(alone["wall_ms"] / both["wall_ms"], 2)
                rows[f"{name} all together"] = both | {"of_encoder": share}
    header = ["what", "wall_ms", "cpu_ms", "mbit_s", "psnr_db", "of_encoder"]
    print_table(header, [[n, *(row.get(h, "–") for h in header[1:])] for n, row in rows.items()])
    print(f"\npeak memory {peak_memory_mb()} MB, {options.frames} frames held")
    print(write_result("encode", {"size": options.size, **rows}))


def _convert(frames: list[Frame]) -> None:
    """Turn every frame into the encoder's pixels."""
    converter = PixelConverter("yuv420p")
    for frame in frames:
        converter.convert(frame)


def _quality(path: Path, frames: list[Frame]) -> dict[str, float]:
    """How large a film is, and how far from its frames."""
    converter = PixelConverter("yuv420p")
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
