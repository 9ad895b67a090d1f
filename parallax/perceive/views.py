"""`read_photo`: one photo seen at several sizes, its answers made one, its edges sharp."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS
from parallax.perceive.card import ModelCard
from parallax.perceive.edge import EdgeReader, sharpen_edges
from parallax.perceive.merge import DETAIL_SIGMA, fit_detail, merge_detail
from parallax.perceive.photo_planes import Planes, input_size, photo_planes, resize_photo
from parallax.perceive.water import settle_water

Quality = Literal["standard", "high", "maximum"]
Network = Callable[[Planes], tuple[Planes, ...]]  # as `EmbeddedReader` answers

DETAIL_FACTOR = 2  # the large view by the small one
TILED_FACTOR = 1.6  # the photo that tiles are cut from by the large view: tiles overlap by 40 %
NUM_TILES = 2  # a side
FEATHER = 0.15  # of a tile's side: how far from its border it counts whole


class View(NamedTuple):
    """A photo as seen at one size.

    Attributes:
        log_disparity: (H, W).
        probability: (H/2, W/2, 7).
        water: (H/16, W/16), log odds that there is water; None if nobody was asked.
    """

    log_disparity: NDArray[np.float32]
    probability: NDArray[np.float32]
    water: NDArray[np.float32] | None


def read_photo(
    network: Network,
    edges: EdgeReader | None,
    srgb8: NDArray[np.uint8],
    card: ModelCard,
    quality: Quality,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """As `read_views`, with edges of depth where the photo has them if there is what tells them."""
    log_disparity, probability = read_views(network, srgb8, card, quality)
    if edges is not None:
        log_disparity = sharpen_edges(edges, srgb8, log_disparity)
    return log_disparity, probability


def read_views(
    network: Network, srgb8: NDArray[np.uint8], card: ModelCard, quality: Quality
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Log disparity (H, W) and probabilities (H/2, W/2, 7), merged from a small and a large view.

    The network sees the layout of a scene best at the size that it was trained at, and edges best
    in a larger photo: structure is taken from the one, detail from the other. Falls and rivers that
    it took for something else are put right by its second head. Above standard both views
    are seen mirrored too, and a large photo's edges once more in tiles of a photo larger still.
    """
    mirrors = (False,) if quality == "standard" else (False, True)
    detail_px = card.long_side_px * DETAIL_FACTOR
    small = _mean_view(network, srgb8, card, card.long_side_px, mirrors)
    large = _mean_view(network, srgb8, card, detail_px, mirrors)
    detail, fine = large.log_disparity, large.probability
    merged = merge_detail(small.log_disparity, detail, sigma_px=DETAIL_SIGMA * max(detail.shape))
    if quality != "standard" and max(srgb8.shape[:2]) >= TILED_FACTOR * detail_px:
        merged = _read_tiles(network, srgb8, card, merged)
    grown = cv2.resize(small.probability, fine.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    probability = (fine + grown) / 2
    if small.water is not None and large.water is not None:
        probability = settle_water(probability, (small.water, large.water), srgb8)
    return merged, probability


def _read_tiles(
    network: Network, srgb8: NDArray[np.uint8], card: ModelCard, whole: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Log disparity (1.6 H, 1.6 W): that of the whole photo (H, W) with the detail of tiles.

    Each tile is as large as what the whole was read from, and is brought to the scale, the shift
    and the low frequencies of the whole, as in Miangoleh et al. 2021; where tiles overlap they
    fade into one another.
    """
    height, width = whole.shape
    size_wh = (round(TILED_FACTOR * width), round(TILED_FACTOR * height))
    large = resize_photo(srgb8, size_wh)
    grown = cv2.resize(whole, size_wh, interpolation=cv2.INTER_LINEAR)
    weight = np.minimum.outer(_feather(height), _feather(width))
    total, share = np.zeros_like(grown), np.zeros_like(grown)
    for top, left in _places(size_wh, (width, height)):
        place = slice(top, top + height), slice(left, left + width)
        detail = _view(
            network, large[place], card, max(height, width), mirrored=False
        ).log_disparity
        tile = fit_detail(grown[place], detail, sigma_px=DETAIL_SIGMA * max(height, width))
        total[place] += tile * weight
        share[place] += weight
    return np.asarray(total / share, np.float32)


def _places(size_wh: tuple[int, int], tile_wh: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Top and left of the tiles, evenly spread, the outer ones at the border."""
    lefts, tops = (
        np.linspace(0, side - tile, NUM_TILES).round().astype(int)
        for side, tile in zip(size_wh, tile_wh, strict=True)
    )
    for top in tops:
        for left in lefts:
            yield int(top), int(left)


def _feather(side: int) -> NDArray[np.float32]:
    """What a row of a tile counts: less and less towards its ends, never nothing."""
    from_end = np.minimum(np.arange(side), np.arange(side)[::-1]) + 1
    return np.minimum(from_end / (FEATHER * side), 1).astype(np.float32)


def _mean_view(
    network: Network,
    srgb8: NDArray[np.uint8],
    card: ModelCard,
    long_side_px: int,
    mirrors: tuple[bool, ...],
) -> View:
    views = [_view(network, srgb8, card, long_side_px, mirrored=m) for m in mirrors]
    means = (
        None if planes[0] is None else np.mean(planes, axis=0).astype(np.float32)
        for planes in zip(*views, strict=True)
    )
    return View(*means)  # type: ignore[arg-type]


def _view(
    network: Network,
    srgb8: NDArray[np.uint8],
    card: ModelCard,
    long_side_px: int,
    *,
    mirrored: bool,
) -> View:
    size_wh = input_size(srgb8.shape[1::-1], long_side_px, card.multiple_px)
    log_disparity, logits, *water = network(enter_photo(srgb8, size_wh, card, mirrored=mirrored))
    # The card tells the order of the planes
    order = [card.labels.index(label) for label in LABELS]
    weight = np.exp(logits[0, order] - logits[0].max(axis=0))
    probability = (weight / weight.sum(axis=0)).transpose(1, 2, 0)
    return View(
        unmirror(log_disparity[0, 0], mirrored),
        unmirror(probability, mirrored),
        unmirror(water[0][0, 0], mirrored) if water else None,
    )


def enter_photo(
    srgb8: NDArray[np.uint8], size_wh: tuple[int, int], card: ModelCard, *, mirrored: bool
) -> Planes:
    """A photo (H, W, 3) as a card's network takes it: (1, 3, h, w)."""
    return photo_planes(
        srgb8, size_wh, mean_srgb=card.mean_srgb, std_srgb=card.std_srgb, mirrored=mirrored
    )


def unmirror(view: NDArray[np.float32], mirrored: bool) -> NDArray[np.float32]:
    """A view as the photo is, not as its mirror image."""
    return np.ascontiguousarray(view[:, ::-1] if mirrored else view)
