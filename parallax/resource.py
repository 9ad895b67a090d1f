"""Where the shaders, the models and the benchmarks lie."""

from pathlib import Path
from typing import Literal

from parallax.errors import ParallaxError

_PACKAGE = Path(__file__).parent


def resource_dir(name: Literal["shaders", "models", "benchmarks"]) -> Path:
    """The folder of this name: the installed copy, or else the repository's.

    Raises:
        ParallaxError: Neither is there.
    """
    candidates = (_PACKAGE / "_resources" / name, _PACKAGE.parent / name)
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise ParallaxError(
        f"{candidates[0]}: expected the folder of {name}, got nothing; reinstall the package"
    )
