"""How far a camera path strays from the photo.

A photo point at tangents r = (X, Y, −1) with inverse depth d is seen by a camera at c with rotation
R in the direction q = Rᵀr − d·Rᵀc = a − d·b, at q_xy / −q_z of its picture. From this follow, with
nothing left to sample but time:

- its movement per unit of inverse depth, (b_xy·a_z − a_xy·b_z) / q_z²: the parallax;
- the frame's corner in direction w of the world sees the tangents d·c_xy + (1 + d·c_z)·w_xy / −w_z:
  the margin, largest at one of the two ends of the depths.

q is linear in (X, Y, d) together, so bounds over a cell of the photo come from its corners. They
are upper bounds: a cell counts as seen if the box around its corners meets the frame.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, Reach
from parallax.path.keyframe import CameraPath
from parallax.path.sample import CameraSamples, resolve_path

Floats = NDArray[np.float64]
CELLS_XY = (8, 6)  # of the photo; finer changes the bound of usual paths by less than 1 %
NUM_SAMPLES = 400  # of a pass; what falls between is bounded by the curvature
MARGIN_SAMPLES = 80  # for framings that are tried one after another; its bound is a little wider
SAMPLES_OF_KEYS = 4000  # shared by the segments, so that a short one is seen too
MIN_CLEARANCE = 0.05  # a point this near before the lens counts as not nearer
MAX_MARGIN = 10.0  # says "looks away from the photo"


@dataclass(frozen=True, slots=True, eq=False)
class ReachTrace:
    """The reach of each of many cameras.

    Attributes:
        parallax_su: (N,).
        margin_uv: (N, 4), past the left, top, right, bottom border; below 0 where inside.
        zoom: (N,), largest magnification.
    """

    parallax_su: Floats
    margin_uv: Floats
    zoom: Floats


def measure_reach(
    path: CameraPath,
    intrinsics: Intrinsics,
    *,
    size_wh: tuple[int, int],
    inv_depth_range: tuple[float, float] = (0.0, 1.0),
    default_fov_deg: float,
) -> Reach:
    """How far a path strays from the photo; never too little, exact for a sideways shift.

    `parallax_su` and `zoom` are against the film at rest, with `default_fov_deg`: a camera that
    zooms in magnifies parallax too.

    Args:
        path: A camera path.
        intrinsics: Of the photo.
        size_wh: Of the film.
        inv_depth_range: Farthest and nearest inverse depth of what is seen.
        default_fov_deg: Of the film at rest, see `parallax.camera.fov_to_cover`.
    """
    samples = _resolve_one_pass(path, default_fov_deg)
    trace = trace_reach(
        samples,
        intrinsics,
        size_wh=size_wh,
        inv_depth_range=inv_depth_range,
        default_fov_deg=default_fov_deg,
    )
    left, top, right, bottom = (
        max(0.0, _peak(samples.times_s, side)) for side in trace.margin_uv.T
    )
    return Reach(
        _peak(samples.times_s, trace.parallax_su),
        (left, top, right, bottom),
        max(1.0, _peak(samples.times_s, trace.zoom)),
    )


def measure_margin(
    path: CameraPath,
    intrinsics: Intrinsics,
    *,
    size_wh: tuple[int, int],
    inv_depth_range: tuple[float, float] = (0.0, 1.0),
    default_fov_deg: float,
) -> float:
    """The largest margin of all four borders; below 0 where the path stays inside."""
    samples = _resolve_one_pass(path, default_fov_deg, num=MARGIN_SAMPLES, per_segment=4)
    margin = _trace_margin(samples, intrinsics, size_wh, inv_depth_range)
    return max(_peak(samples.times_s, side) for side in margin.T)


def _resolve_one_pass(
    path: CameraPath, default_fov_deg: float, *, num: int = NUM_SAMPLES, per_segment: int = 16
) -> CameraSamples:
    """All cameras of a path, close together: repeats, ways back and paces show no others."""
    one = replace(
        path,
        duration_s=path.pass_s,
        loop=path.closed,
        alternate=False,
        cycles=1,
        phase=0.0,
        ease="linear",
    )
    keys = np.array([key.time_s for key in one.keyframes])
    per_segment = int(np.clip(SAMPLES_OF_KEYS // len(keys), 2, per_segment))
    ends = np.append(keys, one.duration_s)
    within = np.linspace(ends[:-1], ends[1:], per_segment + 1).ravel()
    tick = 1e-9 * one.duration_s  # just before a key, where a held camera jumps
    even = np.linspace(0, one.duration_s, num + 1)
    last = np.nextafter(one.duration_s, 0) if one.loop else one.duration_s  # or it wraps around
    times_s = np.unique(np.clip([*even, *within, *(keys - tick)], 0, last))
    return resolve_path(one, times_s, default_fov_deg=default_fov_deg)


def trace_reach(
    samples: CameraSamples,
    intrinsics: Intrinsics,
    *,
    size_wh: tuple[int, int],
    inv_depth_range: tuple[float, float],
    default_fov_deg: float,
) -> ReachTrace:
    """The reach of each of many cameras."""
    margin = _trace_margin(samples, intrinsics, size_wh, inv_depth_range)
    past = np.clip(margin.max(0), 0, 1)  # how much of a border is ever shown
    parallax, zoom = _trace_cells(
        samples,
        _grid_tangents(intrinsics, past),
        inv_depths=np.array(inv_depth_range, np.float64),
        aspect=size_wh[0] / size_wh[1],
        tan_rest=math.tan(math.radians(default_fov_deg) / 2),
    )
    return ReachTrace(parallax, margin, zoom)


def _trace_margin(
    samples: CameraSamples,
    intrinsics: Intrinsics,
    size_wh: tuple[int, int],
    inv_depth_range: tuple[float, float],
) -> Floats:
    """(N, 4): how far past each border a corner of the frame looks."""
    tan = np.tan(np.radians(samples.fov_deg) / 2)  # (N,)
    aspect = size_wh[0] / size_wh[1]
    signs = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float64)
    toward = np.stack(
        [aspect * tan[:, None] * signs[:, 0], tan[:, None] * signs[:, 1], -np.ones((len(tan), 4))],
        -1,
    )  # (N, 4, 3), camera
    world = np.einsum("nij,ncj->nci", samples.rotations, toward)
    ahead = np.maximum(-world[..., 2], 1e-3)[..., None, None]
    depths = np.array(inv_depth_range, np.float64)[:, None]  # (2, 1)
    place = samples.positions_su[:, None, None, :]
    seen = depths * place[..., :2] + (1 + depths * place[..., 2:]) * (
        world[..., None, :2] / ahead
    )  # (N, 4, 2, 2): corner, depth, xy
    width, height = intrinsics.size_wh
    u = 0.5 + seen[..., 0] * (intrinsics.focal_px / width)
    v = 0.5 - seen[..., 1] * (intrinsics.focal_px / height)
    sides = np.stack([-u, -v, u - 1, v - 1], -1).reshape(len(tan), 8, 4)
    return np.asarray(np.minimum(sides.max(1), MAX_MARGIN))


def _grid_tangents(intrinsics: Intrinsics, past_uv: Floats) -> Floats:
    """(rows + 1, columns + 1, 3): tangents of the photo's cell corners, with its border."""
    width, height = intrinsics.size_wh
    u = np.linspace(-past_uv[0], 1 + past_uv[2], CELLS_XY[0] + 1)
    v = np.linspace(-past_uv[1], 1 + past_uv[3], CELLS_XY[1] + 1)
    x = (u - 0.5) * (width / intrinsics.focal_px)
    y = (0.5 - v) * (height / intrinsics.focal_px)
    grid = np.meshgrid(x, y)
    return np.stack([*grid, -np.ones_like(grid[0])], -1)


def _trace_cells(
    samples: CameraSamples, grid: Floats, *, inv_depths: Floats, aspect: float, tan_rest: float
) -> tuple[Floats, Floats]:
    """(N,) parallax and (N,) zoom, the most of any cell that is seen."""
    a = np.einsum("nji,hwj->nhwi", samples.rotations, grid)  # (N, h, w, 3)
    b = np.einsum("nji,nj->ni", samples.rotations, samples.positions_su)[:, None, None]
    d = inv_depths[:, None]  # (2, 1)
    q = a[..., None, :] - d * b[..., None, :]  # (N, h, w, 2, 3)
    ahead = np.maximum(-q[..., 2], MIN_CLEARANCE)
    screen = q[..., :2] / ahead[..., None]
    tan = np.tan(np.radians(samples.fov_deg) / 2)

    # A cell is seen if the box around its eight corners meets the frame
    low, high = _over_cells(screen.min(3), np.minimum), _over_cells(screen.max(3), np.maximum)
    half = np.stack([aspect * tan, tan], -1)[:, None, None]  # (N, 1, 1, 2)
    seen = ((low <= half) & (high >= -half)).all(-1)

    # Movement per inverse depth, the most of the cell over the least clearance
    move = np.linalg.norm(b[..., :2] * a[..., 2:] - a[..., :2] * b[..., 2:], axis=-1)
    nearest = _over_cells(ahead.min(3)[..., None], np.minimum)[..., 0]
    parallax = _over_cells(move[..., None], np.maximum)[..., 0] / nearest**2

    # Magnification: the larger singular value of the picture's change with the tangents
    turn = np.swapaxes(samples.rotations, 1, 2)[:, None, None, None]  # camera from world
    change = (turn[..., :2, :2] + screen[..., None] * turn[..., 2:, :2]) / ahead[..., None, None]
    stretch = _over_cells(_largest_singular(change).max(3)[..., None], np.maximum)[..., 0]

    gain = (tan_rest / tan)[:, None, None]
    return (
        np.where(seen, parallax * gain, 0.0).max((1, 2)),
        np.where(seen, stretch * gain, 0.0).max((1, 2)),
    )


def _over_cells(corners: Floats, pick: np.ufunc) -> Floats:
    """(N, h, w, k) of corners (N, h + 1, w + 1, k): the least or most of each cell's four."""
    rows = pick(corners[:, :-1], corners[:, 1:])
    return np.asarray(pick(rows[:, :, :-1], rows[:, :, 1:]))


def _largest_singular(matrix: Floats) -> Floats:
    """(…): the larger singular value of 2 × 2 matrices."""
    p, q = matrix[..., 0, 0], matrix[..., 0, 1]
    r, s = matrix[..., 1, 0], matrix[..., 1, 1]
    return np.asarray((np.hypot(p + s, q - r) + np.hypot(p - s, q + r)) / 2)


def _peak(times_s: Floats, values: Floats) -> float:
    """The most that smooth samples can reach, also between them.

    Between samples h apart a curve rises above the nearer one by at most an eighth of h² times its
    second derivative; here twice that, for the derivative is itself estimated. At a jump (a held
    key) it says nothing about smoothness, and the smallest of three neighbours' counts.
    """
    if len(values) < 5:
        return float(values.max())
    h = np.diff(times_s)
    slope = np.diff(values) / h
    bend = np.abs(np.diff(slope)) * 2 / (h[1:] + h[:-1])
    bend = np.concatenate([bend[:1], bend, bend[-1:]])
    padded = np.concatenate([bend[:1], bend, bend[-1:]])
    calm = np.minimum(np.minimum(padded[:-2], padded[2:]), bend)
    reach_s = np.maximum(np.append(h, h[-1]), np.append(h[:1], h))
    return float((values + calm * reach_s**2 / 4).max())
