# SPDX-License-Identifier: Apache-2.0
"""Writes that reach a real engine late, and another writer in between: what came later stays."""

import holding_proxy
import world


class LateWritesTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.proxy = holding_proxy.HoldingProxy(self.place.engine.url)
        self.addCleanup(self.proxy.stop)
        self.place.set("elasticsearch", host=self.proxy.url)
        for number in range(3):
            self.place.dropbox.change("add_file", path=f"/docs/{number}.txt", text=f"text {number}")

    def release(self):
        self.assertTrue(self.proxy.held)
        self.assertEqual(set(self.proxy.release()), {200})

    def test_late_creation_of_what_was_deleted(self):
        self.proxy.hold(1)
        self.place.sync("full-sync")
        self.place.dropbox.change("delete", path="/docs/0.txt")
        self.place.sync("incremental")
        self.release()
        self.place.assert_index_equals_tree()

    def test_late_creation_of_what_was_deleted_and_is_restored(self):
        self.proxy.hold(1)
        self.place.sync("full-sync")
        self.place.dropbox.change("delete", path="/docs/0.txt")
        self.place.sync("incremental")
        self.place.dropbox.change("restore", path="/docs/0.txt")
        run = self.place.sync("incremental")
        self.assertEqual(run.documents, {"created": 1})
        self.release()
        self.place.assert_index_equals_tree()

    def test_late_update_and_deletion(self):
        self.place.sync("full-sync")
        self.place.dropbox.change("overwrite", path="/docs/1.txt", text="first")
        self.place.dropbox.change("delete", path="/docs/2.txt")
        self.proxy.hold(2)
        self.place.sync("incremental")
        self.place.dropbox.change("overwrite", path="/docs/1.txt", text="second, and longer")
        self.place.dropbox.change("restore", path="/docs/2.txt")
        self.place.sync("incremental")
        self.release()
        self.place.assert_index_equals_tree()

    def test_another_program_changes_documents_meanwhile(self):
        self.place.sync("full-sync")
        self.place.dropbox.change("overwrite", path="/docs/1.txt", text="changed")
        changed = next(key for key, document in self.place.dump().items() if document["name"] == "1.txt")
        happened = []

        def happen():
            happened.append(self.place.engine.request(
                "POST", f"/{self.place.index}/_update/{changed}?refresh=true",
                {"doc": {"size": 99, "sync_fingerprint": "0"}}))

        self.proxy.before_next(happen)
        run = self.place.sync("incremental")
        self.assertTrue(happened)
        self.assertEqual(run.documents, {"updated": 1})
        self.place.assert_index_equals_tree()

    def test_another_program_changes_documents_between_runs(self):
        self.place.sync("full-sync")
        ids = {document["name"]: key for key, document in self.place.dump().items()}
        changes = {"0.txt": {"path_lower": "/elsewhere", "size": 7}, "1.txt": {"sync_seq": None, "name": "other"},
                   "2.txt": {"sync_seq": 2**63 - 1, "received": True}}
        for name, fields in changes.items():
            self.place.engine.request("POST", f"/{self.place.index}/_update/{ids[name]}?refresh=true", {"doc": fields})
        run = self.place.sync("full-sync")
        self.assertEqual(run.documents, {"updated": 3, "unchanged": 1})
        self.place.assert_index_equals_tree()
        self.assertEqual(self.place.sync("full-sync").documents, {"unchanged": 4})

    def test_the_feed_deletes_documents_whose_number_somebody_changed(self):
        self.place.sync("full-sync")
        ids = {document["name"]: key for key, document in self.place.dump().items()}
        for name, number in (("0.txt", None), ("1.txt", 2**63 - 1)):
            self.place.engine.request("POST", f"/{self.place.index}/_update/{ids[name]}?refresh=true",
                                      {"doc": {"sync_seq": number}})
            self.place.dropbox.change("delete", path=f"/docs/{name}")
        self.assertEqual(self.place.sync("incremental").documents, {"deleted": 2})
        self.place.assert_index_equals_tree()
