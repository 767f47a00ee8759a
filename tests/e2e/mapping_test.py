# SPDX-License-Identifier: Apache-2.0
"""Indices that somebody else has made, limited or closed: named with the command that helps, or used as they are."""

import engines
import world

KEYWORD = {"type": "keyword"}


class MappingTest(world.Case):
    def place_with(self, mappings=None, settings=None, **dropbox):
        """A world whose index somebody else has made."""
        place = self.world()
        place.set("sync", give_up_after=2)
        if dropbox:
            place.set("dropbox", **dropbox)
        place.engine.request("PUT", f"/{place.index}", {"mappings": mappings or {}, "settings": settings or {}})
        place.dropbox.change("add_file", path="/salaries.txt", text="salaries")
        return place

    def assert_named(self, place, *words, line="mapping"):
        """check and a run name what is wrong and what helps, with exit status 2; nothing is written."""
        checked = place.run("check", "--json")
        self.assertEqual(checked.code, 2, checked)
        found = [one for one in checked.summary["checks"] if one["status"] == "problem"]
        self.assertEqual([one["name"] for one in found], [line], checked)
        run = place.run("full-sync")
        self.assertEqual(run.code, 2, run)
        for word in words:
            self.assertIn(word, f"{found[0]['message']}: {found[0]['advice']}")
            self.assertIn(word, run.stderr)

    def test_a_list_that_does_not_exist_for_a_search(self):
        for field in ({"type": "text", "index": False}, {**KEYWORD, "ignore_above": 10},
                      {**KEYWORD, "index": False, "doc_values": False}):
            with self.subTest(field):
                place = self.place_with(
                    {"properties": {"_allow_access_control": {**field, "fields": {"keyword": KEYWORD}}}},
                    use_document_level_security=True)
                self.assert_named(place, "_allow_access_control")
                self.assertEqual(place.dump(), {}, "a stranger finds nothing")

    def test_keywords_that_ignore_long_paths(self):
        for field in ("path_lower", "ancestors"):
            with self.subTest(field):
                place = self.place_with({"properties": {field: {**KEYWORD, "ignore_above": 256}}})
                self.assert_named(place, f'"{field}"', f"PUT /{place.index}/_mapping")
                # What it names helps.
                place.engine.request("PUT", f"/{place.index}/_mapping",
                                     {"properties": {field: {**KEYWORD, "ignore_above": 8191}}})
                place.sync("full-sync", "--force")
                place.assert_index_equals_tree()

    def test_fields_that_take_no_documents(self):
        for field, mapping in {"size": {"type": "byte"}, "client_modified": {"type": "date", "format": "yyyy-MM-dd"},
                               "body": KEYWORD, "sync_seq": {"type": "integer"}}.items():
            with self.subTest(field):
                self.assert_named(self.place_with({"properties": {field: mapping}}), f'"{field}"')

    def test_a_source_without_a_field(self):
        self.assert_named(self.place_with({"_source": {"excludes": ["body"]}}), '"body" out of _source')

    def test_required_routing(self):
        self.assert_named(self.place_with({"_routing": {"required": True}}), "requires routing")

    def test_log_data(self):
        try:
            place = self.place_with(settings={"index.mode": "logsdb"})
        except engines.HttpFailure as refused:
            self.assertIn("index", str(refused))
            self.skipTest(f"this engine has no such mode: {refused}")
        self.assert_named(place, "index.mode = logsdb", line="index")

    def test_few_fields_in_a_search(self):
        place = self.place_with(settings={"index.max_docvalue_fields_search": 2})
        self.assert_named(place, f'PUT /{place.index}/_settings {{"index.max_docvalue_fields_search":null}}',
                          line="index")
        # A limit that is set later is named by the run that meets it.
        place.engine.request("PUT", f"/{place.index}/_settings", {"index.max_docvalue_fields_search": None})
        place.sync("full-sync")
        place.engine.request("PUT", f"/{place.index}/_settings", {"index.max_docvalue_fields_search": 2})
        place.dropbox.change("delete", path="/salaries.txt")
        run = place.run("incremental")
        self.assertEqual(run.code, 2, run)
        self.assertIn(f'PUT /{place.index}/_settings {{"index.max_docvalue_fields_search":null}}', run.stderr)

    def test_a_small_result_window(self):
        place = self.place_with()
        place.set("sync", max_delete="unlimited")
        for number in range(250):
            place.dropbox.change("add_file", path=f"/docs/{number}.txt", text="x")

        def sync(command):
            for window in (100, None):
                place.engine.request("PUT", f"/{place.index}/_settings", {"index.max_result_window": window})
                if window:
                    place.sync(command)
            # Reads more than a window at once.
            place.assert_index_equals_tree()

        sync("full-sync")
        place.dropbox.change("delete", path="/docs")
        sync("incremental")
        sync("full-sync")

    def test_a_closed_index_and_a_block(self):
        place = self.place_with()
        place.sync("full-sync")
        place.dropbox.change("add_file", path="/new.txt", text="x")
        place.engine.request("POST", f"/{place.index}/_close")
        self.assert_named(place, f"index {place.index} is closed", f"open it with POST /{place.index}/_open",
                          line="index")
        run = place.run("incremental")
        self.assertEqual(run.code, 2, run)
        self.assertIn(f"POST /{place.index}/_open", run.stderr)
        place.engine.request("POST", f"/{place.index}/_open")
        for setting in ("index.blocks.write", "index.blocks.read_only"):
            place.engine.request("PUT", f"/{place.index}/_settings", {setting: True})
            self.assert_named(place, f'PUT /{place.index}/_settings {{"{setting}":null}}', line="index")
            run = place.run("incremental")
            self.assertEqual(run.code, 2, run)
            self.assertIn(setting, run.stderr)
            place.engine.request("PUT", f"/{place.index}/_settings", {setting: None})
        # A full disk passes.
        place.engine.request("PUT", f"/{place.index}/_settings", {"index.blocks.read_only_allow_delete": True})
        run = place.run("incremental")
        self.assertEqual(run.code, 5, run)
        self.assertIn("disk of the cluster is full", run.stderr)
        place.engine.request("PUT", f"/{place.index}/_settings", {"index.blocks.read_only_allow_delete": None})
        place.sync("incremental")
        place.assert_index_equals_tree()

    def test_a_path_of_8545_characters(self):
        place = self.world()
        folder = "".join(f"/{number:03}{'f' * 208}" for number in range(40))
        name = "/" + "n" * (8545 - len(folder) - 1)
        place.dropbox.change("add_file", path=folder + name, text="deep")
        place.dropbox.change("add_file", path=folder + "/other.txt", text="deep")
        place.sync("full-sync")
        place.assert_index_equals_tree()
        # Received files are compared, which must not delete what has a long path.
        place.dropbox.change("add_received_file", name="offer.docx", text="offer")
        self.assertEqual(place.sync("incremental").documents, {"created": 1})
        place.assert_index_equals_tree()
        place.dropbox.change("delete", path=folder + name)
        self.assertEqual(place.sync("incremental").documents, {"deleted": 1})
        place.assert_index_equals_tree()
        place.dropbox.change("delete", path=folder)
        self.assertEqual(place.sync("incremental").documents, {"deleted": 2})
        place.assert_index_equals_tree()
