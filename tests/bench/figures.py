# SPDX-License-Identifier: Apache-2.0
"""Measured figures beside their bounds, as a table for people and as JSON for programs."""

import dataclasses
import json
import statistics


@dataclasses.dataclass
class Figure:
    """One line of the table. `bound` is the least or the most that is wanted, as `better` says."""

    case: str
    what: str
    unit: str
    samples: list
    bound: float
    better: str  # "more" or "less"
    exact: bool = False  # a count, which the machine's mood cannot change
    note: str = ""

    @property
    def best(self):
        return max(self.samples) if self.better == "more" else min(self.samples)

    @property
    def median(self):
        return statistics.median(self.samples)

    @property
    def ratio(self):
        """How far the best sample is within the bound: 1 is just there, more is better."""
        if self.better == "more":
            return self.best / self.bound
        return self.bound / self.best if self.best else float("inf")

    @property
    def met(self):
        return self.best >= self.bound if self.better == "more" else self.best <= self.bound


COLUMNS = ("case", "figure", "best", "median", "bound", "ratio", "")


def _number(value):
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 0.1 else f"{value:.4f}"


def _row(figure):
    sign = "≥" if figure.better == "more" else "≤"
    ratio = "" if figure.ratio == float("inf") else f"{figure.ratio:.2f}"
    return (figure.case, f"{figure.what} [{figure.unit}]", _number(figure.best), _number(figure.median),
            f"{sign} {_number(figure.bound)}", ratio, "" if figure.met else "missed")


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
        row |= {"best": figure.best, "median": figure.median, "met": figure.met}
        rows.append(row)
    return json.dumps({"size": size, "figures": rows}, indent=2) + "\n"
