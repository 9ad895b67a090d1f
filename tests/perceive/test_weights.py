from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from parallax.errors import ModelError
from parallax.perceive.card import HubSource
from parallax.perceive.torch_weights import assign_weights
from parallax.perceive.training.network import EmbeddedNetwork, fold_norms
from parallax.perceive.weights import hash_file, load_embedded


@pytest.mark.parametrize("size_wh", [(64, 64), (160, 96), (96, 224)])
def test_opencv_answers_as_torch_does(seeded_card, seeded_weights, size_wh):
    network = fold_norms(EmbeddedNetwork().eval())
    saved = load_file(str(seeded_weights))
    assign_weights(network, {key: tensor.float() for key, tensor in saved.items()}, seeded_weights)
    x = torch.rand(1, 3, *size_wh[::-1], generator=torch.Generator().manual_seed(2)) * 4 - 2
    ours = load_embedded(seeded_card)(x.numpy())
    with torch.inference_mode():
        theirs = network(x)
    for answer, expected in zip(ours, theirs, strict=True):
        assert answer.shape == tuple(expected.shape)
        assert np.abs(answer - expected.numpy()).max() < 1e-5 * expected.abs().max()


def test_weights_cut_short_are_refused(seeded_card):
    whole = seeded_card.weights.read_bytes()
    seeded_card.weights.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=r"expected sha256 .*damaged or not the card's"):
        load_embedded(seeded_card)
    # Even if the card were made for the damaged file
    card = replace(seeded_card, sha256=hash_file(seeded_card.weights))
    with pytest.raises(ModelError, match="expected a safetensors file"):
        load_embedded(card)


def test_a_pickle_is_refused(seeded_card):
    torch.save({"a": torch.zeros(1)}, seeded_card.weights)
    card = replace(seeded_card, sha256=hash_file(seeded_card.weights))
    with pytest.raises(ModelError, match="expected a safetensors file"):
        load_embedded(card)


def test_missing_weights_come_with_advice(seeded_card):
    seeded_card.weights.unlink()
    with pytest.raises(ModelError, match="got nothing; reinstall the package"):
        load_embedded(seeded_card)
    hub = replace(seeded_card, source=HubSource("a/b", "abc", "model.safetensors"))
    with pytest.raises(ModelError, match="run: parallax models pull embedded"):
        load_embedded(hub)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.pop("head.bias"), "expected 'head.bias'"),
        (lambda t: t.update(extra=torch.zeros(1)), "got 'extra' beside them"),
        (lambda t: t.update({"head.bias": torch.zeros(3)}), "head.bias: expected the shape"),
        (
            lambda t: t.update({"decoder.context.whole.weight": torch.zeros(128, 64, 1, 1)}),
            r"decoder.context.whole.weight: expected the shape \(128, 320, 1, 1\)",
        ),
    ],
)
def test_weights_of_another_network_are_refused(seeded_card, change, message):
    tensors = load_file(str(seeded_card.weights))
    change(tensors)
    save_file(tensors, str(seeded_card.weights))
    card = replace(seeded_card, sha256=hash_file(seeded_card.weights))
    with pytest.raises(ModelError, match=message):
        load_embedded(card)
