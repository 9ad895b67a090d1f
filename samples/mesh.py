"""`Mesh` and the simple bodies that sample scenes are built of. Metres, y up."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles with what a texture needs.

    Attributes:
        positions: (V, 3), m.
        normals: (V, 3), unit length.
        albedo: (V, 3), LINEAR.
        uv_ao: (V, 3): texture place, and how open to the sky the place is (0…1).
        triangles: uint32 (T, 3).
    """

    positions: Floats
    normals: Floats
    albedo: Floats
    uv_ao: Floats
    triangles: NDArray[np.uint32]

    def moved(self, shift: ArrayLike, *, yaw_deg: float = 0.0, size: float = 1.0) -> "Mesh":
        """Scaled, turned about y, then shifted."""
        yaw = math.radians(yaw_deg)
        turn = np.array(
            [[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]]
        )
        return self.turned(turn, shift, size=size)

    def turned(self, turn: NDArray[np.float64], shift: ArrayLike, *, size: float = 1.0) -> "Mesh":
        """Scaled, turned by a (3, 3) rotation, then shifted."""
        positions = (self.positions * size) @ turn.T + np.asarray(shift)
        normals = self.normals @ turn.T
        return Mesh(_f32(positions), _f32(normals), self.albedo, self.uv_ao, self.triangles)

    def tinted(self, albedo: ArrayLike) -> "Mesh":
        """With one colour."""
        colors = np.broadcast_to(_f32(albedo), self.positions.shape)
        return Mesh(self.positions, self.normals, _f32(colors), self.uv_ao, self.triangles)


def join(meshes: list[Mesh]) -> Mesh:
    """All of them as one."""
    offsets = np.cumsum([0] + [len(m.positions) for m in meshes[:-1]])
    return Mesh(
        np.concatenate([m.positions for m in meshes]),
        np.concatenate([m.normals for m in meshes]),
        np.concatenate([m.albedo for m in meshes]),
        np.concatenate([m.uv_ao for m in meshes]),
        np.concatenate([m.triangles + np.uint32(o) for m, o in zip(meshes, offsets, strict=True)]),
    )


def mesh_from_triangles(positions: ArrayLike, triangles: ArrayLike, *, albedo: ArrayLike) -> Mesh:
    """A smooth mesh: normals are the area-weighted mean of the triangles at a vertex."""
    points, corners = _f32(positions), np.asarray(triangles, np.uint32)
    a, b, c = (points[corners[:, i]] for i in range(3))
    face = np.cross(b - a, c - a)
    normals = np.zeros_like(points)
    for i in range(3):
        np.add.at(normals, corners[:, i], face)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    colors = np.broadcast_to(_f32(albedo), points.shape)
    uv_ao = np.tile(_f32([0, 0, 1]), (len(points), 1))
    return Mesh(points, normals, _f32(colors), uv_ao, corners)


def grid_triangles(num_rows: int, num_columns: int, *, wrap: bool = False) -> NDArray[np.uint32]:
    """(T, 3) over a grid of vertices in row order; `wrap` joins the last column to the first."""
    rows = np.arange(num_rows - 1)[:, None]
    columns = np.arange(num_columns if wrap else num_columns - 1)[None, :]
    right = (columns + 1) % num_columns
    a, b = rows * num_columns + columns, rows * num_columns + right
    c, d = a + num_columns, b + num_columns
    return (
        np.stack([np.stack([a, c, b], -1), np.stack([b, c, d], -1)], 2)
        .reshape(-1, 3)
        .astype(np.uint32)
    )


def sheet(points: ArrayLike, *, albedo: ArrayLike, wrap: bool = False) -> Mesh:
    """A mesh over a (R, C, 3) grid of points; uv runs 0…1 along columns and rows."""
    grid = _f32(points)
    num_rows, num_columns = grid.shape[:2]
    mesh = mesh_from_triangles(
        grid.reshape(-1, 3), grid_triangles(num_rows, num_columns, wrap=wrap), albedo=albedo
    )
    v, u = np.mgrid[0 : 1 : num_rows * 1j, 0 : 1 : num_columns * 1j]
    uv_ao = np.stack([u.ravel(), v.ravel(), np.ones(u.size)], -1)
    return Mesh(mesh.positions, mesh.normals, mesh.albedo, _f32(uv_ao), mesh.triangles)


def box(size: ArrayLike, *, albedo: ArrayLike) -> Mesh:
    """A box around the origin with flat faces; uv is in metres, u along the longest side."""
    half = np.asarray(size, np.float64) / 2
    long_axis = int(np.argmax(half))
    faces = []
    for axis in range(3):
        others = [i for i in range(3) if i != axis]
        u_axis = long_axis if long_axis in others else others[0]
        v_axis = others[1] if others[0] == u_axis else others[0]
        for sign in (-1, 1):
            corners = np.zeros((4, 3))
            corners[:, axis] = sign * half[axis]
            corners[:, u_axis] = half[u_axis] * np.array([-1, 1, 1, -1])
            corners[:, v_axis] = half[v_axis] * np.array([-1, -1, 1, 1])
            normals = np.zeros((4, 3))
            normals[:, axis] = sign
            uv_ao = np.stack([corners[:, u_axis], corners[:, v_axis], np.ones(4)], -1)
            colors = np.broadcast_to(_f32(albedo), (4, 3))
            two = np.array([[0, 1, 2], [0, 2, 3]], np.uint32)
            faces.append(Mesh(_f32(corners), _f32(normals), _f32(colors), _f32(uv_ao), two))
    return join(faces)


def tube(path: ArrayLike, radii: ArrayLike, *, albedo: ArrayLike, num_sides: int = 8) -> Mesh:
    """A pipe along (N, 3) points; uv: around it and along it in metres."""
    points, widths = np.asarray(path, np.float64), np.asarray(radii, np.float64)
    along = np.gradient(points, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    aside = np.cross(along, [0.31, 0.17, 0.93])
    aside /= np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-9)
    up = np.cross(along, aside)
    angle = np.linspace(0, 2 * np.pi, num_sides, endpoint=False)
    ring = np.cos(angle)[:, None] * aside[:, None] + np.sin(angle)[:, None] * up[:, None]
    return sheet(points[:, None] + ring * widths[:, None, None], albedo=albedo, wrap=True)


def revolve(profile: ArrayLike, *, albedo: ArrayLike, num_sides: int = 96) -> Mesh:
    """A body of revolution about y from (N, 2) points (radius, height), bottom first."""
    outline = np.asarray(profile, np.float64)
    angle = np.linspace(0, -2 * np.pi, num_sides, endpoint=False)
    x, z = np.cos(angle), np.sin(angle)
    r, y = outline[:, :1], outline[:, 1:]
    return sheet(
        np.stack([r * x, np.broadcast_to(y, (len(r), num_sides)), r * z], -1),
        albedo=albedo,
        wrap=True,
    )


def ball(
    num_rings: int,
    shape: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    *,
    albedo: ArrayLike,
) -> Mesh:
    """A closed body: `shape` gives the distance from the middle for (N, 3) unit directions."""
    theta = np.linspace(0, np.pi, num_rings)[:, None]
    phi = np.linspace(0, -2 * np.pi, 2 * num_rings, endpoint=False)[None, :]
    directions = np.stack(
        [np.sin(theta) * np.cos(phi), -np.cos(theta) + 0 * phi, np.sin(theta) * np.sin(phi)], -1
    )
    flat = directions.reshape(-1, 3)
    return sheet((flat * shape(flat)[:, None]).reshape(directions.shape), albedo=albedo, wrap=True)


def _f32(values: ArrayLike) -> Floats:
    return np.ascontiguousarray(values, np.float32)
