"""The move for a photo: what shows its depth best and its holes least.

Every candidate is tried on a small copy of the depth. Where neighbours are pulled apart, something
would be uncovered or stretched; connected faults count more than scattered ones, and faults at
people and at the subject most. (The idea is that of Google's Cinematic Photos, 2021.)
"""

from dataclasses import dataclass, replace
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import MIN_INV_DEPTH, Intrinsics
from parallax.depth_map import DepthMap
from parallax.label_map import LabelMap
from parallax.moves.params import MoveParams
from parallax.moves.preset import MOVES, make_preset
from parallax.moves.stage import Stage, find_subject, shrink_maps, survey_stage
from parallax.path import CameraPath, Motion, resolve_path

Floats = NDArray[np.float64]
# What is tried, with how much a cinematographer would rather have it, all else being equal
CANDIDATES = {
    "natural": {"push-right": 0.1, "push-left": 0.1, "push-in": 0.0, "push-up": 0.0},
    "cinematic": {"push-in": 0.1, "push-right": 0.05, "push-left": 0.05, "push-up": 0.0},
    "dynamic": {"arc-right": 0.1, "arc-left": 0.1, "push-right": 0.0, "push-left": 0.0},
}
LOOPS = {
    "natural": {"swing": 0.1, "orbit": 0.1, "circle": 0.0, "vertical": 0.0},
    "cinematic": {"dolly": 0.1, "orbit": 0.1, "vertical": 0.0},
    "dynamic": {"circle": 0.1, "swing": 0.0, "orbit": 0.0},
}
FLAT_SPAN = 0.15  # of the nearest inverse depth: less and nothing is there to show
MAX_BAND_W = 0.03  # of the picture's width: the widest strip that is filled well
NUM_POSES = 4  # of a path, from end to end
TEAR_W = 0.0015  # of the width: neighbours pulled apart more than this are a fault, not a slope
BAND_CELLS = 4  # a depth edge is spread over so many cells of the small copy
CONNECTED_POWER = 1.2  # one large fault is worse than many small ones
FAULT_WEIGHT = 25.0  # a fault over 1 % of the picture costs a quarter of the largest parallax
BORDER_WEIGHT = 4.0
PERSON_WEIGHT, SUBJECT_WEIGHT = 3.0, 1.5
ENOUGH_PARALLAX_W = 0.035  # more is not better


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The move chosen for a photo.

    Attributes:
        name: Of the preset.
        path: Made for the photo.
        reason: A sentence.
    """

    name: str
    path: CameraPath
    reason: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a path would do to a photo.

    Attributes:
        parallax_w: How far near and far are shifted apart, in picture widths.
        fault: Weighted share of the picture that is torn or stretched.
        band_w: Widest strip uncovered, in picture widths.
        border: Share of the picture past the photo's border.
    """

    parallax_w: float
    fault: float
    band_w: float
    border: float

    @property
    def merit(self) -> float:
        """What speaks for the path less what speaks against it."""
        shown = min(self.parallax_w / ENOUGH_PARALLAX_W, 1.0)
        return shown - FAULT_WEIGHT * self.fault - BORDER_WEIGHT * self.border


def choose_move(
    depth: DepthMap,
    labels: LabelMap | None,
    intrinsics: Intrinsics,
    *,
    size_wh: tuple[int, int],
    params: MoveParams | None = None,
) -> Choice:
    """The move for this photo, and as large as its depth bears; always the same.

    Args:
        depth: Of the photo.
        labels: Of the photo, None where nothing is known.
        intrinsics: Of the photo.
        size_wh: Of the film.
        params: What was asked for.
    """
    params = params or MoveParams()
    stage = survey_stage(depth, labels, intrinsics, size_wh, focus_uv=params.focus_uv)
    far = max(stage.far_inv_depth, MIN_INV_DEPTH)  # as far as a mesh stands
    span = (stage.near_inv_depth - far) / stage.near_inv_depth
    if span < FLAT_SPAN:
        name = "zoom" if params.loop else "ken-burns"
        reason = f"the photo is nearly flat ({span:.0%} of its depth used), so the lens moves alone"
        return Choice(name, make_preset(name, stage, params=params), reason)
    ground = _Ground.of(depth, labels, stage)
    trials: dict[str, tuple[CameraPath, Trial]] = {}
    taste = (LOOPS if params.loop else CANDIDATES)[params.style]
    for name in taste:
        trials[name] = _largest_bearable(name, ground, params)
    best = max(trials, key=lambda name: trials[name][1].merit + taste[name])  # first of equals
    path, trial = trials[best]
    return Choice(best, path, _reason(best, trial, stage, len(trials)))


def _largest_bearable(name: str, ground: "_Ground", params: MoveParams) -> tuple[CameraPath, Trial]:
    """A preset as large as asked for, or smaller, until what it uncovers can be filled."""
    for _ in range(4):
        path = make_preset(name, ground.stage, params=params)
        trial = ground.try_path(path)
        if trial.band_w <= MAX_BAND_W:
            break
        params = replace(params, amount=params.amount * 0.97 * MAX_BAND_W / trial.band_w)
    return path, trial


def _reason(name: str, trial: Trial, stage: Stage, count: int) -> str:
    """Why this move, for a person."""
    what = MOVES[name].description.split(";")[0].rstrip(".").lower()
    u, v = stage.focus_uv
    return (
        f"best of {count} moves ({what}): near and far shift {trial.parallax_w:.1%} of the width "
        f"apart and uncover strips of at most {trial.band_w:.1%}; "
        f"the subject is at {u:.2f}, {v:.2f}"
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """A small copy of a photo's depth to try paths on.

    Attributes:
        stage: Of the photo.
        rays: (h, w, 3), from the photo's camera through each cell, z = −1.
        inv_depth: (h, w).
        weight: (h, w), how bad a fault is there.
    """

    stage: Stage
    rays: Floats
    inv_depth: Floats
    weight: Floats

    @classmethod
    def of(cls, depth: DepthMap, labels: LabelMap | None, stage: Stage) -> "_Ground":
        """The copy of a depth map."""
        inv_depth, planes = shrink_maps(depth, labels)
        height, width = inv_depth.shape
        v, u = (np.indices(inv_depth.shape) + 0.5) / np.array([height, width])[:, None, None]
        focal_px, (photo_w, photo_h) = stage.intrinsics.focal_px, stage.intrinsics.size_wh
        x, y = (u - 0.5) * photo_w / focal_px, (0.5 - v) * photo_h / focal_px
        subject = find_subject(inv_depth, planes)
        weight = 1 + SUBJECT_WEIGHT * (subject > 0)
        if "person" in planes:
            weight = weight + PERSON_WEIGHT * planes["person"]
        return cls(
            stage,
            np.stack([x, y, -np.ones_like(x)], -1),
            np.maximum(inv_depth.astype(np.float64), MIN_INV_DEPTH),
            np.asarray(weight, np.float64),
        )

    def try_path(self, path: CameraPath) -> Trial:
        """What a path does, the worst of its poses."""
        times_s = np.linspace(0, path.duration_s, NUM_POSES + (1 if path.loop else 0))
        motion = resolve_path(path, times_s, default_fov_deg=self.stage.rest_fov_deg)
        trials = [self._try_pose(motion, i) for i in range(len(times_s))]
        places = np.stack([self._project(motion, i) for i in range(len(times_s))])
        return Trial(
            self._relative_shift(places),
            max(trial[0] for trial in trials),
            max(trial[1] for trial in trials),
            max(trial[2] for trial in trials),
        )

    def _project(self, motion: Motion, index: int) -> Floats:
        """(h, w, 2): where each cell is seen, in picture widths from the middle, y down."""
        world = self.rays - self.inv_depth[..., None] * motion.positions_su[index]
        q = world @ motion.rotations[index]
        tan = np.tan(np.radians(motion.fov_deg[index]) / 2)
        scale = 0.5 / (tan * self.stage.aspect)
        ahead = np.maximum(-q[..., 2:], 0.05)
        return np.asarray(q[..., :2] * [scale, -scale] / ahead)

    def _relative_shift(self, places: Floats) -> float:
        """How far near and far move apart between any two poses, in picture widths.

        The movement of each cell, less what a turn and a zoom alone would do: the affine motion
        that fits all cells best.
        """
        frame = np.array([0.5, 0.5 / self.stage.aspect])
        inside = np.asarray(np.abs(places[:, ::3, ::3]) < frame).all((0, 3))
        seen = places[:, ::3, ::3][:, inside]  # (poses, cells, 2)
        if seen.shape[1] < 16:
            return 0.0
        shift = 0.0
        for i, j in combinations(range(len(seen)), 2):
            columns = np.column_stack([seen[i], np.ones(seen.shape[1])])
            fit, *_ = np.linalg.lstsq(columns, seen[j], rcond=None)
            low, high = np.percentile(seen[j] - columns @ fit, (3, 97), axis=0)
            shift = max(shift, float(np.hypot(*(high - low))))
        return shift

    def _try_pose(self, motion: Motion, index: int) -> tuple[float, float, float]:
        """Weighted fault, widest band and border of one camera."""
        place = self._project(motion, index)
        half = np.array([0.5, 0.5 / self.stage.aspect])
        seen = np.asarray(np.all(np.abs(place) < half, axis=-1))

        # How much farther apart neighbours are than the picture's own magnification puts them
        fault = np.zeros(self.inv_depth.shape)
        band = 0.0
        for axis in (1, 0):
            gap = np.diff(place[..., 1 - axis], axis=axis)
            gap = gap - np.median(gap)
            torn = np.where(gap > TEAR_W, gap, 0.0)
            window = (BAND_CELLS, 1) if axis else (1, BAND_CELLS)
            width = cv2.boxFilter(torn, -1, window, normalize=False, borderType=cv2.BORDER_CONSTANT)
            inner = seen[:, :-1] if axis else seen[:-1]
            band = max(band, float(np.where(inner, width, 0).max(initial=0.0)))
            pad = ((0, 0), (0, 1)) if axis else ((0, 1), (0, 0))
            fault += np.pad(np.where(inner, torn, 0), pad)
        cell_w = float(np.median(np.abs(np.diff(place[..., 0], axis=1))))
        torn_cells = fault / max(cell_w, 1e-6)  # area in cells
        return self._connected_cost(torn_cells), band, self._border(place, half)

    def _connected_cost(self, torn_cells: Floats) -> float:
        """Share of the picture that is torn; parts that hang together count more."""
        hit = (torn_cells > 0).astype(np.uint8)
        count, part = cv2.connectedComponents(cv2.dilate(hit, np.ones((3, 3), np.uint8)))
        area = np.bincount(part.ravel(), (torn_cells * self.weight).ravel(), minlength=count)
        total = torn_cells.size
        # Relative to a fault of a thousandth of the picture, so that its power is 1 there
        unit = 1e-3 * total
        return float((unit * (area / unit) ** CONNECTED_POWER).sum() / total)

    @staticmethod
    def _border(place: Floats, half: Floats) -> float:
        """Share of the picture past the photo's border, half a cell beyond its outermost cells."""
        left = 1.5 * place[:, 0, 0] - 0.5 * place[:, 1, 0]
        right = 1.5 * place[:, -1, 0] - 0.5 * place[:, -2, 0]
        top = 1.5 * place[0, :, 1] - 0.5 * place[1, :, 1]
        bottom = 1.5 * place[-1, :, 1] - 0.5 * place[-2, :, 1]
        x = np.maximum(left + half[0], 0).mean() + np.maximum(half[0] - right, 0).mean()
        y = np.maximum(top + half[1], 0).mean() + np.maximum(half[1] - bottom, 0).mean()
        return float(x + y / (2 * half[1]))
