"""`perceive_photo`: a photo in, how far and what is what out."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from parallax.depth_map import DepthMap
from parallax.label_map import LABELS, LabelMap
from parallax.perceive.card import ModelCard, load_card
from parallax.perceive.depth_range import inv_depth_from_log_disparity
from parallax.perceive.label_edge import refine_labels
from parallax.perceive.merge import DETAIL_SIGMA, merge_detail
from parallax.perceive.network import STRIDE_PX
from parallax.perceive.photo_tensor import normalise_srgb
from parallax.perceive.weights import load_embedded
from parallax.photo import Photo

LABEL_LONG_SIDE_PX = 1280  # labels steer motion, which is smooth: finer masks show no difference

Quality = Literal["standard", "high", "maximum"]
Network = Callable[[Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerceiveParams:
    """How a photo is read.

    Attributes:
        model: `auto` (the best network on the disk) or the name of one.
        quality: How many views the network is given: one, one of each size, or these mirrored too.
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

    The same photo gives the same bytes on the same machine.

    Raises:
        ModelError: The network is unknown, missing or damaged.
    """
    started_s = time.monotonic()
    card = load_card(params.model)
    log_disparity, probability = read_views(load_embedded(card), photo.srgb8, card, params.quality)
    sky = cv2.resize(
        probability[..., LABELS.index("sky")],
        log_disparity.shape[::-1],
        interpolation=cv2.INTER_LINEAR,
    )
    inv_depth = inv_depth_from_log_disparity(log_disparity, sky)
    small = _resize_area(photo.srgb8, log_disparity.shape[::-1])
    label_photo = _limit(photo.srgb8, LABEL_LONG_SIDE_PX)
    labels = refine_labels(probability, small.astype(np.float32) / np.float32(255), label_photo)
    return Perception(
        DepthMap(inv_depth), LabelMap(labels), card.name, time.monotonic() - started_s
    )


def read_views(
    network: Network, srgb8: NDArray[np.uint8], card: ModelCard, quality: Quality
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Log disparity (H, W) and probabilities (H/2, W/2, 7), merged from all views.

    Standard quality looks once; high adds a view of 3/2 the size, whose detail is put on the
    structure of the first; maximum looks at both in the mirror as well and takes the mean.
    """
    mirrors = (False, True) if quality == "maximum" else (False,)
    base, probability = _mean_view(network, srgb8, card, card.long_side_px, mirrors)
    if quality == "standard":
        return base, probability
    detail, fine = _mean_view(network, srgb8, card, card.long_side_px * 3 // 2, mirrors)
    merged = merge_detail(base, detail, sigma_px=DETAIL_SIGMA * max(detail.shape))
    grown = cv2.resize(probability, fine.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return merged, (fine + grown) / 2


def _mean_view(
    network: Network,
    srgb8: NDArray[np.uint8],
    card: ModelCard,
    long_side_px: int,
    mirrors: tuple[bool, ...],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    views = [_view(network, srgb8, card, long_side_px, mirrored=m) for m in mirrors]
    log_disparity = np.mean([view[0] for view in views], axis=0)
    probability = np.mean([view[1] for view in views], axis=0)
    return log_disparity.astype(np.float32), probability.astype(np.float32)


def _view(
    network: Network,
    srgb8: NDArray[np.uint8],
    card: ModelCard,
    long_side_px: int,
    *,
    mirrored: bool,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    small = _resize_area(srgb8, input_size(srgb8.shape[1::-1], long_side_px))
    if mirrored:
        small = small[:, ::-1]
    x = torch.from_numpy(np.ascontiguousarray(small)).permute(2, 0, 1)[None].float() / 255
    x = normalise_srgb(x, card.mean_srgb, card.std_srgb).contiguous(
        memory_format=torch.channels_last
    )
    with torch.inference_mode():
        log_disparity, logits = network(x)
        probability = logits.softmax(1)
    # The card tells the order of the planes
    order = [card.labels.index(label) for label in LABELS]
    planes = log_disparity[0, 0].numpy(), probability[0, order].permute(1, 2, 0).numpy()
    depth_view, label_view = (p[:, ::-1] if mirrored else p for p in planes)
    return np.ascontiguousarray(depth_view), np.ascontiguousarray(label_view)


def input_size(size_wh: tuple[int, ...], long_side_px: int) -> tuple[int, int]:
    """Width and height of the network's input: the photo's shape, in multiples of 32."""
    scale = long_side_px / max(size_wh)
    width, height = (max(1, round(s * scale / STRIDE_PX)) * STRIDE_PX for s in size_wh)
    return width, height


def _limit(srgb8: NDArray[np.uint8], long_side_px: int) -> NDArray[np.uint8]:
    height, width = srgb8.shape[:2]
    scale = min(1.0, long_side_px / max(height, width))
    return _resize_area(srgb8, (max(1, round(width * scale)), max(1, round(height * scale))))


def _resize_area(srgb8: NDArray[np.uint8], size_wh: tuple[int, ...]) -> NDArray[np.uint8]:
    shrinks = size_wh[0] < srgb8.shape[1] or size_wh[1] < srgb8.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(srgb8, size_wh[:2], interpolation=method), np.uint8)
