"""`parallax models`: depth networks, listed and fetched."""

import json

import click


@click.group()
def command() -> None:
    """List and fetch depth networks."""


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_networks(as_json: bool) -> None:
    """List the networks, and which are on this disk."""
    from parallax.perceive import TORCH_EXTRA, list_models

    models = list_models()
    if as_json:
        rows = {
            model.name: {
                "installed": model.installed,
                "missing_libraries": list(model.missing_libraries),
                "summary": model.summary,
                "licence": model.licence,
                "file": str(model.weights),
                "sha256": model.sha256,
            }
            for model in models
        }
        click.echo(json.dumps(rows, indent=1))
        return
    for model in models:
        here = "installed" if model.installed else f"fetch: parallax models pull {model.name}"
        if model.missing_libraries:
            here += f"; needs {TORCH_EXTRA}"
        click.echo(f"{model.name:<24} {model.summary} ({model.licence}; {here})")


@command.command()
@click.argument("name")
def pull(name: str) -> None:
    """Fetch a network's weights: pinned revision, checksum compared."""
    from parallax.perceive import TORCH_EXTRA, load_card, pull_model

    path = pull_model(name)
    click.echo(f"{name}: {path}")
    if missing := load_card(name).missing_libraries:
        click.echo(f"To run it, {' and '.join(missing)} must be installed: {TORCH_EXTRA}")
