"""Mountains: uplift against rivers that cut, and noise for what is smaller."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

NUM_CELLS = 448  # a side of the eroded grid: 27 m a cell; finer shapes come from noise
SIDE_M = 12000.0
ORIGIN_M = (-SIDE_M / 2, -SIDE_M + 300.0)  # x and z of the grid's first corner
NUM_ROUNDS = 70

# Where the ground rises: x, z, radius across and along the view (m), height (m)
PEAKS = (
    (-1250, -5300, 1500, 1900, 1500),
    (700, -6900, 1900, 1500, 1280),
    (2900, -5600, 1300, 1900, 1290),
    (-4300, -6300, 1700, 2100, 1400),
    (-1500, -1500, 560, 900, 330),
    (1750, -1750, 720, 950, 400),
    (300, -2900, 900, 800, 210),
    (-2700, -3000, 900, 1000, 540),
    (4800, -4300, 1500, 1800, 900),
)

Grid = NDArray[np.float64]


def erode_mountains(seed: int) -> Grid:
    """(N, N) heights in m over the square at `ORIGIN_M`, rows along z, 0 at the lake.

    Each round lifts the land, lets every cell drain to its lowest neighbour, and lowers it by
    the stream power of the water that passes. Braun and Willett 2013, "A very efficient O(n),
    implicit and parallel method to solve the stream power equation", eq. 24 with n = 1, m = 0.45.
    """
    rng = np.random.default_rng(seed)
    cell_m = SIDE_M / NUM_CELLS
    z, x = np.mgrid[0:NUM_CELLS, 0:NUM_CELLS] * cell_m
    x, z = x + ORIGIN_M[0], z + ORIGIN_M[1]
    goal_m = np.zeros_like(x)
    for px, pz, rx, rz, height in PEAKS:
        bump = height * np.exp(-0.5 * (((x - px) / rx) ** 2 + ((z - pz) / rz) ** 2) * 1.6)
        goal_m = np.maximum(goal_m, bump) + 0.12 * np.minimum(goal_m, bump)
    goal_m *= 0.55 + 0.9 * smooth_noise((NUM_CELLS, NUM_CELLS), 14, rng)
    lake = (goal_m < 14) | (z > -330)
    height_m = 60 * smooth_noise((NUM_CELLS, NUM_CELLS), 9, rng) + 4 * rng.random(x.shape)
    lift_m = np.where(lake, 0, goal_m / NUM_ROUNDS * 1.75).ravel()
    flat = height_m.ravel()
    for _ in range(NUM_ROUNDS):
        flat = _cut_rivers(flat + lift_m, lake.ravel(), cell_m)
    eroded = flat.reshape(x.shape)
    return np.asarray(cv2.GaussianBlur(eroded, (0, 0), 0.6))


def smooth_noise(shape: tuple[int, int], size: int, rng: np.random.Generator) -> Grid:
    """Smooth noise in 0…1 with bumps of about `size` cells."""
    coarse = rng.random((shape[0] // size + 4, shape[1] // size + 4))
    wide = cv2.resize(coarse, None, fx=size, fy=size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(wide[size : size + shape[0], size : size + shape[1]], 0, 1))


def fractal_noise(x: Grid, z: Grid, size_m: float, num_octaves: int, seed: int) -> Grid:
    """Gradient noise at places, about −1…1, its largest bumps `size_m` wide."""
    total, weight = np.zeros_like(x), 1.0
    for octave in range(num_octaves):
        turn = 0.7 * octave
        u = (x * np.cos(turn) - z * np.sin(turn)) / size_m * 2**octave
        v = (x * np.sin(turn) + z * np.cos(turn)) / size_m * 2**octave
        total += weight * _gradient_noise(u, v, seed + octave)
        weight *= 0.5
    return total


def _gradient_noise(u: Grid, v: Grid, seed: int) -> Grid:
    """Perlin's noise on a table of 256 × 256 random directions."""
    angle = np.random.default_rng(seed).random((256, 256)) * 2 * np.pi
    i, j = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    fu, fv = u - i, v - j
    corners: list[Any] = []
    for dj in (0, 1):
        for di in (0, 1):
            a = angle[(j + dj) & 255, (i + di) & 255]
            corners.append(np.cos(a) * (fu - di) + np.sin(a) * (fv - dj))
    wu, wv = (f**3 * (f * (f * 6 - 15) + 10) for f in (fu, fv))
    low = corners[0] + wu * (corners[1] - corners[0])
    high = corners[2] + wu * (corners[3] - corners[2])
    return np.asarray((low + wv * (high - low)) * 1.5)


def _cut_rivers(height_m: Grid, is_outlet: NDArray[np.bool_], cell_m: float) -> Grid:
    """One round of drainage and cutting on flat (N²,) heights."""
    receiver, way_m = _lowest_neighbours(height_m, is_outlet, cell_m)
    order = _steps_to_outlet(receiver)
    by_level = np.argsort(order, kind="stable")
    bounds = np.searchsorted(order[by_level], np.arange(order.max() + 2))
    area = np.ones_like(height_m)
    for level in range(order.max(), 0, -1):
        cells = by_level[bounds[level] : bounds[level + 1]]
        np.add.at(area, receiver[cells], area[cells])
    power = 0.16 * (area * cell_m**2 / 1e4) ** 0.45 * cell_m / way_m
    cut = height_m.copy()
    for level in range(1, order.max() + 1):
        cells = by_level[bounds[level] : bounds[level + 1]]
        below = cut[receiver[cells]]
        lowered = (cut[cells] + power[cells] * below) / (1 + power[cells])
        cut[cells] = np.minimum(lowered, below + 1.05 * way_m[cells])  # scree: about 46 degrees
    return cut


def _lowest_neighbours(
    height_m: Grid, is_outlet: NDArray[np.bool_], cell_m: float
) -> tuple[NDArray[np.int64], Grid]:
    """For each cell the neighbour that is steepest downhill (itself where none is), and how far."""
    n = NUM_CELLS
    grid = np.pad(height_m.reshape(n, n), 1, constant_values=np.inf)
    here = np.arange(n * n).reshape(n, n)
    best, receiver, way_m = np.zeros((n, n)), here.copy(), np.full((n, n), cell_m)
    for dj in (-1, 0, 1):
        for di in (-1, 0, 1):
            if di == 0 and dj == 0:
                continue
            far_m = cell_m * float(np.hypot(di, dj))
            fall = (grid[1:-1, 1:-1] - grid[1 + dj : n + 1 + dj, 1 + di : n + 1 + di]) / far_m
            steeper = fall > best
            best = np.where(steeper, fall, best)
            receiver = np.where(steeper, here + dj * n + di, receiver)
            way_m = np.where(steeper, far_m, way_m)
    flat = np.where(is_outlet, here.ravel(), receiver.ravel())
    return flat, way_m.ravel()


def _steps_to_outlet(receiver: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many cells lie downstream of each, by doubling the jump."""
    steps: NDArray[np.int64] = (receiver != np.arange(len(receiver))).astype(np.int64)
    jump = receiver
    while True:
        longer = steps + steps[jump]
        if np.array_equal(longer, steps):
            return steps
        steps, jump = longer, jump[jump]
