# SPDX-License-Identifier: Apache-2.0
"""An index that is not the one that the last run left, and an index that somebody else keeps."""

import contextlib
import os
import threading
import time
import urllib.parse

import oracle
import world

FILES = 6000


class ReplacedIndexTest(world.Case):
    """What was done to the index between two runs; the next run that has something to write makes it right."""

    def setUp(self):
        self.place = self.world()
        self.place.dropbox.change("demo")
        self.place.sync("full-sync")
        self.place.assert_index_equals_tree()

    def request(self, method, path, body=None):
        return self.place.engine.request(method, path, body)

    @contextlib.contextmanager
    def snapshot(self):
        """Takes a snapshot of the index and yields a function that restores it; the repository goes with the engine."""
        repository = f"/_snapshot/repo-{self.place.index}"
        self.request("PUT", repository, {"type": "fs", "settings": {"location": self.place.index}})
        self.addCleanup(self.request, "DELETE", repository)
        what = {"indices": self.place.index, "include_global_state": False}
        self.request("PUT", f"{repository}/one?wait_for_completion=true", what)
        self.addCleanup(self.request, "DELETE", f"{repository}/one")
        yield lambda: self.request("POST", f"{repository}/one/_restore?wait_for_completion=true", what)

    def change_dropbox(self):
        self.place.dropbox.change("move", **{"from": "/Contracts", "to": "/Signed"})
        self.place.dropbox.change("delete", path="/Photos")

    def assert_repairs(self, *words):
        self.place.forget_all_folder_times()
        self.place.dropbox.change("add_folder", path=f"/Later {len(self.place.expected())}")
        run = self.place.sync("incremental")
        for word in (*words, "running a full sync"):
            self.assertIn(word, run.stderr)
        self.place.assert_index_equals_tree()
        # It is the index that the state knows from now on.
        self.place.dropbox.change("add_folder", path=f"/Later {len(self.place.expected())}")
        run = self.place.sync("incremental")
        self.assertNotIn("full sync", run.stderr)
        self.place.assert_index_equals_tree()

    def test_deleted(self):
        self.request("DELETE", f"/{self.place.index}")
        self.assert_repairs("is gone")

    def test_made_again_empty(self):
        self.request("DELETE", f"/{self.place.index}")
        self.request("PUT", f"/{self.place.index}")
        self.assert_repairs("is not the one that dbx-es left")

    def test_restored_after_it_was_deleted(self):
        with self.snapshot() as restore:
            self.change_dropbox()
            self.place.sync("incremental")
            self.request("DELETE", f"/{self.place.index}")
            restore()
        self.assert_repairs("is not the one that dbx-es left")

    def test_restored_in_place(self):
        with self.snapshot() as restore:
            self.change_dropbox()
            self.place.sync("incremental")
            self.request("POST", f"/{self.place.index}/_close")
            restore()
        self.assert_repairs("is not the one that dbx-es left")

    def test_alias_moved(self):
        place = self.place
        blue, green = f"{place.index}-blue", f"{place.index}-green"
        for index in (blue, green):
            self.addCleanup(place.engine.delete_index, index)
            self.request("PUT", f"/{index}")
        self.request("DELETE", f"/{place.index}")
        self.request("POST", "/_aliases", {"actions": [{"add": {"index": blue, "alias": place.index}}]})
        if place.engine.username:
            place.set("elasticsearch", api_key=place.keep_secret(place.engine.connector_key(f"{place.index}*")))
        self.assert_repairs("is not the one that dbx-es left")
        self.request("POST", "/_aliases", {"actions": [{"remove": {"index": blue, "alias": place.index}},
                                                       {"add": {"index": green, "alias": place.index}}]})
        self.assert_repairs("is not the one that dbx-es left")

    def test_check_says_so(self):
        self.request("DELETE", f"/{self.place.index}")
        self.request("PUT", f"/{self.place.index}")
        run = self.place.run("check", "--json")
        identity = next(line for line in run.summary["checks"] if line["name"] == "index identity")
        self.assertEqual(identity["status"], "warning", run)


class DeletedInTheMiddleTest(world.Case):
    def test_first_full_sync(self):
        """The cluster makes a deleted index again by itself, without its mapping; the run makes it anew, with it."""
        place = self.world(simulator_arguments=("--tree", str(FILES)))
        place.dropbox.fault("files/list_folder/continue", "slow_body", skip=1, bytes_per_second=150_000)
        started = place.begin("full-sync", "--json")
        deadline = time.monotonic() + world.RUN_TIMEOUT_S
        while not (place.dump() or ()):
            self.assertIsNone(started.process.poll(), "the run ended before it wrote")
            self.assertLess(time.monotonic(), deadline)
        place.engine.request("DELETE", f"/{place.index}")
        run = started.finish()
        self.assertEqual(run.code, 0, run)
        self.assertIn("starting over", run.stderr)
        place.assert_index_equals_tree()
        mapping = place.engine.request("GET", f"/{place.index}/_mapping")[place.index]["mappings"]
        self.assertEqual(mapping["properties"]["path_lower"]["type"], "keyword")
        self.assertIn("dbx_es", mapping["_meta"])


class KeeperTest(world.Case):
    def keeper(self, place):
        return place.engine.request("GET", f"/{place.index}/_mapping")[place.index]["mappings"]["_meta"]["dbx_es"]

    def assert_refused(self, place, *arguments, code=11, words=()):
        before = place.dump()
        run = place.run(*arguments)
        self.assertEqual(run.code, code, run)
        for word in words:
            self.assertIn(word, run.stderr)
        self.assertEqual(place.dump(), before)

    def test_a_second_state_folder(self):
        place = self.world()
        place.dropbox.change("demo")
        place.sync("full-sync")
        keeper = self.keeper(place)
        self.assertEqual(keeper["host"], os.uname().nodename)
        place.dropbox.change("delete", path="/Photos")
        place.set("sync", state_dir=str(place.folder / "laptop"))
        for command in ("full-sync", "incremental", "full-sync --dry-run"):
            self.assert_refused(place, *command.split(), words=(keeper["host"], keeper["since"],
                                                                "full-sync --take-over"))
        place.sync("full-sync", "--take-over")
        place.assert_index_equals_tree()
        self.assertNotEqual(self.keeper(place)["state"], keeper["state"])
        place.set("sync", state_dir=str(place.state))
        place.dropbox.change("add_folder", path="/Later")
        self.assert_refused(place, "incremental", words=("--take-over",))

    def test_another_spelling_of_the_host(self):
        place = self.world()
        place.dropbox.change("demo")
        place.sync("full-sync")
        address = urllib.parse.urlsplit(place.engine.url)
        place.set("elasticsearch", host=f"{address.scheme}://localhost:{address.port}")
        self.assert_refused(place, "full-sync", words=("kept by another state, on host",))

    def test_another_account(self):
        place, other = self.world(), self.world(simulator_arguments=("--seed", "2"))
        place.dropbox.change("demo")
        other.dropbox.change("add_folder", path="/Mine")
        place.sync("full-sync")
        # With a state folder of its own, and with that of the keeper.
        for state in (other.state, place.state):
            other.set("elasticsearch", index=place.index, api_key=place.settings["elasticsearch"].get("api_key"))
            other.set("sync", state_dir=str(state))
            other.index = place.index
            for command in ("full-sync", "full-sync --take-over"):
                self.assert_refused(other, *command.split(), code=2, words=("belongs to the Dropbox of", "dbid:"))
        other.secrets |= place.secrets
        place.assert_index_equals_tree()

    def test_two_at_once(self):
        """Two machines begin on one index at the same moment: in the end it has one keeper, and equals the Dropbox."""
        place = self.world(simulator_arguments=("--tree", "500"))
        place.write_config()
        runs = []

        def run(number):
            runs.append(place.start("-c", str(place.config), "full-sync", "--state-dir",
                                    str(place.folder / f"state-{number}")).finish())

        threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertIn(sorted(run.code for run in runs), ([0, 11], [11, 11]), runs)
        place.sync("full-sync", "--take-over")
        # Two programs with one token ask for it more often than one would.
        place.dropbox.ask("violations")
        self.assertEqual(oracle.differences(place.expected(), place.dump(), {}), [])


class QuietRunTest(world.Case):
    def test_a_quiet_run_asks_the_cluster_nothing(self):
        place = self.world(with_relay=True)
        place.dropbox.change("demo")
        place.sync("full-sync")
        run = place.sync("incremental")
        self.assertEqual(run.summary["elasticsearch"]["requests"], 0, run)

    def test_what_somebody_changed_is_noticed_within_an_hour(self):
        for shards in (1, 3):
            with self.subTest(shards=shards):
                place = self.world(with_relay=True)
                place.engine.request("PUT", f"/{place.index}", {"settings": {"number_of_shards": shards}})
                place.dropbox.change("demo")
                place.sync("full-sync")
                place.assert_index_equals_tree()
                changed = {identifier: document for identifier, document in place.dump().items()
                           if document["type"] == "File" and not document.get("received")}
                for number, identifier in enumerate(changed):
                    change = [{"size": 7}, {"name": "by hand"}, {"path_lower": "/by hand"}, {"department": "sales"}][number % 4]
                    place.engine.request("POST", f"/{place.index}/_update/{urllib.parse.quote(identifier)}", {"doc": change})
                place.engine.request("POST", f"/{place.index}/_refresh")
                run = place.sync("incremental")
                self.assertEqual(run.summary["elasticsearch"]["requests"], 0, run)
                place.let_an_hour_pass()
                run = place.sync("incremental")
                self.assertNotIn("full sync", run.stderr)
                by_us = sum(number % 4 != 3 for number in range(len(changed)))
                self.assertEqual(run.summary["documents"]["updated"], by_us, run)
                documents = place.dump()
                kept = [document.pop("department", None) for document in documents.values()]
                self.assertIn("sales", kept)
                self.assertEqual(oracle.differences(place.expected(), documents, {}), [])
                # The look after the next one has nothing of this left to read.
                for _ in range(3):
                    place.let_an_hour_pass()
                    run = place.sync("incremental")
                    self.assertEqual(run.summary["documents"]["updated"], 0, run)
                self.assertEqual(run.summary["elasticsearch"]["requests"], 2 + shards, run)
