# SPDX-License-Identifier: Apache-2.0
"""Sync rules against a real engine: the index holds what they leave of the Dropbox, also when they change."""

import json

import world
from changes import RandomChanges

ROUNDS = 8
CHANGES_PER_ROUND = 6


def rule(policy, field, operator, value, identifier=None):
    return {"id": identifier, "policy": policy, "field": field, "rule": operator, "value": value}


def in_folder(document, folder):
    return folder in document.get("ancestors", ()) or document.get("path_lower") == folder


# Each set of rules as in a file, and as plain code about a document.
RULES = [
    ([rule("exclude", "ancestors", "equals", "/a"), rule("exclude", "path_lower", "equals", "/a"),
      rule("exclude", "extension", "equals", "pdf")],
     lambda document: in_folder(document, "/a") or document.get("extension") == "pdf"),
    ([rule("include", "type", "equals", "Folder"), rule("exclude", "size", "<", "10"),
      rule("exclude", "name", "regex", "[a-f]")],
     lambda document: document["type"] == "File" and (document["size"] < 10 or document["name"][0] in "abcdef")),
    ([rule("include", "path_lower", "contains", "o"), rule("include", "url", "ends_with", ".csv"),
      rule("exclude", "_", "regex", ".*", "DEFAULT")],
     lambda document: "o" not in document.get("path_lower", "") and not document["url"].endswith(".csv")),
]


class RulesTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.file = self.place.folder / "rules.json"
        # How much may be deleted at once is another test's.
        self.place.set("sync", max_delete="unlimited")

    def use(self, rules, excludes):
        rules = [{**one, "id": one["id"] or str(order), "order": order} for order, one in enumerate(rules)]
        self.file.write_text(json.dumps(rules))
        self.place.set("sync", rules=str(self.file))
        self.place.excludes = excludes

    def use_none(self):
        self.place.set("sync", rules=None)
        self.place.excludes = lambda document: False

    def full_sync(self):
        run = self.place.sync("full-sync")
        self.place.assert_index_equals_tree()
        return run

    def downloads(self, run):
        return run.requests.get("files/download", 0)

    def test_the_index_follows_changes_and_rules(self):
        with self.seeded() as random:
            changes = RandomChanges(self.place.dropbox, random)
            self.place.dropbox.change("demo")
            changes.change(40)
            self.full_sync()
            for rules, excludes in RULES:
                self.use(rules, excludes)
                refused = self.place.run("incremental")
                self.assertEqual(refused.code, 6, refused)
                self.assertIn("sync.rules was", refused.stderr)
                self.full_sync()
                for _ in range(ROUNDS):
                    with changes.round(CHANGES_PER_ROUND):
                        self.place.sync("incremental")
                        self.place.assert_index_equals_tree()
            self.use_none()
            self.full_sync()

    def test_excluding_deletes_and_including_brings_back(self):
        self.place.set("extraction", mode=None)
        for path in ("/a.txt", "/b.md", "/c.md"):
            self.place.dropbox.change("add_file", path=path, text=f"text of {path}")
        self.assertEqual(self.downloads(self.place.sync("full-sync")), 3)
        self.use([rule("exclude", "extension", "equals", "md")], None)
        excluded = self.place.sync("full-sync")
        self.assertEqual(excluded.documents, {"unchanged": 1, "deleted": 2, "excluded": 2})
        self.assertEqual(self.downloads(excluded), 0)
        self.assertEqual([document["name"] for document in self.place.dump().values()], ["a.txt"])
        # Out of the excluded ones into the others, and the other way round.
        self.place.dropbox.change("move", **{"from": "/b.md", "to": "/b.txt"})
        self.place.dropbox.change("move", **{"from": "/a.txt", "to": "/a.md"})
        moved = self.place.sync("incremental")
        self.assertEqual(moved.documents, {"created": 1, "deleted": 1, "excluded": 1})
        self.assertEqual(self.downloads(moved), 1)
        self.use_none()
        included = self.place.sync("full-sync")
        self.assertEqual(included.documents, {"created": 2, "unchanged": 1})
        self.assertEqual(self.downloads(included), 2, "what the index still had is not fetched")
        self.assertEqual(sorted(document["body"] for document in self.place.dump().values()),
                         ["text of /a.txt", "text of /b.md", "text of /c.md"])

    def test_patterns_choose_what_is_indexed(self):
        for path in ("/a.txt", "/b.tmp", "/Archive/c.txt", "/x/Archive/d.txt", "/e.md"):
            self.place.dropbox.change("add_file", path=path, text=f"text of {path}")
        self.place.sync("full-sync")
        preview = self.place.run("full-sync", "--dry-run", "-v", "--include", "*.txt", "--include", "*.md",
                                 "--exclude", "/ARCHIVE")
        self.assertEqual(preview.code, 0, preview)
        for line in ("/b.tmp (no pattern of sync.include)", "/Archive/c.txt (sync.exclude /ARCHIVE)"):
            self.assertIn(line, preview.stdout + preview.stderr)
        self.place.set("sync", include=["*.txt", "*.md"], exclude=["/ARCHIVE"])
        refused = self.place.run("incremental")
        self.assertEqual(refused.code, 6, refused)
        self.assertIn('sync.exclude is new ("/ARCHIVE")', refused.stderr)
        self.place.sync("full-sync")
        found = sorted(document["path_lower"] for document in self.place.dump().values())
        self.assertEqual(found, ["/a.txt", "/e.md", "/x/archive/d.txt"])
        lost = self.place.run("ls", "/Archive")
        self.assertEqual(lost.code, 2, lost)
        self.assertIn("left out by sync.exclude /ARCHIVE", lost.stderr)
        wrong = self.place.run("full-sync", "--exclude", "[a")
        self.assertEqual(wrong.code, 2, wrong)
        self.assertIn('flag --exclude: sync.exclude: the pattern "[a": a bracket is not closed', wrong.stderr)
        self.place.set("sync", include=None, exclude=None)
        self.full_sync()

    def test_too_many_deletions_stop_and_name_the_rules(self):
        self.place.set("sync", max_delete=1)
        for number in range(3):
            self.place.dropbox.change("add_file", path=f"/{number}.md", text="x")
        self.place.sync("full-sync")
        before = self.place.dump()
        self.use([rule("exclude", "extension", "equals", "md")], lambda document: True)
        run = self.place.run("full-sync")
        self.assertEqual(run.code, 7, run)
        self.assertIn("less the 3 entries that are excluded by the sync rules", run.stderr)
        self.assertEqual(self.place.dump(), before)
        self.place.sync("full-sync", "--max-delete", "3")
        self.place.assert_index_equals_tree()

    def test_a_wrong_file_stops_before_the_network(self):
        self.use([rule("maybe", "name", "equals", "x")], None)
        run = self.place.run("full-sync")
        self.assertEqual(run.code, 2, run)
        self.assertIn('"maybe" is not a policy (allowed: include, exclude)', run.stderr)
        self.assertEqual(run.requests, {})
