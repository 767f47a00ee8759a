# SPDX-License-Identifier: Apache-2.0
"""What happens in Kibana at the worst moment: between two requests of `connector run`, and when it is killed at one of its
writes."""

import threading
import unittest

import holding_proxy
from kibana_case import CONNECTORS, KibanaCase

# A run that finds nothing ends within a few looks.
MOST_LOOKS = 5
# A run shows itself after ten seconds for the first time.
FIRST_BEAT = 1
OVER = ("completed", "error", "canceled")


class MomentsCase(KibanaCase):
    def proxied(self, **options):
        """A registered connector whose runs write through a proxy."""
        place = self.registered(**options)
        self.proxy = holding_proxy.HoldingProxy(place.engine.url)
        self.addCleanup(self.proxy.stop)
        place.set("elasticsearch", host=self.proxy.url)
        return place

    def before_write(self, text, happen):
        """Calls `happen` once, before a request arrives that writes `text` to Kibana's indices."""
        done = threading.Event()

        def look(body):
            if CONNECTORS.encode() not in body or text.encode() not in body or done.is_set():
                return
            done.set()
            happen()
        self.proxy.before_each(look)
        return done

    def tick(self, place, code=0):
        run = place.run("connector", "run")
        self.assertEqual(run.code, code, run)
        place.let_go()
        return run

    def rest(self, place):
        """Runs until there is nothing to do."""
        for _ in range(MOST_LOOKS):
            if "nothing to do" in self.tick(place).stdout:
                return
        self.fail(f"there is always something to do: {self.jobs(place)}")

    def assert_at_rest(self, place):
        for key, job in self.jobs(place).items():
            self.assertIn(job["status"], OVER, key)
            self.assertIsNotNone(job["completed_at"], key)
            self.assertEqual(job["status"] == "error", job["error"] is not None, job)
        connector = self.connector(place)
        self.assertIn(connector["last_sync_status"], OVER)
        self.assertEqual(connector["status"] == "error", connector["last_sync_error"] is not None, connector)


class CostTest(MomentsCase):
    def count(self, place, *arguments):
        """All requests to the cluster, with those of loading the configuration."""
        before = self.proxy.requests
        run = place.run(*arguments)
        self.assertEqual(run.code, 0, run)
        place.let_go()
        return self.proxy.requests - before

    def test_a_run_without_changes(self):
        place = self.proxied()
        place.dropbox.change("demo")
        place.sync("full-sync")
        place.sync("incremental")
        self.assertLessEqual(self.count(place, "incremental"), 4)
        self.assertEqual(self.count(place, "connector", "run"), 2)
        place.settings["connector"] = {}
        self.assertEqual(self.count(place, "incremental"), 0)


class KillTest(MomentsCase):
    def kill_at_write(self, place, number, arrives, begin):
        """SIGKILL at the n-th request that writes to Kibana's indices, which the cluster gets or does not get. False when
        the run ended by itself."""
        started = threading.Event()
        runs, seen = [], []

        def look(body):
            if CONNECTORS.encode() not in body:
                return
            seen.append(body)
            if len(seen) != number:
                return
            started.wait()
            if not arrives:
                self.proxy.hold(1)
            runs[0].process.kill()
        self.proxy.before_each(look)
        runs.append(begin())
        started.set()
        runs[0].process.communicate()
        self.proxy.before_each(None)
        place.let_go()
        return runs[0].process.returncode == -9

    def test_at_each_write(self):
        place = self.proxied()
        place.dropbox.change("demo")
        for arrives in (True, False):
            for number in range(1, 20):
                with self.subTest(arrives=arrives, number=number):
                    self.press(place, f"{arrives}-{number}")
                    killed = self.kill_at_write(place, number, arrives, lambda: place.begin("connector", "run"))
                    self.rest(place)
                    self.assert_at_rest(place)
                    place.sync("full-sync")
                    self.assertEqual(self.connector(place)["last_sync_status"], "completed")
                    self.assertIsNone(self.connector(place)["error"])
                    self.assert_at_rest(place)
                    place.assert_index_equals_tree()
                if not killed:
                    # The lock with the beginning of the job, and both ends.
                    self.assertGreater(number, 2)
                    break
            else:
                self.fail("a run writes more often than that?")

    def test_at_a_sign_of_life(self):
        place = self.proxied(simulator_arguments=("--tree", "8000"))
        for arrives in (True, False):
            with self.subTest(arrives=arrives):
                self.press(place, f"pressed-{arrives}")
                self.assertTrue(self.kill_at_write(place, 1 + FIRST_BEAT, arrives,
                                                   lambda: place.begin_and_hold("connector", "run", after_pages=1)))
                self.rest(place)
                self.assertIn("did not end by itself", self.jobs(place)[f"pressed-{arrives}"]["error"])
                self.assert_at_rest(place)
                place.start_over()
        place.sync("full-sync")
        self.assertEqual(self.connector(place)["last_sync_status"], "completed")
        self.assert_at_rest(place)

    def test_a_lock_that_was_left_behind(self):
        """By a program whose job is gone, or was never made."""
        place = self.registered()
        place.dropbox.change("demo")
        # Anyone who has just begun may not have made its job yet.
        self.change_connector(place, last_sync_status="in_progress")
        self.tick(place)
        self.assertEqual(self.connector(place)["last_sync_status"], "in_progress")
        self.change_connector(place, last_seen="2026-01-01T00:00:00Z")
        self.tick(place)
        self.assertEqual(self.connector(place)["last_sync_status"], "error")
        self.assertIn("its job is gone", self.connector(place)["error"])
        self.change_connector(place, last_sync_status="in_progress", last_seen="2026-01-01T00:00:00Z")
        self.press(place, "pressed")
        self.tick(place)
        self.assertEqual(self.job(place)["status"], "completed")
        self.assertEqual(self.connector(place)["last_sync_status"], "completed")
        self.assertIsNone(self.connector(place)["error"])
        # The end of the connector was lost; its job has one.
        self.change_connector(place, last_sync_status="in_progress")
        self.tick(place)
        self.assertEqual(self.connector(place)["last_sync_status"], "completed")
        place.assert_index_equals_tree()


class CancelTest(MomentsCase):
    def test_before_a_run_takes_the_job(self):
        place = self.proxied()
        place.dropbox.change("demo")
        self.press(place, "early")
        self.cancel(place, "early")
        self.assertIn("nothing to do", self.tick(place).stdout)
        self.press(place, "late")
        canceled = self.before_write("in_progress", lambda: self.cancel(place, "late"))
        self.tick(place)
        self.assertTrue(canceled.is_set())
        for key, job in self.jobs(place).items():
            self.assertEqual((job["status"], job["started_at"]), ("canceled", None), key)
        self.assertNotEqual(self.connector(place)["last_sync_status"], "in_progress")
        self.assertIsNone(place.dump())
        self.press(place, "next")
        self.tick(place)
        self.assertEqual(self.jobs(place)["next"]["status"], "completed")
        place.assert_index_equals_tree()

    def test_at_the_end(self):
        place = self.proxied()
        place.dropbox.change("demo")
        self.press(place, "pressed")
        canceled = self.before_write('"status":"completed"', lambda: self.cancel(place, "pressed"))
        self.tick(place)
        self.assertTrue(canceled.is_set())
        job = self.job(place)
        self.assertEqual(job["status"], "canceled")
        self.assertIsNotNone(job["canceled_at"])
        self.assertEqual(self.connector(place)["last_sync_status"], "canceled")
        self.assertEqual(self.connector(place)["status"], "connected")
        self.assert_at_rest(place)
        place.assert_index_equals_tree()

    def test_after_the_end(self):
        """Kibana saw the job run, and writes after its end; nobody else ends it then."""
        place = self.registered()
        place.dropbox.change("demo")
        self.press(place, "pressed")
        self.tick(place)
        self.change_job(place, "pressed", status="canceling")
        self.tick(place)
        self.assertEqual(self.job(place)["status"], "canceled")
        self.assert_at_rest(place)
        place.sync("incremental")
        self.assertEqual(self.connector(place)["last_sync_status"], "completed")


class DraftTest(MomentsCase):
    RIGHT = {"id": "right", "policy": "exclude", "field": "name", "rule": "equals", "value": "x"}

    def test_edited_between_verdict_and_write(self):
        """The verdict on one draft is not written to another one."""
        place = self.proxied()
        self.edit(place, self.RIGHT)
        edited = self.before_write("valid", lambda: self.edit(place, {**self.RIGHT, "id": "wrong", "rule": "perhaps"}))
        self.tick(place)
        self.assertTrue(edited.is_set())
        [filtering] = self.connector(place)["filtering"]
        self.assertEqual(filtering["draft"]["validation"]["state"], "invalid")
        self.assertEqual([error["ids"] for error in filtering["draft"]["validation"]["errors"]], [["wrong"]])
        self.assertEqual([rule["id"] for rule in filtering["active"]["rules"]], ["DEFAULT"])
        self.edit(place, {**self.RIGHT, "rule": "perhaps"})
        self.before_write("valid", lambda: self.edit(place, self.RIGHT))
        self.tick(place)
        [filtering] = self.connector(place)["filtering"]
        self.assertEqual(filtering["draft"]["validation"], {"state": "valid", "errors": []})
        self.assertEqual(filtering["active"], filtering["draft"])
        self.assertEqual([rule["id"] for rule in filtering["active"]["rules"]], ["right", "DEFAULT"])


if __name__ == "__main__":
    unittest.main()
