"""Weights from a file into a network: checked against the card, and never a pickle."""

import hashlib
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from parallax.errors import ModelError
from parallax.perceive.card import ModelCard
from parallax.perceive.dpt import DepthAnything
from parallax.perceive.dpt_key import map_published_keys
from parallax.perceive.network import EmbeddedNetwork, fold_norms

CHUNK_BYTES = 1 << 20


def load_embedded(card: ModelCard) -> EmbeddedNetwork:
    """The embedded network, ready to run.

    Raises:
        ModelError: The weights are missing, damaged, not the card's, or of another network.
    """
    tensors = read_weights(card)
    # Not on the meta device: its arithmetic imports torch._dynamo, which takes a second and kills
    # the process where an llvmpipe context is open (both bring an LLVM)
    network = fold_norms(EmbeddedNetwork())
    assign_weights(network, {key: t.float() for key, t in tensors.items()}, card.weights)
    assert isinstance(network, EmbeddedNetwork)
    return network.eval().to(memory_format=torch.channels_last)


def load_depth_anything(card: ModelCard) -> DepthAnything:
    """Depth Anything V2, ready to run.

    Raises:
        ModelError: The weights were not fetched, are damaged, or of another network.
    """
    network = DepthAnything()
    assign_weights(network, map_published_keys(read_weights(card)), card.weights)
    return network.eval()


def read_weights(card: ModelCard) -> dict[str, Tensor]:
    """The tensors of a card's file, after its checksum was compared.

    Raises:
        ModelError: Missing, damaged, or not the card's.
    """
    path = card.weights
    if not path.is_file():
        advice = (
            f"run: parallax models pull {card.name}" if card.source else "reinstall the package"
        )
        raise ModelError(f"{path}: expected the weights of {card.name}, got nothing; {advice}")
    sha256 = hash_file(path)
    if sha256 != card.sha256:
        raise ModelError(
            f"{path}: expected sha256 {card.sha256[:12]}…, got {sha256[:12]}…; "
            "the file is damaged or not the card's"
        )
    return read_tensors(path)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file.

    Raises:
        ModelError: It is not one, or cut short.
    """
    try:
        with safe_open(str(path), framework="pt") as file:
            return {key: file.get_tensor(key) for key in file.keys()}
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path}: expected a safetensors file, got {error}") from error


def assign_weights(network: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    """Put tensors into a network, key by key.

    Raises:
        ModelError: A key or a shape does not fit.
    """
    wanted = network.state_dict()
    if missing := sorted(wanted.keys() - tensors.keys()):
        raise ModelError(
            f"{path}: expected {missing[0]!r} and {len(missing) - 1} more, got neither"
        )
    if unknown := sorted(tensors.keys() - wanted.keys()):
        raise ModelError(f"{path}: expected {len(wanted)} tensors, got {unknown[0]!r} beside them")
    for key, tensor in tensors.items():
        if tensor.shape != wanted[key].shape:
            raise ModelError(
                f"{path}: {key}: expected the shape {tuple(wanted[key].shape)}, "
                f"got {tuple(tensor.shape)}"
            )
    network.load_state_dict(tensors, assign=True)


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
