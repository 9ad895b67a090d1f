"""The whole state of a training in one safetensors file: resumable at any point, no pickle."""

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

MEETING = "meeting.safetensors"


def save_checkpoint(
    path: Path,
    *,
    student: nn.Module,
    average: nn.Module,
    optimizers: Sequence[torch.optim.Optimizer],
    progress: dict[str, float],
) -> None:
    """Write weights, averaged weights, the optimizers' moments and the clock.

    The file appears whole or not at all.
    """
    tensors: dict[str, Tensor] = {}
    for prefix, module in (("student", student), ("average", average)):
        for name, tensor in module.state_dict().items():
            tensors[f"{prefix}.{name}"] = tensor.contiguous()
    names: dict[Tensor, str] = {p: name for name, p in student.named_parameters()}
    for optimizer in optimizers:
        for parameter, state in optimizer.state.items():
            for key, value in state.items():
                tensors[f"optimizer.{key}.{names[parameter]}"] = value.contiguous()
    part = path.with_suffix(".part")
    save_file(tensors, str(part), metadata={"progress": json.dumps(progress)})
    part.rename(path)


def load_checkpoint(
    path: Path,
    *,
    student: nn.Module,
    average: nn.Module,
    optimizers: Sequence[torch.optim.Optimizer],
) -> dict[str, float]:
    """Put everything back where `save_checkpoint` found it; returns the clock."""
    with safe_open(str(path), framework="pt") as file:
        metadata = file.metadata()
        tensors = {key: file.get_tensor(key) for key in file.keys()}
    student.load_state_dict(_part_of(tensors, "student."))
    average.load_state_dict(_part_of(tensors, "average."))
    moments = _part_of(tensors, "optimizer.")
    parameters = dict(student.named_parameters())
    owner = {p: o for o in optimizers for group in o.param_groups for p in group["params"]}
    for key_and_name, tensor in moments.items():
        key, _, name = key_and_name.partition(".")
        owner[parameters[name]].state[parameters[name]][key] = tensor
    progress: dict[str, float] = json.loads(metadata["progress"])
    return progress


@torch.no_grad()
def meet_peer(student: nn.Module, own_folder: Path, peer_folder: Path) -> None:
    """Leave our weights for the peer and move half-way to those it left, if it has any.

    Zhang, Choromanska and LeCun 2015, "Deep learning with Elastic Averaging SGD", without a centre.
    """
    weights = student.state_dict()
    part = own_folder / "meeting.part"
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, str(part))
    part.rename(own_folder / MEETING)
    if not (peer_folder / MEETING).exists():
        return
    with safe_open(str(peer_folder / MEETING), framework="pt") as file:
        for name, own in weights.items():
            if own.dtype.is_floating_point:
                own.lerp_(file.get_tensor(name), 0.5)


def _part_of(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
