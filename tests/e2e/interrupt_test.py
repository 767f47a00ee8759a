# SPDX-License-Identifier: Apache-2.0
"""Runs that are stopped or killed: the next one continues and ends with the right index."""

import signal
import subprocess

import world
from changes import RandomChanges

FILES = 20_000
# Pages that come before the one on which the listing is held up.
PAGES_BEFORE = 4
SECONDS_TO_STOP = 10
KILLS = 5


class StopTest(world.Case):
    def stop(self, place, number):
        """Stops a full sync while the listing waits for a page; gives the run."""
        # Many small requests, so that many pages are acknowledged by the time of the stop.
        place.set("elasticsearch", bulk_max_actions=500)
        started = place.begin_and_hold("full-sync", "--json", after_pages=PAGES_BEFORE)
        started.process.send_signal(number)
        stopped = started.finish(SECONDS_TO_STOP)
        place.let_go()
        return stopped

    def check(self, number, code, outcome):
        place = self.world(simulator_arguments=("--tree", str(FILES)))
        stopped = self.stop(place, number)
        self.assertEqual(stopped.code, code, stopped)
        self.assertEqual((stopped.summary["outcome"], stopped.summary["exit_code"]), (outcome, code))
        written = stopped.documents["created"]
        self.assertGreater(written, 0)
        self.assertLess(written, len(place.expected()))
        self.assertEqual(len(place.dump()), written, "the summary counts what the index holds")
        self.assertTrue(place.state_content())
        rest = place.sync("full-sync")
        self.assertNotIn("files/list_folder", rest.requests, "the listing continues and does not start again")
        self.assertEqual(rest.documents["created"], len(place.expected()) - written)
        self.assertLess(rest.documents.get("unchanged", 0), FILES // 4, "what was done is not done again")
        place.assert_index_equals_tree()

    def test_terminated(self):
        self.check(signal.SIGTERM, 143, "terminated")

    def test_interrupted(self):
        self.check(signal.SIGINT, 130, "interrupted")


class KillTest(world.Case):
    """Killed at moments that nobody chose."""

    def kill_after(self, place, seconds, *arguments):
        started = place.begin(*arguments, "--quiet")
        try:
            started.process.wait(seconds)
        except subprocess.TimeoutExpired:
            started.process.kill()
        return started.finish()

    def test_first_sync(self):
        with self.seeded() as random:
            place = self.world(simulator_arguments=("--tree", "5000"))
            duration = place.sync("full-sync").seconds
            killed = 0
            for _ in range(KILLS):
                place.start_over()
                run = self.kill_after(place, random.uniform(0.02, duration), "full-sync")
                killed += run.code == -signal.SIGKILL
                place.sync("incremental")
                place.assert_index_equals_tree()
            self.assertGreater(killed, 0, "no run was killed, so this test has shown nothing")

    def test_changes(self):
        with self.seeded() as random:
            place = self.world(simulator_arguments=("--tree", "2000"))
            # Small requests make many moments at which some writes are done and others are not.
            place.set("elasticsearch", bulk_max_actions=5)
            changes = RandomChanges(place.dropbox, random)
            changes.change(30)
            place.sync("full-sync")
            place.assert_index_equals_tree()
            changes.change(30)
            duration = place.sync("incremental").seconds
            place.assert_index_equals_tree()
            killed = 0
            for _ in range(KILLS):
                with changes.round(30):
                    run = self.kill_after(place, random.uniform(0.01, duration), "incremental")
                    killed += run.code == -signal.SIGKILL
                    place.sync("incremental")
                    place.assert_index_equals_tree()
            self.assertGreater(killed, 0, "no run was killed, so this test has shown nothing")
