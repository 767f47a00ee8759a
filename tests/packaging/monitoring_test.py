# SPDX-License-Identifier: Apache-2.0
"""The dashboards and alerts: their shape. Unit tests compare the names of metrics and fields in them, and alerts_test.py asks
Prometheus."""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from files_test import yaml
from support import ROOT

FOLDER = ROOT / "packaging/monitoring"
SEVERITIES = {"warning", "critical"}
# What a saved object needs to be shown. Kibana adds what is missing.
ATTRIBUTES = {"index-pattern": {"title", "name"}, "visualization": {"title", "visState", "kibanaSavedObjectMeta"},
              "search": {"title", "columns", "sort", "kibanaSavedObjectMeta"},
              "dashboard": {"title", "panelsJSON", "optionsJSON", "kibanaSavedObjectMeta"}}


def overlap(one, other):
    return (one["x"] < other["x"] + other["w"] and other["x"] < one["x"] + one["w"] and
            one["y"] < other["y"] + other["h"] and other["y"] < one["y"] + one["h"])


class MonitoringTest(unittest.TestCase):
    def assert_grid(self, boxes, columns):
        for place, box in enumerate(boxes):
            self.assertLessEqual(box["x"] + box["w"], columns)
            self.assertFalse([other for other in boxes[:place] if overlap(box, other)])

    def test_the_alerts(self):
        document, = yaml(FOLDER / "prometheus-rules.yaml")
        self.assertEqual(set(document), {"groups"})
        rules = [rule for group in document["groups"] for rule in group["rules"]]
        self.assertGreater(len(rules), 5)
        self.assertEqual(len({rule["alert"] for rule in rules}), len(rules))
        for rule in rules:
            with self.subTest(alert=rule["alert"]):
                self.assertLessEqual(set(rule), {"alert", "expr", "for", "labels", "annotations"})
                self.assertRegex(rule.get("for", "1m"), r"\A\d+[mhd]\Z")
                self.assertIn(rule["labels"]["severity"], SEVERITIES)
                self.assertEqual(set(rule["annotations"]), {"summary", "description"})
                self.assertEqual(rule["expr"].count("("), rule["expr"].count(")"))
                for text in rule["annotations"].values():
                    self.assertLessEqual(set(re.findall(r"{{(.*?)}}", text)), {
                        " $value ", " $value | humanizeDuration ", " $labels.index ", " $labels.command "})

    def test_the_dashboard_for_grafana(self):
        board = json.loads((FOLDER / "grafana-dashboard.json").read_text())
        self.assertNotIn("id", board, "an id belongs to one Grafana")
        variables = {variable["name"] for variable in board["templating"]["list"]}
        panels = board["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        self.assert_grid([panel["gridPos"] for panel in panels], 24)
        for panel in panels:
            self.assertTrue(panel["description"].endswith("."), panel["title"])
            for target in panel["targets"]:
                self.assertEqual(target["datasource"]["uid"], "${datasource}")
                used = set(re.findall(r"\$([a-z]\w*)", target["expr"]))
                self.assertLessEqual(used, variables)

    def test_the_objects_for_kibana(self):
        objects = [json.loads(line) for line in (FOLDER / "kibana-dashboard.ndjson").read_text().splitlines()]
        known = {(one["type"], one["id"]) for one in objects}
        self.assertEqual(len(known), len(objects))
        for place, one in enumerate(objects):
            with self.subTest(id=one["id"]):
                self.assertLessEqual(ATTRIBUTES[one["type"]], set(one["attributes"]))
                # What it refers to is in the file, and before it.
                earlier = {(other["type"], other["id"]) for other in objects[:place]}
                self.assertLessEqual({(ref["type"], ref["id"]) for ref in one["references"]}, earlier)
                names = {ref["name"] for ref in one["references"]}
                meta = one["attributes"].get("kibanaSavedObjectMeta", {"searchSourceJSON": "{}"})
                source = json.loads(meta["searchSourceJSON"])
                self.assertLessEqual({source[key] for key in source if key == "indexRefName"}, names)
        board = objects[-1]
        self.assertEqual(board["type"], "dashboard")
        panels = json.loads(board["attributes"]["panelsJSON"])
        self.assert_grid([panel["gridData"] for panel in panels], 48)
        self.assertEqual({f"{panel['panelIndex']}:{panel['panelRefName']}" for panel in panels},
                         {reference["name"] for reference in board["references"]})
        shown = {(reference["type"], reference["id"]) for reference in board["references"]}
        self.assertEqual(known - shown, {("dashboard", board["id"]), ("index-pattern", "dbx-es-documents")})

    def test_the_pictures_show_the_dashboards(self):
        """draw.py draws the same pictures from the files of today."""
        with tempfile.TemporaryDirectory(prefix="dbx-es-monitoring-") as folder:
            for name in ("draw.py", "grafana-dashboard.json", "kibana-dashboard.ndjson"):
                shutil.copy(FOLDER / name, folder)
            subprocess.run([sys.executable, f"{folder}/draw.py"], check=True)
            for name in ("grafana.svg", "kibana.svg"):
                self.assertEqual((pathlib.Path(folder) / name).read_text(), (FOLDER / name).read_text(), name)


if __name__ == "__main__":
    unittest.main()
