"""`Stage`: what a move has to know of a photo."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import MIN_INV_DEPTH, Intrinsics, fov_to_cover
from parallax.moves.glance import Glance
from parallax.moves.subject import FAR_PERCENTILE, NEAR_PERCENTILE, Focus, weigh_focus

Floats = NDArray[np.float64]
GRID_WH = (48, 32)  # of the coarse depth that a stage keeps, fine enough to point at things
INSIDE = 0.9  # of the frame, for a point that a film holds
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
    glance: Glance, intrinsics: Intrinsics, size_wh: tuple[int, int], *, focus: Focus = "auto"
) -> Stage:
    """The stage that a photo sets.

    Args:
        glance: At the photo.
        intrinsics: Of the photo.
        size_wh: Of the film.
        focus: The subject, see `weigh_focus`.
    """
    inv_depth = glance.inv_depth
    near, far = (float(np.percentile(inv_depth, p)) for p in (NEAR_PERCENTILE, FAR_PERCENTILE))
    near = max(near, MIN_INV_DEPTH)
    weight = weigh_focus(glance, focus)
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
