"""Renders the sample pictures: `python -m samples.render_samples [lake] [still_life]`.

Beside each picture NAME.jpg lie NAME.depth.png (16 bits: 65535 · inverse depth in 1/su, 1 at the
nearest visible point, 0 in the sky) and NAME.labels.png (palette: index in parallax's LABELS).
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from parallax.gpu.context import open_context
from parallax.label_map import LABELS
from samples.accumulate import Accumulator
from samples.finish import develop
from samples.lake import lake_setting
from samples.setting import Setting
from samples.still_life import still_life_setting

SCENES: dict[str, Callable[[int], Setting]] = {
    "lake": lake_setting,
    "still_life": still_life_setting,
}
NUM_SAMPLES = {"lake": 12, "still_life": 40}  # soft indoor shadows and a wide lens need more
LABEL_COLORS = {
    **{"other": (128, 128, 128), "sky": (120, 190, 255), "water": (30, 90, 200)},
    **{"vegetation": (40, 150, 50), "person": (220, 60, 60), "building": (200, 140, 60)},
    "ground": (120, 90, 50),
}


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A finished picture and what is exactly known of it.

    Attributes:
        name: Of its files.
        focal_35mm: Focal length in mm on 35 mm film, diagonals compared.
        srgb8: (H, W, 3).
        inv_depth: (H, W), 1/su: 1 at the nearest visible point, 0 in the sky.
        labels: uint8 (H, W), index in parallax's LABELS.
        near_m: What one su is, in the scene's metres.
    """

    name: str
    focal_35mm: float
    srgb8: NDArray[np.uint8]
    inv_depth: NDArray[np.float32]
    labels: NDArray[np.uint8]
    near_m: float


def render_sample(
    setting: Setting,
    *,
    num_samples: int,
    width_px: int | None = None,
    shadow_px: int = 2048,
) -> Sample:
    """A sample picture, always drawn by the software rasteriser, so that it is the same anywhere.

    Args:
        setting: What is drawn.
        num_samples: How many pictures are averaged.
        width_px: Of the picture; the height follows. None is the full size.
        shadow_px: Side of a shadow map.

    Raises:
        ContextError: There is no software OpenGL 3.3.
    """
    width, height = setting.size_wh
    size_wh = setting.size_wh
    if width_px is not None:
        size_wh = width_px, round(width_px * height / width)
    with open_context("software") as context:
        accumulator = Accumulator(context.gl, setting, size_wh=size_wh, shadow_px=shadow_px)
        linear = accumulator.picture(num_samples)
        z_m, labels = accumulator.geometry()
    srgb8 = develop(linear, exposure=setting.exposure, grain=setting.grain, seed=7)
    near_m = float(z_m[z_m > 0].min())
    inv_depth = np.where(z_m > 0, near_m / np.maximum(z_m, near_m), 0).astype(np.float32)
    return Sample(setting.name, setting.camera.focal_35mm, srgb8, inv_depth, labels, near_m)


def save_sample(folder: Path, sample: Sample) -> None:
    """Writes the picture with its EXIF, the depth and the labels."""
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = f"parallax sample '{sample.name}', computed"
    exif[ExifTags.Base.Copyright] = "CC0 1.0"
    camera = exif.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.FocalLengthIn35mmFilm] = round(sample.focal_35mm)
    picture = Image.fromarray(sample.srgb8)
    jpeg = folder / f"{sample.name}.jpg"
    picture.save(jpeg, quality=92, subsampling="4:2:0", optimize=True, exif=exif)
    levels = np.rint(sample.inv_depth * 65535).astype(np.uint16)
    Image.fromarray(levels).save(folder / f"{sample.name}.depth.png", optimize=True)
    indexed = Image.fromarray(sample.labels).convert("P")
    indexed.putpalette([level for label in LABELS for level in LABEL_COLORS[label]])
    indexed.save(folder / f"{sample.name}.labels.png", optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Renders the sample pictures.")
    parser.add_argument("scenes", nargs="*", help=f"of {', '.join(SCENES)}; none is all")
    parser.add_argument("--width", type=int, help="of the pictures, in pixels")
    parser.add_argument("--samples", type=int, help="pictures to average")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    arguments = parser.parse_args()
    for name in arguments.scenes or SCENES:
        if name not in SCENES:
            parser.error(f"{name}: expected one of {', '.join(SCENES)}")
        start_s = time.perf_counter()
        num_samples = arguments.samples or NUM_SAMPLES[name]
        setting = SCENES[name](num_samples)
        sample = render_sample(setting, num_samples=num_samples, width_px=arguments.width)
        save_sample(arguments.out, sample)
        height, width = sample.labels.shape
        seconds = time.perf_counter() - start_s
        print(f"{name}: {width}×{height}, 1 su = {sample.near_m:.3f} m, {seconds:.0f} s")


if __name__ == "__main__":
    main()
