"""`ModelCard`: what a network's file is, and where it lies."""

import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from parallax.errors import ModelError
from parallax.label_map import LABELS
from parallax.resource import resource_dir

EMBEDDED = "embedded"
SHA256_LENGTH = 64
TORCH_LIBRARIES = ("torch", "timm")
TORCH_EXTRA = "pip install 'parallax-film[depth-anything]'"


@dataclass(frozen=True, slots=True)
class HubSource:
    """Where weights can be fetched from, on the Hugging Face hub.

    Attributes:
        repository: `owner/name`.
        revision: A commit, so that the file never changes.
        file: Its name there.
    """

    repository: str
    revision: str
    file: str


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """A safetensors file.

    Attributes:
        path: There or not.
        sha256: Of what it holds, in hexadecimal.
    """

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a network's file is.

    Attributes:
        name: As `--depth-model` has it.
        summary: One line for people.
        licence: SPDX identifier.
        weights: The safetensors file, there or not.
        sha256: Of that file, in hexadecimal.
        long_side_px: Long side of the input at which the network sees layout best.
        multiple_px: What both sides of the input must be multiples of.
        mean_srgb: Subtracted from the input, 0…1.
        std_srgb: What the input is divided by then.
        labels: Order of the label planes; empty if it has none.
        source: Where the weights come from, if not with the package.
        edges: Weights of a second network that puts the depth's edges where the photo has them
            (`parallax.perceive.edge`); None if there is none.
        water: Weights of a second head of the embedded network, that finds the falls and rivers
            which the first takes for something else; None if there is none.
    """

    name: str
    summary: str
    licence: str
    weights: Path
    sha256: str
    long_side_px: int
    multiple_px: int
    mean_srgb: tuple[float, float, float]
    std_srgb: tuple[float, float, float]
    labels: tuple[str, ...]
    source: HubSource | None
    edges: WeightsFile | None = None
    water: WeightsFile | None = None

    @property
    def installed(self) -> bool:
        """Whether the weights are on the disk."""
        return self.weights.is_file()

    @property
    def missing_libraries(self) -> tuple[str, ...]:
        """What is to be installed before it can be run; fetched networks are networks of torch."""
        wanted = TORCH_LIBRARIES if self.source else ()
        return tuple(name for name in wanted if find_spec(name) is None)

    @property
    def usable(self) -> bool:
        """Whether it can be run here and now."""
        return self.installed and not self.missing_libraries


def list_models() -> list[ModelCard]:
    """Every network there is, the one that `auto` takes first coming first."""
    cards = [_read_card(path) for path in sorted(resource_dir("models").glob("*.toml"))]
    # Those that had to be fetched are better than the one that comes with the package
    return sorted(cards, key=lambda card: (not card.usable, card.source is None, card.name))


def load_card(name: str) -> ModelCard:
    """The card of a network by its name; `auto` is the best one on the disk.

    Raises:
        ModelError: No such network, or its card is damaged.
    """
    cards = list_models()
    for card in cards:
        if name == card.name or (name == "auto" and card.usable):
            return card
    known = ", ".join(card.name for card in cards) or "none"
    raise ModelError(f"model: expected one of auto, {known}, got {name!r}")


def parse_card(text: str, path: Path) -> ModelCard:
    """The card in a TOML text.

    Args:
        text: The TOML.
        path: Where it came from: names the model, and finds weights that lie beside it.

    Raises:
        ModelError: A key is missing or means nothing.
    """
    try:
        table = tomllib.loads(text)
        network, source = table["network"], table.get("source")
        hub = (
            HubSource(source["repository"], source["revision"], source["file"]) if source else None
        )
        folder = path.parent if hub is None else user_data_path("parallax") / "models"
        card = ModelCard(
            name=path.stem,
            summary=str(table["summary"]),
            licence=str(table["licence"]),
            weights=folder / str(table["weights"]),
            sha256=str(table["sha256"]).lower(),
            long_side_px=int(network["long_side_px"]),
            multiple_px=int(network["multiple_px"]),
            mean_srgb=_triple(network["mean_srgb"]),
            std_srgb=_triple(network["std_srgb"]),
            labels=tuple(network["labels"]),
            source=hub,
            edges=_weights_file(table.get("edges"), folder),
            water=_weights_file(table.get("water"), folder),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: expected a model card, got a problem with {error}") from error
    if len(card.sha256) != SHA256_LENGTH:
        raise ModelError(f"{path}: sha256: expected 64 hexadecimal digits, got {card.sha256!r}")
    if card.labels and sorted(card.labels) != sorted(LABELS):
        raise ModelError(f"{path}: labels: expected {', '.join(LABELS)}, got {card.labels}")
    return card


def _read_card(path: Path) -> ModelCard:
    return parse_card(path.read_text(encoding="utf-8"), path)


def _weights_file(table: Any, folder: Path) -> WeightsFile | None:
    return WeightsFile(folder / table["weights"], table["sha256"]) if table else None


def _triple(values: Any) -> tuple[float, float, float]:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
