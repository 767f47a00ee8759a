# SPDX-License-Identifier: Apache-2.0
"""Syncs that succeed: after each, the index equals the Dropbox, and a run costs no more than what has changed."""

import engines
import world
from changes import RandomChanges

ROUNDS = 20
CHANGES_PER_ROUND = 5


class MainTest(world.Case):
    """The life of an index, on each engine: filled, looked at again, and then kept equal through changes."""

    def check_life(self, engine):
        place = self.world(engine)
        with self.seeded() as random:
            changes = RandomChanges(place.dropbox, random)
            place.dropbox.change("demo")
            changes.change(40)
            first = place.sync("full-sync")
            place.assert_index_equals_tree()
            self.assertEqual(first.documents, {"created": len(place.expected())})
            self.check_nothing_to_do(place)
            for _ in range(ROUNDS):
                self.check_round(place, changes)
            self.check_nothing_to_do(place)

    def check_round(self, place, changes):
        with changes.round(CHANGES_PER_ROUND):
            run = place.sync("incremental")
            place.assert_index_equals_tree()
        self.assertNotIn("files/list_folder", run.requests, "the cost follows the change, not the tree")

    def check_nothing_to_do(self, place):
        """A second full sync writes nothing at all, and says so."""
        writes, state = place.writes(), place.dump()
        run = place.sync("full-sync")
        self.assertEqual(place.writes(), writes)
        self.assertEqual(place.dump(), state)
        self.assertEqual(run.documents, {"unchanged": len(state)})
        self.assertFalse([route for route in run.requests if "download" in route or "export" in route], run)

    def test_newest_elasticsearch(self):
        self.check_life(engines.engine())

    def test_previous_elasticsearch_over_tls(self):
        self.check_life(engines.engine(version="8.19.21", tls=True))

    def test_opensearch_without_security(self):
        place = self.world(engines.engine("opensearch"))
        self.assertNotIn("api_key", place.settings["elasticsearch"])
        place.dropbox.change("demo")
        place.sync("full-sync")
        place.assert_index_equals_tree()
        place.dropbox.change("move", **{"from": "/Contracts", "to": "/Signed"})
        place.dropbox.change("delete", path="/Photos")
        place.sync("incremental")
        place.assert_index_equals_tree()


class FullSyncTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.place.dropbox.change("demo")
        self.place.sync("full-sync")

    def test_a_cursor_reset_starts_a_full_sync_by_itself(self):
        writes = self.place.writes()
        self.place.dropbox.order("cursors/reset")
        run = self.place.sync("incremental")
        self.assertEqual(self.place.writes(), writes)
        self.assertEqual(run.documents, {"unchanged": len(self.place.expected())})
        self.assertEqual(run.requests["files/list_folder"], 1)
        # What changed while the cursor was dead is found by the listing, deletions included.
        self.place.dropbox.change("delete", path="/Photos")
        self.place.dropbox.change("add_file", path="/new.txt", text="new")
        self.place.dropbox.order("cursors/reset")
        self.place.sync("incremental")
        self.place.assert_index_equals_tree()

    def test_another_path_needs_a_full_sync(self):
        self.place.set("dropbox", path="/Contracts")
        before = self.place.look()
        refused = self.place.run("incremental", "--json")
        self.assertEqual(refused.code, 6, refused)
        self.assertEqual(refused.summary["outcome"], "full_sync_needed")
        self.assertIn('dropbox.path was "/" and is now "/Contracts"', refused.summary["message"])
        self.place.assert_same(before, refused)
        self.assertNotIn("files/list_folder", refused.requests)
        gone = len(self.place.dump()) - len(self.place.expected())
        self.assertGreater(gone, 10)
        run = self.place.sync("full-sync", "--max-delete", str(gone))
        self.assertEqual(run.documents["deleted"], gone)
        self.place.assert_index_equals_tree()
        self.place.dropbox.change("add_file", path="/Contracts/new.txt", text="in")
        self.place.dropbox.change("add_file", path="/Finance/new.txt", text="out")
        run = self.place.sync("incremental")
        self.assertEqual(run.documents, {"created": 1})
        self.place.assert_index_equals_tree()

    def test_force_rewrites_everything(self):
        before = self.place.dump()
        writes = self.place.writes()
        run = self.place.sync("full-sync", "--force")
        self.assertEqual(run.documents, {"updated": len(before)})
        self.assertEqual(self.place.writes(), writes + len(before))
        self.place.assert_index_equals_tree()
        after = self.place.dump()
        for key, document in before.items():
            self.assertGreater(after[key].pop("sync_seq"), document.pop("sync_seq"))
            self.assertEqual(after[key], document)

    def test_a_case_rename_is_found_by_a_full_sync(self):
        # Dropbox tells nothing of it in the list of changes.
        self.place.dropbox.change("case_rename", path="/Contracts", name="CONTRACTS")
        before = self.place.dump()
        self.place.sync("incremental")
        self.assertEqual(self.place.dump(), before)
        self.place.sync("full-sync")
        self.place.assert_index_equals_tree()
        self.assertIn("/CONTRACTS", [document.get("file_path") for document in self.place.dump().values()])

    def test_received_files_can_be_left_out(self):
        received = [item["id"] for item in self.place.dropbox.ask("snapshot") if item["received"]]
        self.assertTrue(received)
        self.assertLessEqual(set(received), self.place.dump().keys())
        self.place.set("dropbox", include_received_files=False)
        self.assertEqual(self.place.run("incremental").code, 6)
        run = self.place.sync("full-sync")
        self.assertEqual(run.documents["deleted"], len(received))
        self.assertNotIn("sharing/list_received_files", run.requests)
        self.place.assert_index_equals_tree()


class CostTest(world.Case):
    """An incremental run with nothing new, in requests."""

    def check(self, received):
        place = self.world(with_relay=True)
        place.set("dropbox", include_received_files=received)
        place.dropbox.change("demo")
        place.sync("full-sync")
        place.sync("incremental")
        # Elasticsearch is not there at all, so a run that asked it for anything would fail.
        place.relay.close()
        connections = place.relay.connections
        run = place.sync("incremental")
        place.relay.open()
        self.assertEqual(place.relay.connections, connections)
        self.assertEqual(run.summary["elasticsearch"]["requests"], 0)
        self.assertLessEqual(run.requests.pop("oauth2/token"), 1)
        expected = {"files/list_folder/continue": 1}
        if received:
            expected["sharing/list_received_files"] = 1
        self.assertEqual(run.requests, expected)
        self.assertEqual(run.documents, {})
        place.assert_index_equals_tree()

    def test_nothing_new(self):
        self.check(received=True)

    def test_nothing_new_without_received_files(self):
        self.check(received=False)

    def test_a_run_that_needs_elasticsearch_fails_without_it(self):
        # The proof above is worth something only if a change does need Elasticsearch.
        place = self.world(with_relay=True)
        place.set("sync", give_up_after=1)
        place.dropbox.change("demo")
        place.sync("full-sync")
        place.dropbox.change("delete", path="/Photos")
        place.relay.close()
        run = place.run("incremental", "--json")
        self.assertEqual(run.code, 5, run)
        place.relay.open()
        place.sync("incremental")
        place.assert_index_equals_tree()
