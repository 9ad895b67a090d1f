"""`parallax doctor`: what this machine can do, and how to fix what it cannot."""

import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import click

from parallax.errors import ContextError, ModelError, ParallaxError

if TYPE_CHECKING:
    from parallax.gpu import Device

LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "moderngl", "av", "torch", "timm")
NEEDS_ATTENTION = 4  # the exit code of a machine that cannot make films


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """Say what this machine can do, and how to fix what it cannot."""
    checks = {
        "libraries": _check_libraries,
        "network": _check_network,
        "opengl": _check_opengl,
        "encoders": _check_encoders,
    }
    found: dict[str, object] = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
    }
    problems = []
    for name, check in checks.items():
        try:
            found[name] = check()
        except ParallaxError as error:
            found[name] = None
            problems.append(f"{name}: {error}")
    found["problems"] = problems
    if as_json:
        click.echo(json.dumps(found, indent=1))
    else:
        for name, value in found.items():
            if name != "problems":
                click.echo(f"{name:<10} {_in_words(value)}")
        for problem in problems:
            click.echo(f"Problem: {problem}", err=True)
        click.echo("Something is missing." if problems else "All is well.")
    raise SystemExit(NEEDS_ATTENTION if problems else 0)


def _check_libraries() -> dict[str, str]:
    """The version of each library that matters."""
    return {name: _find_version(name) for name in LIBRARIES}


def _find_version(name: str) -> str:
    """Of an installed library; torch and timm are for fetched networks only."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _check_network() -> dict[str, str]:
    """The networks that are on the disk, the one that "auto" takes first."""
    from parallax.perceive import list_models

    found = {model.name: model.summary for model in list_models() if model.installed}
    if not found:
        raise ModelError("models: expected the embedded network, got none; reinstall the package")
    return found


def _check_opengl() -> dict[str, object]:
    """The devices there are, and what a test frame was drawn with."""
    from parallax.gpu import draw_test_pixel, list_devices, open_context

    devices = [_describe(device) for device in list_devices()]
    with open_context("auto") as context:
        renderer = context.renderer
        pixel = draw_test_pixel(context)
    if pixel != (64, 128, 192, 255):
        raise ContextError(
            f"{renderer}: expected a test pixel of (64, 128, 192, 255), got {pixel}; "
            "try --device software"
        )
    return {"devices": devices, "auto": renderer}


def _describe(device: "Device") -> str:
    """A device as `--device` names it."""
    what = "software" if device.is_software else device.drm_file or "card"
    cuda = "" if device.cuda_index is None else f", CUDA {device.cuda_index}"
    return f"{device.index}: {what}{cuda}"


def _check_encoders() -> dict[str, bool]:
    """Which encoders can be opened here."""
    from parallax.video import available_encoders

    return available_encoders()


def _in_words(value: object) -> str:
    """A finding on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_in_words(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)
