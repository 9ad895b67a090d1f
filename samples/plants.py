"""Conifers, grass, reeds and stones, grown from seeded chance. Metres, y up, root at the origin."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from samples.mesh import Floats, Mesh, ball, grid_triangles, join, sheet, tube
from samples.terrain import fractal_noise

UP = np.array([0.0, 1.0, 0.0])
NEEDLE_GREEN = (0.030, 0.058, 0.020)
BARK_BROWN = (0.115, 0.085, 0.066)


def spruce(
    height_m: float, radius_m: float, *, seed: int, whorl_m: float, twig_m: float
) -> tuple[Mesh, Mesh]:
    """Trunk (bark) and twigs (needles) of a spruce.

    Args:
        height_m: Of the whole tree.
        radius_m: Of its lowest branches.
        seed: Of its own shape.
        whorl_m: Between two rings of branches.
        twig_m: Between two twigs of a branch; 0 makes each branch one spray of twigs.
    """
    rng = np.random.default_rng(seed)
    trunk_y = np.linspace(-0.3, height_m, 24)
    sway = 0.012 * height_m * np.sin(trunk_y / height_m * 3 + rng.random() * 6)
    trunk_path = np.stack([sway, trunk_y, 0.5 * sway], -1)
    widths = 0.017 * height_m * (1 - trunk_y / height_m).clip(0.02) ** 0.9
    wood, cards = [tube(trunk_path, widths, albedo=BARK_BROWN, num_sides=12)], []
    y = 0.06 * height_m
    while y < 0.985 * height_m:
        for _ in range(int(rng.integers(5, 8))):
            azimuth = rng.random() * 2 * math.pi
            full = radius_m * (1 - y / height_m) ** 0.82 * rng.uniform(0.62, 1.08) + 0.12
            branch = _branch(full, y / height_m, rng)
            turn = np.array(
                [
                    [math.cos(azimuth), 0, -math.sin(azimuth)],
                    [0, 1, 0],
                    [math.sin(azimuth), 0, math.cos(azimuth)],
                ]
            )
            points = branch @ turn.T + (np.interp(y, trunk_y, sway), y + rng.uniform(-0.1, 0.1), 0)
            cards.append(
                _spray(points, full, rng) if twig_m == 0 else _twigs(points, full, twig_m, rng)
            )
            if twig_m > 0:
                wood.append(
                    tube(
                        points,
                        np.linspace(0.012 * full + 0.004, 0.003, len(points)),
                        albedo=BARK_BROWN,
                        num_sides=5,
                    )
                )
        y += whorl_m * rng.uniform(0.75, 1.25) * (1.15 - 0.6 * y / height_m)
    return join(wood), join(cards)


def far_spruce(*, seed: int, num_levels: int, num_spokes: int) -> Mesh:
    """A spruce of height 1 for the distance: ragged skirts, one over the other."""
    rng = np.random.default_rng(seed)
    rings = []
    for level in range(num_levels):
        low = 0.03 + 0.90 * level / num_levels
        radius = 0.17 * (1 - low) ** 0.85 + 0.012
        angle = np.arange(2 * num_spokes) * math.pi / num_spokes + rng.random() * 6
        reach = radius * np.where(np.arange(2 * num_spokes) % 2 == 0, 1.0, 0.5)
        reach *= rng.uniform(0.7, 1.15, 2 * num_spokes)
        droop = low - 0.35 * reach
        rim = np.stack([reach * np.cos(angle), droop, reach * np.sin(angle)], -1)
        top = np.tile([0.0, min(1.0, low + 1.9 / num_levels), 0.0], (2 * num_spokes, 1))
        color = np.array(NEEDLE_GREEN) * rng.uniform(0.8, 1.2)
        skirt = sheet(np.stack([rim, top]), albedo=color, wrap=True)
        normals = np.concatenate([rim, rim]) * (1, 0, 1) + (0, 0.06, 0)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        uv_ao = skirt.uv_ao.copy()
        uv_ao[:, 2] = np.where(uv_ao[:, 1] > 0.5, 0.45, 1.0) * (0.35 + 0.65 * low)
        rings.append(
            Mesh(skirt.positions, normals.astype(np.float32), skirt.albedo, uv_ao, skirt.triangles)
        )
    return join(rings)


def grass_tuft(
    *, seed: int, num_blades: int, height_m: float, spread_m: float, lean: float, color: ArrayLike
) -> Mesh:
    """Blades that bend outwards from one root."""
    rng = np.random.default_rng(seed)
    blades = []
    for _ in range(num_blades):
        tall, azimuth = height_m * rng.uniform(0.45, 1.0), rng.random() * 2 * math.pi
        out = np.array([math.cos(azimuth), 0, math.sin(azimuth)])
        t = np.linspace(0, 1, 5)[:, None]
        bend = lean * rng.uniform(0.3, 1.2)
        root = spread_m * rng.normal(0, 0.5, 3) * (1, 0, 1)
        spine = (
            root + out * tall * bend * t**2 + np.array([0, 1, 0]) * tall * (t - 0.25 * bend * t**3)
        )
        wide = 0.0028 * (1 + 1.2 * height_m) * rng.uniform(0.7, 1.4) * (1 - t**2.2)
        aside = np.array([-out[2], 0, out[0]]) * math.cos(bend) + rng.normal(0, 0.3, 3) * (1, 0, 1)
        tone = np.asarray(color) * rng.uniform(0.65, 1.3) * (1, rng.uniform(0.88, 1.08), 1)
        if rng.random() < 0.16:
            tone = np.array([0.30, 0.23, 0.10]) * rng.uniform(0.6, 1.1)  # a dry one
        blade = sheet(np.stack([spine - aside * wide, spine + aside * wide], 1), albedo=tone)
        normals = np.broadcast_to(_unit(out * 0.5 + (0, 0.8, 0)), blade.normals.shape)
        uv_ao = blade.uv_ao.copy()
        uv_ao[:, 2] = 0.25 + 0.75 * uv_ao[:, 1]
        blades.append(
            Mesh(blade.positions, normals.astype(np.float32), blade.albedo, uv_ao, blade.triangles)
        )
    return join(blades)


def stone(*, seed: int, num_rings: int, flatness: float, color: ArrayLike) -> Mesh:
    """A stone of radius about 1, with flat sides where it split."""
    rng = np.random.default_rng(seed)
    cuts = rng.normal(0, 1, (11, 3))
    cuts /= np.linalg.norm(cuts, axis=1, keepdims=True)
    depth = rng.uniform(0.62, 0.95, 11)

    def shape(directions: NDArray[np.float64]) -> NDArray[np.float64]:
        facing = np.maximum(directions @ cuts.T, 1e-3)
        radius = np.minimum(1.0, (depth / facing).min(1))
        rough = fractal_noise(
            directions[:, 0] * 2 + seed, directions[:, 1] * 2 + directions[:, 2] * 1.7, 1.0, 5, seed
        )
        return np.asarray(radius * (1 + 0.10 * rough))

    body = ball(num_rings, shape, albedo=color)
    squash = np.array([1, flatness, 1], np.float32)
    normals = body.normals / squash
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return Mesh(body.positions * squash, normals, body.albedo, body.uv_ao, body.triangles)


def _branch(length_m: float, share_up: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """(8, 3) points of a branch along x: it sags, and its tip looks up again."""
    t = np.linspace(0, 1, 8)
    rise = (
        (0.55 * share_up - 0.18 + rng.uniform(-0.08, 0.08)) * t
        - 0.30 * (1 - share_up) * t**2
        + 0.16 * t**4
    )
    bow = rng.normal(0, 0.06) * t**2
    return length_m * np.stack([t, rise, bow], -1)


def _twigs(
    points: NDArray[np.float64], length_m: float, twig_m: float, rng: np.random.Generator
) -> Mesh:
    """Needle cards on both sides of a branch, each with smaller ones on it, hanging a little."""
    count = max(6, int(length_m / twig_m))
    share = np.sort(rng.uniform(0.10, 1.0, count))
    places = _along(points, share)
    heading = _unit(_along(points, (share + 0.03).clip(0, 1)) - _along(points, share - 0.03))
    side = _unit(np.cross(heading, [0, 1, 0]))
    sign = np.where(np.arange(count) % 2 == 0, 1.0, -1.0)[:, None]
    way = _unit(
        heading * 0.75
        + side * sign * rng.uniform(0.5, 1.0, (count, 1))
        + rng.normal(0, 0.14, (count, 3))
        - (0, 0.22, 0)
    )
    long = (0.42 * length_m * (1 - share) ** 0.7 + 0.12)[:, None] * rng.uniform(
        0.6, 1.1, (count, 1)
    )
    long = long.clip(0.08, 0.75)
    roots, ways, longs, shares = [places], [way], [long], [share]
    for step in range(1, 7):
        at = step / 7 + rng.uniform(-0.05, 0.05, (count, 1))
        across = _unit(np.cross(way, [0, 1, 0])) * (1.0 if step % 2 else -1.0)
        roots.append(places + way * long * at - np.array([0, 0.10, 0]) * long * at**2)
        ways.append(
            _unit(way * 0.8 + across * 0.75 + rng.normal(0, 0.12, (count, 3)) - (0, 0.16, 0))
        )
        longs.append((long * (1.05 - at) * 0.7).clip(0.05, 0.5))
        shares.append(share)
    return _cards(
        np.concatenate(roots),
        np.concatenate(ways),
        np.concatenate(longs),
        np.concatenate(shares),
        rng,
    )


def _cards(
    root: NDArray[np.float64],
    way: NDArray[np.float64],
    long: NDArray[np.float64],
    share: NDArray[np.float64],
    rng: np.random.Generator,
) -> Mesh:
    """One bent card of needles from each root; darker towards the trunk."""
    count = len(root)
    across = _unit(np.cross(way, rng.normal(0, 0.35, (count, 3)) + UP))
    across *= (0.007 + 0.045 * long).clip(0.009, 0.024)
    t = np.array([0.0, 0.5, 1.0])[None, :, None]
    spine = (
        root[:, None]
        + way[:, None] * long[:, None] * t
        - np.array([0, 0.10, 0]) * long[:, None] * t**2
    )
    points = np.stack([spine - across[:, None], spine + across[:, None]], 2).reshape(-1, 3)
    normals = _unit(
        np.cross(across, way) * np.sign(np.cross(across, way)[:, 1:2] + 1e-9) + 0.35 * way
    )
    u = np.tile([-1.0, 1.0], 3 * count)
    v = np.tile(np.repeat([0.0, 0.5, 1.0], 2), count)
    open_sky = np.repeat(0.30 + 0.70 * share, 6)
    quad = grid_triangles(3, 2)
    triangles = (quad[None] + (np.arange(count, dtype=np.uint32) * 6)[:, None, None]).reshape(-1, 3)
    tone = np.repeat(rng.uniform(0.75, 1.25, (count, 1)), 6, 0) * np.array(NEEDLE_GREEN)
    return Mesh(
        _f32(points),
        _f32(np.repeat(normals, 6, 0)),
        _f32(tone),
        _f32(np.stack([u, v, open_sky], -1)),
        triangles,
    )


def _spray(points: NDArray[np.float64], length_m: float, rng: np.random.Generator) -> Mesh:
    """A branch as one wide card, bent along its spine."""
    heading = _unit(np.gradient(points, axis=0))
    side = _unit(np.cross(heading, rng.normal(0, 0.25, 3) + UP)) * (0.30 * length_m + 0.05)
    hang = np.array([0, -0.25, 0]) * length_m
    grid = np.stack([points - side + hang * 0.5, points, points + side + hang * 0.5], 1)
    card = sheet(grid, albedo=np.array(NEEDLE_GREEN) * rng.uniform(0.75, 1.25))
    uv_ao = card.uv_ao.copy()
    uv_ao[:, 0] = 2 * uv_ao[:, 0] - 1
    uv_ao[:, 2] = 0.35 + 0.65 * uv_ao[:, 1]
    return Mesh(card.positions, card.normals, card.albedo, uv_ao, card.triangles)


def _along(points: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 3) places on a polyline, 0…1 of its points."""
    at = np.linspace(0, 1, len(points))
    return np.stack([np.interp(share, at, points[:, i]) for i in range(3)], -1)


def _unit(vectors: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(vectors, np.float64)
    return np.asarray(array / np.maximum(np.linalg.norm(array, axis=-1, keepdims=True), 1e-9))


def _f32(values: ArrayLike) -> Floats:
    return np.ascontiguousarray(values, np.float32)
