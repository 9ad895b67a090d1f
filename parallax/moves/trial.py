"""What a camera path would do to a photo, tried on a small copy of its depth.

Where neighbours are pulled apart, something is uncovered or stretched. Connected faults count more
than scattered ones, and faults at people and at the subject most. (The idea is that of Google's
Cinematic Photos, 2021.)
"""

from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import MIN_INV_DEPTH
from parallax.moves.glance import Glance
from parallax.moves.stage import Stage
from parallax.moves.subject import find_subject
from parallax.path import CameraPath, CameraSamples, resolve_path

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
NUM_POSES = 4  # of a path, from end to end
TEAR_W = 0.0015  # of the width: neighbours pulled apart more than this are a fault, not a slope
BAND_CELLS = 4  # a depth edge is spread over so many cells of the small copy
CONNECTED_POWER = 1.2  # one large fault is worse than many small ones
FAULT_WEIGHT = 25.0  # a fault over 1 % of the picture costs a quarter of the largest parallax
BORDER_WEIGHT = 4.0
CROP_WEIGHT = 2.0  # a twentieth of the photo not shown costs a tenth of the largest parallax
DRIFT_WEIGHT = 3.0
PERSON_WEIGHT, SUBJECT_WEIGHT = 3.0, 1.5
ENOUGH_PARALLAX_W = 0.035  # more is not better


@dataclass(frozen=True, slots=True)
class Trial:
    """What a path would do to a photo.

    Attributes:
        parallax_w: How far near and far are shifted apart, in picture widths.
        fault: Weighted share of the picture that is torn or stretched.
        band_w: Widest strip uncovered, in picture widths.
        border: Share of the picture past the photo's border.
        crop: How much closer the framing is than at rest, so that no border shows.
        drift_w: How far the subject moves in the picture, in widths.
    """

    parallax_w: float
    fault: float
    band_w: float
    border: float
    crop: float
    drift_w: float

    @property
    def merit(self) -> float:
        """What speaks for the path less what speaks against it."""
        shown = min(self.parallax_w / ENOUGH_PARALLAX_W, 1.0)
        faults = FAULT_WEIGHT * self.fault + BORDER_WEIGHT * self.border
        return shown - faults - CROP_WEIGHT * self.crop - DRIFT_WEIGHT * self.drift_w


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A small copy of a photo's depth to try paths on.

    Attributes:
        stage: Of the photo.
        rays: (h, w, 3), from the photo's camera through each cell, z = −1.
        inv_depth: (h, w).
        weight: (h, w), how bad a fault is there.
    """

    stage: Stage
    rays: Singles
    inv_depth: Singles
    weight: Floats

    @classmethod
    def of(cls, glance: Glance, stage: Stage) -> "Ground":
        """The ground that a photo's small copy is."""
        inv_depth = glance.inv_depth
        height, width = inv_depth.shape
        v, u = (np.indices(inv_depth.shape) + 0.5) / np.array([height, width])[:, None, None]
        focal_px, (photo_w, photo_h) = stage.intrinsics.focal_px, stage.intrinsics.size_wh
        x, y = (u - 0.5) * photo_w / focal_px, (0.5 - v) * photo_h / focal_px
        subject = find_subject(glance)
        weight = 1 + SUBJECT_WEIGHT * (subject > 0)
        if "person" in glance.planes:
            weight = weight + PERSON_WEIGHT * glance.planes["person"]
        return cls(
            stage,
            np.stack([x, y, -np.ones_like(x)], -1).astype(np.float32),
            np.maximum(inv_depth, np.float32(MIN_INV_DEPTH)),
            np.asarray(weight, np.float64),
        )

    def try_path(self, path: CameraPath) -> Trial:
        """What a path does, the worst of its poses."""
        times_s = np.linspace(0, path.duration_s, NUM_POSES + (1 if path.loop else 0))
        samples = resolve_path(path, times_s, default_fov_deg=self.stage.rest_fov_deg)
        places = self._project(samples, self.rays, self.inv_depth)
        torn = [self._tear(place) for place in places]
        return Trial(
            self._relative_shift(samples, places),
            max(self._connected_cost(torn_cells) for torn_cells, _ in torn),
            max(band_w for _, band_w in torn),
            max(self._border(place) for place in places),
            max(0.0, float(self.stage.tan_rest / _tan(samples).max()) - 1),
            self._drift(samples),
        )

    def trace_uncovered(self, path: CameraPath, times_s: Floats) -> Floats:
        """(N,): the share of the picture that has to be filled at each moment, with the border."""
        samples = resolve_path(path, times_s, default_fov_deg=self.stage.rest_fov_deg)
        shares = []
        for place in self._project(samples, self.rays, self.inv_depth):
            torn_cells, _ = self._tear(place)
            shares.append(float(torn_cells.sum()) / torn_cells.size + self._border(place))
        return np.array(shares)

    def _project(self, samples: CameraSamples, rays: Singles, inv_depth: Singles) -> Singles:
        """(N, h, w, 2): where each cell is seen, in picture widths from the middle, y down."""
        tan = _tan(samples)
        scale = 0.5 / (tan * self.stage.aspect)
        flat = rays.reshape(-1, 3)
        seen = np.empty((len(tan), len(flat), 2), np.float32)
        for i, (turn, place) in enumerate(
            zip(samples.rotations, samples.positions_su, strict=True)
        ):
            q = flat @ turn.astype(np.float32)
            q -= inv_depth.reshape(-1, 1) * (place @ turn).astype(np.float32)
            ahead = np.maximum(-q[:, 2], np.float32(0.05))
            seen[i, :, 0] = q[:, 0] * np.float32(scale[i]) / ahead
            seen[i, :, 1] = q[:, 1] * np.float32(-scale[i]) / ahead
        return seen.reshape(-1, *rays.shape[:2], 2)

    def _relative_shift(self, samples: CameraSamples, places: Singles) -> float:
        """How far near and far move apart between any two poses, in picture widths.

        Where each cell is seen, less where it would be at the photo's median depth.
        """
        half = np.array([0.5, 0.5 / self.stage.aspect])
        coarse = places[:, ::3, ::3]
        inside = np.asarray(np.abs(coarse) < half).all((0, 3))
        if int(inside.sum()) < 16:
            return 0.0
        inv_depth = self.inv_depth[::3, ::3]
        flat = np.full_like(inv_depth, np.median(inv_depth))
        apart = (coarse - self._project(samples, self.rays[::3, ::3], flat))[:, inside]
        shift = 0.0
        for i, j in combinations(range(len(apart)), 2):
            low, high = np.percentile(apart[j] - apart[i], (3, 97), axis=0)
            shift = max(shift, float(np.hypot(*(high - low))))
        return shift

    def _drift(self, samples: CameraSamples) -> float:
        """How far the subject is seen to move, in picture widths."""
        ray = self.stage.focus_ray.astype(np.float32)[None, None]
        inv_depth = np.full((1, 1), self.stage.focus_inv_depth, np.float32)
        seen = self._project(samples, ray, inv_depth)[:, 0, 0]
        return float(np.hypot(*(seen.max(0) - seen.min(0))))

    def _tear(self, place: Singles) -> tuple[Floats, float]:
        """(h, w) area in cells that opens beside each cell, and the widest strip in widths."""
        half = np.array([0.5, 0.5 / self.stage.aspect])
        seen = np.asarray(np.all(np.abs(place) < half, axis=-1))

        # How much farther apart neighbours are than the picture's own magnification puts them
        fault = np.zeros(self.inv_depth.shape)
        band = 0.0
        for axis in (1, 0):
            gap = np.diff(place[..., 1 - axis], axis=axis)
            gap = gap - np.median(gap[::3, ::3])
            torn = np.where(gap > TEAR_W, gap, 0.0)
            window = (BAND_CELLS, 1) if axis else (1, BAND_CELLS)
            width = cv2.boxFilter(torn, -1, window, normalize=False, borderType=cv2.BORDER_CONSTANT)
            inner = seen[:, :-1] if axis else seen[:-1]
            band = max(band, float(np.where(inner, width, 0).max(initial=0.0)))
            pad = ((0, 0), (0, 1)) if axis else ((0, 1), (0, 0))
            fault += np.pad(np.where(inner, torn, 0), pad)
        cell_w = float(np.median(np.abs(np.diff(place[::3, :, 0], axis=1))))
        return fault / max(cell_w, 1e-6), band

    def _connected_cost(self, torn_cells: Floats) -> float:
        """Share of the picture that is torn; parts that hang together count more."""
        hit = (torn_cells > 0).astype(np.uint8)
        count, part = cv2.connectedComponents(cv2.dilate(hit, np.ones((3, 3), np.uint8)))
        area = np.bincount(part.ravel(), (torn_cells * self.weight).ravel(), minlength=count)
        total = torn_cells.size
        # Relative to a fault of a thousandth of the picture, so that its power is 1 there
        unit = 1e-3 * total
        return float((unit * (area / unit) ** CONNECTED_POWER).sum() / total)

    def _border(self, place: Singles) -> float:
        """Share of the picture past the photo's border, half a cell beyond its outermost cells."""
        half = np.array([0.5, 0.5 / self.stage.aspect])
        left = 1.5 * place[:, 0, 0] - 0.5 * place[:, 1, 0]
        right = 1.5 * place[:, -1, 0] - 0.5 * place[:, -2, 0]
        top = 1.5 * place[0, :, 1] - 0.5 * place[1, :, 1]
        bottom = 1.5 * place[-1, :, 1] - 0.5 * place[-2, :, 1]
        x = np.maximum(left + half[0], 0).mean() + np.maximum(half[0] - right, 0).mean()
        y = np.maximum(top + half[1], 0).mean() + np.maximum(half[1] - bottom, 0).mean()
        return float(x + y / (2 * half[1]))


def _tan(samples: CameraSamples) -> Floats:
    """(N,): half the film's height at a distance of 1."""
    return np.asarray(np.tan(np.radians(samples.fov_deg) / 2))
