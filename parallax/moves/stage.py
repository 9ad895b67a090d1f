"""`Stage`: what a move has to know of a photo."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import MIN_INV_DEPTH, Intrinsics, fov_to_cover
from parallax.depth_map import DepthMap
from parallax.label_map import LabelMap

Floats = NDArray[np.float64]
Focus = tuple[float, float] | Literal["auto", "subject"]
SURVEY_WIDTH = 192  # wide enough to find a subject, small enough to take a millisecond
NEAR_PERCENTILE, FAR_PERCENTILE = 98.0, 2.0  # past single wrong pixels
MIN_PERSON_AREA = 0.01  # smaller people are staffage, not the subject
GRID_WH = (48, 32)  # of the coarse depth that a stage keeps, fine enough to point at things
INSIDE = 0.9  # of the frame, for a point that a film holds
STANDS_OUT = 0.08  # of the depth's span, nearer than the median: less is a part of the ground
MAX_SUBJECT_AREA = 0.5
FLATTEST = 0.35  # the depth's span counts as at least this part of the nearest, or a wall flies by


@dataclass(frozen=True, slots=True)
class Stage:
    """What a move has to know of a photo and of the film's frame.

    Attributes:
        intrinsics: Of the photo.
        size_wh: Of the film.
        near_inv_depth: Of what is nearest, 1/su.
        focus_inv_depth: Of the subject.
        far_inv_depth: Of what is farthest.
        focus_uv: Where the subject is in the photo.
        depth_grid: Inverse depth of the photo, by rows, coarsely; empty where it is not known.
    """

    intrinsics: Intrinsics
    size_wh: tuple[int, int]
    near_inv_depth: float = 1.0
    focus_inv_depth: float = 0.6
    far_inv_depth: float = 0.05
    focus_uv: tuple[float, float] = (0.5, 0.5)
    depth_grid: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        depths = (self.near_inv_depth, self.focus_inv_depth, self.far_inv_depth)
        if not all(math.isfinite(d) and d >= 0 for d in depths) or self.near_inv_depth <= 0:
            raise ValueError(f"Stage: expected inverse depths from 0 up, got {depths}")

    @property
    def rest_fov_deg(self) -> float:
        """Vertical field of view of the film at rest, which shows the photo and nothing else."""
        return fov_to_cover(self.intrinsics, self.size_wh)

    @property
    def tan_rest(self) -> float:
        """Half the film's height at a distance of 1, at rest."""
        return math.tan(math.radians(self.rest_fov_deg) / 2)

    @property
    def aspect(self) -> float:
        """Width / height of the film."""
        return self.size_wh[0] / self.size_wh[1]

    @property
    def focal_w(self) -> float:
        """Focal length of the film at rest, in widths of it."""
        return 0.5 / (self.tan_rest * self.aspect)

    @property
    def focus_su(self) -> float:
        """Distance of the subject along −z."""
        return 1 / max(self.focus_inv_depth, MIN_INV_DEPTH)

    @property
    def focus_ray(self) -> Floats:
        """(3,): from the camera to the subject, with z = −1; kept inside the film's frame."""
        return self.ray_within(INSIDE)

    def ray_within(self, share: float) -> Floats:
        """(3,): towards the subject, but no farther from the middle than a share of the frame."""
        width, height = self.intrinsics.size_wh
        x = (self.focus_uv[0] - 0.5) * width / self.intrinsics.focal_px
        y = (0.5 - self.focus_uv[1]) * height / self.intrinsics.focal_px
        edge = share * self.tan_rest
        x = float(np.clip(x, -edge * self.aspect, edge * self.aspect))
        return np.array([x, float(np.clip(y, -edge, edge)), -1.0])

    @property
    def depth_span(self) -> float:
        """Nearest less farthest inverse depth, and no less than a share of the nearest."""
        return max(self.near_inv_depth - self.far_inv_depth, FLATTEST * self.near_inv_depth)

    def focused(self, focus_uv: tuple[float, float] | None) -> "Stage":
        """The same stage with another point in focus, as far away as the photo is there."""
        if focus_uv is None:
            return self
        focus = self.focus_inv_depth
        if self.depth_grid:
            rows, columns = len(self.depth_grid), len(self.depth_grid[0])
            row = min(int(focus_uv[1] * rows), rows - 1)
            focus = self.depth_grid[row][min(int(focus_uv[0] * columns), columns - 1)]
            focus = min(max(focus, self.far_inv_depth, MIN_INV_DEPTH), self.near_inv_depth)
        return replace(self, focus_uv=focus_uv, focus_inv_depth=focus)


def survey_stage(
    depth: DepthMap,
    labels: LabelMap | None,
    intrinsics: Intrinsics,
    size_wh: tuple[int, int],
    *,
    focus: Focus = "auto",
) -> Stage:
    """The stage that a photo sets.

    The subject is the people, where there are any of some size, or else the nearest compact thing
    near the middle.

    Args:
        depth: Of the photo, at any size.
        labels: Of the photo, None where nothing is known.
        intrinsics: Of the photo.
        size_wh: Of the film.
        focus: The subject, where someone says so; "subject" is what is found, however vague, and
            "auto" takes the middle of the picture where nothing stands out.
    """
    inv_depth, planes = shrink_maps(depth, labels)
    near, far = (float(np.percentile(inv_depth, p)) for p in (NEAR_PERCENTILE, FAR_PERCENTILE))
    near = max(near, MIN_INV_DEPTH)
    weight = _weigh_focus(inv_depth, planes, focus)
    total = float(weight.sum())
    rows, columns = np.indices(inv_depth.shape)
    height, width = inv_depth.shape
    found_uv = (
        float(((columns + 0.5) * weight).sum() / total / width),
        float(((rows + 0.5) * weight).sum() / total / height),
    )
    inside = inv_depth[weight > 0.5 * weight.max()]
    focus_inv_depth = float(np.clip(np.median(inside), max(far, MIN_INV_DEPTH), near))
    grid = cv2.resize(cv2.medianBlur(inv_depth, 5), GRID_WH, interpolation=cv2.INTER_NEAREST)
    return Stage(
        intrinsics,
        size_wh,
        near,
        focus_inv_depth,
        min(far, near),
        focus if isinstance(focus, tuple) else found_uv,
        tuple(tuple(float(round(value, 4)) for value in row) for row in grid.tolist()),
    )


def shrink_maps(
    depth: DepthMap, labels: LabelMap | None
) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
    """(h, w) inverse depth and label masks, small enough for a survey."""
    width, height = depth.size_wh
    factor = min(1.0, SURVEY_WIDTH / max(width, height))
    small_wh = max(8, round(width * factor)), max(8, round(height * factor))
    inv_depth = depth.resized(small_wh).inv_depth
    if labels is None:
        return inv_depth, {}
    small = labels.resized(small_wh)
    names = ("person", "sky", "water", "ground")
    return inv_depth, {name: small.mask(name) for name in names}  # type: ignore[arg-type]


def find_subject(
    inv_depth: NDArray[np.float32], planes: dict[str, NDArray[np.float32]]
) -> NDArray[np.float32]:
    """(h, w), 0…1: how much each pixel belongs to the subject."""
    person = planes.get("person")
    if person is not None and float((person > 0.5).mean()) > MIN_PERSON_AREA:
        return _largest_part(np.where(person > 0.5, person, 0).astype(np.float32))

    # Near, near the middle, and neither sky nor the ground that it all stands on
    low, high = np.percentile(inv_depth, (20.0, NEAR_PERCENTILE))
    nearness = np.clip((inv_depth - low) / max(float(high - low), 1e-6), 0.02, 1)
    height, width = inv_depth.shape
    v, u = (np.indices(inv_depth.shape) + 0.5) / np.array([height, width])[:, None, None]
    central = np.exp(-((u - 0.5) ** 2 + (v - 0.5) ** 2) / (2 * 0.25**2))
    score = (nearness * central).astype(np.float32)
    for name, share in (("sky", 1.0), ("water", 0.7), ("ground", 0.7)):
        if name in planes:
            score = score * (1 - np.float32(share) * planes[name])
    score = cv2.GaussianBlur(score, (0, 0), 0.03 * width)
    return _largest_part(np.where(score > 0.6 * score.max(), score, 0).astype(np.float32))


def _largest_part(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """The connected part of a mask that weighs most."""
    _, part = cv2.connectedComponents((weight > 0).astype(np.uint8))
    mass = np.bincount(part.ravel(), weight.ravel().astype(np.float64))
    return np.where(part == int(mass.argmax()), weight, 0).astype(np.float32)


def weigh_subject(depth: DepthMap, labels: LabelMap | None, focus: Focus) -> NDArray[np.float32]:
    """(h, w), 0…1: how much each part of a photo belongs to what a film has to show."""
    inv_depth, planes = shrink_maps(depth, labels)
    return _weigh_focus(inv_depth, planes, focus)


def _weigh_focus(
    inv_depth: NDArray[np.float32], planes: dict[str, NDArray[np.float32]], focus: Focus
) -> NDArray[np.float32]:
    """(h, w), 0…1: how much each pixel belongs to what is in focus."""
    if isinstance(focus, tuple):
        return _spot(inv_depth.shape, focus)
    found = find_subject(inv_depth, planes)
    if focus == "auto" and not _stands_out(inv_depth, found):
        return _spot(inv_depth.shape, (0.5, 0.5))
    return found


def _stands_out(inv_depth: NDArray[np.float32], weight: NDArray[np.float32]) -> bool:
    """Whether a subject is nearer than most of the picture, and not most of it itself."""
    inside = weight > 0.5 * weight.max()
    low, high = np.percentile(inv_depth, (FAR_PERCENTILE, NEAR_PERCENTILE))
    nearer = float(np.median(inv_depth[inside]) - np.median(inv_depth))
    return nearer > STANDS_OUT * float(high - low) and float(inside.mean()) < MAX_SUBJECT_AREA


def _spot(shape: tuple[int, int], focus_uv: tuple[float, float]) -> NDArray[np.float32]:
    """(h, w): a small disc around a point."""
    height, width = shape
    v, u = np.indices(shape) + 0.5
    away = np.hypot(u - focus_uv[0] * width, v - focus_uv[1] * height)
    return np.asarray(np.exp(-((away / (0.03 * width)) ** 2)) + 1e-9, np.float32)
