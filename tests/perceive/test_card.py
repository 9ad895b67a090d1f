import hashlib

import pytest

from parallax.errors import ModelError
from parallax.label_map import LABELS
from parallax.perceive.card import EMBEDDED, list_models, load_card, parse_card
from tests.perceive.conftest import CARD


def card_text(**changes):
    fields = {"weights": "embedded.safetensors", "sha256": "0" * 64} | changes
    return CARD.format(**fields)


def test_a_card_says_what_it_was_told(tmp_path):
    card = parse_card(card_text(), tmp_path / "small.toml")
    assert card.name == "small"
    assert card.weights == tmp_path / "embedded.safetensors"
    assert not card.installed
    assert card.labels == LABELS


def test_weights_of_a_hub_lie_outside_the_package(tmp_path):
    source = '[source]\nrepository = "a/b"\nrevision = "abc"\nfile = "model.safetensors"\n'
    card = parse_card(card_text() + source, tmp_path / "big.toml")
    assert card.source is not None
    assert card.source.repository == "a/b"
    assert tmp_path not in card.weights.parents


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[network", "expected a model card"),
        (card_text().replace("mean_srgb", "mean"), "mean_srgb"),
        (card_text(sha256="12ab"), "expected 64 hexadecimal digits, got '12ab'"),
        (card_text().replace('"water", ', ""), "labels: expected other, sky, water"),
        (card_text().replace("[0.5, 0.5, 0.5]", "[0.5]"), "expected a model card"),
    ],
)
def test_a_damaged_card_is_named_with_its_fault(tmp_path, text, message):
    with pytest.raises(ModelError, match=r"broken\.toml.*") as caught:
        parse_card(text, tmp_path / "broken.toml")
    assert message in str(caught.value)


def test_an_unknown_network_is_answered_with_the_known_ones():
    with pytest.raises(ModelError, match=r"expected one of auto, .*embedded.*, got 'nonsense'"):
        load_card("nonsense")


@pytest.mark.weights
def test_the_shipped_weights_are_the_cards():
    card = load_card(EMBEDDED)
    assert card.edges is not None and card.water is not None
    for path, sha256 in (
        (card.weights, card.sha256),
        (card.edges.path, card.edges.sha256),
        (card.water.path, card.water.sha256),
    ):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        assert path.stat().st_size <= 16 * 2**20
    assert card in list_models()
