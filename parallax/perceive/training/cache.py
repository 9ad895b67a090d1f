"""Photos and targets, made once: one `.npz` a photo, and the teacher's principal features."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS
from parallax.perceive.training.sample import Sample, Source, list_sources, save_sample
from parallax.perceive.training.scene import render_scene
from parallax.perceive.training.target import (
    label_index,
    merge_matte,
    merge_scales,
    push_sky_far,
    replace_label,
    snap_edges,
)
from parallax.perceive.training.teacher import DepthTeacher, SegmentationTeacher

PHOTO_LONG_SIDE_PX = 768
DETAIL_FROM_PX = 700  # photos that long are seen by the depth teacher at 768 px as well
NUM_SCENES = 300
NUM_TEXTURES = 150
NUM_FEATURES = 64  # principal components kept of 576: 85 % and more of the variance
FEATURE_SCALE = 32.0  # int8 steps a standard deviation: clips at 4
NUM_BASIS_PHOTOS = 160  # enough vectors (100 k) for a 576-dimensional covariance
REACH = 9 / 384  # of the long side: how far the segmentation teacher's edges are off
NYU_STEPS_PER_M = 25.5


def build_cache(
    data: Path, cache: Path, *, on_sample: Callable[[int, int], None] | None = None
) -> None:
    """Fill `cache` with a sample of every photo under `data`; what is there is kept."""
    cache.mkdir(parents=True, exist_ok=True)
    teacher = SegmentationTeacher(data / "teachers" / "deeplab_ade31_u8w.onnx")
    depth_teacher = DepthTeacher(data / "teachers" / "tiefenrausch_u8w.onnx")
    sources = list_sources(data)
    basis = _load_basis(cache / "basis.npz", teacher, sources)
    disagreement = _load_disagreement(data / "labels_range.tsv")
    for done, source in enumerate(sources):
        path = cache / f"{source.split}_{source.stem}.npz"
        if not path.exists():
            sample = _make_sample(source, data, teacher, depth_teacher, basis, disagreement)
            save_sample(path, sample)
        if on_sample:
            on_sample(done + 1, len(sources))
    _render_scenes(cache, sources)


def _render_scenes(cache: Path, sources: list[Source]) -> None:
    """Scenes with exact depth, dressed with the photos that are trained on."""
    paths = [cache / f"train_scene_{index:04}.npz" for index in range(NUM_SCENES)]
    missing = [index for index, path in enumerate(paths) if not path.exists()]
    if not missing:
        return
    train = [source for source in sources if source.split == "train" and not source.measured]
    textures = [
        _read_srgb8(source.photo) for source in train[:: max(1, len(train) // NUM_TEXTURES)]
    ]
    for index in missing:
        rng = np.random.default_rng(index)
        save_sample(paths[index], render_scene(rng, textures, num_features=NUM_FEATURES))


def _make_sample(
    source: Source,
    data: Path,
    teacher: SegmentationTeacher,
    depth_teacher: DepthTeacher,
    basis: tuple[NDArray[np.float32], NDArray[np.float32]],
    disagreement: dict[str, tuple[float, float, float]],
) -> Sample:
    srgb8 = _read_srgb8(source.photo)
    probability, feature = teacher.read(srgb8)
    if source.measured:
        metres = _read_grey(source.photo.with_suffix("").with_suffix(".depth.png"))
        known = metres > 0
        log_disparity = np.where(
            known, -np.log(np.where(known, metres, 1) / NYU_STEPS_PER_M), np.nan
        )
        confidence = 1.0
    else:
        low, high, differs = disagreement[source.stem]
        structure = _read_grey(data / "labels" / f"{source.stem}.depth.webp") / np.float32(255)
        if source.split == "train" and max(srgb8.shape[:2]) >= DETAIL_FROM_PX:
            detail = depth_teacher.read(srgb8, long_side_px=PHOTO_LONG_SIDE_PX)
            structure = merge_scales(structure, detail)
        log_disparity, probability = _merge_labels(
            data / "labels", source.stem, structure, probability
        )
        log_disparity = low + (high - low) * log_disparity
        confidence = float(np.clip(1.2 - 4 * differs, 0.2, 1))

    mean, axes = basis
    principal = (feature - mean) @ axes
    return Sample(
        srgb8=_shrink(srgb8, PHOTO_LONG_SIDE_PX),
        log_disparity=log_disparity.astype(np.float16),
        probability=np.round(probability * 255).astype(np.uint8),
        feature=np.clip(np.round(principal * FEATURE_SCALE), -127, 127).astype(np.int8),
        confidence=confidence,
    )


def _merge_labels(
    labels: Path, stem: str, disparity: NDArray[np.float32], probability: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Log disparity 0…1 and labels at half its size, sky and people from their mattes."""
    reach_px = round(REACH * max(disparity.shape))
    size_wh = disparity.shape[1::-1]
    probability = cv2.resize(probability, size_wh, interpolation=cv2.INTER_LINEAR)
    for name in ("sky", "person"):
        path = labels / f"{stem}.{name}.webp"
        if not path.exists():
            continue
        matte = _grow_matte(_read_grey(path) / np.float32(255), size_wh)
        mask = merge_matte(probability[..., label_index(name)], matte, reach_px=reach_px)
        probability = replace_label(probability, label_index(name), mask)
    disparity = push_sky_far(snap_edges(disparity), probability[..., label_index("sky")])
    half_wh = (size_wh[0] // 2, size_wh[1] // 2)
    half = cv2.resize(probability, half_wh, interpolation=cv2.INTER_LINEAR)
    half /= half.sum(axis=-1, keepdims=True)
    assert half.shape[-1] == len(LABELS)
    return disparity, half


def _grow_matte(matte: NDArray[np.float32], size_wh: tuple[int, int]) -> NDArray[np.float32]:
    """A matte of another size whose edges are as many pixels wide as they were."""
    grown = cv2.resize(matte, size_wh, interpolation=cv2.INTER_LINEAR)
    steeper = max(1.0, size_wh[0] / matte.shape[1])
    return np.asarray(np.clip((grown - 0.5) * steeper + 0.5, 0, 1), np.float32)


def _load_basis(
    path: Path, teacher: SegmentationTeacher, sources: list[Source]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean (576,) and axes (576, 64) that turn features into whitened principal components."""
    if not path.exists():
        train = [source for source in sources if source.split == "train"]
        chosen = train[:: max(1, len(train) // NUM_BASIS_PHOTOS)]
        features = [teacher.read(_read_srgb8(source.photo))[1] for source in chosen]
        vectors = np.concatenate([f.reshape(-1, f.shape[-1]) for f in features]).astype(np.float64)
        mean = vectors.mean(axis=0)
        value, axes = np.linalg.eigh(np.cov(vectors - mean, rowvar=False))
        value, axes = value[::-1][:NUM_FEATURES], axes[:, ::-1][:, :NUM_FEATURES]
        np.savez(path, mean=mean, axes=axes / np.sqrt(value), variance=value)
    with np.load(path) as arrays:
        return arrays["mean"].astype(np.float32), arrays["axes"].astype(np.float32)


def _load_disagreement(path: Path) -> dict[str, tuple[float, float, float]]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return {stem: (float(low), float(high), float(diff)) for stem, low, high, diff in rows}


def _read_srgb8(path: Path) -> NDArray[np.uint8]:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB), np.uint8)


def _read_grey(path: Path) -> NDArray[np.float32]:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.float32)


def _shrink(srgb8: NDArray[np.uint8], long_side_px: int) -> NDArray[np.uint8]:
    scale = min(1.0, long_side_px / max(srgb8.shape[:2]))
    size_wh = (round(srgb8.shape[1] * scale), round(srgb8.shape[0] * scale))
    return np.asarray(cv2.resize(srgb8, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
