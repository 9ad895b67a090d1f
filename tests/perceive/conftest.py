"""A network small enough for tests, its file and its card."""

import pytest
import torch
from safetensors.torch import save_file

from parallax.perceive.card import parse_card
from parallax.perceive.training.network import EmbeddedNetwork, fold_norms
from parallax.perceive.weights import hash_file

CARD = """\
summary = "a test"
licence = "MIT"
weights = "{weights}"
sha256 = "{sha256}"
[network]
long_side_px = 96
multiple_px = 32
mean_srgb = [0.5, 0.5, 0.5]
std_srgb = [0.25, 0.25, 0.25]
labels = ["other", "sky", "water", "vegetation", "person", "building", "ground"]
"""


@pytest.fixture
def seeded_weights(tmp_path):
    """Folded weights of the embedded network with a fixed seed, in a file."""
    torch.manual_seed(5)
    path = tmp_path / "embedded.safetensors"
    network = fold_norms(EmbeddedNetwork().eval())
    save_file({k: v.half().contiguous() for k, v in network.state_dict().items()}, str(path))
    return path


@pytest.fixture
def seeded_card(seeded_weights):
    """The card of the seeded weights."""
    text = CARD.format(weights=seeded_weights.name, sha256=hash_file(seeded_weights))
    return parse_card(text, seeded_weights.with_suffix(".toml"))
