"""`python -m parallax.perceive.training.edges`: trains the network that sharpens depth's edges.

Beside the released embedded network, whose answers it learns to sharpen, and from the same cache.
"""

import argparse
import logging
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from parallax.perceive.card import EMBEDDED, load_card
from parallax.perceive.edge import LEAST_SPAN, RANGE
from parallax.perceive.training.edge_example import (
    EdgeExample,
    example_of_cutouts,
    example_of_sample,
)
from parallax.perceive.training.edge_network import EdgeNetwork, displace, fold_edges
from parallax.perceive.training.export import save_weights
from parallax.perceive.training.sample import EXACT_PREFIXES
from parallax.perceive.views import read_views
from parallax.perceive.weights import load_embedded

MOST_EXAMPLES = {"pasted": 420, "scene": 150, "nyu": 300}
SHARES = {"pasted": 3, "scene": 2, "nyu": 1}  # of the crops
USES = 4  # of each photo as a background, where there are few
MOST_LAYERS = 3
BATCH_SIZE = 6
CROP_PX = 192
SCALES = (1.0, 1.0, 1.0, 0.75, 1.35)  # of a crop
LEAST_EDGE = 0.04  # of a crop beside true edges, if that can be found
RATE = 2e-3
WARM_STEPS = 100
LEVEL_SHARE = 0.35  # of the time that the rate is level, before it falls to nothing
SLOPE_WEIGHT = 0.5  # of the steps between neighbours, beside depth itself
MOVED_WEIGHT = 1e-4  # of displacements: none where nothing is gained
AVERAGE = 0.998
_log = logging.getLogger("parallax.perceive")

Floats = NDArray[np.float32]


def main() -> None:
    """Make the examples, train until the minutes are used up, write the weights."""
    parser = argparse.ArgumentParser(prog="python -m parallax.perceive.training.edges")
    parser.add_argument("--cache", type=Path, required=True, help="as the main training made it")
    parser.add_argument("--models", type=Path, required=True, help="the folder of the weights")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    rng = np.random.default_rng(options.seed)
    torch.manual_seed(options.seed)
    network = train_edges(make_examples(options.cache, rng), rng, minutes=options.minutes)
    save_weights(fold_edges(network), options.models / "edges.safetensors")


def make_examples(cache: Path, rng: np.random.Generator) -> dict[str, list[EdgeExample]]:
    """Examples by kind, from the training samples of a cache."""
    card = load_card(EMBEDDED)
    network = load_embedded(card)

    def read(srgb8: NDArray[np.uint8]) -> Floats:
        return read_views(network, srgb8, card, "standard")[0]

    paths = sorted(cache.glob("train_*.npz"))
    photos = [path for path in paths if not path.name.startswith(EXACT_PREFIXES)]
    found = {
        "pasted": [
            example_of_cutouts(rng, photos, read, num_layers=int(rng.integers(1, MOST_LAYERS + 1)))
            for _ in range(min(MOST_EXAMPLES["pasted"], USES * len(photos)))
        ]
    }
    for kind in ("scene", "nyu"):
        of_kind = [path for path in paths if path.name.startswith(f"train_{kind}_")]
        found[kind] = [example_of_sample(p, read) for p in of_kind[: MOST_EXAMPLES[kind]]]
    return {kind: examples for kind, examples in found.items() if examples}


def train_edges(
    examples: dict[str, list[EdgeExample]], rng: np.random.Generator, *, minutes: float
) -> EdgeNetwork:
    """A network trained for so long; its weights are a running average.

    Args:
        examples: By kind.
        rng: Of all that is random, but for the first weights, which are torch's.
        minutes: Of processor time.
    """
    network, average = EdgeNetwork(), EdgeNetwork()
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-3, betas=(0.9, 0.98))
    started_s, step = time.process_time(), 0
    while (share := (time.process_time() - started_s) / (60 * minutes)) < 1:
        falling = min(1.0, (1 - share) / (1 - LEVEL_SHARE))
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / WARM_STEPS) * falling
        loss = edge_loss(network, *_cut_batch(examples, rng), twice=rng.random() < 0.5)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        _average(average, network, min(AVERAGE, (1 + step) / (10 + step)))
        step += 1
        if step % 100 == 0:
            _log.info("step %d, %.0f %%: %.4f", step, 100 * share, float(loss))
    return average.eval()


def edge_loss(
    network: EdgeNetwork,
    colours: Tensor,
    answer: Tensor,
    target: Tensor,
    weight: Tensor,
    *,
    twice: bool,
) -> Tensor:
    """How far displaced depth is from its target: its values, and their steps.

    Args:
        network: That displaces it.
        colours: (N, 3, H, W), -1 to 1.
        answer: (N, 1, H, W), depth as the embedded network sees it.
        target: (N, 1, H, W).
        weight: (N, 1, H, W).
        twice: The answer was sharpened once before: what is sharp is to stay so.
    """
    if twice:
        network.eval()
        with torch.no_grad():
            answer = displace(answer, network(torch.cat([colours, answer], 1)))
        network.train()
    moved = network(torch.cat([colours, answer], 1))
    missed = displace(answer, moved) - target
    across = (missed[..., 1:] - missed[..., :-1]).abs() * weight[..., 1:]
    down = (missed[..., 1:, :] - missed[..., :-1, :]).abs() * weight[..., 1:, :]
    total = (missed.abs() * weight).sum() + SLOPE_WEIGHT * (across.sum() + down.sum())
    loss: Tensor = total / weight.sum().clamp_min(1) + MOVED_WEIGHT * moved.abs().mean()
    return loss


def _cut_batch(
    examples: dict[str, list[EdgeExample]], rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Colours, answer, target and weight of random crops."""
    kinds = list(examples)
    shares = np.array([SHARES[kind] for kind in kinds], float)
    crops = []
    for kind in rng.choice(kinds, BATCH_SIZE, p=shares / shares.sum()):
        of_kind = examples[str(kind)]
        crops.append(_cut(of_kind[int(rng.integers(len(of_kind)))], rng))
    colours, answer, target, weight = (
        torch.from_numpy(np.stack(planes)) for planes in zip(*crops, strict=True)
    )
    return colours, answer, target, weight


def _cut(example: EdgeExample, rng: np.random.Generator) -> tuple[Floats, Floats, Floats, Floats]:
    """A crop with other light, contrast of depth, size and side."""
    side = min(*example.answer.shape, round(CROP_PX / rng.choice(SCALES)))
    for _ in range(8):
        top, left = (int(rng.integers(length - side + 1)) for length in example.answer.shape)
        place = slice(top, top + side), slice(left, left + side)
        if float((example.weight[place] == 1).mean()) > LEAST_EDGE:
            break
    low, high = np.percentile(example.answer, RANGE)
    relief = np.exp(rng.normal() * 0.25) / max(float(high - low), LEAST_SPAN)
    size_wh = (CROP_PX, CROP_PX)
    answer, target = (
        cv2.resize((plane[place] - low) * relief, size_wh, interpolation=cv2.INTER_LINEAR)
        for plane in (example.answer, example.target)
    )
    weight = cv2.resize(example.weight[place], size_wh, interpolation=cv2.INTER_NEAREST)
    srgb = cv2.resize(example.srgb8[place], size_wh, interpolation=cv2.INTER_LINEAR) / 255
    srgb = (srgb - 0.5) * np.exp(rng.normal() * 0.2) + 0.5 + rng.normal() * 0.06
    if rng.random() < 0.15:
        srgb = srgb.mean(-1, keepdims=True).repeat(3, -1)
    if rng.random() < 0.3:
        srgb = srgb + rng.normal(size=srgb.shape) * rng.uniform(0, 0.04)
    colours = np.clip(srgb, 0, 1).transpose(2, 0, 1) * 2 - 1
    side_step = int(rng.choice([-1, 1]))
    colours, answer, target, weight = (
        np.ascontiguousarray(plane[..., ::side_step], np.float32)
        for plane in (colours, answer[None], target[None], weight[None])
    )
    return colours, answer, target, weight


@torch.no_grad()
def _average(average: EdgeNetwork, network: EdgeNetwork, kept: float) -> None:
    """Bring the average a step nearer to the network, in place."""
    theirs = network.state_dict()
    for name, tensor in average.state_dict().items():
        if tensor.dtype.is_floating_point:
            tensor.lerp_(theirs[name], 1 - kept)
        else:
            tensor.copy_(theirs[name])


if __name__ == "__main__":
    main()
