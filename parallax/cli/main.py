"""`parallax`: the group of commands, exit codes and interrupts.

A command's module is imported when that command is called, so that `--help` and `--version` answer
at once.
"""

import importlib
import signal
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from parallax.errors import ParallaxError

COMMANDS = {
    "animate": "parallax.cli.animate",
    "depth": "parallax.cli.depth",
    "build": "parallax.cli.build",
    "render": "parallax.cli.render",
    "path": "parallax.cli.path",
    "regions": "parallax.cli.regions",
    "models": "parallax.cli.models",
    "doctor": "parallax.cli.doctor",
    "bench": "parallax.cli.bench",
}
SUMMARIES = {
    "animate": "Turn a photo into a film.",
    "depth": "Write how far everything in a photo is.",
    "build": "Write the scene of a photo as a .glb.",
    "render": "Film a built scene.",
    "path": "List, show, check and convert camera paths.",
    "regions": "Find what moves in a photo; write it down to edit.",
    "models": "List and fetch depth networks.",
    "doctor": "Say what this machine can do, and how to fix what it cannot.",
    "bench": "Compare image-to-film systems, and write a report.",
}
INTERRUPTED = 130  # 128 + SIGINT, what shells expect


class _Parallax(click.Group):
    """The commands, each found in a module of its own when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name])
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUMMARIES[name]) for name in COMMANDS])


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    """Prints the installed version and leaves."""
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    click.echo(f"parallax {version('parallax-film')}")
    ctx.exit()


@click.group(
    cls=_Parallax,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and leave.",
)
def command() -> None:
    """One photo in, a short film out, by classical means.

    A small network reads how far things are and what they are; layers of textured mesh are built
    from the photo; a scripted camera films them; water, sky and leaves move by flow fields. Local,
    repeatable to the byte, no generative model.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and exits with its code."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no terminal that hangs up
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:  # nohup ignores it
            signal.signal(number, _as_interrupt)
    sys.exit(_exit_code(arguments))


def _exit_code(arguments: Sequence[str] | None) -> int:
    """The exit code after running; every failure has printed one sentence to stderr."""
    try:
        # A number comes back where a command left early by ctx.exit()
        code = command.main(args=arguments, prog_name="parallax", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ParallaxError as error:
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted; nothing was written under the final name.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = None  # nobody listens: no second error at exit
        return 0


def _as_interrupt(signal_number: int, stack: Any) -> NoReturn:
    """Ends as on Ctrl-C: partial files are removed on the way out."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
