# SPDX-License-Identifier: Apache-2.0
"""`dbx-es verify` on a real engine: what somebody has changed in the index is listed, all of it and nothing else, and
nothing is written."""

import json
import urllib.parse

import engines
import world


@engines.needs_security
class VerifyTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.place.set("dropbox", use_document_level_security=True)
        self.place.set("extraction", mode="local")
        add = self.place.dropbox.change
        self.ids = {path: add("add_file", path=path, text=f"text of {path}")
                    for path in (f"/Docs/{number:02}.txt" for number in range(12))}
        add("add_file", path="/Docs/empty.txt", text=" ")
        add("add_received_file", name="offer.txt", text="offer")
        self.place.sync("full-sync")

    def request(self, method, path, body=None):
        return self.place.engine.request(method, f"/{self.place.index}/{path}", body)

    def change(self, number, **fields):
        """Writes a document as another program would; None takes a field out."""
        key = urllib.parse.quote(self.ids[f"/Docs/{number:02}.txt"])
        document = {**self.request("GET", f"_doc/{key}")["_source"], **fields}
        self.request("PUT", f"_doc/{key}", {name: value for name, value in document.items() if value is not None})

    def verify(self, *arguments):
        """The lines and the run; nothing has changed since."""
        before = self.place.look()
        writes = self.place.writes()
        run = self.place.run("verify", *arguments)
        self.place.assert_same(before, run)
        self.assertEqual(self.place.writes(), writes, run)
        return sorted(run.stdout.splitlines()), run

    def damage(self):
        self.change(1, _allow_access_control=None)
        self.change(2, _allow_access_control=["user_id:somebody"])
        self.change(3, file_path="/Wrong/03.txt")
        self.change(4, body=None)
        self.change(5, size=7000)
        self.change(6, notes="of another program")
        self.change(7, body="another text")
        self.request("DELETE", f"_doc/{urllib.parse.quote(self.ids['/Docs/08.txt'])}")
        self.request("PUT", "_doc/foreign", {"id": "foreign", "name": "foreign.txt"})

    def test_lists_what_differs_and_writes_nothing(self):
        lines, run = self.verify()
        self.assertEqual((lines, run.code), ([], 0), run)
        self.assertIn("no difference: 15 documents compared", run.stderr)
        self.damage()
        expected = ["different /Docs/01.txt (_allow_access_control)",
                    "different /Docs/02.txt (_allow_access_control)",
                    "different /Docs/03.txt (file_path; in the index: /Wrong/03.txt)",
                    "different /Docs/04.txt (body)",
                    "different /Docs/05.txt (size)",
                    "extra foreign.txt",
                    "missing /Docs/08.txt"]
        lines, run = self.verify()
        self.assertEqual([line for line in lines if not line.startswith("dbx-es")], expected, run)
        self.assertEqual(run.code, 1, run)
        self.assertIn("7 differences, also in texts: dbx-es full-sync --force corrects them", run.stderr)

        lines, run = self.verify("--json", "--sample", "100")
        result = json.loads(lines[0])
        numbers = {name: result[name] for name in ("exit_code", "missing", "different", "extra", "entries", "texts")}
        self.assertEqual(numbers, {"exit_code": 1, "missing": 1, "different": 6, "extra": 1, "entries": 14,
                                   "texts": 12}, run)
        found = {one["path"]: one["fields"] for one in result["differences"]}
        self.assertEqual(found["/Docs/07.txt"], ["body"], run)

        self.place.run("full-sync", "--force")
        lines, run = self.verify("--sample", "100")
        self.assertEqual((lines, run.code), ([], 0), run)

    def test_an_index_of_another_state_can_be_looked_at(self):
        self.place.set("sync", state_dir=str(self.place.folder / "nothing here"))
        lines, run = self.verify()
        self.assertEqual((lines, run.code), ([], 0), run)
        self.assertFalse((self.place.folder / "nothing here").exists())

    def test_refuses_what_it_cannot_do(self):
        self.assertEqual(self.place.run("verify", "--sample", "many").code, 2)
        self.place.delete_index()
        run = self.place.run("verify")
        self.assertEqual(run.code, 2, run)
        self.assertIn("does not exist: run dbx-es full-sync", run.stderr)
        self.assertIsNone(self.place.dump())
