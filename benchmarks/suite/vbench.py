"""VBench's measures of a film, as far as they need no weights, and what can stand in for the rest.

Huang et al. 2024, "VBench: Comprehensive Benchmark Suite for Video Generative Models", and its
code. `temporal_flickering` is VBench's own definition. Every other function here keeps VBench's
formula and replaces the network inside: these are proxies, good for comparing films with one
another on the same photos, and no score of VBench's.
"""

import itertools

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.suite.picture import laplacian_variance

Frames = NDArray[np.uint8]
Floats = NDArray[np.float64]
LOOK_HZ = 8  # VBench's dynamic degree looks at about so many frames a second
FLOW_SHORT_PX = 256  # its threshold is 6 px at this short side
CELLS = 8  # a side, of the features that stand in for DINO and CLIP
BINS = 8  # directions of gradient
PARTS, LEVELS = 4, 6  # a side, and a channel, of histograms of colour


def temporal_flickering(frames: Frames) -> float:
    """(255 − mean absolute difference of neighbours) / 255: VBench's own definition, 1 is still."""
    pairs = itertools.pairwise(frames)
    mean = np.mean([cv2.absdiff(a, b).astype(np.float64).mean() for a, b in pairs])
    return float((255 - mean) / 255)


def motion_smoothness(frames: Frames) -> float:
    """How well every other frame follows from its neighbours; 1 is perfectly.

    VBench interpolates with AMT-S; here both neighbours are brought half-way along dense flow
    (DIS) and averaged.
    """
    errors = []
    for before, real, after in zip(frames[:-2:2], frames[1:-1:2], frames[2::2], strict=False):
        between = _half_way(before, after)
        errors.append(cv2.absdiff(between, real).astype(np.float64).mean())
    return float((255 - np.mean(errors)) / 255)


def flow_speed(frames: Frames, fps: float) -> float:
    """Median over time of the fastest 5 % of the picture, in % of the short side per second."""
    step = max(1, round(fps / LOOK_HZ))
    rates = _top_flow(frames, step)
    return float(100 * np.median(rates) * fps / step)


def dynamic_degree(frames: Frames, fps: float) -> float:
    """1 where VBench would call the film dynamic, else 0.

    Frames at about 8 Hz; the mean of the largest 5 % of the flow is above 6 · short side / 256 px
    in at least a quarter of the pairs. VBench's flow is RAFT's, here DIS's.
    """
    picked = frames[:: max(1, round(fps / LOOK_HZ))]
    above = _top_flow(picked, 1) > 6 / FLOW_SHORT_PX
    return float(above.sum() >= max(1, round(4 * len(picked) / 16)))


def subject_consistency(frames: Frames) -> float:
    """Mean over t ≥ 1 of (cos(t, t−1) + cos(t, 0)) / 2 of features; 1 is unchanging.

    VBench's features are DINO's; here histograms of gradient directions in cells of the picture's
    middle, where a subject mostly is.
    """
    return _consistency(np.stack([_gradients(_middle(frame)) for frame in frames]))


def background_consistency(frames: Frames) -> float:
    """The same formula with histograms of colour of all parts of the picture for CLIP."""
    return _consistency(np.stack([_colors(frame) for frame in frames]))


def i2v_subject(photo: NDArray[np.uint8], frames: Frames) -> float:
    """0.4 max_t cos(photo, t) + 0.3 mean cos(t, t−1) + 0.3 min cos(t, t−1), gradients for DINO."""
    features = np.stack([_gradients(_middle(frame)) for frame in frames])
    return _photo_consistency(_gradients(_middle(photo)), features)


def i2v_background(photo: NDArray[np.uint8], frames: Frames) -> float:
    """The same formula with histograms of colour in the place of DreamSim."""
    return _photo_consistency(_colors(photo), np.stack([_colors(frame) for frame in frames]))


def imaging_quality(photo: NDArray[np.uint8], frames: Frames) -> float:
    """Median sharpness of the frames over the photo's; VBench asks MUSIQ. 1 is as sharp."""
    sharp = np.median([laplacian_variance(frame) for frame in frames])
    return float(sharp / laplacian_variance(photo))


def _top_flow(frames: Frames, step: int) -> Floats:
    """The mean of the largest 5 % of flow from frame to frame, as a part of the short side."""
    grays = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames[::step]]
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    rates = []
    for before, after in itertools.pairwise(grays):
        flow = finder.calc(before, after, np.zeros((*before.shape, 2), np.float32))
        speed = np.sort(np.linalg.norm(flow, axis=-1), axis=None)
        rates.append(speed[-max(1, int(speed.size * 0.05)) :].mean() / min(before.shape))
    return np.array(rates)


def _half_way(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The frame between two, each brought half-way along the flow between them."""
    grays = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (before, after)]
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    empty = np.zeros((*grays[0].shape, 2), np.float32)
    there = finder.calc(grays[0], grays[1], empty.copy())
    back = finder.calc(grays[1], grays[0], empty)
    height, width = grays[0].shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))

    def pulled(frame: NDArray[np.uint8], flow: NDArray[np.float32]) -> NDArray[np.float32]:
        at = (x + 0.5 * flow[..., 0], y + 0.5 * flow[..., 1])
        moved = cv2.remap(frame, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.float32)

    mean = (pulled(before, np.asarray(back)) + pulled(after, np.asarray(there))) / 2
    return np.rint(mean).astype(np.uint8)


def _middle(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The inner two thirds of a picture."""
    height, width = frame.shape[:2]
    return frame[height // 6 : height - height // 6, width // 6 : width - width // 6]


def _gradients(frame: NDArray[np.uint8]) -> Floats:
    """Histograms of gradient directions in a grid of cells (Dalal and Triggs 2005)."""
    gray = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    gray = cv2.resize(gray, (8 * CELLS, 8 * CELLS), interpolation=cv2.INTER_AREA)
    across, down = (cv2.Sobel(gray, cv2.CV_64F, i, 1 - i) for i in (1, 0))
    strength, angle = np.hypot(across, down), np.arctan2(down, across) % np.pi
    which = np.minimum((angle / np.pi * BINS).astype(int), BINS - 1)
    layers = [np.where(which == i, strength, 0) for i in range(BINS)]
    cells = np.stack(layers, -1).reshape(CELLS, 8, CELLS, 8, BINS).sum((1, 3))
    shares = cells / (cells.sum(-1, keepdims=True) + 1e-6)
    return np.asarray(np.sqrt(shares).ravel())


def _colors(frame: NDArray[np.uint8]) -> Floats:
    """Histograms of Lab colours in a grid of parts, their roots so that rare colours count."""
    lab = cv2.cvtColor(frame, cv2.COLOR_RGB2LAB)
    rows = np.array_split(lab, PARTS, axis=0)
    parts = [np.ascontiguousarray(p) for row in rows for p in np.array_split(row, PARTS, axis=1)]
    bins = [LEVELS] * 3
    counts = [cv2.calcHist([part], [0, 1, 2], None, bins, [0, 256] * 3) for part in parts]
    return np.sqrt(np.asarray(counts, np.float64)).ravel()


def _cosines(one: Floats, other: Floats) -> Floats:
    """(F,), the cosine of each row of one with the same row of the other."""
    lengths = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    return np.asarray((one * other).sum(-1) / np.maximum(lengths, 1e-12))


def _consistency(features: Floats) -> float:
    """VBench's formula for subject and background consistency."""
    to_last = _cosines(features[1:], features[:-1])
    to_first = _cosines(features[1:], features[:1])
    return float(((to_last + to_first) / 2).mean())


def _photo_consistency(photo: Floats, features: Floats) -> float:
    """VBench-I2V's formula for subject and background."""
    to_photo = _cosines(features, photo[None])
    to_last = _cosines(features[1:], features[:-1])
    return float(0.4 * to_photo.max() + 0.3 * to_last.mean() + 0.3 * to_last.min())
