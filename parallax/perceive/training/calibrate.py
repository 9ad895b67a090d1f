"""Biases of the labels: rare ones (water, people, buildings) are found too seldom without them."""

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from parallax.label_map import LABELS
from parallax.perceive.photo_planes import input_size, photo_planes
from parallax.perceive.training.metric import confusion, iou_from_confusion
from parallax.perceive.training.network import (
    MEAN_SRGB,
    STD_SRGB,
    STRIDE_PX,
    EmbeddedNetwork,
)
from parallax.perceive.training.sample import EXACT_PREFIXES, load_sample

NUM_PHOTOS = 160  # of those that were trained on; held-out photos stay held out
PIXELS_A_PHOTO = 300
LONG_SIDE_PX = 384  # between the training's crops and the photos of later
STEPS = (0.8, 0.4, 0.2, 0.1)  # of the search, in logits
MOST_BIAS = 2.0  # a label that never shows is not to be conjured up


def calibrate_labels(network: EmbeddedNetwork, cache: Path) -> None:
    """Add to the network's label logits what makes the mean IoU on training photos largest."""
    paths = [p for p in sorted(cache.glob("train_*.npz")) if not p.name.startswith(EXACT_PREFIXES)]
    chosen = paths[:: max(1, len(paths) // NUM_PHOTOS)]
    pairs = [_sample_pixels(network, path, seed) for seed, path in enumerate(chosen)]
    logits, truth = (np.concatenate(part) for part in zip(*pairs, strict=True))
    bias = find_bias(logits, truth)
    with torch.no_grad():
        assert network.head.bias is not None
        network.head.bias[-len(LABELS) :] += torch.from_numpy(bias)


def find_bias(logits: NDArray[np.float32], truth: NDArray[np.intp]) -> NDArray[np.float32]:
    """Biases (K,) of logits (P, K) that make the mean IoU with the truth (P,) largest.

    One label after the other is tried a step up and a step down, in ever smaller steps.
    """
    num = logits.shape[1]

    def mean_iou(bias: NDArray[np.float32]) -> float:
        predicted = (logits + bias).argmax(axis=1)
        return float(iou_from_confusion(confusion(predicted, truth, num)).mean())

    bias = np.zeros(num, np.float32)
    best = mean_iou(bias)
    for step in STEPS:
        improved = True
        while improved:
            improved = False
            for index in range(num):
                for change in (step, -step):
                    tried = bias.copy()
                    tried[index] = np.clip(tried[index] + change, -MOST_BIAS, MOST_BIAS)
                    if (score := mean_iou(tried)) > best + 1e-6:
                        bias, best, improved = tried, score, True
    return bias


def _sample_pixels(
    network: EmbeddedNetwork, path: Path, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Logits (P, 7) and the teacher's labels (P,) of random pixels of a photo."""
    sample = load_sample(path)
    size_wh = input_size(sample.srgb8.shape[1::-1], LONG_SIDE_PX, STRIDE_PX)
    x = photo_planes(
        sample.srgb8,
        size_wh,
        mean_srgb=MEAN_SRGB,
        std_srgb=STD_SRGB,
        mirrored=False,
    )
    with torch.inference_mode():
        planes = network(torch.from_numpy(x))[1][0].permute(1, 2, 0).numpy()
    truth = cv2.resize(
        sample.probability, planes.shape[1::-1], interpolation=cv2.INTER_LINEAR
    ).argmax(axis=-1)
    rng = np.random.default_rng(seed)
    picked = rng.integers(truth.size, size=PIXELS_A_PHOTO)
    return planes.reshape(-1, planes.shape[-1])[picked], truth.ravel()[picked]
