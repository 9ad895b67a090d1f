"""Rendered scenes whose depth is exact: solids and cut-outs on a ground, dressed with photos.

No teacher's edges are as sharp as its photo's. Here a ray for every pixel meets boxes, balls, thin
posts and flat shapes in perspective; what it meets first gives colour and depth alike.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS
from parallax.perceive.training.batch import FEATURE_STRIDE_PX
from parallax.perceive.training.ray_picture import MIN_COSINE, Floats, RayPicture, pick
from parallax.perceive.training.sample import Sample

SIZE_WH = (512, 384)
SUPERSAMPLING = 2  # a side
FAR_M = 80.0  # of whatever stands behind everything
EYE_HEIGHT_M = (0.8, 3.0)
NUM_SOLIDS = (4, 12)


def render_scene(
    rng: np.random.Generator, textures: list[NDArray[np.uint8]], *, num_features: int
) -> Sample:
    """A scene of random things before a random backdrop; its labels and features are all zero.

    Args:
        rng: Of all that is random.
        textures: Photos, uint8 (H, W, 3), that things are dressed with.
        num_features: C of the sample's features.
    """
    picture = _look(rng, textures)
    eye_m = float(rng.uniform(*EYE_HEIGHT_M))
    _lay_ground(picture, eye_m)
    if rng.random() < 0.4:
        _stand_wall(picture)
    for _ in range(int(rng.integers(*NUM_SOLIDS))):
        place = _place(rng, eye_m)
        kind = rng.choice(["box", "ball", "bar", "bar", "shape", "twigs"])
        if kind == "box":
            _add_box(picture, place)
        elif kind == "ball":
            _add_ball(picture, place)
        elif kind == "bar":
            _add_bar(picture, place)
        else:
            _add_cutout(picture, place, twigs=kind == "twigs")
    return _develop(picture, num_features)


def _look(rng: np.random.Generator, textures: list[NDArray[np.uint8]]) -> RayPicture:
    """Into some direction, with nothing there yet but a backdrop."""
    width, height = (side * SUPERSAMPLING for side in SIZE_WH)
    half = np.tan(np.deg2rad(rng.uniform(40, 75)) / 2)
    x, y = np.meshgrid(np.linspace(-half, half, width), np.linspace(-half, half, height))
    y = y * height / width + rng.uniform(-0.25, 0.15)  # looking up or down, by a shifted lens
    light = rng.normal(size=3) + np.array([0, -1.0, -1.0])
    direction = np.stack([x, y, np.ones_like(x)], axis=-1)
    backdrop = cv2.resize(pick(rng, textures), (width, height), interpolation=cv2.INTER_LINEAR)
    return RayPicture(
        direction=direction.astype(np.float32),
        light=_unit(light),
        depth_m=np.full((height, width), FAR_M, np.float32),
        srgb=backdrop / np.float32(255),
        rng=rng,
        textures=textures,
    )


def _place(rng: np.random.Generator, eye_m: float) -> Floats:
    """A point on the ground, near ones as likely as far ones on a logarithmic scale."""
    z = np.exp(rng.uniform(np.log(1.5), np.log(30)))
    return np.array([rng.uniform(-0.6, 0.6) * z, eye_m, z], np.float32)


def _lay_ground(picture: RayPicture, eye_m: float) -> None:
    fall = picture.direction[..., 1]
    z = eye_m / np.maximum(fall, MIN_COSINE)
    place = picture.direction * z[..., None]
    turn = picture.rng.uniform(0, np.pi)
    along = np.array([np.cos(turn), 0, np.sin(turn)], np.float32)
    across = np.array([-np.sin(turn), 0, np.cos(turn)], np.float32)
    tile_m = picture.rng.uniform(2, 12)
    srgb = picture.dress(place @ along / tile_m, place @ across / tile_m)
    picture.cover(z, (fall > MIN_COSINE) & (z < FAR_M), srgb)


def _stand_wall(picture: RayPicture) -> None:
    turn = picture.rng.uniform(-1.1, 1.1)
    normal = np.array([np.sin(turn), 0, -np.cos(turn)], np.float32)
    through = np.array([0, 0, picture.rng.uniform(3, 25)], np.float32)
    z = picture.meet_plane(through, normal)
    place = picture.direction * z[..., None]
    along = np.array([np.cos(turn), 0, np.sin(turn)], np.float32)
    tile_m = picture.rng.uniform(3, 15)
    srgb = picture.dress((place - through) @ along / tile_m, place[..., 1] / tile_m)
    picture.cover(z, (z > 0) & (z < FAR_M), srgb * picture.shade(normal))


def _add_box(picture: RayPicture, place: Floats) -> None:
    """An upright box, by its slabs (Kay and Kajiya 1986)."""
    size = np.exp(picture.rng.uniform(np.log(0.05), np.log(0.45), 3)).astype(np.float32) * place[2]
    turn = picture.rng.uniform(0, np.pi / 2)
    axes = np.array(
        [[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]], np.float32
    )
    centre = place - np.array([0, size[1] / 2, 0], np.float32)
    slope = picture.direction @ axes.T
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
    srgb = picture.dress(u, v) * picture.shade(facing)
    picture.cover(z, z < leaves, srgb)


def _add_ball(picture: RayPicture, place: Floats) -> None:
    """An ellipsoid that touches the ground."""
    radius = (
        np.exp(picture.rng.uniform(np.log(0.04), np.log(0.25), 3)).astype(np.float32) * place[2]
    )
    centre = place - np.array([0, radius[1], 0], np.float32)
    slope, start = picture.direction / radius, centre / radius
    a = (slope**2).sum(-1)
    b = slope @ start
    z, hit = _first_root(a, b, float(start @ start) - 1)
    normal = slope * z[..., None] - start
    srgb = picture.dress(normal[..., 0] / 2, normal[..., 1] / 2)
    picture.cover(z, hit, srgb * picture.shade(normal / radius))


def _add_bar(picture: RayPicture, place: Floats) -> None:
    """A thin round post or beam between two points: where a ray passes its axis most closely."""
    radius = np.exp(picture.rng.uniform(np.log(0.003), np.log(0.03))) * place[2]
    if picture.rng.random() < 0.5:
        reach = np.array(
            [picture.rng.normal() * 0.1, -picture.rng.uniform(0.3, 1.2), picture.rng.normal() * 0.1]
        )
    else:
        reach = picture.rng.normal(size=3) * [0.8, 0.4, 0.5]
    start = place - np.array(
        [0, picture.rng.uniform(0, 0.5) * place[2] * (picture.rng.random() < 0.5), 0]
    )
    axis = (reach * place[2]).astype(np.float32)
    length = float(np.linalg.norm(axis))
    axis = axis / length
    # Both without their part along the axis: a circle in a plane
    flat = picture.direction - (picture.direction @ axis)[..., None] * axis
    centre = (start - (start @ axis) * axis).astype(np.float32)
    a, b = (flat**2).sum(-1) + 1e-9, flat @ centre
    z, hit = _first_root(a, b, float(centre @ centre) - radius**2)
    along = (picture.direction * z[..., None] - start) @ axis
    normal = flat * z[..., None] - centre
    srgb = picture.dress(along / length, normal[..., 0] / (8 * radius))
    hit &= (along > 0) & (along < length)
    picture.cover(z, hit, srgb * picture.shade(normal))


def _add_cutout(picture: RayPicture, place: Floats, *, twigs: bool) -> None:
    """A flat thing with a curved outline, or with twigs and gaps, standing a little askew."""
    turn = picture.rng.uniform(-0.7, 0.7)
    normal = np.array([np.sin(turn), 0, -np.cos(turn)], np.float32)
    along = np.array([np.cos(turn), 0, np.sin(turn)], np.float32)
    size = picture.rng.uniform(0.15, 0.7) * place[2]
    z = picture.meet_plane(place, normal)
    local = picture.direction * z[..., None] - place
    u, v = local @ along / size + 0.5, local[..., 1] / size + 1
    mask = draw_twigs(picture.rng) if twigs else draw_blob(picture.rng)
    side = mask.shape[0]
    column, row = (np.clip(w * side, 0, side - 1).astype(np.int32) for w in (u, v))
    inside = (u > 0) & (u < 1) & (v > 0) & (v < 1) & (z > 0)
    picture.cover(z, inside & mask[row, column], picture.dress(u, v))


def draw_blob(rng: np.random.Generator, side: int = 384) -> NDArray[np.bool_]:
    """(side, side): a closed outline of a few harmonics."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    angle, radius = np.arctan2(y, x), np.hypot(x, y)
    outline = np.full_like(angle, rng.uniform(0.5, 0.75))
    for order in range(1, 10):
        outline += 0.25 / order * rng.normal() * np.cos(order * angle + rng.uniform(0, 7))
    return np.asarray(radius < np.clip(outline, 0.1, 0.98))


def draw_twigs(rng: np.random.Generator, side: int = 384) -> NDArray[np.bool_]:
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


def _unit(vector: NDArray[np.float64]) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def _develop(picture: RayPicture, num_features: int) -> Sample:
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
