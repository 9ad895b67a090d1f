"""The generated scenes that travel with the suite: textures, shapes and where they stand."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.suite.card import Card, Floats, Shape, everywhere, take_photo
from parallax.camera import Intrinsics

FOV_DEG = 45.0
RIGHT, DOWN = (1.0, 0.0, 0.0), (0.0, -1.0, 0.0)
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class GeneratedScene:
    """A scene with exact truth.

    Attributes:
        name: "cards", "fence" …
        cards: What there is, in su: the nearest point of the photo is at 1.
        intrinsics: Of the photo.
        srgb8: uint8 (H, W, 3), the photo.
        inv_depth: float32 (H, W), 1/su.
    """

    name: str
    cards: tuple[Card, ...]
    intrinsics: Intrinsics
    srgb8: NDArray[np.uint8]
    inv_depth: NDArray[np.float32]


@cache
def generate_scene(name: str, size_wh: tuple[int, int]) -> GeneratedScene:
    """One of `SCENES`, photographed at a size; always the same."""
    cards = SCENES[name]()
    intrinsics = Intrinsics.from_fov(size_wh, FOV_DEG)
    _, inv_depth = take_photo(cards, intrinsics, samples=1)
    # A larger world at the same angle looks the same: let its nearest point be at 1 su
    scale = float(inv_depth.max())
    cards = tuple(_scaled(card, scale) for card in cards)
    srgb8, inv_depth = take_photo(cards, intrinsics)
    inv_depth = np.minimum(inv_depth, np.float32(1))
    return GeneratedScene(name, cards, intrinsics, srgb8, inv_depth)


def _paper_cards() -> tuple[Card, ...]:
    """A disc and a board, one before the other, before a far wall: clean edges, large steps."""
    return (
        _upright(-6.0, _noise(1, (60, 90, 130), 40), 9.0),
        _upright(-2.6, _stripes(2), 1.6, x=0.55, y=0.15, shape=_box(0.45, 0.7)),
        _upright(-1.7, _noise(3, (150, 90, 60), 60), 1.2, x=-0.28, y=-0.12, shape=_disc(0.34)),
        _upright(-1.0, _checks(4), 0.5, x=-0.42, y=-0.3, shape=_disc(0.12)),
    )


def _fence() -> tuple[Card, ...]:
    """Bars and hair-thin strokes before a ground that runs to a wall: thin things, a slope."""

    def bars(x: Floats, y: Floats) -> NDArray[np.bool_]:
        upright = np.mod(x, 0.16) < 0.024
        rails = (np.abs(y + 0.12) < 0.012) | (np.abs(y - 0.22) < 0.012)
        return np.asarray((upright | rails) & (y > -0.3))

    def strokes(x: Floats, y: Floats) -> NDArray[np.bool_]:
        bend = 0.06 * np.sin(9 * y) + 0.25 * y
        blade = np.mod(x + bend, 0.055) < 0.003
        return np.asarray(blade & (y > 0.05) & (x < 0.1) & (x > -0.55))

    return (
        _upright(-5.0, _noise(5, (140, 160, 190), 45), 8.0),
        Card((0.0, -0.62, -3.0), RIGHT, (0.0, 0.0, 1.0), _noise(6, (90, 110, 70), 50), 3.0),
        _upright(-1.6, _noise(7, (70, 50, 40), 25), 0.8, shape=bars),
        _upright(-1.0, _noise(8, (190, 170, 90), 30), 0.5, shape=strokes),
    )


def _corridor() -> tuple[Card, ...]:
    """Floor, two walls and an end wall, a ball's disc and a box inside: slopes and corners."""
    return (
        _upright(-7.0, _checks(9), 3.0),
        Card((0.0, -0.6, -3.0), RIGHT, (0.0, 0.0, 1.0), _noise(10, (120, 100, 80), 55), 2.0),
        Card((0.0, 0.75, -3.0), RIGHT, (0.0, 0.0, -1.0), _noise(11, (200, 200, 195), 20), 2.0),
        Card((-1.0, 0.0, -3.0), (0.0, 0.0, -1.0), DOWN, _stripes(12), 2.5),
        Card((1.0, 0.0, -3.0), (0.0, 0.0, 1.0), DOWN, _noise(13, (150, 120, 150), 50), 2.0),
        _upright(-2.2, _noise(14, (170, 60, 50), 60), 0.8, x=0.3, y=-0.25, shape=_disc(0.3)),
        _upright(-1.5, _stripes(15), 0.5, x=-0.3, y=-0.35, shape=_box(0.2, 0.22)),
    )


SCENES: dict[str, Callable[[], tuple[Card, ...]]] = {
    "cards": _paper_cards,
    "fence": _fence,
    "corridor": _corridor,
}


def _upright(
    z_su: float,
    srgb8: Picture,
    width_su: float,
    *,
    x: float = 0.0,
    y: float = 0.0,
    shape: Shape = everywhere,
) -> Card:
    """A card that faces the photo's camera."""
    return Card((x, y, z_su), RIGHT, DOWN, srgb8, width_su, shape)


def _scaled(card: Card, scale: float) -> Card:
    """A card in a world that many times larger."""

    def shape(x: Floats, y: Floats) -> NDArray[np.bool_]:
        return card.shape(x / np.float32(scale), y / np.float32(scale))

    x, y, z = (scale * n for n in card.point_su)
    return Card((x, y, z), card.right, card.down, card.srgb8, card.width_su * scale, shape)


def _disc(radius_su: float) -> Shape:
    return lambda x, y: np.asarray(x * x + y * y < radius_su**2)


def _box(half_width_su: float, half_height_su: float) -> Shape:
    return lambda x, y: np.asarray((np.abs(x) < half_width_su) & (np.abs(y) < half_height_su))


def _noise(seed: int, srgb: tuple[int, int, int], spread: float) -> Picture:
    """(512, 512, 3): clouds of colour from coarse to fine, so that every shift can be seen."""
    rng = np.random.default_rng(seed)
    total = np.zeros((512, 512, 3), np.float32)
    for cells, weight in ((6, 0.5), (16, 0.4), (48, 0.35), (128, 0.15), (256, 0.05)):
        grid = rng.normal(size=(cells, cells, 3)).astype(np.float32)
        grid = 0.7 * grid.mean(-1, keepdims=True) * 1.7 + 0.3 * grid
        total += weight * cv2.resize(grid, (512, 512), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(np.array(srgb) + spread * total, 0, 255), np.uint8)


def _stripes(seed: int) -> Picture:
    """(512, 512, 3): slanted bands and lines over noise."""
    picture = _noise(seed, (200, 190, 160), 25)
    rng = np.random.default_rng(seed)
    for _ in range(40):
        ends = rng.integers(0, 512, 4)
        color = tuple(int(n) for n in rng.integers(20, 230, 3))
        width = int(rng.integers(2, 14))
        cv2.line(picture, tuple(ends[:2]), tuple(ends[2:]), color, width, cv2.LINE_AA)
    return picture


def _checks(seed: int) -> Picture:
    """(512, 512, 3): a board of squares over noise."""
    picture = _noise(seed, (120, 120, 120), 30).astype(np.float32)
    y, x = np.mgrid[:512, :512] // 43
    squares = np.where((x + y) % 2, 70, -60)[..., None]
    return np.asarray(np.clip(picture + squares, 0, 255), np.uint8)
