"""Weights from a file: checked against the card, and never a pickle."""

import hashlib
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from parallax.errors import ModelError
from parallax.perceive.card import ModelCard
from parallax.perceive.edge import EdgeReader
from parallax.perceive.embedded import EmbeddedReader

CHUNK_BYTES = 1 << 20


def load_embedded(card: ModelCard) -> EmbeddedReader:
    """The embedded network, ready to run.

    Raises:
        ModelError: The weights are missing, damaged, not the card's, or of another network.
    """
    arrays = read_arrays(check_weights(card))
    if card.water is not None:
        _check_file(card, card.water.path, card.water.sha256)
        arrays |= read_arrays(card.water.path)
    return EmbeddedReader(arrays, card.weights)


def load_edges(card: ModelCard) -> EdgeReader | None:
    """The network that sharpens a network's edges, ready to run; None if there is none for it.

    Raises:
        ModelError: The weights are missing, damaged, not the card's, or of another network.
    """
    if card.edges is None:
        return None
    _check_file(card, card.edges.path, card.edges.sha256)
    return EdgeReader(read_arrays(card.edges.path), card.edges.path)


def check_weights(card: ModelCard) -> Path:
    """The card's file, after its checksum was compared.

    Raises:
        ModelError: Missing, damaged, or not the card's.
    """
    _check_file(card, card.weights, card.sha256)
    return card.weights


def _check_file(card: ModelCard, path: Path, wanted: str) -> None:
    """Nothing, if the file is there and its checksum the one that is wanted."""
    if not path.is_file():
        advice = (
            f"run: parallax models pull {card.name}" if card.source else "reinstall the package"
        )
        raise ModelError(f"{path}: expected the weights of {card.name}, got nothing; {advice}")
    sha256 = hash_file(path)
    if sha256 != wanted:
        raise ModelError(
            f"{path}: expected sha256 {wanted[:12]}…, got {sha256[:12]}…; "
            "the file is damaged or not the card's"
        )


def read_arrays(path: Path) -> dict[str, NDArray[np.float32]]:
    """The arrays of a safetensors file, in 32 bits.

    Raises:
        ModelError: It is not one, or cut short.
    """
    arrays = read_safetensors(path, "numpy")
    return {key: np.asarray(array, np.float32) for key, array in arrays.items()}


def read_safetensors(path: Path, framework: Literal["numpy", "pt"]) -> dict[str, Any]:
    """What a safetensors file holds, as NumPy's arrays or torch's tensors.

    Raises:
        ModelError: It is not one, or cut short.
    """
    try:
        with safe_open(str(path), framework=framework) as file:
            return {key: file.get_tensor(key) for key in file.keys()}
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path}: expected a safetensors file, got {error}") from error


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
