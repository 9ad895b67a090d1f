"""`pull_model`: weights from the Hugging Face hub, at a fixed revision, checked before use."""

import os
import shutil
from pathlib import Path

from parallax.errors import ModelError
from parallax.perceive.card import ModelCard, load_card
from parallax.perceive.weights import hash_file


def pull_model(name: str) -> Path:
    """Fetch the weights of a network and return where they lie; nothing if they are there.

    An interrupted download goes on where it stopped. The file takes its place only after its
    SHA-256 was found to be the card's.

    Raises:
        ModelError: Unknown network, no connection, no space, or another file than the card's.
    """
    card = load_card(name)
    if card.installed and hash_file(card.weights) == card.sha256:
        return card.weights
    if card.source is None:
        raise ModelError(f"{card.weights}: expected the file of the package; reinstall the package")
    card.weights.parent.mkdir(parents=True, exist_ok=True)
    fetched = _download(card)
    sha256 = hash_file(fetched)
    if sha256 != card.sha256:
        fetched.unlink()
        raise ModelError(
            f"{card.source.repository}: expected sha256 {card.sha256[:12]}…, got {sha256[:12]}…; "
            "the download was thrown away, try again"
        )
    os.replace(fetched, card.weights)
    shutil.rmtree(_download_folder(card), ignore_errors=True)
    return card.weights


def _download(card: ModelCard) -> Path:
    from huggingface_hub import hf_hub_download  # half a second that only a pull should cost
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled
    from huggingface_hub.utils.logging import set_verbosity_error

    assert card.source is not None
    set_verbosity_error()  # it tells of every retry; the last one's failure is told below
    try:
        return Path(
            hf_hub_download(
                card.source.repository,
                card.source.file,
                revision=card.source.revision,
                local_dir=_download_folder(card),
            )
        )
    except (LocalEntryNotFoundError, OfflineModeIsEnabled, ConnectionError) as error:
        raise ModelError(
            f"{card.source.repository}: expected to reach huggingface.co, got no connection; "
            f"fetch {card.source.file} at revision {card.source.revision[:12]} elsewhere and put "
            f"it at {card.weights}"
        ) from error
    except (HfHubHTTPError, OSError) as error:
        raise ModelError(f"{card.source.repository}: expected a download, got {error}") from error


def _download_folder(card: ModelCard) -> Path:
    """Beside the weights, so that moving them there is a rename."""
    return card.weights.parent / f"{card.name}.download"
