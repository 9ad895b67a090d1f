"""A scene whose photo and whose every view follow from formulas, hidden parts included."""

import numpy as np

from parallax.camera import Intrinsics
from parallax.color import srgb8_from_linear

SIZE_WH = (96, 64)
INTRINSICS = Intrinsics(SIZE_WH, 90.0)
FAR_INV, NEAR_INV = 0.2, 1.0
_SUB = 4  # samples a side of each pixel


def disc(x, y):
    return np.hypot(x - 40, y - 32) < 14


def fence(x, y):
    """Posts of 4 px every 16 and a rail of 3."""
    return ((x % 16) < 4) | (np.abs(y - 40) < 1.5)


def hair(x, y):
    """A disc with strokes of 1 px that stand out by 9."""
    angle, radius = np.arctan2(y - 32, x - 48), np.hypot(x - 48, y - 32)
    stroke = np.abs((angle * 9 / np.pi) % 1 - 0.5) * np.pi / 9 * radius < 0.5
    return (radius < 12) | (stroke & (radius < 21))


SHAPES = {"disc": disc, "fence": fence, "hair": hair}


def far_light(x, y):
    """Linear light of the far plane at any place in photo pixels."""
    waves = np.cos(x / 9 + 0.4) + np.cos(y / 7 + x / 23) + np.cos((x - y) / 15)
    return 0.08 + 0.05 * (waves / 3 + 1)[..., None] * np.array([0.4, 0.8, 2.0])


def near_light(x, y):
    waves = np.cos(x / 6) * np.cos(y / 8)
    return 0.45 + 0.12 * waves[..., None] * np.array([1.0, 0.7, 0.3])


def view(shape, position_su):
    """uint8 (H, W, 3), what a camera sees that looks along −z from a place."""
    linear, alpha, back = _sampled(shape, position_su)
    return srgb8_from_linear(alpha * linear + (1 - alpha) * back)


def inv_depth_of(shape):
    """float32 (H, W): near where more than half of a pixel is."""
    _, alpha, _ = _sampled(shape, (0, 0, 0))
    return np.where(alpha[..., 0] > 0.5, NEAR_INV, FAR_INV).astype(np.float32)


def uncovered(shape, position_su):
    """bool (H, W), pixels that show what the photo does not."""
    x, y = _pixel_centres()
    hidden = _on_plane(x, y, FAR_INV, position_su)
    return shape(*hidden) & ~shape(*_on_plane(x, y, NEAR_INV, position_su))


def _sampled(shape, position_su):
    x, y = _pixel_centres()
    alpha = np.zeros((*x.shape, 1))
    linear, back = np.zeros((*x.shape, 3)), np.zeros((*x.shape, 3))
    places = (np.arange(_SUB) + 0.5) / _SUB - 0.5
    for dx in places:
        for dy in places:
            near = _on_plane(x + dx, y + dy, NEAR_INV, position_su)
            far = _on_plane(x + dx, y + dy, FAR_INV, position_su)
            alpha[..., 0] += shape(*near) / _SUB**2
            linear += near_light(*near) / _SUB**2
            back += far_light(*far) / _SUB**2
    return linear, alpha, back


def _pixel_centres():
    y, x = np.mgrid[: SIZE_WH[1], : SIZE_WH[0]] + 0.5
    return x, y


def _on_plane(x, y, inv_depth, position_su):
    """Photo pixels of the points of a plane that a camera sees at its own pixels."""
    right, up, back = position_su
    focal_px, z_su = INTRINSICS.focal_px, 1 / inv_depth
    distance_su = z_su + back
    point_x = right + (x - SIZE_WH[0] / 2) / focal_px * distance_su
    point_y = -up + (y - SIZE_WH[1] / 2) / focal_px * distance_su
    return SIZE_WH[0] / 2 + focal_px * point_x / z_su, SIZE_WH[1] / 2 + focal_px * point_y / z_su
