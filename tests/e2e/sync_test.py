# SPDX-License-Identifier: Apache-2.0
"""Syncs that succeed: after each, the index equals the Dropbox, and a run costs no more than what has changed."""

import distant
import engines
import oracle
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
        run = self.place.sync("full-sync", "--change-path", "--max-delete", str(gone))
        self.assertEqual(run.documents["deleted"], gone)
        self.place.assert_index_equals_tree()
        self.place.dropbox.change("add_file", path="/Contracts/new.txt", text="in")
        self.place.dropbox.change("add_file", path="/Finance/new.txt", text="out")
        run = self.place.sync("incremental")
        self.assertEqual(run.documents, {"created": 1})
        self.place.assert_index_equals_tree()

    def test_several_folders_in_one_index(self):
        self.place.set("dropbox", path=["/Contracts", "/Finance"])
        gone = len(self.place.dump()) - len(self.place.expected())
        self.place.sync("full-sync", "--change-path", "--max-delete", str(gone))
        self.place.assert_index_equals_tree()
        quiet = self.place.sync("incremental")
        self.assertEqual(quiet.requests["files/list_folder/continue"], 1)
        # Between them both ways, out of one and into another.
        change = self.place.dropbox.change
        for source, target in (("/Contracts", "/Finance"), ("/Finance", "/Contracts"), ("/Photos", "/Finance")):
            change("add_file", path=f"{source}/traveller of {source[1:]}.txt", text=source)
            self.place.sync("incremental")
            change("move", **{"from": f"{source}/traveller of {source[1:]}.txt",
                              "to": f"{target}/deep/from {source[1:]}.txt"})
            run = self.place.sync("incremental")
            self.place.assert_index_equals_tree()
        change("move", **{"from": "/Finance/deep", "to": "/Photos/deep"})
        run = self.place.sync("incremental")
        self.assertEqual(run.documents, {"deleted": 3})
        self.place.assert_index_equals_tree()
        shown = self.place.run("status", "--json")
        self.assertEqual(shown.code, 0, shown)
        refused = self.place.run("incremental", "--path", "/Finance", "--path", "/", "--json")
        self.assertEqual(refused.code, 2, refused)
        self.assertIn("/Finance is listed, and so is /, which contains it", refused.summary["message"])

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
            self.assertNotEqual(after[key].pop("sync_version"), document.pop("sync_version"))
            self.assertEqual(after[key], document)

    def test_a_case_rename_is_found_by_a_full_sync(self):
        # The change feed does not report it.
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


class TakeOverTest(world.Case):
    """An index that Elastic's Dropbox connector has filled, by dynamic mapping."""

    OLD_TIME = "2023-01-01T06:06:06.123456+00:00"
    SWITCHES = {"_extract_binary_content": True, "_reduce_whitespace": True, "_run_ml_inference": True}

    def fill(self, place):
        """Most of what the connector would have written a while ago, and two files that have gone since."""
        items = [item for item in place.dropbox.ask("snapshot") if not item["received"]][1:]
        documents = {item["id"]: {"id": item["id"], "type": item["type"].capitalize(), "name": item["name"], "size": 1,
                                  "file_path": item["path_display"], "_timestamp": self.OLD_TIME,
                                  "body": "what was in it", **self.SWITCHES} for item in items}
        for number in range(2):
            documents[f"id:gone{number}"] = dict(documents[items[0]["id"]], id=f"id:gone{number}", file_path="/gone.txt")
        lines = [line for key, source in documents.items() for line in ({"index": {"_id": key}}, source)]
        answer = place.engine.request("POST", f"/{place.index}/_bulk?refresh=true", lines)
        self.assertFalse(answer["errors"], answer)
        return {item["id"] for item in items}

    def assert_taken_over(self, place, ids):
        """All is as in an index of dbx-es's own, but for what is not its business: the switches of the connector, and
        since when there is a folder."""
        documents = place.dump()
        for key in ids:
            document = documents[key]
            self.assertEqual({name: document.pop(name) for name in self.SWITCHES}, self.SWITCHES)
            if document["type"] == "Folder":
                self.assertEqual(document["_timestamp"], self.OLD_TIME)
                document["_timestamp"] = "2023-01-01T06:06:06Z"
                document.pop("body")
            for name in ("body", "title", "language", "body_fingerprint"):
                document.pop(name, None)
        self.assertEqual(oracle.differences(place.expected(), documents, {}), [])

    def test_documents_become_those_of_dbx_es(self):
        place = self.world()
        place.dropbox.change("demo")
        ids = self.fill(place)
        run = place.sync("full-sync")
        self.assertEqual(run.documents, {"created": len(place.expected()) - len(ids), "updated": len(ids), "deleted": 2})
        self.assert_taken_over(place, ids)
        fields = place.engine.request("GET", f"/{place.index}/_mapping")[place.index]["mappings"]["properties"]
        self.assertEqual((fields["ancestors"]["type"], fields["sync_seq"]["type"]), ("keyword", "long"))
        place.dropbox.change("move", **{"from": "/Contracts", "to": "/Signed"})
        place.sync("incremental")
        self.assert_taken_over(place, ids)
        # Who says what is in files says it anew.
        place.set("extraction", mode="local")
        place.sync("full-sync")
        bodies = {document["name"]: document.get("body") for document in place.dump().values()}
        self.assertEqual(bodies["INV-1002.txt"], "Invoice 1002. Customer: Fabrikam. Total: 980.50 EUR. Paid.\n")


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

    def test_nothing_new_far_away(self):
        """Where each round trip takes its time, such a run takes as long as one connection and one request."""
        place = self.world()
        place.dropbox.change("demo")
        place.sync("full-sync")
        far = distant.DistantDropbox(place.dropbox, place.folder / "front", round_trip_s=0.1)
        self.addCleanup(far.stop)
        place.set("dropbox", **far.settings)
        # A token of another address is not used.
        self.assertEqual(place.sync("incremental").requests["oauth2/token"], 1)
        ratios = []
        while len(ratios) < 10 and (not ratios or min(ratios) > 1.2):
            alone = far.handshake_and_request()
            run = place.sync("incremental")
            self.assertEqual(run.requests, {"files/list_folder/continue": 1, "sharing/list_received_files": 1})
            ratios.append(run.seconds / alone)
        self.assertLessEqual(min(ratios), 1.2, ratios)

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
