# SPDX-License-Identifier: Apache-2.0
"""Failed documents between two runs: listed, accepted and tried again, wherever the state is."""

import time

import cluster_state_test


class FailuresTest(cluster_state_test.StateCase):
    def check_failures(self, place):
        place.set("extraction", mode=None)
        add = place.dropbox.change
        bad = add("add_file", path="/Archive/Bad.txt", text="beta")
        add("add_file", path="/good.txt", text="alpha")
        block = {"status": 403, "argument": bad, "times": 0, "body": "<html><title>Blocked</title></html>",
                 "content_type": "text/html"}
        place.dropbox.fault("files/download", "status", **block)
        self.assertEqual(place.run("full-sync").code, 3)

        run = place.run("failures")
        self.assertEqual((run.code, run.stderr, run.requests), (0, "", {}), run)
        first, second = run.stdout.splitlines()
        self.assertTrue(first.startswith("failed: /archive/bad.txt (download, HTTP 403): "), run)
        self.assertRegex(second, rf"^  {bad}, 1 attempt, last 20\S+Z; the next run tries it again$")
        record, = place.run("failures", "list", "--json").summary["failures"]
        self.assertEqual((record["id"], record["path"], record["operation"], record["status"], record["attempts"],
                          record["accepted"]), (bad, "/archive/bad.txt", "download", 403, 1, ""))

        run = place.run("failures", "accept", "/nowhere")
        self.assertEqual(run.code, 2, run)
        self.assertIn("no failed document is /nowhere", run.stderr)
        self.assertEqual(place.run("incremental").code, 3)
        run = place.run("failures", "accept", "/ARCHIVE/")
        self.assertEqual((run.code, run.stdout), (0, "1 document accepted until the files change\n"), run)

        # Neither an incremental nor a full sync counts it, although the latter tries it.
        self.assertEqual(place.sync("incremental").summary["documents"]["failed"], 0)
        run = place.sync("full-sync")
        self.assertEqual(run.summary["documents"]["failed"], 0)
        self.assertGreater(run.requests.get("files/download", 0), 0)
        status = place.run("status", "--json").summary
        self.assertEqual((status["pending_failures"], status["accepted_failures"]), (0, 1))
        self.assertIn("failed documents: 0, and 1 accepted\n", place.run("status").stdout)
        self.assertIn("; accepted 20", place.run("failures").stdout)

        # Another revision is another matter. Times of Dropbox are in seconds.
        time.sleep(1.1)
        add("overwrite", path="/Archive/Bad.txt", text="gamma")
        self.assertEqual(place.run("incremental").code, 3)

        place.dropbox.order("faults/clear")
        run = place.run("failures", "retry", bad)
        self.assertEqual((run.code, run.stdout), (0, "the next run tries 1 document again\n"), run)
        place.sync("incremental")
        self.assertEqual(place.dump()[bad]["body"].strip(), "gamma")
        run = place.run("failures")
        self.assertEqual((run.code, run.stdout, run.stderr), (0, "", "dbx-es: no document has failed\n"))
        self.assertEqual(place.run("failures", "retry").code, 0)

    def test_in_the_folder(self):
        self.check_failures(self.world())

    def test_in_the_cluster(self):
        self.check_failures(self.place())

    def test_while_a_run_holds_the_state(self):
        place = self.world()
        place.set("extraction", mode=None)
        blocked = place.dropbox.change("add_file", path="/b.txt", text="x")
        place.dropbox.fault("files/download", "status", status=403, argument=blocked, times=0,
                            body="<html><title>Blocked</title></html>", content_type="text/html")
        self.assertEqual(place.run("full-sync").code, 3)
        place.dropbox.change("add_file", path="/c.txt", text="x")
        running = place.begin_and_hold("incremental")
        run = place.run("failures", "accept")
        self.assertEqual(run.code, 11, run)
        self.assertEqual(place.run("failures").code, 0)
        running.end()
        place.let_go()
