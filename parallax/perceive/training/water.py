"""`python -m parallax.perceive.training.water`: trains the head that finds falls and rivers.

Beside the released embedded network, which stays as it is and whose features the head reads.
"""

import argparse
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from parallax.label_map import LABELS
from parallax.perceive.card import EMBEDDED, ModelCard, load_card
from parallax.perceive.photo_planes import input_size, photo_planes
from parallax.perceive.torch_weights import assign_weights, read_tensors
from parallax.perceive.training.export import save_weights
from parallax.perceive.training.network import EmbeddedNetwork, fold_norms
from parallax.perceive.training.sample import Source, list_sources
from parallax.perceive.training.water_example import (
    DRY,
    WET,
    Bytes,
    HandLabels,
    State,
    coarse_state,
    draw_state,
    is_land,
    load_hand_labels,
    paste_water,
    read_picture,
    teacher_state,
    vary_picture,
)
from parallax.perceive.training.water_head import WaterHead, fold_water, gather_places

LONG_SIDE_PX = 1280
PASTED_PX = 640
MOST_PLACES = {WET: 60, DRY: 160}  # of a photo that the teacher labelled, at each of two sizes
NUM_VARIED, NUM_PASTED, NUM_DRY = 40, 36, 10  # pictures made of one that was looked at
MOST_DRAWN = {WET: 2500, DRY: 3500}  # places of all pictures made of one
SHARES = {"teacher wet": 0.5, "teacher dry": 1.0, "wet": 3.5, "dry": 2.0}  # weights in the loss
DROPOUT = 0.3
BATCH_SIZE, EPOCHS = 2048, 3
RATE, DECAY = 3e-3, 0.03
SURE = 0.99  # of the hand and the teacher: both make mistakes
_log = logging.getLogger("parallax.perceive")


@dataclass(frozen=True, slots=True)
class Places:
    """Places to learn from.

    Attributes:
        known: float32 (N, C), the features.
        wet: float32 (N,), 0 or 1.
        weight: float32 (N,).
    """

    known: Tensor
    wet: Tensor
    weight: Tensor


def main() -> None:
    """Read the photos, train, write the weights."""
    parser = argparse.ArgumentParser(prog="python -m parallax.perceive.training.water")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="the folder of the weights")
    parser.add_argument("--without", nargs="*", default=[], help="files to leave out, to test on")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    reader = _Reader(load_card(EMBEDDED))
    photos = [
        source
        for source in list_sources(options.data)
        if not source.measured
        and source.split == "train"
        and source.photo.name not in options.without
    ]
    hand = load_hand_labels()
    places = join_places(
        [
            *read_labelled(reader, photos, hand, options.data / "labels", rng),
            *read_drawn(reader, photos, hand, options.data, rng, without=options.without),
        ]
    )
    save_weights(fold_water(train_water(places)), options.models / "water.safetensors")


def read_labelled(
    reader: "_Reader",
    photos: Sequence[Source],
    hand: HandLabels,
    labels: Path,
    rng: np.random.Generator,
) -> Iterator[Places]:
    """Places of the photos that the teacher alone labelled."""
    looked_at = {*hand.drawn, *hand.dry, *hand.unknown}
    for number, source in enumerate(photos):
        if source.photo.name in looked_at:
            continue
        srgb8 = read_picture(source.photo, long_side_px=LONG_SIDE_PX)
        for long_side_px in (320, 640):
            known, own = reader.read(srgb8, long_side_px)
            state = teacher_state(labels / f"{source.stem}.ade31.png", own)
            yield from _choose(known, state, MOST_PLACES, "teacher ", rng)
        if number % 100 == 0:
            _log.info("photo %d of %d", number, len(photos))


def read_drawn(
    reader: "_Reader",
    photos: Sequence[Source],
    hand: HandLabels,
    data: Path,
    rng: np.random.Generator,
    *,
    without: Sequence[str],
) -> Iterator[Places]:
    """Places of pictures made of photos that were looked at."""
    paths = {source.photo.name: source.photo for source in photos}
    land = [
        source.photo
        for source in photos
        if source.photo.name not in hand.drawn and is_land(data / "labels", source.stem)
    ]
    for name in hand.dry:
        if name in paths:
            srgb8 = read_picture(paths[name], long_side_px=LONG_SIDE_PX)
            state = np.full(srgb8.shape[:2], DRY, np.int8)
            pictures = list(vary_picture(srgb8, state, rng, num=NUM_DRY))
            yield from _read_pictures(reader, pictures, rng)
    for name, outlines in hand.drawn.items():
        path = paths.get(name, data / "clips" / name)
        if name in without or not path.exists():
            continue
        srgb8 = read_picture(path, long_side_px=LONG_SIDE_PX)
        state = draw_state(outlines, srgb8.shape)
        pictures = list(vary_picture(srgb8, state, rng, num=NUM_VARIED))
        if name in hand.falls and land:
            for _ in range(NUM_PASTED):
                behind = read_picture(land[int(rng.integers(len(land)))], long_side_px=PASTED_PX)
                pictures.append((*paste_water(srgb8, state, behind, rng), 512))
        yield from _read_pictures(reader, pictures, rng)
        _log.info("%s", name)


def join_places(parts: Sequence[Places]) -> Places:
    """All places in one."""
    return Places(
        torch.cat([part.known for part in parts]),
        torch.cat([part.wet for part in parts]),
        torch.cat([part.weight for part in parts]),
    )


def train_water(places: Places) -> WaterHead:
    """A head that tells wet places from dry ones."""
    head = WaterHead()
    head.mean.copy_(places.known.mean(0))
    head.spread.copy_(places.known.std(0) + 1e-3)
    optimizer = torch.optim.AdamW(head.parameters(), RATE, weight_decay=DECAY)
    num_steps = EPOCHS * -(-len(places.wet) // BATCH_SIZE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, num_steps)
    for epoch in range(EPOCHS):
        for batch in torch.split(torch.randperm(len(places.wet)), BATCH_SIZE):
            target = places.wet[batch] * (2 * SURE - 1) + 1 - SURE
            odds = head(places.known[batch], dropout=DROPOUT)
            loss = functional.binary_cross_entropy_with_logits(
                odds, target, weight=places.weight[batch]
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
        _log.info("epoch %d: %.4f", epoch, float(loss.detach()))
    return head.eval()


class _Reader:
    """Reads what the released network knows about the places of photos."""

    def __init__(self, card: ModelCard) -> None:
        self._card = card
        self._network = EmbeddedNetwork().eval()
        fold_norms(self._network)
        tensors = {key: tensor.float() for key, tensor in read_tensors(card.weights).items()}
        assign_weights(self._network, tensors, card.weights)

    def read(self, srgb8: Bytes, long_side_px: int) -> tuple[Tensor, NDArray[np.float32]]:
        """What is known about each place (C, h, w), and how likely the network finds water."""
        card = self._card
        size_wh = input_size(srgb8.shape[1::-1], long_side_px, card.multiple_px)
        planes = photo_planes(
            srgb8, size_wh, mean_srgb=card.mean_srgb, std_srgb=card.std_srgb, mirrored=False
        )
        known, logits = gather_places(self._network, torch.from_numpy(planes))
        own = logits.softmax(1)[0, LABELS.index("water")]
        return known[0], np.asarray(own.numpy(), np.float32)


def _read_pictures(
    reader: _Reader, pictures: Sequence[tuple[Bytes, State, int]], rng: np.random.Generator
) -> Iterator[Places]:
    """Places of pictures whose state is known by hand."""
    most = {value: num // len(pictures) for value, num in MOST_DRAWN.items()}
    for srgb8, state, long_side_px in pictures:
        known, own = reader.read(srgb8, long_side_px)
        yield from _choose(known, coarse_state(state, own.shape[::-1]), most, "", rng)


def _choose(
    known: Tensor, state: State, most: dict[int, int], kind: str, rng: np.random.Generator
) -> Iterator[Places]:
    """Some of the places whose state is known, wet and dry apart."""
    rows = known.flatten(1).T
    for value, name in ((WET, "wet"), (DRY, "dry")):
        index = np.flatnonzero(state == value)
        index = rng.choice(index, min(len(index), most[value]), replace=False)
        full = torch.ones(len(index))
        yield Places(rows[index], full * value, full * SHARES[kind + name])


if __name__ == "__main__":
    main()
