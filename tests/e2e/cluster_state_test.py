# SPDX-License-Identifier: Apache-2.0
"""State in the cluster: machines without a folder that lasts, and runs that are killed, stopped and continued while others
continue their work. DBX_ES_STATE_ROUNDS sets how many rounds of that are played."""

import os
import shutil
import signal
import time
import unittest

import engines
import oracle
import world
from changes import RandomChanges

ROUNDS = int(os.environ.get("DBX_ES_STATE_ROUNDS", "6"))
LEASE_S = 10  # the shortest
# What the manual says that a key needs on the index of the state.
PRIVILEGES = ["create_index", "read", "index", "delete", "maintenance", "view_index_metadata"]


class StateCase(world.Case):
    def place(self, engine=None, **options):
        place = self.world(engine, **options)
        self.addCleanup(place.engine.delete_index, f"dbx-es-{place.index}")
        place.set("sync", state="cluster", state_dir=None, lease=LEASE_S)
        if place.engine.username:
            indices = [{"names": [place.index], "privileges": ["all"]},
                       {"names": [f"dbx-es-{place.index}"], "privileges": PRIVILEGES}]
            key = place.engine._create_key("state", {"dbx-es": {"cluster": ["monitor"], "indices": indices}})
            place.set("elasticsearch", api_key=place.keep_secret(key))
        return place


class ClusterStateTest(StateCase):
    def fresh_machine(self, place):
        """Everything that an earlier container had is gone."""
        shutil.rmtree(place.home)
        (place.home / "tmp").mkdir(parents=True)

    def state(self, place):
        document = place.engine.request("GET", f"/dbx-es-{place.index}/_doc/state")["_source"]
        for secret in place.secrets:
            self.assertNotIn(secret, str(document))
        return document

    def assert_nothing_is_written(self, place):
        files = [path for path in place.home.rglob("*") if path.is_file()]
        self.assertEqual(files, [])
        self.assertFalse(place.state.exists())

    def check_fresh_machines(self, place):
        place.dropbox.change("demo")
        place.sync("full-sync")
        place.assert_index_equals_tree()
        with self.seeded() as random:
            changes = RandomChanges(place.dropbox, random)
            for _ in range(3):
                self.fresh_machine(place)
                with changes.round(5):
                    place.sync("incremental")
                    place.forget_folder_times(changes.returned)
                    place.assert_index_equals_tree()
        self.assert_nothing_is_written(place)
        self.assertEqual(self.state(place)["owner"], "")
        quiet = place.sync("incremental")
        # The third one, which ends the run, contains the summary.
        self.assertEqual(quiet.summary["elasticsearch"]["requests"], 2, quiet)
        status = place.run("status", "--json")
        self.assertEqual(status.code, 0, status)
        self.assertEqual(len(status.summary["runs"]), 5)
        check = place.run("check")
        self.assertEqual(check.code, 0, check)

    def test_fresh_machines(self):
        self.check_fresh_machines(self.place())

    def test_fresh_machines_with_opensearch(self):
        self.check_fresh_machines(self.place(engines.engine("opensearch")))

    def test_the_state_is_hidden(self):
        place = self.place()
        place.dropbox.change("demo")
        place.sync("full-sync")
        found = place.engine.request("GET", "/dbx-es-*?expand_wildcards=open")
        self.assertNotIn(f"dbx-es-{place.index}", found)
        mapping = place.engine.request("GET", f"/dbx-es-{place.index}")[f"dbx-es-{place.index}"]["mappings"]
        self.assertEqual(mapping["dynamic"], "strict")

    def test_a_second_run(self):
        place = self.place(simulator_arguments=("--tree", "8000"))
        held = place.begin_and_hold("full-sync", after_pages=1)
        second = place.run("incremental")
        self.assertEqual(second.code, 11, second)
        self.assertIn(f"pid {held.process.pid} on host {os.uname().nodename}", second.stderr)
        held.process.send_signal(signal.SIGTERM)
        self.assertEqual(held.finish().code, 143)
        place.let_go()
        place.sync("full-sync")
        place.assert_index_equals_tree()

    def test_moved(self):
        place = self.place()
        place.dropbox.change("demo")
        place.set("sync", state="folder", state_dir=str(place.state))
        place.sync("full-sync")
        moved = place.run("state", "move", "--to", "cluster")
        self.assertEqual(moved.code, 0, moved)
        self.assertIn('set [sync] state = "cluster"', moved.stderr + moved.stdout)
        place.set("sync", state="cluster")
        place.dropbox.change("add_file", path="/after the move.txt", text="x")
        run = place.sync("incremental")
        self.assertEqual(run.documents.get("created"), 1, run)
        self.assertNotIn("files/list_folder", run.requests, "the cursor was moved as well")
        back = place.run("state", "move", "--to", "folder")
        self.assertEqual(back.code, 0, back)
        place.set("sync", state="folder")
        self.assertNotIn("files/list_folder", place.sync("incremental").requests)
        place.assert_index_equals_tree()


class ManyMachinesTest(StateCase):
    """Two to four processes on one target, which are killed, stopped and continued."""

    def test_rounds(self):
        place = self.place(simulator_arguments=("--tree", "300"))
        place.set("elasticsearch", bulk_max_actions=20)
        place.sync("full-sync")
        with self.seeded() as random:
            changes = RandomChanges(place.dropbox, random)
            for _ in range(ROUNDS):
                with changes.round(6):
                    self.play(place, random, changes)
                    # Two processes may ask for one page at once, which a single one never does.
                    place.dropbox.ask("violations")
                    self.assertEqual(oracle.differences(place.expected(), place.dump()), [])

    def begin(self, place, random):
        """A process and what is done to it."""
        command = random.choice(("incremental", "incremental", "full-sync"))
        run = place.begin(command, "--json")
        time.sleep(random.uniform(0, 0.4))
        fate = random.choice(("kill", "stop", "live"))
        if run.process.poll() is None and fate != "live":
            run.process.send_signal(signal.SIGKILL if fate == "kill" else signal.SIGSTOP)
        return run, fate

    def end(self, run, fate):
        """Whether the process did the whole work. Its exit code is one that its fate explains."""
        if fate == "stop":
            run.process.send_signal(signal.SIGCONT)
        done = run.finish()
        allowed = {"kill": (-signal.SIGKILL, 0, 3, 11)}.get(fate, (0, 3, 11))
        self.assertIn(done.code, allowed, done)
        return done.code in (0, 3)

    def play(self, place, random, changes):
        earlier = []
        for _ in range(random.randint(1, 3)):
            earlier.append(self.begin(place, random))
            changes.change(2)
        last = place.begin("incremental", "--json").finish()
        self.assertIn(last.code, (0, 3, 11), last)
        worked = [self.end(*each) for each in earlier]
        if all(fate == "live" for _, fate in earlier):
            self.assertTrue(last.code != 11 or any(worked), "each was refused, and none worked")
        place.let_go()
        place.sync("incremental")


if __name__ == "__main__":
    unittest.main()
