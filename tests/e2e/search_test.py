# SPDX-License-Identifier: Apache-2.0
"""Advanced sync rules against a real engine: what search finds is what the index holds."""

import json

import world

RULES = {
    "rules": [{"id": "1", "policy": "exclude", "field": "extension", "rule": "equals", "value": "tmp", "order": 1}],
    "advanced_snippet": {"value": [
        {"query": "heron"},
        {"query": "ledger", "options": {"path": "/Books", "file_extensions": ["txt", "md"]}},
    ]},
}


class SearchTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.rules = self.place.folder / "rules.json"
        self.use(RULES)
        self.place.set("sync", rules=str(self.rules))
        self.place.set("extraction", mode=None)
        for path, text in {"/heron.txt": "a bird", "/heron.tmp": "a bird", "/notes.md": "I saw a heron.",
                           "/Books/ledger.txt": "1, 2, 3", "/Books/ledger.csv": "1;2;3", "/ledger.txt": "4",
                           "/other.txt": "nothing"}.items():
            self.place.dropbox.change("add_file", path=path, text=text)
        self.place.dropbox.change("add_paper", path="/Birds.paper", markdown="# Heron, egret")

    def use(self, rules):
        self.rules.write_text(json.dumps(rules))

    def indexed(self):
        return sorted(document["path_lower"] for document in self.place.dump().values())

    def searches(self, run):
        """How many searches there were, whatever the number of their pages."""
        return run.requests.get("files/search_v2", 0)

    def test_full_and_incremental(self):
        matching = ["/birds.paper", "/books/ledger.txt", "/heron.txt", "/notes.md"]
        run = self.place.sync("full-sync")
        self.assertEqual(self.indexed(), matching)
        bodies = {document["path_lower"]: document["body"] for document in self.place.dump().values()}
        self.assertIn("egret", bodies["/birds.paper"])
        self.assertEqual(self.searches(run), 2)

        run = self.place.sync("incremental")
        self.assertEqual(self.searches(run), 0)
        self.assertEqual(run.summary["documents"]["created"], 0)

        self.place.dropbox.change("add_file", path="/Lake/heron 2.txt", text="another")
        self.place.dropbox.change("add_file", path="/Lake/duck.txt", text="no")
        self.place.dropbox.change("move", **{"from": "/heron.txt", "to": "/bird.txt"})
        self.place.dropbox.change("move", **{"from": "/Books/ledger.txt", "to": "/Books/ledger moved.txt"})
        self.place.dropbox.change("delete", path="/notes.md")
        self.place.sync("incremental")
        self.assertEqual(self.indexed(), ["/birds.paper", "/books/ledger moved.txt", "/lake/heron 2.txt"])
        self.assertEqual(self.place.dropbox.ask("violations"), [])

        # Rules that were changed ask for a full sync, which fetches what is new to the index alone.
        self.use([{"query": "ledger"}])
        self.assertEqual(self.place.run("incremental").code, 6)
        run = self.place.sync("full-sync")
        self.assertEqual(self.indexed(), ["/books/ledger moved.txt", "/books/ledger.csv", "/ledger.txt"])
        self.assertEqual(run.summary["content"]["fetched"], 2)

    def test_a_search_that_lags(self):
        self.place.sync("full-sync")
        before = self.indexed()
        self.place.dropbox.order("search/freeze")
        self.place.dropbox.change("add_file", path="/late heron.txt", text="late")
        self.place.dropbox.change("overwrite", path="/heron.txt", text="still a bird")
        self.place.sync("incremental")
        self.assertEqual(self.indexed(), before)
        self.place.dropbox.order("search/thaw")
        self.place.sync("incremental")
        self.assertEqual(self.indexed(), sorted([*before, "/late heron.txt"]))

    def test_a_preview_is_what_comes_true(self):
        self.place.write_config()
        run = self.place.start("-c", str(self.place.config), "validate-rules", "--preview", "--json",
                               str(self.rules)).finish()
        self.assertEqual(run.code, 0, run)
        preview = json.loads(run.stdout)["preview"]
        included = [path.lower() for rule in preview["rules"] if rule["effect"] == "includes"
                    for path in rule["paths"]]
        self.assertIsNone(self.place.dump(), "a preview writes nothing")
        self.place.sync("full-sync")
        self.assertEqual(sorted(included), self.indexed())
        self.assertEqual(preview["included"] + preview["excluded"], preview["entries"])

    def test_a_folder_that_is_not_there(self):
        self.use([{"query": "heron", "options": {"path": "/Nowhere"}}])
        self.place.write_config()
        run = self.place.start("-c", str(self.place.config), "validate-rules", "--remote", str(self.rules)).finish()
        self.assertEqual(run.code, 2, run)
        self.assertIn("/0/options/path: Dropbox has no folder /Nowhere", run.stdout)
        run = self.place.run("full-sync")
        self.assertEqual(run.code, 2, run)
        self.assertIn("/0/options/path: Dropbox has no folder /Nowhere", run.stdout + run.stderr)
