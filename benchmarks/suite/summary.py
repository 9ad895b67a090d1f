"""From cells to what a report says: medians and spreads, system by system."""

import statistics
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.suite.run import Cell, Suite
from benchmarks.suite.task import Metric

PUBLISHED = Path(__file__).parent / "published.toml"


@dataclass(frozen=True, slots=True)
class Number:
    """Many measurements of one thing by one system.

    Attributes:
        median: Of all.
        low: The least.
        high: The greatest.
        n: How many.
        each: All of them, in the order of tasks, for a plot.
    """

    median: float
    low: float
    high: float
    n: int
    each: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "Number":
        """The number that stands for some measurements."""
        return cls(statistics.median(values), min(values), max(values), len(values), tuple(values))

    def text(self, decimals: int) -> str:
        """Median, and the spread where there is one."""
        middle = f"{self.median:.{decimals}f}"
        if self.n == 1:
            return f"{middle} (n=1)"
        return f"{middle} ({self.low:.{decimals}f}…{self.high:.{decimals}f}, n={self.n})"


@dataclass(frozen=True, slots=True)
class Row:
    """One metric of one group of tasks.

    Attributes:
        name: Of the metric.
        metric: What it means.
        numbers: By system; a system without any is missing.
    """

    name: str
    metric: Metric
    numbers: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Table:
    """One group of tasks of one suite.

    Attributes:
        suite: Its name.
        group: The tasks'.
        tasks: Their names.
        rows: The metrics.
    """

    suite: str
    group: str
    tasks: tuple[str, ...]
    rows: tuple[Row, ...]


def tabulate(cells: Sequence[Cell], suites: Sequence[Suite]) -> list[Table]:
    """A table for each group of tasks, in the order in which they were asked."""
    tables = []
    for suite in suites:
        own = [cell for cell in cells if cell.suite == suite.name]
        for group in dict.fromkeys(cell.task["group"] for cell in own):
            of_group = [cell for cell in own if cell.task["group"] == group]
            names = tuple(dict.fromkeys(cell.task["name"] for cell in of_group))
            rows = tuple(_rows(of_group, suite))
            tables.append(Table(suite.name, group, names, rows))
    return tables


def excuses(cells: Iterable[Cell]) -> list[dict[str, Any]]:
    """What systems could not do, or failed at, and how often: suite, adapter, status, reason, n."""
    counts = Counter(
        (cell.suite, cell.adapter, cell.status, cell.reason)
        for cell in cells
        if cell.status != "done"
    )
    names = ("suite", "adapter", "status", "reason")
    return [{**dict(zip(names, key, strict=True)), "n": n} for key, n in counts.items()]


def load_published(file: Path = PUBLISHED) -> list[dict[str, Any]]:
    """Figures that others published: tables with a source and a date each."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))["table"]
    assert isinstance(tables, list)
    return tables


def _rows(cells: Sequence[Cell], suite: Suite) -> Iterable[Row]:
    """Each metric that anybody has a number for."""
    found = dict.fromkeys(name for cell in cells for name in cell.samples)
    ordered = [n for n in suite.metrics if n in found]
    ordered += [n for n in found if n not in suite.metrics]
    for name in ordered:
        values: dict[str, list[float]] = {}
        for cell in cells:
            if name in cell.samples:
                values.setdefault(cell.adapter, []).extend(cell.samples[name])
        metric = suite.metrics.get(name) or Metric("s", "low", "as the system itself says")
        yield Row(name, metric, {key: Number.of(each) for key, each in values.items()})
