"""`python -m parallax.perceive.training.report`: measures the shipped network on held-out photos.

Writes the tables of models/README.md, between the marks that say so.
"""

import argparse
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS
from parallax.perceive.card import EMBEDDED, load_card
from parallax.perceive.sky import agree_with_sky, settle_sky
from parallax.perceive.training.cache import NYU_STEPS_PER_M
from parallax.perceive.training.metric import (
    DepthScore,
    confusion,
    iou_from_confusion,
    score_depth,
)
from parallax.perceive.training.sample import Sample, Source, list_sources, load_sample
from parallax.perceive.training.teacher import DepthTeacher, SegmentationTeacher
from parallax.perceive.views import Network, Quality, read_photo
from parallax.perceive.weights import load_edges, load_embedded

HEAD = "| AbsRel ↓ | δ < 1.25 ↑ | correlation ↑ | order ↑ | boundary F1 ↑ |"
RULE = "|---|---|---|---|---|---|"
MARKS = ("<!-- report: begin -->", "<!-- report: end -->")
TRUTH_LONG_SIDE_PX = 640
SURE = 0.9
WHERE_SURE = f"the same, where the teacher is {SURE:.0%} sure"
Truth = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.bool_]]


def main() -> None:
    """Measure how far student and teacher are from each other, and from the truth."""
    parser = argparse.ArgumentParser(prog="python -m parallax.perceive.training.report")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument(
        "--into", type=Path, help="Markdown file; without it the tables are printed"
    )
    parser.add_argument("--qualities", nargs="+", default=["standard", "maximum"])
    options = parser.parse_args()
    network = load_embedded(load_card(EMBEDDED))
    teacher = DepthTeacher(options.data / "teachers" / "tiefenrausch_u8w.onnx")
    labeller = SegmentationTeacher(options.data / "teachers" / "deeplab_ade31_u8w.onnx")
    tables = compare_with_teacher(network, labeller, options.data, options.cache, options.qualities)
    truths = {
        "NYU val (indoor, sensor)": list(read_nyu(options.data)),
        "Middlebury Motorcycle, Cones": list(read_stereo(options.data / "stereo")),
    }
    for title, pairs in truths.items():
        rows = [
            _row(f"student, {quality}", _score_student(network, pairs, quality))
            for quality in options.qualities
        ]
        rows.append(_row("depth teacher, 384 px", _score_teacher(teacher, pairs)))
        tables.append("\n".join([f"| {title} {HEAD}", RULE, *rows]))
    text = "\n\n".join(tables)
    if options.into is None:
        print(text)
    else:
        written = insert_tables(options.into.read_text(encoding="utf-8"), text)
        options.into.write_text(written, encoding="utf-8")


def insert_tables(page: str, tables: str) -> str:
    """The page with what stood between its marks replaced."""
    before, _, rest = page.partition(MARKS[0])
    _, mark, after = rest.partition(MARKS[1])
    if not mark:
        raise ValueError(f"page: expected the marks {MARKS[0]} and {MARKS[1]}, got neither")
    return f"{before}{MARKS[0]}\n{tables}\n{MARKS[1]}{after}"


def compare_with_teacher(
    network: Network,
    labeller: SegmentationTeacher,
    data: Path,
    cache: Path,
    qualities: list[Quality],
) -> list[str]:
    """Two tables of the student's distance from its teachers on the `val` photos.

    In the second also the label teacher's distance from itself, when it sees the photos mirrored.
    """
    sources = [s for s in list_sources(data) if s.split == "val" and not s.measured]
    depth_rows, label_rows = [], []
    for quality in qualities:
        scores, everywhere, where_sure = _compare_photos(network, data, cache, sources, quality)
        depth_rows.append(_row(f"student, {quality}", scores))
        label_rows.append(_label_row(f"student, {quality}", everywhere))
        label_rows.append(_label_row(WHERE_SURE, where_sure))
    everywhere, where_sure = _compare_mirrored(labeller, cache, sources)
    label_rows.append(_label_row("label teacher, photo mirrored", everywhere))
    label_rows.append(_label_row(WHERE_SURE, where_sure))
    title = f"| {len(sources)} val photos, against the depth teacher {HEAD}"
    head = "IoU against the label teacher, pixels of all photos pooled"
    label_title = f"| {head} | {' | '.join(LABELS)} | pixels right |"
    label_rule = "|---" * (len(LABELS) + 2) + "|"
    return [
        "\n".join([title, RULE, *depth_rows]),
        "\n".join([label_title, label_rule, *label_rows]),
    ]


def _compare_photos(
    network: Network, data: Path, cache: Path, sources: list[Source], quality: Quality
) -> tuple[list[DepthScore], NDArray[np.int64], NDArray[np.int64]]:
    """Depth scores a photo; the label confusion of all pixels, and of those the teacher is sure of.

    The teacher was made for rooms and streets: of petals and beetles it says sea and sky, but
    seldom surely.
    """
    card, low_high = load_card(EMBEDDED), _read_ranges(data / "labels_range.tsv")
    edges = load_edges(card)
    scores = []
    everywhere, where_sure = np.zeros((2, len(LABELS), len(LABELS)), np.int64)
    for source in sources:
        sample = load_sample(cache / f"val_{source.stem}.npz")
        log_disparity, probability = read_photo(network, edges, sample.srgb8, card, quality)
        probability = agree_with_sky(probability, settle_sky(probability, log_disparity))
        low, high = low_high[source.stem]
        grey = cv2.imread(str(data / "labels" / f"{source.stem}.depth.webp"), cv2.IMREAD_GRAYSCALE)
        truth = np.exp(low + (high - low) * np.asarray(grey, np.float32) / 255)
        ours = np.exp(_resize(log_disparity, truth.shape))
        scores.append(score_depth(ours, truth, np.ones(truth.shape, bool)))
        predicted = _resize(probability, sample.probability.shape[:2]).argmax(-1)
        everywhere += _confuse(predicted, sample, least=0)
        where_sure += _confuse(predicted, sample, least=SURE)
    return scores, everywhere, where_sure


def _compare_mirrored(
    labeller: SegmentationTeacher, cache: Path, sources: list[Source]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The label teacher's confusion of mirrored photos with what it was taken to say of them."""
    everywhere, where_sure = np.zeros((2, len(LABELS), len(LABELS)), np.int64)
    for source in sources:
        sample = load_sample(cache / f"val_{source.stem}.npz")
        mirrored, _ = labeller.read(np.ascontiguousarray(sample.srgb8[:, ::-1]))
        seen = np.ascontiguousarray(mirrored[:, ::-1])
        predicted = _resize(seen, sample.probability.shape[:2]).argmax(-1)
        everywhere += _confuse(predicted, sample, least=0)
        where_sure += _confuse(predicted, sample, least=SURE)
    return everywhere, where_sure


def _confuse(predicted: NDArray[np.intp], sample: Sample, *, least: float) -> NDArray[np.int64]:
    """Confusion with the teacher where it is at least so sure."""
    counted = sample.probability.max(-1) >= least * 255
    truth = sample.probability.argmax(-1)
    return confusion(predicted[counted], truth[counted], len(LABELS))


def read_nyu(data: Path) -> Iterator[Truth]:
    """Photo, disparity, known of each NYU val pair."""
    for source in list_sources(data):
        if source.measured and source.split == "val":
            path = source.photo.with_suffix("").with_suffix(".depth.png")
            metres = np.asarray(cv2.imread(str(path), 0), np.float32) / np.float32(NYU_STEPS_PER_M)
            known = metres > 0
            disparity = np.asarray(1 / np.where(known, metres, 1), np.float32)
            yield _read(source.photo), disparity, known


def read_stereo(folder: Path) -> Iterator[Truth]:
    """Photo, disparity, known of the Middlebury pairs' left views."""
    with np.load(folder / "motorcycle_disp.npz", allow_pickle=False) as arrays:
        disparity = np.asarray(arrays[arrays.files[0]], np.float32)
    known = np.isfinite(disparity) & (disparity > 0)
    disparity[~known] = 1
    yield _shrink(_read(folder / "motorcycle_left.png"), disparity, known)
    disparity = np.asarray(cv2.imread(str(folder / "cones_disp2.pgm"), 0), np.float32)
    yield _shrink(_read(folder / "cones_im2.png"), np.maximum(disparity, 1), disparity > 0)


def _shrink(
    srgb8: NDArray[np.uint8], disparity: NDArray[np.float32], known: NDArray[np.bool_]
) -> Truth:
    """The pair with its truth at about 640 px, where an edge of the network is pixels wide."""
    step = max(1, round(max(disparity.shape) / TRUTH_LONG_SIDE_PX))
    return srgb8, disparity[::step, ::step], known[::step, ::step]


def _score_student(network: Network, truths: list[Truth], quality: Quality) -> list[DepthScore]:
    card = load_card(EMBEDDED)
    edges = load_edges(card)
    scores = []
    for srgb8, truth, known in truths:
        log_disparity, _ = read_photo(network, edges, srgb8, card, quality)
        scores.append(score_depth(np.exp(_resize(log_disparity, truth.shape)), truth, known))
    return scores


def _score_teacher(teacher: DepthTeacher, truths: list[Truth]) -> list[DepthScore]:
    return [
        score_depth(np.exp(_resize(teacher.read(srgb8), truth.shape)), truth, known)
        for srgb8, truth, known in truths
    ]


def _row(name: str, scores: list[DepthScore]) -> str:
    means = np.mean([astuple(score) for score in scores], axis=0)
    return f"| {name} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |"


def _label_row(name: str, counts: NDArray[np.int64]) -> str:
    iou = [f"{value:.3f}" for value in iou_from_confusion(counts)]
    return f"| {' | '.join([name, *iou, f'{np.trace(counts) / counts.sum():.3f}'])} |"


def _resize(value: NDArray[np.float32], size_hw: tuple[int, ...]) -> NDArray[np.float32]:
    method = cv2.INTER_LINEAR
    return np.asarray(cv2.resize(value, (size_hw[1], size_hw[0]), interpolation=method), np.float32)


def _read(path: Path) -> NDArray[np.uint8]:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB), np.uint8)


def _read_ranges(path: Path) -> dict[str, tuple[float, float]]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return {row[0]: (float(row[1]), float(row[2])) for row in rows}


if __name__ == "__main__":
    main()
