# SPDX-License-Identifier: Apache-2.0
"""What Prometheus makes of the alerts, of the dashboard for Grafana and of the metrics: its own promtool is the judge."""

import dataclasses
import json
import pathlib
import re
import shutil
import subprocess
import unittest

import promtool
from files_test import yaml
from support import ROOT, programs, run, temporary_folder

FOLDER = ROOT / "packaging/monitoring"
RULES = FOLDER / "prometheus-rules.yaml"
INDEX = "search-dropbox"


@dataclasses.dataclass(frozen=True)
class Case:
    """Samples, one a minute, in the notation of promtool ("0+1x60", "_x5" for none); whether the alert fires at `minute`."""

    alert: str
    samples: dict  # {metric: values}
    minute: int
    fires: bool = True
    command: str | None = None
    value: str = ""     # as the texts show it
    duration: str = ""  # $value | humanizeDuration

    def text(self, template):
        for name, shown in ((" $labels.index ", INDEX), (" $labels.command ", self.command), (" $value ", self.value),
                            (" $value | humanizeDuration ", self.duration)):
            template = template.replace("{{" + name + "}}", str(shown))
        return template


HOUR, DAY = 60, 24 * 60
READ = "dbx_es_changes_read_timestamp_seconds"
CODE = "dbx_es_last_run_exit_code"
FULL = "dbx_es_last_run_success_timestamp_seconds"
PENDING = "dbx_es_failures_pending"
COUNT = "dbx_es_index_documents"
OPEN = "dbx_es_documents_without_list_total"
UNREAD = "dbx_es_content_no_pdftotext_total"


def exit_code(alert, code, minute, fires=True):
    return Case(alert, {CODE: f"0x60 {code}x600"}, 61 + minute, fires, command="incremental", value=str(code))


CASES = (
    # The runs stop at the beginning of time: behind after an hour, and long enough so after seven.
    Case("DbxEsBehind", {READ: "0x600"}, 7 * HOUR + 5, duration="7h 5m 0s"),
    Case("DbxEsBehind", {READ: "0x600"}, 6 * HOUR, fires=False),
    Case("DbxEsBehind", {READ: "0+60x600"}, 9 * HOUR, fires=False),
    exit_code("DbxEsSafetyStop", 7, 0),
    exit_code("DbxEsSafetyStop", 3, 0, fires=False),
    *(exit_code("DbxEsNeedsYou", code, 0) for code in (2, 4, 6)),
    *(exit_code("DbxEsNeedsYou", code, 0, fires=False) for code in (0, 1, 3, 5, 7, 10, 11, 12, 130, 143)),
    *(exit_code("DbxEsFails", code, HOUR) for code in (1, 5)),
    *(exit_code("DbxEsFails", code, HOUR - 2, fires=False) for code in (1, 5)),
    *(exit_code("DbxEsFails", code, 2 * HOUR, fires=False) for code in (0, 2, 3, 4, 6, 7, 10, 11, 12, 130, 143)),
    Case("DbxEsNoFullSync", {FULL: f"0x{16 * DAY}"}, 15 * DAY + 30, command="full-sync", duration="15d 0h 30m 0s"),
    Case("DbxEsNoFullSync", {FULL: f"0x{16 * DAY}"}, 14 * DAY, fires=False, command="full-sync"),
    Case("DbxEsNoFullSync", {FULL: f"0x{16 * DAY}"}, 15 * DAY + 30, fires=False, command="incremental"),
    Case("DbxEsDocumentsFail", {PENDING: f"0x60 7x{2 * DAY}"}, DAY + 62, value="7"),
    Case("DbxEsDocumentsFail", {PENDING: f"0x60 7x{DAY - 5} 0x{DAY}"}, DAY + 62, fires=False),
    Case("DbxEsIndexShrinks", {COUNT: f"1000x{DAY} 799x{DAY}"}, DAY + 5, value="799"),
    Case("DbxEsIndexShrinks", {COUNT: f"1000x{DAY} 801x{DAY}"}, DAY + 5, fires=False),
    Case("DbxEsOpenDocuments", {OPEN: "0x90 3x600"}, 95, command="incremental"),
    Case("DbxEsOpenDocuments", {OPEN: "0x90 3x600"}, 95 + HOUR + 5, fires=False, command="incremental"),
    # A first run has no earlier sample to increase from.
    Case("DbxEsOpenDocuments", {OPEN: "_x90 3x600"}, 95, command="acl-sync"),
    Case("DbxEsOpenDocuments", {OPEN: "_x90 0x600"}, 95, fires=False, command="acl-sync"),
    Case("DbxEsOpenDocuments", {OPEN: "_x90 3x600"}, 95 + HOUR + 5, fires=False, command="acl-sync"),
    Case("DbxEsTextMissing", {UNREAD: f"0x90 3x{2 * DAY}"}, 95, command="incremental"),
    Case("DbxEsTextMissing", {UNREAD: f"_x90 3x{2 * DAY}"}, 95, command="full-sync"),
    Case("DbxEsTextMissing", {UNREAD: f"_x90 3x{2 * DAY}"}, 95 + DAY + 5, fires=False, command="full-sync"),
    Case("DbxEsTextMissing", {UNREAD: f"0x{2 * DAY}"}, 95, fires=False, command="full-sync"),
)


def series(case):
    labels = {"index": INDEX, **({"command": case.command} if case.command else {})}
    inside = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
    return labels, [{"series": f"{metric}{{{inside}}}", "values": values} for metric, values in case.samples.items()]


def as_test(case, rules):
    """The case in the form of `promtool test rules`, which compares labels and texts to the letter."""
    labels, given = series(case)
    rule = rules[case.alert]
    expected = {"exp_labels": {**labels, **rule["labels"]},
                "exp_annotations": {name: case.text(text) for name, text in rule["annotations"].items()}}
    return {"interval": "1m", "input_series": given,
            "alert_rule_test": [{"eval_time": f"{case.minute}m", "alertname": case.alert,
                                 "exp_alerts": [expected] if case.fires else []}]}


class AlertsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.promtool = promtool.path()
        except promtool.Unavailable as reason:
            raise unittest.SkipTest(str(reason)) from None
        document, = yaml(RULES)
        cls.rules = {rule["alert"]: rule for group in document["groups"] for rule in group["rules"]}
        cls.folder = temporary_folder()

    def test_prometheus_accepts_the_alerts(self):
        self.assertIn(f"{len(self.rules)} rules found", run(self.promtool, "check", "rules", RULES))

    def test_each_alert_fires_when_it_has_to_and_not_before(self):
        for fires in (True, False):
            self.assertEqual({case.alert for case in CASES if case.fires == fires}, set(self.rules))
        shutil.copy(RULES, self.folder)
        test = self.folder / "test.yaml"
        test.write_text(json.dumps({"rule_files": [RULES.name], "evaluation_interval": "1m",
                                    "tests": [as_test(case, self.rules) for case in CASES]}))
        self.assertIn("SUCCESS", run(self.promtool, "test", "rules", test))

    def test_the_judge_finds_an_alert_that_does_not_fire(self):
        shutil.copy(RULES, self.folder)
        test = self.folder / "wrong.yaml"
        wrong = dataclasses.replace(CASES[0], minute=HOUR)
        test.write_text(json.dumps({"rule_files": [RULES.name], "tests": [as_test(wrong, self.rules)]}))
        self.assertIn("FAILED", run(self.promtool, "test", "rules", test, code=1))

    def test_prometheus_understands_the_dashboard_for_grafana(self):
        board = json.loads((FOLDER / "grafana-dashboard.json").read_text())
        asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
        # As Grafana sends them.
        asked = [text.replace("$__rate_interval", "5m").replace("$index", INDEX) for text in asked]
        self.assertFalse([text for text in asked if "$" in text])
        rules = self.folder / "asked.yaml"
        rules.write_text(json.dumps({"groups": [{"name": "asked", "rules": [
            {"record": f"asked:{number}", "expr": text} for number, text in enumerate(asked)]}]}))
        self.assertIn(f"{len(asked)} rules found", run(self.promtool, "check", "rules", rules))

    def test_prometheus_accepts_the_metrics_of_a_run(self):
        metrics = self.folder / "dbx-es.prom"
        config = self.folder / "dbx-es.toml"
        nowhere = "http://127.0.0.1:1"
        config.write_text(f"""[dropbox]
app_key = "key"
refresh_token = "token"
api_url = "{nowhere}"
[elasticsearch]
host = "{nowhere}"
index = "{INDEX}"
[sync]
give_up_after = 1
state_dir = "{self.folder}/state"
[report]
metrics_file = "{metrics}"
""")
        config.chmod(0o600)
        for command in ("full-sync", "incremental"):
            run(programs.dbx_es(), "-c", config, command, code=5)
        text = metrics.read_text()
        self.assertGreater(len(re.findall("^# HELP ", text, re.MULTILINE)), 20)
        judged = subprocess.run((self.promtool, "check", "metrics"), input=text, capture_output=True, text=True, check=False)
        self.assertEqual((judged.returncode, judged.stdout + judged.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
