# SPDX-License-Identifier: Apache-2.0
"""What runs print and write besides the index: dry runs, NDJSON output, the summary as text and as JSON."""

import json
import re

import world

SUMMARY_KEYS = {
    "command": str, "outcome": str, "exit_code": int, "duration_ms": int, "dry_run": bool, "message": str,
    "documents": {"created", "updated", "unchanged", "deleted", "excluded", "dropped", "failed", "without_list",
                  "closed", "identities_closed"},
    "content": {"fetched", "unchanged", "postponed", "truncated", "damaged_partly", "ocr_files", "ocr_milliseconds", "other_type", "empty", "too_large", "not_text", "no_text", "unreadable", "encrypted",
                "parser_failed", "no_pdftotext", "no_ocr", "refused", "gone", "failed"},
    "listing": {"pages", "entries"},
    "dropbox": {"requests", "retries", "bytes_received"},
    "elasticsearch": {"requests", "retries", "bytes_sent"},
    "failures_file": str, "failures": list,
}


class OutputCase(world.Case):
    def setUp(self):
        self.place = self.world()
        self.place.dropbox.change("demo")

    def change(self):
        """One change of each kind that a summary counts apart."""
        changes = self.place.dropbox
        changes.change("add_file", path="/Contracts/new.txt", text="new")
        changes.change("overwrite", path="/Contracts/new.txt", text="newer")
        changes.change("add_folder", path="/Empty")
        changes.change("delete", path="/Photos")
        changes.change("move", **{"from": "/Contracts", "to": "/Signed"})
        changes.change("add_received_file", name="late.pdf", text="late")


class DryRunTest(OutputCase):
    def check(self, command, *arguments):
        """A dry run changes nothing at all and foretells what the real run does."""
        before, listed, state = self.place.look(), self.place.dropbox.ask("snapshot"), self.place.state.exists()
        writes = self.place.writes() if self.place.dump() is not None else None
        dry = self.place.sync(command, "--dry-run", *arguments)
        self.assertTrue(dry.summary["dry_run"])
        self.place.assert_same(before, dry)
        self.assertEqual(self.place.state.exists(), state)
        self.assertEqual(list((self.place.home / "tmp").iterdir()), [])
        self.assertEqual(self.place.dropbox.ask("snapshot"), listed)
        if writes is not None:
            self.assertEqual(self.place.writes(), writes)
        real = self.place.sync(command, *arguments)
        self.assertFalse(real.summary["dry_run"])
        self.assertEqual(dry.documents, real.documents)
        self.assertEqual(dry.summary["listing"]["entries"], real.summary["listing"]["entries"])
        self.place.assert_index_equals_tree()
        return real

    def test_first_full_sync(self):
        self.check("full-sync")

    def test_first_incremental(self):
        self.check("incremental")

    def test_incremental(self):
        self.place.sync("full-sync")
        self.change()
        self.assertGreater(self.check("incremental").documents["deleted"], 3)

    def test_full_sync(self):
        self.place.sync("full-sync")
        self.change()
        self.assertGreater(self.check("full-sync").documents["deleted"], 3)

    def test_forced(self):
        self.place.sync("full-sync")
        self.check("full-sync", "--force")

    def test_deletion_limit(self):
        self.place.sync("full-sync")
        self.change()
        self.place.set("sync", max_delete=0)
        before = self.place.look()
        run = self.place.run("full-sync", "--dry-run", "--json")
        self.assertEqual(run.code, 7, run)
        self.place.assert_same(before, run)

    def test_verbose_names_each_document(self):
        self.place.sync("full-sync")
        self.place.dropbox.change("delete", path="/Photos")
        run = self.place.run("incremental", "--dry-run", "--verbose", "--json")
        self.assertEqual(run.code, 0, run)
        self.assertIn("this is a dry run: nothing is written", run.stderr)
        for document in self.place.dump().values():
            name = document.get("file_path", document["name"])
            named = re.search(rf"(?m)^dbx-es: deleted {re.escape(name)}$", run.stderr) is not None
            self.assertEqual(named, (document.get("path_lower", "") + "/").startswith("/photos/"), document)


def is_seen(field):
    """Whether it is a field that users see, unlike those that dbx-es keeps for itself."""
    return not field.startswith("sync_") and not field.endswith("_fingerprint")


def differences(before, after):
    """{id: what a list of changes says of it}, from two contents of an index."""
    changes = {}
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        change = {"path": (now or was).get("file_path", (now or was)["name"])}
        if was is None or now is None:
            changes[key] = change | {"action": "created" if was is None else "deleted"}
            continue
        change["fields"] = sorted(name for name in was.keys() | now.keys()
                                  if is_seen(name) and was.get(name) != now.get(name))
        paths = was.get("file_path"), now.get("file_path")
        moved = None not in paths and paths[0] != paths[1]
        changes[key] = change | ({"action": "moved", "from": paths[0]} if moved else {"action": "updated"})
    return changes


class ChangesTest(OutputCase):
    def listed(self, command, *arguments):
        """{id: change} of a run, and the lines that it prints with --verbose, sorted."""
        path = self.place.home / "changes.ndjson"
        run = self.place.run(command, "--changes", str(path), "--verbose", "--json", *arguments)
        self.assertEqual(run.code, 0, run)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        changes = {}
        lines = []
        for line in path.read_text().splitlines():
            change = json.loads(line)
            self.assertRegex(change.pop("time"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertEqual(change.pop("kind"), "document")
            if "fields" in change:
                change["fields"].sort()
            lines.append(f"{change['action']} {change.get('from', change['path'])}")
            self.assertNotIn(change["id"], changes)
            changes[change.pop("id")] = change
        printed = re.findall(r"(?m)^dbx-es: ((?:created|updated|moved|deleted) (?!the index ).+)$", run.stderr)
        heads = [re.sub(r" \(.*\)$", "", line).split(" to /")[0] for line in printed]
        self.assertEqual(sorted(heads), sorted(lines))
        return changes

    def check(self, command):
        before = self.place.dump() or {}
        dry = self.listed(command, "--dry-run")
        self.assertEqual(self.place.dump() or {}, before)
        real = self.listed(command)
        self.assertEqual(real, differences(before, self.place.dump()))
        self.assertEqual(dry, real)
        self.place.assert_index_equals_tree()

    def test_lists_the_difference_of_the_index(self):
        self.check("full-sync")
        self.change()
        self.check("incremental")
        self.place.dropbox.change("overwrite", path="/Signed/new.txt", text="newest")
        self.place.dropbox.change("delete", path="/Empty")
        self.check("full-sync")

    def test_standard_output(self):
        run = self.place.run("full-sync", "--changes", "-")
        self.assertEqual(run.code, 0, run)
        created = {json.loads(line)["id"] for line in run.stdout.splitlines()}
        self.assertEqual(created, self.place.dump().keys())
        self.assertIn("full-sync: ", run.stderr)


class NdjsonTest(OutputCase):
    def setUp(self):
        super().setUp()
        # There is no cluster, and none is needed.
        self.elastic = self.place.settings.pop("elasticsearch")

    def check_loads(self, text):
        """The output goes through `_bulk` as it is, and gives the index that a sync would have made."""
        lines = [json.loads(line) for line in text.splitlines()]
        self.assertTrue(text.endswith("\n"))
        answer = self.place.engine.request("POST", f"/{self.place.index}/_bulk?refresh=true", lines)
        self.assertFalse(answer["errors"], answer)
        self.assertEqual(len(answer["items"]), len(self.place.expected()))
        self.place.assert_index_equals_tree()
        self.assertFalse(self.place.state.exists(), "output is no sync and keeps no state")
        self.assertEqual(list((self.place.home / "tmp").iterdir()), [])

    def test_file(self):
        target = self.place.folder / "documents.ndjson"
        run = self.place.sync("full-sync", "--output", str(target))
        self.assertEqual(run.documents, {"created": len(self.place.expected())})
        self.check_loads(target.read_text())

    def test_standard_output(self):
        run = self.place.run("full-sync", "--output", "-")
        self.assertEqual(run.code, 0, run)
        self.assertRegex(run.stderr, r"(?m)^full-sync: \d+ created")
        self.check_loads(run.stdout)

    def test_a_reader_that_ends(self):
        """As with `| head -n 1` of a large output: the reader has ended before the program writes the rest."""
        run = self.place.run("full-sync", "--output", "-", wrapper=("bash", "-c", 'set -o pipefail; "$@" | true', "-"))
        self.assertEqual((run.code, run.stderr, run.stdout), (0, "", ""), run)

    def test_loaded_index_is_taken_over_without_a_write(self):
        run = self.place.run("full-sync", "--output", "-")
        self.place.settings["elasticsearch"] = self.elastic
        self.place.sync("full-sync")  # makes the index, with its mapping
        self.check_documents_agree(run.stdout)

    def check_documents_agree(self, text):
        lines = [json.loads(line) for line in text.splitlines()]
        of_the_run = ("sync_seq", "sync_version", "_timestamp")
        printed = {action["index"]["_id"]: source for action, source in zip(lines[::2], lines[1::2], strict=True)}
        stored = self.place.dump()
        self.assertEqual(printed.keys(), stored.keys())
        for key, source in printed.items():
            for field in of_the_run:
                self.assertEqual(source.pop(field, None) is None, stored[key].pop(field, None) is None)
            self.assertEqual(source, stored[key])

    def test_file_that_cannot_be_written(self):
        run = self.place.run("full-sync", "--quiet", "--output", "/nowhere/at/all")
        self.assertEqual(run.code, 2, run)
        self.assertIn("/nowhere/at/all", run.stderr)
        run = self.place.run("full-sync", "--quiet", "--output", "/dev/full")
        self.assertNotEqual(run.code, 0, run)
        self.assertIn("No space left on device", run.stderr)


class SummaryTest(OutputCase):
    def check_keys(self, summary):
        self.assertEqual(summary.keys(), SUMMARY_KEYS.keys())
        for key, kind in SUMMARY_KEYS.items():
            if isinstance(kind, set):
                self.assertEqual(summary[key].keys(), kind)
                self.assertTrue(all(type(count) is int for count in summary[key].values()), summary[key])
            else:
                self.assertIs(type(summary[key]), kind, key)

    def test_json(self):
        run = self.place.sync("full-sync")
        self.check_keys(run.summary)
        self.assertEqual(run.stderr, f"dbx-es: created the index {self.place.index}\n")
        expected = {"command": "full-sync", "outcome": "ok", "exit_code": 0, "dry_run": False, "message": "",
                    "failures_file": "", "failures": []}
        self.assertEqual({key: run.summary[key] for key in expected}, expected)
        self.assertEqual(run.summary["dropbox"]["requests"], sum(run.requests.values()))
        self.assertLessEqual(run.summary["duration_ms"], run.seconds * 1000)

    def test_json_of_failures(self):
        cases = {
            "usage": (2, "configuration", ["incremental", "--forse", "--json"], {}),
            "configuration": (2, "configuration", ["incremental", "--json"], {"path": "no slash"}),
            "authorization": (4, "authorization", ["incremental", "--json"], {"refresh_token": "nobody's"}),
            "path": (2, "configuration", ["incremental", "--json"], {"path": "/nowhere"}),
        }
        for name, (code, outcome, arguments, settings) in cases.items():
            with self.subTest(name):
                right = dict(self.place.settings["dropbox"])
                self.place.set("dropbox", **settings)
                run = self.place.run(*arguments)
                self.place.settings["dropbox"] = right
                self.assertEqual(run.code, code, run)
                self.check_keys(run.summary)
                self.assertEqual((run.summary["exit_code"], run.summary["outcome"], run.summary["command"]),
                                 (code, outcome, "incremental"))
                self.assertTrue(run.summary["message"])

    def test_text(self):
        count = len(self.place.expected())
        first = self.place.run("full-sync")
        self.assertEqual(first.code, 0, first)
        self.assertRegex(first.stdout, rf"^full-sync: {count} created, 0 updated, 0 unchanged, 0 deleted in [\d.]+ "
                                       r"(ms|s)\n$")
        self.place.dropbox.change("delete", path="/Photos/Team day")
        gone = count - len(self.place.expected())
        second = self.place.run("incremental")
        self.assertRegex(second.stdout, rf"^incremental: 0 created, 0 updated, 0 unchanged, {gone} deleted in ")
        self.assertEqual(second.stderr, "")

    def test_quiet(self):
        for command in ("full-sync", "incremental"):
            run = self.place.run(command, "--quiet")
            self.assertEqual((run.code, run.stdout, run.stderr), (0, "", ""), run)
        run = self.place.run("incremental", "-q", "--json")
        self.check_keys(run.summary)
        self.assertEqual(run.stderr, "")
