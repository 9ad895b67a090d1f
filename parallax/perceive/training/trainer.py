"""The training itself: a student, its running average, and a schedule told by the clock."""

import copy
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from parallax.perceive.network import EmbeddedNetwork, NetworkParams
from parallax.perceive.photo_tensor import normalise_srgb
from parallax.perceive.training.augment import augment
from parallax.perceive.training.batch import Batch, CropParams, Cropper
from parallax.perceive.training.checkpoint import load_checkpoint, meet_peer, save_checkpoint
from parallax.perceive.training.loss import LossWeights, measure_loss

MAX_GRADIENT_NORM = 3.0
MEET_EVERY = 25  # steps between two meetings of processes: a second or ten
EARLY_PASTED = 0.1  # more shapes than that early on and the natural layout is learnt slowly
LATE_PASTED = 0.3  # later they teach crisp edges

_log = logging.getLogger("parallax.perceive")


@dataclass(frozen=True, slots=True)
class TrainParams:
    """How a training runs.

    Attributes:
        minutes: How long it learns, over all its runs.
        seed: Of weights, crops and augmentation.
        peak_rate: Learning rate at its highest.
        weight_decay: AdamW's.
        average_decay: Of the running average of the weights, a step.
        bf16: Compute in bfloat16: twice as fast on CPUs that have it, ten times slower elsewhere.
        stages: (from this share of the time, side of a crop in px, crops a batch).
        checkpoint_s: Seconds between two checkpoints.
        network: Widths of the student.
        weights: Parts of the loss.
    """

    minutes: float = 75.0
    seed: int = 7
    peak_rate: float = 2e-3
    weight_decay: float = 0.03
    average_decay: float = 0.996
    bf16: bool = False
    stages: tuple[tuple[float, int, int], ...] = ((0.0, 128, 16), (0.5, 192, 12), (0.92, 320, 8))
    checkpoint_s: float = 120.0
    network: NetworkParams = field(default_factory=NetworkParams)
    weights: LossWeights = field(default_factory=LossWeights)


FINE_TUNING = TrainParams(
    peak_rate=3e-4,
    average_decay=0.998,
    stages=((0.0, 256, 8), (0.7, 320, 6)),
    weights=LossWeights(label=2.0, feature=0.5),
)
"""For `start_from`: larger crops at once, a lower rate, and more weight on what is weakest."""


class Student(nn.Module):
    """The network, and a map from its features to the teacher's, which is thrown away."""

    def __init__(self, params: NetworkParams, num_features: int) -> None:
        super().__init__()
        self.network = EmbeddedNetwork(params)
        self.teacher_from_student = nn.Conv2d(params.decoder[1], num_features, 1)

    def forward(self, srgb: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Log disparity, logits and the teacher's features of photos (N, 3, H, W), 0…1."""
        depth, logits, feature = self.network.forward_with_features(normalise_srgb(srgb))
        return depth, logits, self.teacher_from_student(feature)


class Trainer:
    """Takes steps; everything it is can be saved and resumed."""

    def __init__(self, cropper: Cropper, *, num_features: int, params: TrainParams) -> None:
        torch.manual_seed(params.seed)
        self.params = params
        self.student = Student(params.network, num_features).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.student).eval()
        self.optimizer = torch.optim.AdamW(
            _decay_groups(self.student, params.weight_decay), lr=params.peak_rate
        )
        self.step_index = 0
        self.seconds = 0.0
        self._cropper = cropper

    @property
    def progress(self) -> float:
        """Share of the time that is used up, 0…1."""
        return min(1.0, self.seconds / (60 * self.params.minutes))

    def make_batch(self, step: int, progress: float) -> Batch:
        """The batch of a step, a pure function of its arguments and the seed."""
        _, sides_px, num = [s for s in self.params.stages if s[0] <= progress][-1]
        finishing = progress >= self.params.stages[-1][0] > 0
        crop = CropParams(sides_px=sides_px, num=num, whole_share=0.6)
        generator = torch.Generator().manual_seed(self.params.seed * 1_000_003 + step)
        cut = self._cropper.cut(step, params=crop)
        return augment(cut, generator, pasted_share=LATE_PASTED if finishing else EARLY_PASTED)

    def take_step(self, batch: Batch, progress: float) -> dict[str, float]:
        """Learn from one batch; returns the parts of the loss."""
        rate = self.params.peak_rate * rate_share(progress)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        feature = self.params.weights.feature * max(0.1, 1 - progress / 0.7)
        weights = replace(self.params.weights, feature=feature)
        self.student.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.params.bf16):
            outputs = self.student(batch.srgb.contiguous(memory_format=torch.channels_last))
        parts = measure_loss(outputs, batch, weights)
        self.optimizer.zero_grad(set_to_none=True)
        parts["total"].backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self.student.parameters(), MAX_GRADIENT_NORM)
        if bool(torch.isfinite(norm)):
            self.optimizer.step()
            self._follow()
        self.step_index += 1
        return {name: part.item() for name, part in parts.items()}

    def save(self, path: Path) -> None:
        """Write the whole state."""
        clock = {"step": self.step_index, "seconds": self.seconds}
        save_checkpoint(
            path,
            student=self.student,
            average=self.average,
            optimizer=self.optimizer,
            progress=clock,
        )

    def resume(self, path: Path) -> None:
        """Take up where `save` left off."""
        clock = load_checkpoint(
            path, student=self.student, average=self.average, optimizer=self.optimizer
        )
        self.step_index, self.seconds = int(clock["step"]), clock["seconds"]

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(self.params.average_decay, (1 + self.step_index) / (10 + self.step_index))
        ours = self.average.state_dict()
        for name, theirs in self.student.state_dict().items():
            if theirs.dtype.is_floating_point:
                ours[name].lerp_(theirs, 1 - decay)


def rate_share(progress: float) -> float:
    """Learning rate as a share of its peak: a quick rise, then half a cosine down to 1 %."""
    warm = 0.02
    if progress < warm:
        return 0.05 + 0.95 * progress / warm
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (progress - warm) / (1 - warm)))


def train(
    trainer: Trainer,
    checkpoint: Path,
    *,
    peer: Path | None = None,
    on_step: Callable[[int, dict[str, float]], None],
) -> None:
    """Learn until the time is used up.

    On a busy machine threads wait for one another in every operation; processes that meet now
    and then do not. With `peer`, the checkpoint folder of another training, the weights drift
    towards the mean of both.
    """
    saved_s = time.monotonic()
    while trainer.progress < 1:
        started_s = time.monotonic()
        progress = trainer.progress
        parts = trainer.take_step(trainer.make_batch(trainer.step_index, progress), progress)
        if peer and trainer.step_index % MEET_EVERY == 0:
            meet_peer(trainer.student, checkpoint.parent, peer)
        trainer.seconds += time.monotonic() - started_s
        on_step(trainer.step_index, parts)
        if time.monotonic() - saved_s > trainer.params.checkpoint_s:
            trainer.save(checkpoint)
            saved_s = time.monotonic()
    trainer.save(checkpoint)


def _decay_groups(module: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Convolutions decay; norms and biases do not."""
    parameters = list(module.parameters())
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
