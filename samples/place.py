"""Where copies of a mesh stand."""

import math

import numpy as np
from numpy.typing import NDArray

from samples.mesh import Mesh

Grid = NDArray[np.float64]


def instances(
    x: Grid, y: Grid, z: Grid, size: Grid, rng: np.random.Generator
) -> NDArray[np.float32]:
    """(N, 8) places, each with its own turn, tint and seed."""
    turn = rng.random(len(x)) * 2 * math.pi
    tint = rng.uniform(0.75, 1.25, len(x))
    columns = [x, y, z, size, np.cos(turn), np.sin(turn), tint, rng.random(len(x))]
    return np.stack(columns, -1).astype(np.float32)


def instances_at(places: list[tuple[float, float, float, float]]) -> NDArray[np.float32]:
    """(N, 8) for a few places (x, y, z, size) set by hand."""
    x, y, z, size = np.array(places).T
    return instances(x, y, z, size, np.random.default_rng(len(places)))


def upward(mesh: Mesh) -> Mesh:
    """A sheet of ground with its normals up."""
    sign = np.where(mesh.normals[:, 1:2] < 0, np.float32(-1), np.float32(1))
    return Mesh(mesh.positions, mesh.normals * sign, mesh.albedo, mesh.uv_ao, mesh.triangles)


def one_at(
    x: float, y: float, z: float, *, turn: float = 0.0, seed: float = 0.5
) -> NDArray[np.float32]:
    """(1, 8), one place."""
    return np.array([[x, y, z, 1, math.cos(turn), math.sin(turn), 1, seed]], np.float32)
