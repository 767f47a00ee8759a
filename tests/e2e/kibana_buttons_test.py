# SPDX-License-Identifier: Apache-2.0
"""A Kibana whose buttons somebody presses at random, against a real engine, while the timer, cron and impatient
administrators start, stop and kill runs: in the end everything is at rest, and true.

DBX_ES_KIBANA_SECONDS sets how long it takes, DBX_ES_KIBANA_SEED repeats a sequence of buttons (not its moments).
"""

import os
import random
import signal
import threading
import time
import unittest

import changes
import engines
from kibana_case import CONNECTORS, JOBS, KibanaCase, now, time_of

SECONDS = float(os.environ.get("DBX_ES_KIBANA_SECONDS", "15"))
SEED = int(os.environ.get("DBX_ES_KIBANA_SEED", random.SystemRandom().randrange(1 << 32)))
TYPES = ("full", "incremental", "incremental", "access_control", "sideways")
KINDS = ("full", "incremental", "access_control")
# The last two start nothing.
INTERVALS = ("0/3 * * * * ?", "0/5 * * * * ?", "0 0 0 15W * ?", "0 0 0 31 2 ?")
OVER = ("completed", "error", "canceled")
# What may be the end of a run: done, a form or rules that are wrong, a full sync that somebody has to start, another run
# under way, canceled, and the signals, of which SIGTERM ends a process that has not begun to run.
ENDS = {0, 2, 6, 11, 12, 143, -signal.SIGTERM, -signal.SIGKILL}
# A look that finds nothing, after all that was asked for.
MOST_LOOKS = 60


class Kibana(threading.Thread):
    """Presses buttons until `stop`."""

    def __init__(self, case, place, chance):
        super().__init__(daemon=True)
        self.case, self.place, self.chance = case, place, chance
        self.dropbox = changes.RandomChanges(place.dropbox, chance)
        self.story, self.problem = [], None
        self.pressed = 0
        self._stopped = threading.Event()
        self._buttons = {self.sync_now: 5, self.cancel_syncs: 2, self.edit_rules: 2, self.schedule: 3, self.make_key: 2,
                         self.save_form: 2, self.delete_job: 1, self.rename: 1, self.work_in_dropbox: 5}

    def stop(self):
        self._stopped.set()
        self.join()

    def run(self):
        buttons, weights = list(self._buttons), list(self._buttons.values())
        while not self._stopped.wait(self.chance.expovariate(4)):
            button = self.chance.choices(buttons, weights)[0]
            try:
                self.story.append(f"{time.monotonic():.2f} {button.__name__} {button() or ''}")
            except engines.HttpFailure as failure:
                # Two people at once, which Elasticsearch tries again and we do not.
                if failure.status not in (404, 409):
                    self.problem = failure
                    return
            except Exception as problem:  # pylint: disable=broad-exception-caught
                self.problem = problem
                return

    def sync_now(self):
        kind = self.chance.choice(TYPES)
        self.pressed += 1
        # Kibana up to 8.14 leaves last_seen null.
        self.case.press(self.place, f"pressed-{self.pressed}", kind, **self.chance.choice(({}, {"last_seen": None})))
        return kind

    def cancel_syncs(self):
        keys = [key for key, job in self.case.jobs(self.place).items()
                if job["status"] in ("pending", "in_progress", "suspended")]
        self.case.cancel(self.place, *keys)
        return keys

    def edit_rules(self):
        name = self.chance.choice(changes.FILES)
        rule = {"id": "r1", "policy": "exclude", "field": "name", "rule": "equals", "value": name}
        rules = self.chance.choice(([], [rule], [rule], [{**rule, "rule": "perhaps"}]))
        self.case.edit(self.place, *rules)
        return rules

    def schedule(self):
        kind, interval, on = self.chance.choice(KINDS), self.chance.choice(INTERVALS), self.chance.random() < 0.6
        self.case.schedule(self.place, kind, interval, on)
        return kind, interval, on

    def make_key(self):
        """"Generate API key" writes the whole connector as it was a moment ago, on no condition."""
        before = self.case.connector(self.place)
        self._stopped.wait(self.chance.random() / 10)
        self.place.engine.request("PUT", f"/{CONNECTORS}/_doc/{self.case.id}?refresh=true", {**before, "api_key_id": "k"})

    def save_form(self):
        values = self.chance.choice(({"concurrent_downloads": 7}, {"retry_count": 400}, {"retry_count": "2"},
                                     {"retry_count": ""}))
        self.case.save(self.place, **values)
        return values

    def delete_job(self):
        keys = list(self.case.jobs(self.place))
        if not keys:
            return None
        key = self.chance.choice(keys)
        self.place.engine.request("DELETE", f"/{JOBS}/_doc/{key}?refresh=true")
        return key

    def rename(self):
        self.case.change_connector(self.place, name=f"Dropbox {self.chance.random():.3f}", description=now())

    def work_in_dropbox(self):
        self.dropbox.change()
        return self.dropbox.made[-1:]


class ButtonsTest(KibanaCase):
    def setUp(self):
        self.place = self.registered()
        self.place.dropbox.change("demo")
        # People delete folders here.
        self.place.set("sync", max_delete="unlimited")
        self.chance = random.Random(SEED)

    def begin_some(self):
        """One run, or two at once on the same state."""
        command = self.chance.choices((("connector", "run"), ("incremental",), ("full-sync",)), (8, 1, 1))[0]
        count = 2 if self.chance.random() < 0.15 else 1
        return [self.place.begin(*command) for _ in range(count)]

    def run_some(self):
        runs = self.begin_some()
        end = self.chance.choices((None, signal.SIGTERM, signal.SIGKILL), (7, 2, 1))[0]
        if end is not None:
            time.sleep(self.chance.random() / 4)
            runs[0].process.send_signal(end)
        said = [run.finish() for run in runs]
        for run in said:
            self.kibana.story.append(f"{time.monotonic():.2f} {' '.join(run.arguments)} ended with {run.code}: "
                                     f"{(run.stdout + run.stderr).strip()[:200]}")
            self.assertIn(run.code, ENDS, run)
        # After a signal, the simulator may still be busy with the request that nobody waits for.
        if end is not None:
            self.place.let_go()

    def rest(self):
        """Nobody presses anything any more."""
        for kind in KINDS:
            self.schedule(self.place, kind, "0 0 0 * * ?", enabled=False)
        self.save(self.place, retry_count=3, concurrent_downloads=100)
        for _ in range(MOST_LOOKS):
            run = self.place.run("connector", "run")
            self.assertIn(run.code, (0, 2, 6), run)
            if "nothing to do" in run.stdout:
                return
        self.fail(f"there is always something to do: {self.jobs(self.place)}")

    def assert_jobs_are_true(self):
        for key, job in self.jobs(self.place).items():
            self.assertIn(job["status"], OVER, key)
            self.assertIsNotNone(job["completed_at"], key)
            if job["status"] == "canceled":
                # Kibana may cancel what has just ended with an error, which it leaves there.
                self.assertIsNotNone(job["canceled_at"], key)
            else:
                self.assertEqual(job["status"] == "error", job["error"] is not None, (key, job["status"], job["error"]))
            if job["status"] == "completed":
                self.assertLessEqual(time_of(job["created_at"]), time_of(job["started_at"]))
                self.assertLessEqual(time_of(job["started_at"]), time_of(job["completed_at"]))
                self.assertIsInstance(job["total_document_count"], int)
                self.assertIn(job["job_type"], KINDS)

    def assert_connector_is_true(self):
        connector = self.connector(self.place)
        shown = {key: connector[key] for key in ("status", "error", "last_sync_status", "last_sync_error")}
        self.assertEqual(shown, {"status": "connected", "error": None, "last_sync_status": "completed",
                                 "last_sync_error": None})
        self.assertIn(connector["last_access_control_sync_status"], (None, *OVER))
        self.assertEqual(len(connector["configuration"]), 9)
        [filtering] = connector["filtering"]
        self.assertIn(filtering["draft"]["validation"]["state"], ("valid", "invalid"))
        if filtering["draft"]["validation"]["state"] == "valid":
            self.assertEqual(filtering["active"], filtering["draft"])
        return {rule["value"] for rule in filtering["active"]["rules"] if rule["id"] != "DEFAULT"}

    def check(self):
        self.rest()
        full = self.place.sync("full-sync")
        self.assert_jobs_are_true()
        names = self.assert_connector_is_true()
        self.place.excludes = lambda document: document["name"] in names
        self.place.assert_index_equals_tree()
        newest = list(self.jobs(self.place).values())[-1]
        written = full.documents.get("created", 0) + full.documents.get("updated", 0)
        self.assertEqual((newest["indexed_document_count"], newest["deleted_document_count"]),
                         (written, full.documents.get("deleted", 0)))
        self.assertEqual(newest["total_document_count"], len(self.place.expected()))
        # A moment later, nothing has changed.
        before = self.connector(self.place)
        self.assertIn("nothing to do", self.place.run("connector", "run").stdout)
        self.assertEqual(self.connector(self.place), before)

    def test_whatever_is_pressed(self):
        self.kibana = Kibana(self, self.place, random.Random(SEED + 1))
        self.kibana.start()
        self.addCleanup(self.kibana.stop)
        try:
            deadline = time.monotonic() + SECONDS
            while time.monotonic() < deadline:
                self.run_some()
                self.assertIsNone(self.kibana.problem)
            self.kibana.stop()
            self.assertIsNone(self.kibana.problem)
            self.check()
        except AssertionError as failure:
            failure.add_note(f"DBX_ES_KIBANA_SEED={SEED}:\n" + "\n".join(self.kibana.story))
            raise


if __name__ == "__main__":
    unittest.main()
