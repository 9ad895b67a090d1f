"""Scenes of flat cards whose every view can be worked out: photo, depth and truth of any camera.

A card is a plane with a picture on it and a shape cut out. Each sample of a pixel is a ray; the
nearest card whose shape it meets gives its colour. So alpha at outlines, what lies behind them and
what stands beyond the photo's border are all exact, up to the number of samples.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, Pose, ResolvedCamera
from parallax.color import linear_from_srgb8, srgb8_from_linear

Floats = NDArray[np.float32]
Shape = Callable[[Floats, Floats], NDArray[np.bool_]]
SAMPLES = 3  # a side of each pixel


def everywhere(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """The shape of a card without an end."""
    return np.ones(x.shape, np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """A plane with a picture.

    Attributes:
        point_su: (3,), where the picture's middle is.
        right: (3,) unit vector along the picture's rows.
        down: (3,) unit vector along its columns.
        srgb8: (H, W, 3), repeated in mirror image past its borders.
        width_su: Of the picture.
        shape: What is left of the plane, from x right and y down in su about the middle.
    """

    point_su: tuple[float, float, float]
    right: tuple[float, float, float]
    down: tuple[float, float, float]
    srgb8: NDArray[np.uint8]
    width_su: float
    shape: Shape = everywhere


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What a camera sees.

    Attributes:
        srgb8: uint8 (H, W, 3).
        points_su: float32 (H, W, 3), what each pixel's centre shows, in the world.
        hole: (H, W), whether the photo, taken at the origin, shows no such point though it lies
            within its borders.
        beyond: (H, W), whether that point lies past the photo's borders.
    """

    srgb8: NDArray[np.uint8]
    points_su: Floats
    hole: NDArray[np.bool_]
    beyond: NDArray[np.bool_]


def take_photo(
    cards: Sequence[Card], intrinsics: Intrinsics, *, samples: int = SAMPLES
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The photo from the origin, uint8 (H, W, 3), and its inverse depth in 1/su, (H, W)."""
    camera = ResolvedCamera(0.0, Pose.identity(), intrinsics.fov_deg)
    srgb8 = _expose(cards, camera, intrinsics.size_wh, samples)
    _, points = _first_hits(cards, *_rays(camera, intrinsics.size_wh, 1))
    return srgb8, np.asarray(-1 / points[..., 2], np.float32)


def take_view(
    cards: Sequence[Card],
    camera: ResolvedCamera,
    photo_inv_depth: NDArray[np.float32],
    intrinsics: Intrinsics,
    *,
    samples: int = SAMPLES,
) -> View:
    """What another camera sees, at the photo's size.

    Args:
        cards: The scene.
        camera: From where.
        photo_inv_depth: (H, W), as `take_photo` returns it.
        intrinsics: Of the photo.
        samples: A side of each pixel.
    """
    size_wh = intrinsics.size_wh
    srgb8 = _expose(cards, camera, size_wh, samples)
    _, points = _first_hits(cards, *_rays(camera, size_wh, 1))
    # Where the photo shows the point, and how far the photo sees there
    width, height = size_wh
    inverse = -1 / np.minimum(points[..., 2], -1e-6)
    x = width / 2 + points[..., 0] * inverse * intrinsics.focal_px
    y = height / 2 - points[..., 1] * inverse * intrinsics.focal_px
    beyond = (x < 0) | (x >= width) | (y < 0) | (y >= height) | (points[..., 2] >= 0)
    # A pixel beside an outline may see either side of it: the farthest of 3 × 3 must be nearer
    farthest = cv2.erode(photo_inv_depth, np.ones((3, 3), np.uint8))
    at_x = np.clip(x, 0, width - 1).astype(int)
    at_y = np.clip(y, 0, height - 1).astype(int)
    hole = (farthest[at_y, at_x] > inverse + 0.01) & ~beyond
    return View(srgb8, points.astype(np.float32), hole, np.asarray(beyond))


def _expose(
    cards: Sequence[Card], camera: ResolvedCamera, size_wh: tuple[int, int], samples: int
) -> NDArray[np.uint8]:
    """uint8 (H, W, 3): the mean light of all samples of each pixel."""
    linear, _ = _first_hits(cards, *_rays(camera, size_wh, samples))
    width, height = size_wh
    mean = linear.reshape(height, samples, width, samples, 3).mean((1, 3))
    return srgb8_from_linear(mean)


def _first_hits(cards: Sequence[Card], eye: Floats, ray: Floats) -> tuple[Floats, Floats]:
    """(…, 3) linear light and (…, 3) place of what each ray meets first."""
    nearest = np.full(ray.shape[:-1], np.inf, np.float32)
    linear = np.zeros(ray.shape, np.float32)
    for card in cards:
        right, down = np.array(card.right), np.array(card.down)
        normal = np.cross(right, down)
        start = np.array(card.point_su) - eye
        with np.errstate(divide="ignore", invalid="ignore"):
            along = ((normal @ start) / (ray @ normal)).astype(np.float32)
        along[~np.isfinite(along) | (along <= 1e-4)] = np.inf
        met = along < nearest
        place = ray[met] * along[met, None] - start.astype(np.float32)
        x, y = (place @ right).astype(np.float32), (place @ down).astype(np.float32)
        inside = card.shape(x, y)
        met[met] = inside
        nearest[met] = along[met]
        linear[met] = _look_up(card, x[inside], y[inside])
    return linear, np.asarray(eye + ray * nearest[..., None], np.float32)


def _look_up(card: Card, x: Floats, y: Floats) -> Floats:
    """(N, 3) linear light of a card's picture, between its texels."""
    height, width = card.srgb8.shape[:2]
    texels = width / card.width_su
    at = np.stack([x * texels + width / 2 - 0.5, y * texels + height / 2 - 0.5], -1)
    # OpenCV takes maps of 32767 rows at most, so a long list is folded
    rows = -(-len(at) // 1024)
    folded = np.zeros((rows * 1024, 2), np.float32)
    folded[: len(at)] = at
    picture = linear_from_srgb8(card.srgb8).astype(np.float32)
    seen = cv2.remap(
        picture,
        folded.reshape(rows, 1024, 2),
        None,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT,
    )
    return np.asarray(seen.reshape(-1, 3)[: len(at)], np.float32)


def _rays(camera: ResolvedCamera, size_wh: tuple[int, int], samples: int) -> tuple[Floats, Floats]:
    """(3,) where a camera stands and (H·s, W·s, 3) where its samples look, in the world."""
    width, height = size_wh
    focal_px = Intrinsics.from_fov(size_wh, camera.fov_deg).focal_px
    x = ((np.arange(width * samples) + 0.5) / samples - width / 2) / focal_px
    y = (height / 2 - (np.arange(height * samples) + 0.5) / samples) / focal_px
    ray = np.stack([*np.meshgrid(x, y), np.full((len(y), len(x)), -1.0)], -1)
    turned = ray @ camera.pose.world_from_camera[:3, :3].T
    return camera.pose.position_su.astype(np.float32), turned.astype(np.float32)
