"""`perceive_photo`: a photo in, how far and what is what out."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parallax.depth_map import DepthMap
from parallax.errors import ModelError
from parallax.label_map import LabelMap
from parallax.perceive.card import EMBEDDED, TORCH_EXTRA, ModelCard, load_card
from parallax.perceive.depth_range import (
    FARTHEST_PERCENTILE,
    NEAREST_PERCENTILE,
    inv_depth_from_log_disparity,
)
from parallax.perceive.label_edge import refine_labels
from parallax.perceive.photo_planes import Planes, input_size, resize_photo
from parallax.perceive.sky import agree_with_sky, settle_sky
from parallax.perceive.views import Quality, enter_photo, read_photo, unmirror
from parallax.perceive.weights import load_edges, load_embedded
from parallax.photo import Photo

LABEL_LONG_SIDE_PX = 1280  # labels steer motion, which is smooth: finer masks show no difference

DISPARITY_RATIO = 12.0  # the middle, in log, of the 4 to 30 that most photos span

DisparityNetwork = Callable[[Planes], Planes]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerceiveParams:
    """How a photo is read.

    Attributes:
        model: `auto` (the best network on the disk) or the name of one.
        quality: Standard gives the network a small and a large view, high and maximum these
            mirrored as well, and large photos in tiles.
    """

    model: str = "auto"
    quality: Quality = "standard"

    def __post_init__(self) -> None:
        if self.quality not in ("standard", "high", "maximum"):
            raise ValueError(f"quality: expected standard, high or maximum, got {self.quality!r}")


@dataclass(frozen=True, slots=True)
class Perception:
    """What a network saw in a photo.

    Attributes:
        depth: Inverse depth at the network's resolution, 1/su, 1 at the nearest point.
        labels: At the photo's resolution, or 1280 px if that is less.
        model: The network's name.
        seconds: What it took, loading the network included.
    """

    depth: DepthMap
    labels: LabelMap
    model: str
    seconds: float


def perceive_photo(photo: Photo, *, params: PerceiveParams) -> Perception:
    """The depth and the labels of a photo.

    The same photo gives the same bytes on the same machine. Labels always come from the embedded
    network; depth from the one that was asked for.

    Raises:
        ModelError: The network is unknown, missing or damaged.
    """
    started_s = time.monotonic()
    card, embedded = load_card(params.model), load_card(EMBEDDED)
    # Shrunk once: what the networks see is smaller still, and a large photo takes long to average
    srgb8 = _limit(photo.srgb8, LABEL_LONG_SIDE_PX)
    log_disparity, probability = read_photo(
        load_embedded(embedded), load_edges(embedded), srgb8, embedded, params.quality
    )
    if card.name != embedded.name:
        network = _load_fetched(card)
        log_disparity = read_disparity(network, srgb8, card, params.quality)

    is_sky = settle_sky(probability, log_disparity)
    inv_depth = inv_depth_from_log_disparity(log_disparity, is_sky)
    probability = agree_with_sky(probability, is_sky)
    small_srgb = resize_photo(srgb8, probability.shape[1::-1]).astype(np.float32)
    labels = refine_labels(probability, small_srgb / np.float32(255), srgb8)
    return Perception(
        DepthMap(inv_depth), LabelMap(labels), card.name, time.monotonic() - started_s
    )


def read_disparity(
    network: DisparityNetwork, srgb8: NDArray[np.uint8], card: ModelCard, quality: Quality
) -> NDArray[np.float32]:
    """Log disparity (h, w) of a network that tells disparity up to scale and shift.

    The shift is chosen so that the far end lies `DISPARITY_RATIO` times farther than the near.
    """
    mirrors = (False,) if quality == "standard" else (False, True)
    size_wh = input_size(srgb8.shape[1::-1], card.long_side_px, card.multiple_px)
    views = [
        unmirror(network(enter_photo(srgb8, size_wh, card, mirrored=m))[0, 0], m) for m in mirrors
    ]
    disparity = np.mean(views, axis=0)
    far, near = np.percentile(disparity, (FARTHEST_PERCENTILE, NEAREST_PERCENTILE))
    place = np.maximum((disparity - far) / max(float(near - far), 1e-6), 0)
    return np.asarray(np.log(place * (DISPARITY_RATIO - 1) + 1), np.float32)


def _load_fetched(card: ModelCard) -> DisparityNetwork:
    """A network of torch, which is imported only here: that takes longer than all the rest."""
    if missing := card.missing_libraries:
        raise ModelError(
            f"{card.name}: expected {' and '.join(missing)} to be installed; run: {TORCH_EXTRA}, "
            f"or take --depth-model {EMBEDDED}"
        )
    from parallax.perceive.torch_weights import load_depth_anything

    return load_depth_anything(card)


def _limit(srgb8: NDArray[np.uint8], long_side_px: int) -> NDArray[np.uint8]:
    height, width = srgb8.shape[:2]
    scale = min(1.0, long_side_px / max(height, width))
    return resize_photo(srgb8, (max(1, round(width * scale)), max(1, round(height * scale))))
