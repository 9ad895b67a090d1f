"""Commands as a report quotes them."""

import shlex
from collections.abc import Sequence
from pathlib import Path


def repeatable(command: Sequence[str]) -> str:
    """A command with bare names for its files, so that it says nothing of this machine."""
    return shlex.join(Path(word).name if word.startswith("/") else word for word in command)
