"""One photo with everything its teachers, or a sensor, say about it; and the list of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

EXACT_PREFIXES = ("train_nyu_", "train_scene_")  # cached samples whose depth no teacher guessed


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A photo and what there is to learn from it.

    Attributes:
        srgb8: uint8 (H, W, 3).
        log_disparity: float16 (h, w), up to scale and shift for teachers; NaN where unknown.
        probability: uint8 (h, w, 7) in the order of `LABELS`, 255 is certain.
        feature: int8 (h', w', C), the teacher's features, 32 is one standard deviation.
        confidence: 0…1, how far the teachers agree with themselves on the mirrored photo.
    """

    srgb8: NDArray[np.uint8]
    log_disparity: NDArray[np.float16]
    probability: NDArray[np.uint8]
    feature: NDArray[np.int8]
    confidence: float


@dataclass(frozen=True, slots=True)
class Source:
    """Where a photo and its labels lie.

    Attributes:
        stem: Unique name.
        photo: The picture's file.
        measured: True if its depth was measured by a sensor, False if a teacher guessed.
        split: `train` or `val`.
    """

    stem: str
    photo: Path
    measured: bool
    split: str


def list_sources(data: Path) -> list[Source]:
    """Every photo under `data` that has labels, in a fixed order."""
    with (data / "index.tsv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    sources = [
        Source(Path(row["file"]).stem, data / row["folder"] / row["file"], False, row["split"])
        for row in rows
    ]
    for photo in sorted((data / "nyu").glob("*.jpg")):
        split = "val" if photo.stem.startswith("val_") else "train"
        sources.append(Source(f"nyu_{photo.stem}", photo, True, split))
    return sources


def save_sample(path: Path, sample: Sample) -> None:
    """Write one sample; the file appears whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, **{name: getattr(sample, name) for name in Sample.__slots__})
    part.rename(path)


def load_sample(path: Path) -> Sample:
    """Read one sample."""
    with np.load(path, allow_pickle=False) as arrays:
        return Sample(
            srgb8=arrays["srgb8"],
            log_disparity=arrays["log_disparity"],
            probability=arrays["probability"],
            feature=arrays["feature"],
            confidence=float(arrays["confidence"]),
        )
