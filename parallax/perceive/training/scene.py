"""Rendered scenes whose depth is exact: solids and cut-outs on a ground, dressed with photos.

No teacher's edges are as sharp as its photo's. Here a ray for every pixel meets boxes, balls, thin
posts and flat shapes in perspective; what it meets first gives colour and depth alike.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS
from parallax.perceive.training.batch import FEATURE_STRIDE_PX
from parallax.perceive.training.sample import Sample

Floats = NDArray[np.float32]

SIZE_WH = (512, 384)
SUPERSAMPLING = 2  # a side
FAR_M = 80.0  # of whatever stands behind everything
EYE_HEIGHT_M = (0.8, 3.0)
NUM_SOLIDS = (4, 12)
MIN_COSINE = 1e-4  # of a ray and a plane: what is seen from the side is not met


@dataclass(frozen=True, slots=True, eq=False)
class _Rays:
    """Where each pixel looks: (H, W, 3), z is 1."""

    direction: Floats
    light: Floats


@dataclass(slots=True, eq=False)
class _Picture:
    """What is met so far: depth in metres (H, W) and colour (H, W, 3), 0…1."""

    depth_m: Floats
    srgb: Floats

    def cover(self, depth_m: NDArray[np.floating], hit: NDArray[np.bool_], srgb: Floats) -> None:
        """Put in what is nearer than all before it."""
        nearer = hit & (depth_m > 0.2) & (depth_m < self.depth_m)
        self.depth_m[nearer] = depth_m[nearer]
        self.srgb[nearer] = srgb[nearer]


def render_scene(
    rng: np.random.Generator, textures: list[NDArray[np.uint8]], *, num_features: int
) -> Sample:
    """A scene of random things before a random backdrop; its labels and features are all zero.

    Args:
        rng: Of all that is random.
        textures: Photos, uint8 (H, W, 3), that things are dressed with.
        num_features: C of the sample's features.
    """
    width, height = (side * SUPERSAMPLING for side in SIZE_WH)
    rays = _look(rng, (width, height))
    backdrop = _pick(rng, textures)
    picture = _Picture(
        np.full((height, width), FAR_M, np.float32),
        cv2.resize(backdrop, (width, height), interpolation=cv2.INTER_LINEAR) / np.float32(255),
    )
    eye_m = float(rng.uniform(*EYE_HEIGHT_M))
    _lay_ground(picture, rays, rng, textures, eye_m)
    if rng.random() < 0.4:
        _stand_wall(picture, rays, rng, textures)
    for _ in range(int(rng.integers(*NUM_SOLIDS))):
        place = _place(rng, eye_m)
        kind = rng.choice(["box", "ball", "bar", "bar", "shape", "twigs"])
        if kind == "box":
            _add_box(picture, rays, rng, textures, place)
        elif kind == "ball":
            _add_ball(picture, rays, rng, textures, place)
        elif kind == "bar":
            _add_bar(picture, rays, rng, textures, place)
        else:
            _add_cutout(picture, rays, rng, textures, place, twigs=kind == "twigs")
    return _develop(picture, num_features)


def _look(rng: np.random.Generator, size_wh: tuple[int, int]) -> _Rays:
    width, height = size_wh
    half = np.tan(np.deg2rad(rng.uniform(40, 75)) / 2)
    x, y = np.meshgrid(np.linspace(-half, half, width), np.linspace(-half, half, height))
    y = y * height / width + rng.uniform(-0.25, 0.15)  # looking up or down, by a shifted lens
    light = rng.normal(size=3) + np.array([0, -1.0, -1.0])
    direction = np.stack([x, y, np.ones_like(x)], axis=-1)
    return _Rays(direction.astype(np.float32), _unit(light))


def _place(rng: np.random.Generator, eye_m: float) -> Floats:
    """A point on the ground, near ones as likely as far ones on a logarithmic scale."""
    z = np.exp(rng.uniform(np.log(1.5), np.log(30)))
    return np.array([rng.uniform(-0.6, 0.6) * z, eye_m, z], np.float32)


def _lay_ground(
    picture: _Picture,
    rays: _Rays,
    rng: np.random.Generator,
    textures: list[NDArray[np.uint8]],
    eye_m: float,
) -> None:
    fall = rays.direction[..., 1]
    z = eye_m / np.maximum(fall, MIN_COSINE)
    place = rays.direction * z[..., None]
    turn = rng.uniform(0, np.pi)
    along = np.array([np.cos(turn), 0, np.sin(turn)], np.float32)
    across = np.array([-np.sin(turn), 0, np.cos(turn)], np.float32)
    tile_m = rng.uniform(2, 12)
    srgb = _dress(rng, textures, place @ along / tile_m, place @ across / tile_m)
    picture.cover(z, (fall > MIN_COSINE) & (z < FAR_M), srgb)


def _stand_wall(
    picture: _Picture, rays: _Rays, rng: np.random.Generator, textures: list[NDArray[np.uint8]]
) -> None:
    turn = rng.uniform(-1.1, 1.1)
    normal = np.array([np.sin(turn), 0, -np.cos(turn)], np.float32)
    through = np.array([0, 0, rng.uniform(3, 25)], np.float32)
    z = _meet_plane(rays, through, normal)
    place = rays.direction * z[..., None]
    along = np.array([np.cos(turn), 0, np.sin(turn)], np.float32)
    tile_m = rng.uniform(3, 15)
    srgb = _dress(rng, textures, (place - through) @ along / tile_m, place[..., 1] / tile_m)
    picture.cover(z, (z > 0) & (z < FAR_M), srgb * _shade(rays, normal))


def _add_box(
    picture: _Picture,
    rays: _Rays,
    rng: np.random.Generator,
    textures: list[NDArray[np.uint8]],
    place: Floats,
) -> None:
    """An upright box, by its slabs (Kay and Kajiya 1986)."""
    size = np.exp(rng.uniform(np.log(0.05), np.log(0.45), 3)).astype(np.float32) * place[2]
    turn = rng.uniform(0, np.pi / 2)
    axes = np.array(
        [[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]], np.float32
    )
    centre = place - np.array([0, size[1] / 2, 0], np.float32)
    slope = rays.direction @ axes.T
    slope = np.where(np.abs(slope) < MIN_COSINE, MIN_COSINE, slope)
    middle = axes @ centre
    first = (middle - size / 2) / slope
    second = (middle + size / 2) / slope
    enters, leaves = np.minimum(first, second), np.maximum(first, second).min(-1)
    face = enters.argmax(-1)
    z = enters.max(-1)
    local = slope * z[..., None] - middle
    u = np.where(face == 0, local[..., 2], local[..., 0]) / size.max()
    v = np.where(face == 1, local[..., 2], local[..., 1]) / size.max()
    facing = -np.sign(np.take_along_axis(slope, face[..., None], -1)) * axes[face]
    srgb = _dress(rng, textures, u, v) * _shade(rays, facing)
    picture.cover(z, z < leaves, srgb)


def _add_ball(
    picture: _Picture,
    rays: _Rays,
    rng: np.random.Generator,
    textures: list[NDArray[np.uint8]],
    place: Floats,
) -> None:
    """An ellipsoid that touches the ground."""
    radius = np.exp(rng.uniform(np.log(0.04), np.log(0.25), 3)).astype(np.float32) * place[2]
    centre = place - np.array([0, radius[1], 0], np.float32)
    slope, start = rays.direction / radius, centre / radius
    a = (slope**2).sum(-1)
    b = slope @ start
    z, hit = _first_root(a, b, float(start @ start) - 1)
    normal = slope * z[..., None] - start
    srgb = _dress(rng, textures, normal[..., 0] / 2, normal[..., 1] / 2)
    picture.cover(z, hit, srgb * _shade(rays, normal / radius))


def _add_bar(
    picture: _Picture,
    rays: _Rays,
    rng: np.random.Generator,
    textures: list[NDArray[np.uint8]],
    place: Floats,
) -> None:
    """A thin round post or beam between two points: where a ray passes its axis most closely."""
    radius = np.exp(rng.uniform(np.log(0.003), np.log(0.03))) * place[2]
    if rng.random() < 0.5:
        reach = np.array([rng.normal() * 0.1, -rng.uniform(0.3, 1.2), rng.normal() * 0.1])
    else:
        reach = rng.normal(size=3) * [0.8, 0.4, 0.5]
    start = place - np.array([0, rng.uniform(0, 0.5) * place[2] * (rng.random() < 0.5), 0])
    axis = (reach * place[2]).astype(np.float32)
    length = float(np.linalg.norm(axis))
    axis = axis / length
    # Both without their part along the axis: a circle in a plane
    flat = rays.direction - (rays.direction @ axis)[..., None] * axis
    centre = (start - (start @ axis) * axis).astype(np.float32)
    a, b = (flat**2).sum(-1) + 1e-9, flat @ centre
    z, hit = _first_root(a, b, float(centre @ centre) - radius**2)
    along = (rays.direction * z[..., None] - start) @ axis
    normal = flat * z[..., None] - centre
    srgb = _dress(rng, textures, along / length, normal[..., 0] / (8 * radius))
    hit &= (along > 0) & (along < length)
    picture.cover(z, hit, srgb * _shade(rays, normal))


def _add_cutout(
    picture: _Picture,
    rays: _Rays,
    rng: np.random.Generator,
    textures: list[NDArray[np.uint8]],
    place: Floats,
    *,
    twigs: bool,
) -> None:
    """A flat thing with a curved outline, or with twigs and gaps, standing a little askew."""
    turn = rng.uniform(-0.7, 0.7)
    normal = np.array([np.sin(turn), 0, -np.cos(turn)], np.float32)
    along = np.array([np.cos(turn), 0, np.sin(turn)], np.float32)
    size = rng.uniform(0.15, 0.7) * place[2]
    z = _meet_plane(rays, place, normal)
    local = rays.direction * z[..., None] - place
    u, v = local @ along / size + 0.5, local[..., 1] / size + 1
    mask = _draw_twigs(rng) if twigs else _draw_blob(rng)
    side = mask.shape[0]
    column, row = (np.clip(w * side, 0, side - 1).astype(np.int32) for w in (u, v))
    inside = (u > 0) & (u < 1) & (v > 0) & (v < 1) & (z > 0)
    picture.cover(z, inside & mask[row, column], _dress(rng, textures, u, v))


def _draw_blob(rng: np.random.Generator, side: int = 384) -> NDArray[np.bool_]:
    """(side, side): a closed outline of a few harmonics."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    angle, radius = np.arctan2(y, x), np.hypot(x, y)
    outline = np.full_like(angle, rng.uniform(0.5, 0.75))
    for order in range(1, 10):
        outline += 0.25 / order * rng.normal() * np.cos(order * angle + rng.uniform(0, 7))
    return np.asarray(radius < np.clip(outline, 0.1, 0.98))


def _draw_twigs(rng: np.random.Generator, side: int = 384) -> NDArray[np.bool_]:
    """(side, side): a stem that parts into twigs, with leaves at their ends."""
    mask = np.zeros((side, side), np.uint8)

    def grow(start: NDArray[np.float64], angle: float, length: float, thick: float) -> None:
        if length < 0.03 * side:
            cv2.circle(mask, _point(start), int(rng.uniform(1, 0.03 * side)), 1, -1)
            return
        tip = start + length * np.array([np.cos(angle), np.sin(angle)])
        cv2.line(mask, _point(start), _point(tip), 1, max(1, round(thick)))
        for _ in range(int(rng.integers(1, 4))):
            grow(tip, angle + rng.normal() * 0.6, length * rng.uniform(0.5, 0.8), thick * 0.7)

    thick = rng.uniform(0.01, 0.05) * side
    grow(np.array([side / 2, side - 1.0]), -np.pi / 2 + rng.normal() * 0.2, 0.3 * side, thick)
    return mask > 0


def _point(place: NDArray[np.float64]) -> tuple[int, int]:
    return round(float(place[0])), round(float(place[1]))


def _first_root(a: Floats, b: Floats, c: float) -> tuple[Floats, NDArray[np.bool_]]:
    """The smaller z (H, W) with a z² − 2 b z + c = 0, and where there is one."""
    root = b**2 - a * c
    return (b - np.sqrt(np.maximum(root, 0))) / a, root > 0


def _meet_plane(rays: _Rays, through: Floats, normal: Floats) -> Floats:
    """Depth (H, W) where the rays meet a plane; -1 where they do not."""
    slope = rays.direction @ normal
    met = np.abs(slope) > MIN_COSINE
    z = float(through @ normal) / np.where(met, slope, 1)
    return np.where(met, z, -1).astype(np.float32)


def _dress(
    rng: np.random.Generator,
    textures: list[NDArray[np.uint8]],
    u: NDArray[np.floating],
    v: NDArray[np.floating],
) -> Floats:
    """Colours (H, W, 3) of a piece of a photo, mirrored on and on; u and v of 1 are its sides."""
    texture = _pick(rng, textures)
    share = rng.uniform(0.2, 0.9)
    height, width = (int(side * share) for side in texture.shape[:2])
    top, left = (
        int(rng.integers(side - part + 1))
        for side, part in zip(texture.shape[:2], (height, width), strict=True)
    )
    piece = texture[top : top + height, left : left + width]
    gain = np.float32(np.exp(rng.normal() * 0.3))
    x, y = (np.abs((w + 1) % 2 - 1) for w in (u, v))
    columns, rows = (x * (width - 1)).astype(np.float32), (y * (height - 1)).astype(np.float32)
    seen = cv2.remap(piece, columns, rows, cv2.INTER_LINEAR)
    lit: Floats = np.clip(seen.astype(np.float32) / 255 * gain, 0, 1)
    return lit


def _shade(rays: _Rays, normal: Floats) -> Floats:
    """(..., 1): a dull surface's light, with half of it from everywhere."""
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    cosine = (normal @ rays.light)[..., None] / np.maximum(length, 1e-6)
    return np.asarray(0.5 + 0.5 * np.maximum(cosine, 0), np.float32)


def _pick(rng: np.random.Generator, textures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    return textures[int(rng.integers(len(textures)))]


def _unit(vector: NDArray[np.float64]) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def _develop(picture: _Picture, num_features: int) -> Sample:
    """Colours are averaged over a pixel; its depth is that of one point in it."""
    srgb8 = np.round(np.clip(picture.srgb, 0, 1) * 255).astype(np.uint8)
    middle = slice(SUPERSAMPLING // 2, None, SUPERSAMPLING)
    width, height = SIZE_WH
    return Sample(
        srgb8=np.asarray(cv2.resize(srgb8, SIZE_WH, interpolation=cv2.INTER_AREA), np.uint8),
        log_disparity=-np.log(picture.depth_m[middle, middle]).astype(np.float16),
        probability=np.zeros((height // 2, width // 2, len(LABELS)), np.uint8),
        feature=np.zeros(
            (height // FEATURE_STRIDE_PX, width // FEATURE_STRIDE_PX, num_features), np.int8
        ),
        confidence=1.0,
    )
