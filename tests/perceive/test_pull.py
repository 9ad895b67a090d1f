import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from parallax.errors import ModelError
from parallax.perceive import pull
from parallax.perceive.card import HubSource

CONTENT = b"weights of a test"


@pytest.fixture
def hub_card(monkeypatch, seeded_card, tmp_path):
    """A card whose weights are to be fetched into an empty folder."""
    card = replace(
        seeded_card,
        name="big",
        weights=tmp_path / "fetched" / "big.safetensors",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        source=HubSource("owner/name", "a" * 40, "model.safetensors"),
    )
    monkeypatch.setattr(pull, "load_card", lambda name: card)
    return card


def serve(monkeypatch, content):
    """A hub that has this file; returns the list of what it was asked for."""
    asked = []

    def download(repository, file, *, revision, local_dir):
        asked.append((repository, file, revision))
        if isinstance(content, Exception):
            raise content
        path = Path(local_dir) / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return str(path)

    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    return asked


def test_weights_are_fetched_at_their_revision_and_only_once(monkeypatch, hub_card):
    asked = serve(monkeypatch, CONTENT)
    assert pull.pull_model("big") == hub_card.weights
    assert hub_card.weights.read_bytes() == CONTENT
    assert [p.name for p in hub_card.weights.parent.iterdir()] == ["big.safetensors"]
    pull.pull_model("big")
    assert asked == [("owner/name", "model.safetensors", "a" * 40)]


def test_another_file_than_the_cards_never_gets_its_place(monkeypatch, hub_card):
    serve(monkeypatch, b"<html>sign in</html>")
    with pytest.raises(ModelError, match=r"owner/name: expected sha256 .* was thrown away"):
        pull.pull_model("big")
    assert not hub_card.installed


def test_without_a_connection_the_message_says_what_to_do(monkeypatch, hub_card):
    serve(monkeypatch, LocalEntryNotFoundError("no route"))
    with pytest.raises(ModelError, match=r"no connection; fetch model\.safetensors at revision"):
        pull.pull_model("big")


def test_a_full_disk_is_told_as_it_is(monkeypatch, hub_card):
    serve(monkeypatch, OSError(28, "No space left on device"))
    with pytest.raises(ModelError, match="No space left on device"):
        pull.pull_model("big")


def test_the_packages_own_weights_are_never_fetched(monkeypatch, seeded_card):
    monkeypatch.setattr(pull, "load_card", lambda name: seeded_card)
    assert pull.pull_model("embedded") == seeded_card.weights
    seeded_card.weights.write_bytes(b"damaged")
    with pytest.raises(ModelError, match="reinstall the package"):
        pull.pull_model("embedded")
