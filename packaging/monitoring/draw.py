#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws grafana.svg and kibana.svg: the panels of the two dashboards, where they are, with invented figures."""

import json
import math
import pathlib
import random
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).parent
WIDTH = 960
GAP = 6
COLORS = ("#5794f2", "#73bf69", "#ff9830", "#b877d9", "#f2495c", "#37872d", "#8ab8ff", "#fade2a")
FIGURES = {"Documents in the index": "128,402", "Age of the changes": "3.2 min", "Failed documents": "2",
           "Last runs": "incremental ok   full-sync ok   acl-sync ok", "Version": "0.1.0",
           "Files and folders": "119,877 File   8,525 Folder", "Size of all files": "412.6 GB",
           "Files without text": "1,310", "Files whose text is not complete": "41"}
ROWS = {"Kinds of files": ("pdf  31,204", "docx  24,118", "xlsx  12,077", "jpg  11,980", "md  4,402"),
        "Largest folders": ("/projects  188.0 GB", "/photos  96.4 GB", "/finance  31.7 GB", "/contracts  8.1 GB"),
        "Files without text, by extension": ("pdf  702", "docx  288", "xlsx  161", "zip  90"),
        "Readers": ("group:g:ee2c3f  61,002", "email:ana.diaz@example.com  40,318", "email:bruno.costa@example.com  22,940"),
        "Largest files": ("/Photos/2025/Launch film.mov   8.1 GB   2025-11-03", "/Projects/Penguin/Model.step   3.9 GB   2026-02-17",
                          "/Finance/Archive/2019.zip   2.2 GB   2020-01-08", "/Projects/Heron/Survey.tif   1.8 GB   2026-05-30")}


def text(x, y, words, color, size=11, weight="normal"):
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="{color}" font-size="{size}" font-weight="{weight}">{escape(words)}</text>'


def lines(x, y, width, height, count, dice):
    parts = []
    for color in COLORS[:count]:
        level = dice.uniform(0.25, 0.85)
        points = [(x + width * i / 40, y + height * (1 - level - 0.08 * math.sin(i / 4 + level * 9) * dice.random()))
                  for i in range(41)]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.5"/>')
    return parts


def bars(x, y, width, height, count, dice):
    parts = []
    for i in range(30):
        base = y + height
        for color in COLORS[:count]:
            tall = height / count * 0.9 * dice.random() ** 2
            base -= tall
            parts.append(f'<rect x="{x + width * i / 30:.1f}" y="{base:.1f}" width="{width / 40:.1f}" '
                         f'height="{tall:.1f}" fill="{color}"/>')
    return parts


def panel(title, kind, count, box, theme, dice):
    x, y, width, height = box
    parts = [f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="3" fill="{theme["panel"]}"/>',
             text(x + 8, y + 16, title, theme["text"], 11, "bold")]
    if kind in ("stat", "metric"):
        size = min(24, 1.7 * (width - 16) / len(FIGURES[title]))
        parts.append(text(x + 8, y + height - 14, FIGURES[title], theme["figure"], round(size)))
    elif title in ROWS:
        parts += [text(x + 10, y + 36 + 16 * i, row, theme["text"]) for i, row in enumerate(ROWS[title])]
    else:
        draw = lines if kind == "line" else bars
        parts += draw(x + 10, y + 26, width - 20, height - 36, count, dice)
    return parts


def picture(panels, unit, rows, columns, theme):
    """panels: (title, kind, number of series, x, y, w, h), in the units of the dashboard's grid."""
    dice = random.Random(1)
    step = WIDTH / columns
    height = rows * unit
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
             f'<rect width="{WIDTH}" height="{height}" fill="{theme["page"]}"/>']
    for title, kind, count, x, y, w, h in panels:
        box = (x * step + GAP / 2, y * unit + GAP / 2, w * step - GAP, h * unit - GAP)
        parts += panel(title, kind, count, box, theme, dice)
    return "\n".join([*parts, "</svg>", ""])


def grafana():
    board = json.loads((HERE / "grafana-dashboard.json").read_text())
    for one in board["panels"]:
        grid = one["gridPos"]
        kind = one["type"] if one["type"] == "stat" else one["fieldConfig"]["defaults"]["custom"]["drawStyle"]
        yield one["title"], kind, len(one["targets"]), grid["x"], grid["y"], grid["w"], grid["h"]


def kibana():
    objects = [json.loads(line) for line in (HERE / "kibana-dashboard.ndjson").read_text().splitlines()]
    by_id = {one["id"]: one for one in objects}
    board = by_id["dbx-es"]
    shown = {reference["name"]: by_id[reference["id"]]["attributes"] for reference in board["references"]}
    for one in json.loads(board["attributes"]["panelsJSON"]):
        attributes = shown[f"{one['panelIndex']}:{one['panelRefName']}"]
        grid = one["gridData"]
        kind = json.loads(attributes.get("visState", '{"type": "search"}'))["type"]
        yield attributes["title"], kind, 1, grid["x"], grid["y"], grid["w"], grid["h"]


def main():
    dark = {"page": "#111217", "panel": "#181b1f", "text": "#ccccdc", "figure": "#73bf69"}
    light = {"page": "#f5f7fa", "panel": "#ffffff", "text": "#343741", "figure": "#006bb8"}
    for name, panels, unit, columns, theme in (("grafana", list(grafana()), 24, 24, dark), ("kibana", list(kibana()), 13, 48, light)):
        rows = max(y + h for *_, y, _, h in panels)
        (HERE / f"{name}.svg").write_text(picture(panels, unit, rows, columns, theme))


if __name__ == "__main__":
    main()
