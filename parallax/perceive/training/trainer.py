"""The training itself: a student, its running average, and a schedule in processor time."""

import copy
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from parallax.label_map import LABELS
from parallax.perceive.training.augment import augment
from parallax.perceive.training.batch import Batch, CropParams, Cropper, coarsen
from parallax.perceive.training.checkpoint import load_checkpoint, meet_peer, save_checkpoint
from parallax.perceive.training.loss import LossWeights, measure_loss
from parallax.perceive.training.muon import Muon
from parallax.perceive.training.network import EmbeddedNetwork, NetworkParams, normalise_srgb

MAX_GRADIENT_NORM = 3.0
MEET_EVERY = 25  # steps between two meetings of processes: a second or ten
COARSE_STRIDE_PX = 8  # of the decoder's third level
WARM_UNTIL = 0.02  # shares of the training: the rate rises until the one, falls from the other on
LEVEL_UNTIL = 0.35
ENCODER_SHARE = 0.12  # of the rate: what the encoder knows is worth keeping
EARLY_PASTED = 0.1  # more shapes than that early on and the natural layout is learnt slowly
LATE_PASTED = 0.3  # later they teach crisp edges
EARLY_WHOLE, LATE_WHOLE = 0.6, 0.4  # crops that show the whole photo: layout first, then detail
LATE_GRADIENT = 2.0  # then edges count that much more
GOING_ON_SHARE = 0.4  # of the rate, for a network that is good already

_log = logging.getLogger("parallax.perceive")


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a training.

    Attributes:
        begins: At this share of the training.
        sides_px: Side of a crop.
        num: Crops a batch.
        coarse: Learn depth and labels at 1/8 only, from the decoder's features of that size: two
            and a half times as many crops a second as with the two finest levels.
    """

    begins: float
    sides_px: int
    num: int
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class TrainParams:
    """How a training runs.

    Attributes:
        minutes: Of processor time, over all its runs: what it waits for others is not counted.
        seed: Of weights, crops and augmentation.
        peak_rate: Learning rate at its highest.
        weight_decay: Of both optimizers.
        average_decay: Of the running average of the weights, a step.
        bf16: Compute in bfloat16: twice as fast on CPUs that have it, ten times slower elsewhere.
        stages: One after the other.
        checkpoint_s: Seconds between two checkpoints.
        network: Widths of the student.
        weights: Parts of the loss.
    """

    minutes: float = 120.0
    seed: int = 7
    peak_rate: float = 4e-3
    weight_decay: float = 0.03
    average_decay: float = 0.99
    bf16: bool = False
    stages: tuple[Stage, ...] = (
        Stage(0.0, 160, 16, coarse=True),
        Stage(0.4, 192, 12),
        Stage(0.8, 320, 6),
    )
    checkpoint_s: float = 120.0
    network: NetworkParams = field(default_factory=NetworkParams)
    weights: LossWeights = field(default_factory=LossWeights)

    def stage_at(self, progress: float) -> Stage:
        """The stage at a share of the training."""
        return [stage for stage in self.stages if stage.begins <= progress][-1]

    def is_last(self, stage: Stage) -> bool:
        """Whether a training ends with this stage, in which edges are learnt."""
        return stage is self.stages[-1]

    def going_on(self) -> "TrainParams":
        """For a network that is good already: large crops throughout, at a gentler rate."""
        last = replace(self.stages[-1], begins=0.0)
        return replace(self, stages=(last,), peak_rate=GOING_ON_SHARE * self.peak_rate)


class Student(nn.Module):
    """The network, and what is thrown away: a map to the teacher's features, a coarse head."""

    def __init__(self, params: NetworkParams, num_features: int) -> None:
        super().__init__()
        self.network = EmbeddedNetwork(params)
        self.teacher_from_student = nn.Conv2d(params.decoder[1], num_features, 1)
        self.coarse_head = nn.Conv2d(params.decoder[2], 1 + len(LABELS), 1)

    def forward(self, srgb: Tensor, *, coarse: bool = False) -> tuple[Tensor, Tensor, Tensor]:
        """Log disparity, logits and the teacher's features of photos (N, 3, H, W), 0…1."""
        x = normalise_srgb(srgb)
        if not coarse:
            depth, logits, feature = self.network.forward_with_features(x)
            return depth, logits, self.teacher_from_student(feature)
        _, feature, finest = self.network.decoder(self.network.encoder(x), num_levels=3)
        both = self.coarse_head(finest)
        return both[:, :1], both[:, 1:], self.teacher_from_student(feature)


class Trainer:
    """Takes steps; everything it is can be saved and resumed."""

    def __init__(self, cropper: Cropper, *, num_features: int, params: TrainParams) -> None:
        torch.manual_seed(params.seed)
        self.params = params
        self.student = Student(params.network, num_features).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.student).eval()
        self.optimizers = _make_optimizers(self.student, params)
        self.step_index = 0
        self.seconds = 0.0
        self._cropper = cropper

    @property
    def progress(self) -> float:
        """Share of the time that is used up, 0…1."""
        return min(1.0, self.seconds / (60 * self.params.minutes))

    def make_batch(self, step: int, progress: float) -> Batch:
        """The batch of a step, a pure function of its arguments and the seed."""
        stage = self.params.stage_at(progress)
        finishing = self.params.is_last(stage)
        crop = CropParams(
            sides_px=stage.sides_px,
            num=stage.num,
            whole_share=LATE_WHOLE if finishing else EARLY_WHOLE,
        )
        generator = torch.Generator().manual_seed(self.params.seed * 1_000_003 + step)
        cut = self._cropper.cut(step, params=crop)
        batch = augment(cut, generator, pasted_share=LATE_PASTED if finishing else EARLY_PASTED)
        return coarsen(batch, COARSE_STRIDE_PX) if stage.coarse else batch

    def take_step(self, batch: Batch, progress: float) -> dict[str, float]:
        """Learn from one batch; returns the parts of the loss."""
        rate = self.params.peak_rate * rate_share(progress)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * group.get("rate_share", 1.0)
        feature = self.params.weights.feature * max(0.1, 1 - progress)
        stage = self.params.stage_at(progress)
        weights = replace(self.params.weights, feature=feature)
        if self.params.is_last(stage):
            weights = replace(weights, gradient=LATE_GRADIENT * weights.gradient)
        self.student.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.params.bf16):
            outputs = self.student(
                batch.srgb.contiguous(memory_format=torch.channels_last),
                coarse=stage.coarse,
            )
        parts = measure_loss(outputs, batch, weights)
        self.student.zero_grad(set_to_none=True)
        parts["total"].backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self.student.parameters(), MAX_GRADIENT_NORM)
        if bool(torch.isfinite(norm)):
            for optimizer in self.optimizers:
                optimizer.step()
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
            optimizers=self.optimizers,
            progress=clock,
        )

    def resume(self, path: Path) -> None:
        """Take up where `save` left off."""
        clock = load_checkpoint(
            path, student=self.student, average=self.average, optimizers=self.optimizers
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
    """Learning rate as a share of its peak: a quick rise, level, then straight down to 1 %.

    What is level is independent of when the training ends: resumed with other minutes, it may
    end earlier or later than was planned.
    """
    rising = 0.05 + 0.95 * progress / WARM_UNTIL
    falling = 0.01 + 0.99 * (1 - progress) / (1 - LEVEL_UNTIL)
    return min(rising, 1.0, falling)


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
        started_s = time.process_time()
        progress = trainer.progress
        parts = trainer.take_step(trainer.make_batch(trainer.step_index, progress), progress)
        if peer and trainer.step_index % MEET_EVERY == 0:
            meet_peer(trainer.student, checkpoint.parent, peer)
        trainer.seconds += time.process_time() - started_s
        on_step(trainer.step_index, parts)
        if time.monotonic() - saved_s > trainer.params.checkpoint_s:
            trainer.save(checkpoint)
            saved_s = time.monotonic()
    trainer.save(checkpoint)


def _make_optimizers(
    student: Student, params: TrainParams
) -> tuple[torch.optim.Optimizer, torch.optim.Optimizer]:
    """Muon for the decoder's convolutions between channels; AdamW for all the rest.

    The encoder knows a lot already: it takes small steps, in AdamW's careful directions.
    """
    encoder, decoder = student.network.encoder, student.network.decoder
    muon = [p for p in decoder.parameters() if p.ndim == 4 and p.shape[1] > 1]
    mine = {id(p) for p in (*muon, *encoder.parameters())}
    rest = [p for p in student.parameters() if id(p) not in mine]
    groups = [
        {
            "params": [p for p in parameters if (p.ndim > 1) == mixes],
            "weight_decay": params.weight_decay if mixes else 0.0,
            "rate_share": share,
        }
        for parameters, share in ((list(encoder.parameters()), ENCODER_SHARE), (rest, 1.0))
        for mixes in (True, False)
    ]
    return (
        Muon(muon, lr=params.peak_rate, weight_decay=params.weight_decay),
        torch.optim.AdamW(groups, lr=params.peak_rate),
    )
