"""`python -m parallax.perceive.training.export`: a checkpoint's averaged weights and their card."""

import argparse
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from parallax.label_map import LABELS
from parallax.perceive.torch_weights import read_tensors
from parallax.perceive.training.calibrate import calibrate_labels
from parallax.perceive.training.network import (
    MEAN_SRGB,
    STD_SRGB,
    STRIDE_PX,
    EmbeddedNetwork,
    fold_norms,
)
from parallax.perceive.weights import hash_file

WORDS = "# In words, kept when the weights are replaced\n"
AVERAGE_PREFIX = "average.network."


def main() -> None:
    """Write `embedded.safetensors` and fill in its card."""
    parser = argparse.ArgumentParser(prog="python -m parallax.perceive.training.export")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="the folder of the weights")
    parser.add_argument("--cache", type=Path, required=True, help="to balance the labels on")
    options = parser.parse_args()
    weights = options.models / "embedded.safetensors"
    network = load_average(options.checkpoint)
    calibrate_labels(network, options.cache)
    save_weights(network.state_dict(), weights)
    path = weights.with_suffix(".toml")
    words = path.read_text(encoding="utf-8").partition(WORDS)[2] if path.exists() else ""
    path.write_text(format_card(weights, words), encoding="utf-8")


def load_average(checkpoint: Path) -> EmbeddedNetwork:
    """The network with a checkpoint's averaged weights, norms folded."""
    network = EmbeddedNetwork().eval()
    network.load_state_dict(
        {
            key.removeprefix(AVERAGE_PREFIX): tensor
            for key, tensor in read_tensors(checkpoint).items()
            if key.startswith(AVERAGE_PREFIX)
        }
    )
    fold_norms(network)
    return network


def save_weights(tensors: Mapping[str, Tensor], weights: Path) -> None:
    """Write a folded network's weights in float16."""
    half = {k: t.to(torch.float16).contiguous() for k, t in tensors.items()}
    save_file(half, str(weights), metadata={"format": "pt"})
    weights.chmod(0o644)  # safetensors writes for the owner only


def format_card(weights: Path, words: str) -> str:
    """The card's TOML: what the program needs, then what people should know.

    Args:
        weights: The network's; `edges.safetensors` and `water.safetensors` lie beside it.
        words: What people should know.
    """
    edges, water = (weights.with_name(f"{name}.safetensors") for name in ("edges", "water"))
    labels = ", ".join(f'"{label}"' for label in LABELS)
    return f"""\
# Written by `python -m parallax.perceive.training.export`; see README.md beside it.
summary = "Embedded network: depth and seven labels in one pass, offline"
licence = "MIT AND Apache-2.0"
weights = "{weights.name}"
sha256 = "{hash_file(weights)}"

[network]
long_side_px = 320
multiple_px = {STRIDE_PX}
mean_srgb = {list(MEAN_SRGB)}
std_srgb = {list(STD_SRGB)}
labels = [{labels}]
outputs = "log disparity up to scale and shift, near is larger; logits of the labels at half size"

[edges]
weights = "{edges.name}"
sha256 = "{hash_file(edges)}"

[water]
weights = "{water.name}"
sha256 = "{hash_file(water)}"

{WORDS}{words}"""


if __name__ == "__main__":
    main()
