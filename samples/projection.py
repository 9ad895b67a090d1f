"""Matrices of the camera, its lens and the lamps' shadow maps."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from samples.setting import Camera, Lamp

NEAR_M, FAR_M = 0.12, 30000.0


def clip_from_world(
    camera: Camera, size_wh: tuple[int, int], *, shift_px: tuple[float, float] = (0.0, 0.0)
) -> NDArray[np.float64]:
    """(4, 4) OpenGL perspective, its picture moved by a part of a pixel."""
    tan_x, tan_y = camera.tan_half(size_wh)
    span = NEAR_M - FAR_M
    clip_from_view = np.array(
        [
            [1 / tan_x, 0, -2 * shift_px[0] / size_wh[0], 0],
            [0, 1 / tan_y, -2 * shift_px[1] / size_wh[1], 0],
            [0, 0, (FAR_M + NEAR_M) / span, 2 * FAR_M * NEAR_M / span],
            [0, 0, -1, 0],
        ]
    )
    view_from_world = np.eye(4)
    view_from_world[:3, :3] = camera.world_from_view.T
    view_from_world[:3, 3] = -camera.world_from_view.T @ np.asarray(camera.eye_m)
    return np.asarray(clip_from_view @ view_from_world)


def lens_shear(
    camera: Camera, size_wh: tuple[int, int], offset_m: tuple[float, float]
) -> tuple[Camera, tuple[float, float]]:
    """The camera at one point of its lens, and the shift in px that keeps the focus plane still."""
    axes = camera.world_from_view
    eye = np.asarray(camera.eye_m) + axes[:, 0] * offset_m[0] + axes[:, 1] * offset_m[1]
    px_per_m = camera.focal_px(size_wh) / camera.focus_m
    moved = replace(camera, eye_m=(float(eye[0]), float(eye[1]), float(eye[2])))
    return moved, (offset_m[0] * px_per_m, offset_m[1] * px_per_m)


def lamp_from_world(lamp: Lamp, ball: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """(4, 4) of a shadow map that covers a ball (x, y, z, radius)."""
    centre, radius = np.asarray(ball[:3]), ball[3]
    place = np.asarray(lamp.place, np.float64)
    towards = place - centre if lamp.is_near else place
    distance = float(np.linalg.norm(towards))
    axes = _axes_facing(towards / distance)
    view_from_world = np.eye(4)
    view_from_world[:3, :3] = axes.T
    if not lamp.is_near:
        view_from_world[:3, 3] = -axes.T @ centre
        depth = 3 * radius  # also what stands outside the ball, towards the lamp, casts into it
        return np.diag([1 / radius, 1 / radius, -1 / depth, 1]) @ view_from_world
    view_from_world[:3, 3] = -axes.T @ place
    tan_half = radius / math.sqrt(max(distance**2 - radius**2, (0.3 * radius) ** 2))
    near, far = max(0.05, distance - 1.5 * radius), distance + 1.2 * radius
    clip_from_view = np.array(
        [
            [1 / tan_half, 0, 0, 0],
            [0, 1 / tan_half, 0, 0],
            [0, 0, (far + near) / (near - far), 2 * far * near / (near - far)],
            [0, 0, -1, 0],
        ]
    )
    return np.asarray(clip_from_view @ view_from_world)


def spread(count: int, start: int = 0) -> NDArray[np.float64]:
    """(count, 2) evenly spread points in the unit square, from one of an endless sequence.

    Roberts 2018, "The Unreasonable Effectiveness of Quasirandom Sequences", R2.
    """
    index = np.arange(start + 1, start + count + 1)[:, None]
    return np.asarray((0.5 + index * np.array([0.7548776662466927, 0.5698402909980532])) % 1)


def disc_from_square(square: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) points of the unit disc, evenly, from evenly spread ones of the unit square."""
    radius, angle = np.sqrt(square[:, 0]), 2 * np.pi * square[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1)


def _axes_facing(towards: ArrayLike) -> NDArray[np.float64]:
    """(3, 3) with z as the given unit direction."""
    z = np.asarray(towards, np.float64)
    x = np.cross([0.0, 1.0, 0.0] if abs(z[1]) < 0.95 else [1.0, 0.0, 0.0], z)
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z], -1)
