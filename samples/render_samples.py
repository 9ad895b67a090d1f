"""Renders the sample pictures: `python -m samples.render_samples [lake] [still_life]`.

Beside each picture NAME.jpg lie NAME.depth.png (16 bits: 65535 · inverse depth in 1/su, 1 at the
nearest visible point, 0 in the sky) and NAME.labels.png (palette: index in parallax's LABELS).
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

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


def render_sample(
    name: str, *, width_px: int | None = None, num_samples: int | None = None, shadow_px: int = 2048
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.uint8], Setting]:
    """A sample picture and what is exactly known of it.

    Args:
        name: A key of `SCENES`.
        width_px: Of the picture; the height follows. None is the full size.
        num_samples: How many pictures are averaged; None is as many as the scene needs.
        shadow_px: Side of a shadow map.

    Returns:
        sRGB (H, W, 3); inverse depth (H, W) in 1/su; label indices (H, W); the setting.

    """
    samples = num_samples or NUM_SAMPLES[name]
    setting = SCENES[name](samples)
    full_w, full_h = setting.size_wh
    size_wh = (
        (full_w, full_h) if width_px is None else (width_px, round(width_px * full_h / full_w))
    )
    with Accumulator(setting, size_wh=size_wh, shadow_px=shadow_px) as accumulator:
        linear = accumulator.picture(samples)
        z_m, labels = accumulator.geometry()
    srgb8 = develop(linear, exposure=setting.exposure, grain=setting.grain, seed=7)
    near_m = z_m[z_m > 0].min()
    inv_depth = np.where(z_m > 0, near_m / np.maximum(z_m, near_m), 0).astype(np.float32)
    return srgb8, inv_depth, labels, setting


def save_sample(
    folder: Path,
    setting: Setting,
    srgb8: NDArray[np.uint8],
    inv_depth: NDArray[np.float32],
    labels: NDArray[np.uint8],
) -> None:
    """Writes the picture with its EXIF, the depth and the labels."""
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = f"parallax sample '{setting.name}', computed, CC0"
    exif[ExifTags.Base.Copyright] = "CC0 1.0"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.FocalLengthIn35mmFilm] = round(
        setting.camera.focal_35mm
    )
    picture = Image.fromarray(srgb8)
    picture.save(
        folder / f"{setting.name}.jpg", quality=92, subsampling="4:2:0", optimize=True, exif=exif
    )
    levels = np.rint(inv_depth * 65535).astype(np.uint16)
    Image.fromarray(levels).save(folder / f"{setting.name}.depth.png", optimize=True)
    palette = Image.fromarray(labels).convert("P")
    palette.putpalette([level for label in LABELS for level in LABEL_COLORS[label]])
    palette.save(folder / f"{setting.name}.labels.png", optimize=True)


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
        srgb8, inv_depth, labels, setting = render_sample(
            name, width_px=arguments.width, num_samples=arguments.samples
        )
        save_sample(arguments.out, setting, srgb8, inv_depth, labels)
        print(f"{name}: {srgb8.shape[1]}×{srgb8.shape[0]}, {time.perf_counter() - start_s:.0f} s")


if __name__ == "__main__":
    main()
