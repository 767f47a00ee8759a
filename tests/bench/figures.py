# SPDX-License-Identifier: Apache-2.0
"""Measured figures beside their bounds, as a table for people and as JSON for programs."""

import dataclasses
import json
import math
import statistics


@dataclasses.dataclass
class Figure:
    """One line of the table. `bound` is a minimum or a maximum, according to `better`."""

    case: str
    what: str
    unit: str
    samples: list
    bound: float
    better: str  # "more" or "less"
    exact: bool = False  # a count, which does not depend on the machine
    note: str = ""

    @property
    def decisive(self):
        """The best sample of a time, the worst sample of a count: a busy machine does not change counts."""
        largest = (self.better == "more") != self.exact
        return max(self.samples) if largest else min(self.samples)

    @property
    def median(self):
        return statistics.median(self.samples)

    @property
    def minimum(self):
        return min(self.samples)

    @property
    def ratio(self):
        """Margin to the bound: 1 reaches it exactly, more is better."""
        if self.better == "more":
            return self.decisive / self.bound
        return self.bound / self.decisive if self.decisive else float("inf")

    @property
    def met(self):
        return self.decisive >= self.bound if self.better == "more" else self.decisive <= self.bound


COLUMNS = ("case", "figure", "minimum", "median", "maximum", "runs", "bound", "ratio", "")


def _number(value):
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 0.1 else f"{value:.4f}"


def _row(figure):
    sign = "≥" if figure.better == "more" else "≤"
    ratio = "" if figure.ratio == float("inf") else f"{figure.ratio:.2f}"
    return (figure.case, f"{figure.what} [{figure.unit}]", _number(figure.minimum), _number(figure.median),
            _number(max(figure.samples)), str(len(figure.samples)), f"{sign} {_number(figure.bound)}", ratio,
            "" if figure.met else "missed")


def line(figure):
    """A single figure."""
    return "  ".join(cell for cell in _row(figure) if cell)


def table(figures):
    rows = [COLUMNS, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) if column < 2 else cell.rjust(width)
                 for column, (cell, width) in enumerate(zip(row, widths))]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "-" * max(map(len, lines)))
    notes = [f"{figure.case}, {figure.what}: {figure.note}" for figure in figures if figure.note]
    return "\n".join(lines + ([""] + notes if notes else [])) + "\n"


def as_json(figures, size):
    rows = []
    for figure in figures:
        row = dataclasses.asdict(figure)
        # JSON has no infinity, which means that nothing was used.
        ratio = figure.ratio if math.isfinite(figure.ratio) else None
        row |= {"minimum": figure.minimum, "median": figure.median, "decisive": figure.decisive,
                "ratio": ratio, "met": figure.met}
        rows.append(row)
    return json.dumps({"size": size, "figures": rows}, indent=2) + "\n"
