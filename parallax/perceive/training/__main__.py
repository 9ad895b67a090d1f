"""`python -m parallax.perceive.training --data DIR --out DIR`: data in, weights out."""

import argparse
import json
import logging
import os
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import torch

from parallax.perceive.training.batch import Cropper
from parallax.perceive.training.cache import NUM_FEATURES, build_cache
from parallax.perceive.training.sample import EXACT_PREFIXES, Sample, load_sample
from parallax.perceive.training.start import start_encoder, start_from
from parallax.perceive.training.trainer import Trainer, TrainParams, train

LOG_EVERY = 50  # steps
NUM_START_BATCHES = 24  # 190 crops: enough for the mean and variance of every channel
_log = logging.getLogger("parallax.perceive")


def main() -> None:
    """Fill the cache, then train until the minutes are used up; run again to go on."""
    parser = argparse.ArgumentParser(prog="python -m parallax.perceive.training")
    parser.add_argument("--data", type=Path, help="photos, labels, teachers; only to fill --cache")
    parser.add_argument("--cache", type=Path, required=True, help="samples, made once")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint and log")
    parser.add_argument("--minutes", type=float, default=TrainParams().minutes)
    parser.add_argument("--seed", type=int, default=TrainParams().seed)
    parser.add_argument("--bf16", action="store_true", help="on CPUs with AVX-512 BF16 or AMX")
    parser.add_argument("--start", type=Path, help="released weights to go on from")
    parser.add_argument("--peer", type=Path, help="--out of a training to share weights with")
    options = parser.parse_args()

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    os.nice(10)
    torch.set_num_threads(1)  # see `train`: more processes, not more threads
    if options.data:
        build_cache(options.data, options.cache)
    options.out.mkdir(parents=True, exist_ok=True)
    params = replace(TrainParams(), minutes=options.minutes, seed=options.seed, bf16=options.bf16)
    trainer = Trainer(
        _open_cropper(options.cache, options.seed),
        num_features=NUM_FEATURES,
        params=params.going_on() if options.start else params,
    )
    checkpoint = options.out / "checkpoint.safetensors"
    if checkpoint.exists():
        trainer.resume(checkpoint)
        _log.info("resumed at step %d, %.0f s", trainer.step_index, trainer.seconds)
    elif options.start:
        start_from(trainer, options.start, NUM_START_BATCHES)
    else:
        start_encoder(trainer)

    sums: dict[str, float] = defaultdict(float)

    def report(step: int, parts: dict[str, float]) -> None:
        for name, part in parts.items():
            sums[name] += part / LOG_EVERY
        if step % LOG_EVERY == 0:
            line = {"step": step, "seconds": round(trainer.seconds), **sums}
            _log.info(" ".join(f"{k} {v:.4g}" for k, v in line.items()))
            with (options.out / "log.jsonl").open("a") as file:
                file.write(json.dumps(line) + "\n")
            sums.clear()

    train(trainer, checkpoint, peer=options.peer, on_step=report)


def _open_cropper(cache: Path, seed: int) -> Cropper:
    measured: list[Sample] = []
    guessed: list[Sample] = []
    for path in sorted(cache.glob("train_*.npz")):
        exact = path.name.startswith(EXACT_PREFIXES)
        (measured if exact else guessed).append(load_sample(path))
    _log.info("%d photos with teachers, %d with exact depth", len(guessed), len(measured))
    return Cropper(guessed, measured, seed=seed)


if __name__ == "__main__":
    main()
