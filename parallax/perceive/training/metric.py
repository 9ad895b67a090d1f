"""How good a depth map or a label map is."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

NEAR_FAR_LIMIT = 50.0  # distances beyond 50 times the nearest are counted as that far
BOUNDARY_RATIOS = np.linspace(1.05, 1.25, 10)  # Depth Pro (Bochkovskii et al. 2024), section 3.3


@dataclass(frozen=True, slots=True)
class DepthScore:
    """A depth map against another, after an affine fit in disparity.

    Attributes:
        abs_rel: Mean |z - z'| / z'.
        delta: Share of pixels with max(z / z', z' / z) < 1.25.
        correlation: Of log disparity, without a fit.
        ordinal: Share of random pairs of clearly different depth that are in the right order.
        boundary_f1: Of occluding contours.
    """

    abs_rel: float
    delta: float
    correlation: float
    ordinal: float
    boundary_f1: float


def score_depth(
    disparity: NDArray[np.float32], truth: NDArray[np.float32], known: NDArray[np.bool_]
) -> DepthScore:
    """A disparity map, up to scale and shift, against a true one of the same size."""
    truth = np.maximum(truth, float(truth[known].max()) / NEAR_FAR_LIMIT)
    fitted = _fit_disparity(disparity, truth, known)
    ratio = np.maximum(fitted / truth, truth / fitted)[known]
    log_pair = np.log(np.maximum(disparity[known], 1e-6)), np.log(truth[known])
    return DepthScore(
        abs_rel=float(np.abs(truth / fitted - 1)[known].mean()),
        delta=float((ratio < 1.25).mean()),
        correlation=float(np.corrcoef(*log_pair)[0, 1]) if np.ptp(log_pair[0]) > 0 else 0.0,
        ordinal=_ordinal_agreement(*log_pair),
        boundary_f1=boundary_f1(fitted, truth, known),
    )


def boundary_f1(
    disparity: NDArray[np.float32], truth: NDArray[np.float32], known: NDArray[np.bool_]
) -> float:
    """F1 of occluding contours between neighbours, weighted towards the strong ones.

    A contour one pixel off is still a hit.
    """
    scores = []
    for ratio in BOUNDARY_RATIOS:
        right = found = num_ours = num_theirs = 0
        for axis in (0, 1):
            ours, valid = _contours(disparity, known, axis, ratio)
            theirs, _ = _contours(truth, known, axis, ratio)
            right += int((ours & _widen(theirs) & valid).sum())
            found += int((_widen(ours) & theirs & valid).sum())
            num_ours += int((ours & valid).sum())
            num_theirs += int((theirs & valid).sum())
        precision, recall = right / max(num_ours, 1), found / max(num_theirs, 1)
        scores.append(2 * precision * recall / max(precision + recall, 1e-9))
    return float(np.average(scores, weights=BOUNDARY_RATIOS))


def confusion(
    predicted: NDArray[np.intp], truth: NDArray[np.intp], num_labels: int
) -> NDArray[np.int64]:
    """(labels, labels): pixels by true label and predicted label."""
    pairs = truth.ravel() * num_labels + predicted.ravel()
    return np.bincount(pairs, minlength=num_labels**2).reshape(num_labels, num_labels)


def iou_from_confusion(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Intersection over union of each label."""
    hits = np.diag(counts)
    union = counts.sum(0) + counts.sum(1) - hits
    return np.asarray(hits / np.maximum(union, 1), np.float64)


def _fit_disparity(
    disparity: NDArray[np.float32], truth: NDArray[np.float32], known: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """The disparity with the gain and shift of least squares, no farther than the truth's end."""
    columns = np.stack([disparity[known], np.ones(int(known.sum()), np.float32)], axis=1)
    (gain, shift), *_ = np.linalg.lstsq(columns.astype(np.float64), truth[known], rcond=None)
    floor = float(truth[known].min())
    return np.asarray(np.maximum(gain * disparity + shift, floor), np.float32)


def _ordinal_agreement(
    ours: NDArray[np.float32], theirs: NDArray[np.float32], *, num_pairs: int = 20_000
) -> float:
    rng = np.random.default_rng(0)
    first, second = rng.integers(ours.size, size=(2, num_pairs))
    gap = theirs[first] - theirs[second]
    clear = np.abs(gap) > np.log(1.1)
    right = np.sign(ours[first] - ours[second]) == np.sign(gap)
    return float(right[clear].mean()) if clear.any() else 1.0


def _contours(
    disparity: NDArray[np.float32], known: NDArray[np.bool_], axis: int, ratio: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where neighbours differ by more than `ratio`, either way; and where both are known."""
    a, b = np.moveaxis(disparity, axis, 0)[1:], np.moveaxis(disparity, axis, 0)[:-1]
    valid = np.moveaxis(known, axis, 0)
    return np.maximum(a / b, b / a) > ratio, valid[1:] & valid[:-1]


def _widen(contour: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The contour and the pixels beside it."""
    return np.asarray(cv2.dilate(contour.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
