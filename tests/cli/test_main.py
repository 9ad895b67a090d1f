import os
import signal
import subprocess
import sys
import time

import click
import pytest

from parallax.cli.main import COMMANDS, SUMMARIES, command, main
from parallax.errors import PathError, PhotoError


def exit_code_of(*arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return caught.value.code


def test_every_command_is_there_with_the_summary_that_the_list_shows():
    for name in COMMANDS:
        found = command.get_command(click.Context(command), name)
        assert found is not None
        assert found.get_short_help_str(200) == SUMMARIES[name].removesuffix(".") + "."


@pytest.mark.parametrize("arguments", [["--help"], ["animate", "--help"], ["path", "--help"]])
def test_help_exits_with_0(arguments, capsys):
    assert exit_code_of(*arguments) == 0
    assert "Usage: parallax" in capsys.readouterr().out


def test_the_version_is_printed(capsys):
    assert exit_code_of("--version") == 0
    assert capsys.readouterr().out.startswith("parallax 0.")


@pytest.mark.parametrize(
    "arguments",
    [["juggle"], ["animate"], ["animate", "x.jpg", "-o", "x.mp4", "--nonsense"]],
)
def test_wrong_usage_exits_with_2(arguments, capsys):
    assert exit_code_of(*arguments) == 2
    assert "Error" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "code"), [(PhotoError("a: b"), 3), (PathError("c: d"), 2)])
def test_a_failure_is_one_sentence_and_its_own_exit_code(error, code, monkeypatch, capsys):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(command, "main", fail)
    assert exit_code_of("animate") == code
    assert capsys.readouterr().err == f"Error: {error}\n"


def test_an_interrupt_exits_with_130(monkeypatch, capsys):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "main", interrupt)
    assert exit_code_of("animate") == 130
    assert "Interrupted" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_termination_counts_as_an_interrupt(number):
    code = (
        "import parallax.cli.main as m, signal, time\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"  # the tests may run under nohup
        "m.command.main = lambda **kw: (print('up', flush=True), time.sleep(30))\n"
        "m.main(['x'])"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    os.kill(process.pid, number)
    process.stdout.close()
    assert process.wait(timeout=10) == 130


def test_help_answers_at_once():
    def seconds():
        start_s = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "parallax", "--help"], check=True, capture_output=True
        )
        return time.perf_counter() - start_s

    # 0.3 s is the promise on a quiet machine; the bound leaves room for a busy one
    assert min(seconds() for _ in range(3)) < 1.0
