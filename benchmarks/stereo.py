"""Stereo pairs as tests of novel views: one photo and its true depth in, the other photo as truth.

Scharstein and Szeliski 2003 (Cones), Scharstein et al. 2014 (Motorcycle): vision.middlebury.edu.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

HOLE_PX = 3  # narrower gaps are cracks of the warp, not uncovered background
NETWORK_PX = 518  # long side of a usual depth network
NUM_ROUNDS = 20  # of reweighting: more change nothing
LEAST_ERROR_PX = 0.1  # smaller errors weigh no more than this


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two photos of a scene side by side, and how far points move from one to the other.

    Attributes:
        name: Scene and direction.
        srgb8: uint8 (H, W, 3), the photo to start from.
        truth_srgb8: uint8 (H, W, 3), what the other camera sees.
        shift_px: float32 (H, W), how far each pixel moves, infinite where not known.
        toward: −1 if points move to the left, 1 to the right.
    """

    name: str
    srgb8: NDArray[np.uint8]
    truth_srgb8: NDArray[np.uint8]
    shift_px: NDArray[np.float32]
    toward: int


@dataclass(frozen=True, slots=True)
class Score:
    """How close a view is to the truth.

    Attributes:
        whole_db: PSNR where the truth is known.
        visible_db: PSNR of what both photos show.
        hole_db: PSNR of what is uncovered.
        sharpness: Mean Laplacian in what is uncovered against the truth's; 1 is as sharp.
    """

    whole_db: float
    visible_db: float
    hole_db: float
    sharpness: float


def load_pairs(folder: Path) -> Iterator[Pair]:
    """The pairs of a folder: Motorcycle, and Cones in both directions, cropped to even sizes."""
    with np.load(folder / "motorcycle_disp.npz") as archive:
        shift_px = archive[archive.files[0]].astype(np.float32)
    names = ("motorcycle_left.png", "motorcycle_right.png")
    yield _pair("Motorcycle L→R", folder, names, shift_px, -1)
    for direction, (one, other), toward in (("L→R", "26", -1), ("R→L", "62", 1)):
        quarters = read_picture(folder / f"cones_disp{one}.pgm")
        shift_px = np.where(quarters > 0, quarters / np.float32(4), np.inf).astype(np.float32)
        names = (f"cones_im{one}.png", f"cones_im{other}.png")
        yield _pair(f"Cones {direction}", folder, names, shift_px, toward)


def read_picture(path: Path) -> NDArray[np.uint8]:
    """(H, W) or (H, W, 3), the levels of a picture file."""
    levels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if levels is None:
        raise FileNotFoundError(path)
    return np.asarray(levels if levels.ndim == 2 else levels[..., 2::-1], np.uint8)


def known_everywhere(shift_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """The shifts with gaps filled from the farther of their two ends in the row.

    What a stereo pair does not know is mostly background that one camera does not see.
    """
    known = np.isfinite(shift_px)
    columns = np.arange(shift_px.shape[1])
    left = np.maximum.accumulate(np.where(known, columns, -1), 1)
    right = np.minimum.accumulate(np.where(known, columns, 10**6)[:, ::-1], 1)[:, ::-1]
    rows = np.arange(shift_px.shape[0])[:, None]
    last = shift_px.shape[1] - 1
    at_left = np.where(left >= 0, shift_px[rows, np.maximum(left, 0)], np.inf)
    at_right = np.where(right <= last, shift_px[rows, np.minimum(right, last)], np.inf)
    return np.where(known, shift_px, np.minimum(at_left, at_right)).astype(np.float32)


def soften(shift_px: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    """Shifts as a network would see them: blurred, and through its resolution."""
    height, width = shift_px.shape
    soft = cv2.GaussianBlur(shift_px, (0, 0), sigma_px)
    shrink = NETWORK_PX / max(height, width)
    if shrink < 1:
        small_wh = (round(width * shrink), round(height * shrink))
        small = cv2.resize(soft, small_wh, interpolation=cv2.INTER_CUBIC)
        soft = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.maximum(soft, 0), np.float32)


def fit_robust(source: NDArray[np.float32], target: NDArray[np.float32]) -> tuple[float, float]:
    """Gain and offset with the least absolute error, by iteratively reweighted least squares."""
    columns = np.stack([source, np.ones_like(source)], 1).astype(np.float64)
    weight = np.ones(len(source))
    gain, offset = 0.0, 0.0
    for _ in range(NUM_ROUNDS):
        root = np.sqrt(weight)
        (gain, offset), *_ = np.linalg.lstsq(columns * root[:, None], target * root, rcond=None)
        error = np.abs(columns @ (gain, offset) - target)
        weight = 1 / np.maximum(error, LEAST_ERROR_PX)
    return float(gain), float(offset)


def warp_forward(pair: Pair) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The photo moved by its true shifts, nearest last, and where nothing arrives."""
    height, width = pair.shift_px.shape
    shift_px = known_everywhere(pair.shift_px)
    order = np.argsort(shift_px, axis=None, kind="stable")
    y, x = np.divmod(order, width)
    warped, hole = np.zeros_like(pair.srgb8), np.ones((height, width), np.bool_)
    for half in (0.0, 0.5):  # both halves of each pixel, or every other column stays empty
        to_x = np.floor(x + half + 0.25 + pair.toward * shift_px[y, x]).astype(int)
        inside = (to_x >= 0) & (to_x < width)
        warped[y[inside], to_x[inside]] = pair.srgb8[y[inside], x[inside]]
        hole[y[inside], to_x[inside]] = False
    return warped, hole


def score_view(view_srgb8: NDArray[np.uint8], pair: Pair) -> Score:
    """Compares a view with the truth, after a gain and an offset of each channel.

    Pixels that come from beyond the photo's border or from unknown depth are left out.
    """
    hole, left_out = _find_holes(pair)
    fitted = _fit_colors(view_srgb8, pair.truth_srgb8, ~hole & ~left_out)
    return score_masked(fitted, pair.truth_srgb8, _wide_runs(hole), hole, left_out)


def score_masked(
    view: NDArray[np.floating],
    truth_srgb8: NDArray[np.uint8],
    uncovered: NDArray[np.bool_],
    hole: NDArray[np.bool_],
    left_out: NDArray[np.bool_],
) -> Score:
    """Compares a view with the truth as it is.

    Args:
        view: (H, W, 3), levels 0…255.
        truth_srgb8: (H, W, 3).
        uncovered: (H, W), what counts as uncovered background; NaN where there is none.
        hole: (H, W), what the photo does not show, so that the rest is visible.
        left_out: (H, W), what is not to be scored.
    """
    visible, uncovered = ~hole & ~left_out, uncovered & ~left_out
    if not uncovered.any():
        sharpness = float("nan")
    else:
        detail, true_detail = _laplacian(view), _laplacian(truth_srgb8.astype(float))
        sharpness = float(detail[uncovered].mean() / true_detail[uncovered].mean())
    return Score(
        psnr_db(view, truth_srgb8, ~left_out),
        psnr_db(view, truth_srgb8, visible),
        psnr_db(view, truth_srgb8, uncovered),
        sharpness,
    )


def _fit_colors(
    view_srgb8: NDArray[np.uint8], truth_srgb8: NDArray[np.uint8], visible: NDArray[np.bool_]
) -> NDArray[np.floating]:
    """The view with a gain and an offset of each channel: two photos are never exposed alike."""
    fitted = np.empty(view_srgb8.shape)
    for channel in range(3):
        seen = view_srgb8[..., channel][visible].astype(float)
        one = np.stack([seen, np.ones_like(seen)], 1)
        target = truth_srgb8[..., channel][visible].astype(float)
        gain, offset = np.linalg.lstsq(one, target, rcond=None)[0]
        fitted[..., channel] = view_srgb8[..., channel] * gain + offset
    return fitted


def _pair(
    name: str, folder: Path, files: tuple[str, str], shift_px: NDArray[np.float32], toward: int
) -> Pair:
    """A pair, cropped to even sides as videos need them."""
    height, width = (side // 2 * 2 for side in shift_px.shape)
    photos = []
    for file in files:
        srgb8 = read_picture(folder / file)
        photos.append(np.ascontiguousarray(srgb8[:height, :width]))
    return Pair(name, photos[0], photos[1], shift_px[:height, :width], toward)


def _find_holes(pair: Pair) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where nothing of the photo arrives, and what is not to be scored."""
    height, width = pair.shift_px.shape
    known = np.isfinite(pair.shift_px)
    to_x = np.arange(width) + 0.5 + pair.toward * np.where(known, pair.shift_px, 0)
    # Neighbours on one surface cover all that lies between them, the others a pixel each
    joined = known[:, :-1] & known[:, 1:]
    joined &= np.abs(np.diff(np.where(known, pair.shift_px, 0), axis=1)) <= 1
    start = np.ceil(np.minimum(to_x[:, :-1], to_x[:, 1:]) - 0.5)
    stop = np.floor(np.maximum(to_x[:, :-1], to_x[:, 1:]) - 0.5) + 1
    count = np.zeros((height, width + 1), int)
    rows = np.broadcast_to(np.arange(height)[:, None], joined.shape)
    np.add.at(count, (rows[joined], np.clip(start[joined], 0, width).astype(int)), 1)
    np.add.at(count, (rows[joined], np.clip(stop[joined], 0, width).astype(int)), -1)
    hole = count.cumsum(1)[:, :-1] <= 0
    alone = known[:, :-1] & ~joined & (to_x[:, :-1] >= 0) & (to_x[:, :-1] < width)
    hole[rows[alone], to_x[:, :-1][alone].astype(int)] = False

    beyond = np.logical_and.accumulate(hole, 1)
    beyond |= np.logical_and.accumulate(hole[:, ::-1], 1)[:, ::-1]
    y, x = np.nonzero(~known)
    at = np.floor(x + 0.5 + pair.toward * known_everywhere(pair.shift_px)[y, x]).astype(int)
    inside = (at >= 0) & (at < width)
    unknown = np.zeros((height, width), np.uint8)
    unknown[y[inside], at[inside]] = 1
    closed = cv2.morphologyEx(unknown, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)) > 0
    return hole, beyond | closed


def _wide_runs(hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The runs of a row that are wide enough to be uncovered background."""
    row = np.ones((1, HOLE_PX), np.uint8)
    return np.asarray(cv2.morphologyEx(hole.astype(np.uint8), cv2.MORPH_OPEN, row) > 0)


def psnr_db(one: NDArray[np.floating], other: NDArray[np.uint8], mask: NDArray[np.bool_]) -> float:
    """Peak signal to noise ratio over a mask, in dB; NaN where the mask is empty."""
    if not mask.any():
        return float("nan")
    error = np.square(one[mask] - other[mask].astype(float)).mean()
    return float(10 * np.log10(255**2 / error)) if error > 0 else float("inf")


def _laplacian(srgb8: NDArray[np.floating]) -> NDArray[np.float32]:
    """(H, W), how much each pixel differs from its neighbours."""
    clipped = np.clip(srgb8, 0, 255).astype(np.uint8)
    grey = cv2.cvtColor(clipped, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), np.float32)
