"""The report of a run: JSON for programs, Markdown for a repository, one HTML page for people."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import machine
from benchmarks.suite.run import Cell, Suite
from benchmarks.suite.summary import Number, Row, Table, excuses, load_published, tabulate
from benchmarks.suite.task import Adapter
from parallax.errors import ParallaxError

LICENCES = {
    "generated scenes": "made by the suite, MIT as the project",
    "samples": "lake and still_life, CC0",
    "pairs": "Middlebury stereo (Scharstein and Szeliski 2003, Scharstein et al. 2014): free to "
    "use with citation; not part of this report",
    "photos": "yours, by path; never shown in a report",
}
ARROWS = {"high": "↑", "low": "↓", "1": "→1", "": ""}


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report says.

    Attributes:
        date: UTC.
        command: What was run.
        machine: On what.
        suites: Name, and what it is about.
        systems: Name, version and what it is.
        tables: The numbers.
        excuses: What could not be done or failed.
        published: Others' figures.
        commands: One command of each system, as an example.
        strips: File names of film strips.
        seconds: Of all cells together.
    """

    date: str
    command: str
    machine: Mapping[str, Any]
    suites: Mapping[str, str]
    systems: Sequence[Mapping[str, str]]
    tables: Sequence[Table]
    excuses: Sequence[Mapping[str, Any]]
    published: Sequence[Mapping[str, Any]]
    commands: Mapping[str, str]
    strips: Sequence[Mapping[str, str]]
    seconds: float


def make_report(
    cells: Sequence[Cell], suites: Sequence[Suite], adapters: Sequence[Adapter], *, command: str
) -> Report:
    """What the cells say together."""
    names = [suite.name for suite in suites]
    made = {cell.adapter: cell.command for cell in reversed(cells) if cell.command}
    versions = {cell.adapter: cell.version for cell in cells}
    return Report(
        datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        command,
        machine(),
        {suite.name: suite.about for suite in suites},
        [{"name": a.name, "version": versions.get(a.name, ""), "about": a.about} for a in adapters],
        tabulate(cells, suites),
        excuses(cells),
        [table for table in load_published() if set(table["suites"]) & set(names)],
        made,
        [
            {"suite": c.suite, "task": c.task["name"], "adapter": c.adapter, "file": c.strip}
            for c in cells
            if c.strip
        ],
        round(sum(cell.seconds for cell in cells), 1),
    )


def write_report(report: Report, folder: Path) -> list[Path]:
    """Writes `report.json`, `report.md` and `report.html`."""
    files = [folder / f"report.{suffix}" for suffix in ("json", "md", "html")]
    files[0].write_text(json.dumps(asdict(report), indent=1, ensure_ascii=False) + "\n")
    files[1].write_text(format_markdown(report), encoding="utf-8")
    files[2].write_text(format_html(report, folder / "strips"), encoding="utf-8")
    return files


def format_markdown(report: Report) -> str:
    """The report as Markdown."""
    return _render("report.md.j2", report)


def format_html(report: Report, strips: Path) -> str:
    """The report as one page that needs no other file.

    Args:
        report: What it says.
        strips: Where the film strips are.
    """
    pictures = {
        strip["file"]: base64.b64encode((strips / strip["file"]).read_bytes()).decode()
        for strip in report.strips
    }
    return _render("report.html.j2", report, pictures=pictures)


def _render(name: str, report: Report, **more: Any) -> str:
    """A template filled in.

    Raises:
        ParallaxError: Jinja2 is missing.
    """
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise ParallaxError(
            "bench: expected Jinja2 to write the report, got none; "
            "pip install 'parallax-film[bench]'"
        ) from error
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        {
            "arrow": ARROWS.get,
            "dots": place_dots,
            "licences": LICENCES,
            "cell": _cell,
            "median": _median,
        }
    )
    return environment.get_template(name).render(report=report, **more)


def place_dots(row: Row, names: Sequence[str], *, width: float) -> dict[str, Any]:
    """Where the measurements of a row lie in a plot.

    Args:
        row: One metric.
        names: The systems, one lane each.
        width: Of the plot, in any unit.

    Returns:
        "low" and "high", the ends of the axis; "lanes", for each system its "dots" and its
        "median", 0…width, None where it has none.
    """
    numbers = [row.numbers[name] for name in names if name in row.numbers]
    low, high = min(n.low for n in numbers), max(n.high for n in numbers)
    span = (high - low) or 1.0
    lanes = []
    for name in names:
        number = row.numbers.get(name)
        places = [] if number is None else [width * (v - low) / span for v in number.each]
        middle = None if number is None else width * (number.median - low) / span
        lanes.append({"name": name, "dots": places, "median": middle})
    return {"low": low, "high": high, "lanes": lanes}


def _median(row: Row, name: str) -> str:
    """What a short table says of one system."""
    number = row.numbers.get(name)
    return "–" if number is None else f"{number.median:.{row.metric.decimals}f}"


def _cell(row: Row, name: str) -> str:
    """What a table says of one system."""
    number: Number | None = row.numbers.get(name)
    return "–" if number is None else number.text(row.metric.decimals)
