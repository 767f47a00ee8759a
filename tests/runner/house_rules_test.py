# SPDX-License-Identifier: Apache-2.0
"""Holds the sources to the rules of CONTRIBUTING.md and ARCHITECTURE.md that a machine can check."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Which rooms a room may include, besides itself and base. A sub-room counts as its room for all others.
ROOMS = {
    "base": set(),
    "config": set(),
    "report": set(),
    "dropbox": {"config"},
    "auth": {"config", "report", "dropbox"},
    "delta": {"dropbox"},
    "permissions": {"dropbox"},
    "documents": {"dropbox", "delta"},
    "rules": set(),
    "content": {"config", "dropbox", "delta", "documents"},
    "parsers": {"content"},
    "pdf": {"content", "parsers"},
    "elastic": {"config", "report"},
    "checkpoint": {"dropbox", "report"},
    "state": {"config", "elastic", "checkpoint"},
    "setup": {"config", "report", "elastic", "state"},
    "connector": {"config", "elastic", "rules"},
    "sync": {"config", "report", "dropbox", "delta", "permissions", "documents", "rules", "content",
             "parsers", "elastic", "checkpoint", "state", "connector"},
    "check": {"config", "report", "dropbox", "auth", "delta", "permissions", "documents", "rules", "content", "parsers",
              "elastic",
              "checkpoint", "state", "connector", "sync"},
    "find": {"config", "report", "permissions", "elastic"},
    "cli": {"config", "report", "auth", "rules", "setup", "elastic", "checkpoint", "state", "connector", "sync", "check", "find"},
    "docgen": {"config", "report", "dropbox", "cli"},
}
# Which sub-rooms of its own room the top ("") or a sub-room may include, besides itself.
SUB_ROOMS = {
    "base": {"": set(), "os": {""}, "json": {""}, "http": {"", "os", "json"}},
    "cli": {"": {"spec"}, "spec": set()},
    # From what commands call down: they choose a kind of run, which assembles the pipeline ("") of owners and stages.
    "sync": {"command": {"outlet", "owners", "plan", "runs"}, "runs": {"", "access", "deletion", "outlet", "owners", "plan", "stages"},
             "": {"outlet", "owners", "stages"}, "owners": {"access", "deletion", "outlet", "plan"}, "plan": {"outlet"},
             "access": {"deletion", "outlet", "stages"}, "stages": {"deletion", "outlet", "search"}, "deletion": set(), "outlet": set(),
             "search": set()},
}
# Includes of sources in src/sync/command and directly in src/sync, a header and its source counted as one. They were 73 once, in a
# room where everything knew everything.
MOST_ARROWS_AT_TOP_OF_SYNC = 36
SOURCES = {".cc", ".h", ".py", ".sh", ".java", ".build"}


def find_circle(graph):
    """A list of nodes each of which leads to the next, and the last to the first; [] if there is none."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):]
        if node in done:
            return []
        path.append(node)
        circle = next(filter(None, map(visit, sorted(graph.get(node, ())))), [])
        path.pop()
        done.add(node)
        return circle

    return next(filter(None, map(visit, sorted(graph))), [])


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, check=True, capture_output=True)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


class HouseRules(unittest.TestCase):
    def setUp(self):
        self.files = tracked()
        self.assertGreater(len(self.files), 100)

    def test_rooms_include_only_what_they_may(self):
        wrong = []
        for path in self.files:
            parts = path.relative_to(ROOT).parts
            if parts[0] != "src" or len(parts) < 3 or path.suffix not in {".cc", ".h"}:
                continue
            room, inside = parts[1], "/".join(parts[2:-1])
            self.assertIn(room, ROOMS)
            self.assertIn(inside, SUB_ROOMS.get(room, {"": set()}))
            for other, below in re.findall(r'^#include "([a-z_]+)/(?:([a-z_]+)/)?', path.read_text(), re.MULTILINE):
                allowed = other in ROOMS[room] | {room, "base"}
                if other == room and below != inside:
                    allowed = below in SUB_ROOMS[room][inside]
                if not allowed:
                    wrong.append(f"{'/'.join(parts)} includes {'/'.join(filter(None, (other, below)))}/")
        self.assertEqual(wrong, [])

    def include_graph(self):
        """The other units that each unit of src includes; a unit is a header with its source."""
        graph = {}
        for path in self.files:
            relative = path.relative_to(ROOT)
            if relative.parts[0] == "src" and path.suffix in {".cc", ".h"}:
                unit = str(relative.relative_to("src").with_suffix(""))
                included = set(re.findall(r'^#include "([^"]+)\.h"', path.read_text(), re.MULTILINE))
                graph.setdefault(unit, set()).update(included - {unit})
        return graph

    def test_rooms_have_no_circle(self):
        self.assertEqual(find_circle(ROOMS), [])
        for room, inside in SUB_ROOMS.items():
            self.assertEqual(find_circle(inside), [], room)

    def test_sync_has_no_circle(self):
        graph = {unit: others for unit, others in self.include_graph().items() if unit.startswith("sync/")}
        self.assertGreater(len(graph), 50)
        self.assertEqual(find_circle(graph), [])

    def test_top_of_sync_has_few_arrows(self):
        arrows = sorted(f"{unit} -> {other}" for unit, others in self.include_graph().items() for other in others
                        if re.match(r"sync/(command/)?[a-z_]+$", unit) and other.startswith("sync/"))
        self.assertGreater(len(arrows), 10)
        self.assertLessEqual(len(arrows), MOST_ARROWS_AT_TOP_OF_SYNC, "\n".join(arrows))

    def test_every_source_names_its_licence(self):
        unnamed = [
            str(path.relative_to(ROOT)) for path in self.files
            if path.suffix in SOURCES and "SPDX-License-Identifier: Apache-2.0" not in path.read_text()[:300]
        ]
        self.assertEqual(unnamed, [])

    def test_only_the_agreed_folders_stand_at_the_top(self):
        folders = {path.relative_to(ROOT).parts[0] for path in self.files
                   if len(path.relative_to(ROOT).parts) > 1}
        self.assertLessEqual(folders, {"src", "tests", "man", "completions", "packaging", ".ci"})

    def test_pages_name_files_that_exist(self):
        missing = []
        for page in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"):
            text = (ROOT / page).read_text()
            names = re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:cc|h|py|sh))`", text) + re.findall(r"`((?:src|tests)/[a-z_/]+)`", text)
            for name in set(names):
                if not any((ROOT / top / name).exists() for top in ("", "src", "src/cli", "src/sync", "tests/golden")):
                    missing.append(f"{page}: {name}")
            missing += [f"{page}: {link}" for link in re.findall(r"\]\(([^):#]+)\)", text) if not (ROOT / link).exists()]
        self.assertEqual(missing, [])

    def test_exceptions_stay_where_libraries_throw_them(self):
        throwing = []
        for path in self.files:
            relative = path.relative_to(ROOT)
            if relative.parts[0] == "src" and path.suffix in {".cc", ".h"}:
                if re.search(r"\bcatch \(", path.read_text()):
                    throwing.append(str(relative))
        allowed = {"src/cli/command_line.cc", "src/config/config_file.cc", "src/main.cc"}
        self.assertLessEqual(set(throwing), allowed)


class Circles(unittest.TestCase):
    def test_finds_a_circle_and_nothing_else(self):
        self.assertEqual(find_circle({"a": {"b", "c"}, "b": {"c"}, "c": {"d"}}), [])
        self.assertEqual(find_circle({"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"b"}}), ["b", "c", "d"])


if __name__ == "__main__":
    unittest.main()
