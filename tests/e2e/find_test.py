# SPDX-License-Identifier: Apache-2.0
"""What the commands that look into the index find on a real engine."""

import json

import permissions_test
import world


class SearchCommandTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.place.set("extraction", mode=None)
        add = self.place.dropbox.change
        add("add_file", path="/Contracts/Cleaning services.txt", text="Renewed in April.\n\nThe heron pays.\n")
        add("add_file", path="/Contracts/Rent.txt", text="The heron moves in May.\n")
        add("add_file", path="/\u202eevil\x1b[2J.txt", text="heron \x1b[31mred\x1b[0m \u202e reversed\n")
        # More than an engine highlights by default.
        add("add_file", path="/Long.txt", text="osprey " + "x y z " * 200_000)
        self.place.sync("full-sync")
        self.place.engine.refresh(self.place.index)

    def paths(self, *arguments):
        run = self.place.run("search", "--json", *arguments)
        self.assertIn(run.code, (0, 1), run)
        self.assertEqual(run.summary["exit_code"], run.code)
        return sorted(hit["path"] for hit in run.summary["hits"])

    def test_words_of_text_and_name(self):
        self.assertEqual(self.paths("heron", "pays"), ["/Contracts/Cleaning services.txt"])
        self.assertEqual(self.paths("--", "heron", "-may", "-reversed"),
                         ["/Contracts/Cleaning services.txt"])
        # Excluded by a name, by its beginning, as a phrase and as a group.
        self.assertEqual(self.paths("--", "heron", "-rent"),
                         ["/Contracts/Cleaning services.txt", "/\u202eevil\x1b[2J.txt"])
        self.assertEqual(self.paths("--", "heron", "-clean", "-reversed"), ["/Contracts/Rent.txt"])
        self.assertEqual(self.paths("--", "heron", '-"cleaning services"', "-reversed"), ["/Contracts/Rent.txt"])
        self.assertEqual(self.paths("--", "heron", "-(evil red)"),
                         ["/Contracts/Cleaning services.txt", "/Contracts/Rent.txt", "/\u202eevil\x1b[2J.txt"])
        self.assertNotIn("/Contracts/Rent.txt", self.paths("--", "-rent"))
        self.assertEqual(self.paths('"services cleaning"'), [])
        # Part of a name, and one word in the name with one in the text.
        self.assertEqual(self.paths("services"), ["/Contracts/Cleaning services.txt"])
        self.assertEqual(self.paths("cleaning", "april"), ["/Contracts/Cleaning services.txt"])
        self.assertEqual(self.paths('"moves in"'), ["/Contracts/Rent.txt"])
        self.assertEqual(self.paths("osp*"), ["/Long.txt"])
        self.assertEqual(self.paths("heron", "nowhere"), [])

    def test_what_is_printed(self):
        run = self.place.run("search", "april")
        self.assertEqual(run.code, 0, run)
        lines = run.stdout.splitlines()
        self.assertEqual(lines[:3], ["Cleaning services.txt", "  /Contracts/Cleaning services.txt",
                                     "  Renewed in April. The heron pays."])
        self.assertEqual(lines[3], f"  {world.WEB_URL}/home/Contracts?preview=Cleaning%20services.txt")
        self.assertEqual(run.stderr, "dbx-es: 1 document found\n")
        run = self.place.run("search", "--limit", "1", "heron")
        self.assertIn("3 documents found; the first is shown", run.stderr)
        run = self.place.run("search", "nowhere")
        self.assertEqual((run.code, run.stdout, run.stderr), (1, "", "dbx-es: nothing found\n"))
        # A text that is too long to be highlighted as a whole.
        run = self.place.run("search", "osprey")
        self.assertIn("  osprey x y z", run.stdout, run)

    def test_names_and_texts_of_others_do_no_harm(self):
        for arguments in (["reversed"], ["--json", "reversed"]):
            run = self.place.run("search", *arguments)
            self.assertEqual(run.code, 0, run)
            self.assertNotIn("\x1b", run.stdout)
            self.assertNotIn("\u202e", run.stdout)
        self.assertIn("\u202e", json.loads(run.stdout)["hits"][0]["path"])

    def test_an_index_that_is_not_there(self):
        self.place.delete_index()
        run = self.place.run("search", "heron")
        self.assertEqual(run.code, 2, run)
        self.assertIn(f"there is no index {self.place.index}: dbx-es full-sync makes it", run.stderr)


class LookTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.place.set("extraction", mode=None)
        add = self.place.dropbox.change
        for path in ("/Team/Plan.txt", "/Team/Old (1)/a.txt", "/Team/Old (1)/b/c.txt", "/Team/[x].*+?{}|&#@~<>.txt",
                     "/\xc4rger/\xd6l.txt", "/top.txt", "/\u202eevil\x1b[2J.txt"):
            add("add_file", path=path, text=path)
        self.place.sync("full-sync")
        self.place.engine.refresh(self.place.index)

    def listed(self, *arguments):
        run = self.place.run("ls", *arguments)
        self.assertEqual((run.code, run.stderr), (0, ""), run)
        return run.stdout.splitlines()

    def test_ls(self):
        self.assertEqual(self.listed("/team"), ["[x].*+?{}|&#@~<>.txt", "Old (1)/", "Plan.txt"])
        self.assertEqual(self.listed("/Team/Old (1)/"), ["a.txt", "b/"])
        self.assertEqual(self.listed("/\xe4RGER"), ["\xd6l.txt"])
        self.assertEqual(self.listed("-R", "/team/old (1)"),
                         ["/Team/Old (1)/a.txt", "/Team/Old (1)/b/", "/Team/Old (1)/b/c.txt"])
        self.assertEqual(self.listed(), ["Team/", "top.txt", "\xc4rger/", "\\u202eevil\\x1b[2J.txt"])
        self.assertRegex(self.listed("-l", "/top.txt")[0], r"^ +8 B  20\d\d-\S+Z  id:\S+ +top.txt$")
        documents = self.place.dump()
        run = self.place.run("ls", "-R", "--json")
        self.assertEqual({one["id"] for one in run.summary["documents"]}, set(documents))
        run = self.place.run("ls", "/nowhere")
        self.assertEqual(run.code, 2, run)
        self.assertIn("has nothing at /nowhere", run.stderr)

    def test_show(self):
        run = self.place.run("show", "/TEAM/plan.txt")
        self.assertEqual((run.code, run.stderr), (0, ""), run)
        self.assertIn("file_path: /Team/Plan.txt\n", run.stdout)
        self.assertIn("\ntext (14 characters):\n  /Team/Plan.txt\n", run.stdout)
        key = run.stdout.splitlines()[0].removeprefix("id: ")
        run = self.place.run("show", "--json", key)
        self.assertEqual(run.summary["document"], self.place.dump()[key])
        run = self.place.run("show", "id:nothing")
        self.assertEqual(run.code, 2, run)


class SearchAsTest(permissions_test.TeamCase):
    def test_everybody_finds_what_they_may_read(self):
        self.furnish()
        self.place.set("extraction", mode=None)
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        everything = set(self.place.dump())
        for email, identity in self.identities().items():
            for user in (email, email.upper(), identity["identity"]["user_id"].removeprefix("user_id:")):
                run = self.place.run("search", "--json", "--as", user, "--limit", "10000", "*")
                found = {hit["id"] for hit in run.summary["hits"]}
                self.assertLessEqual(found, everything)
                self.assertEqual(found, self.found_by(identity), user)
        # Who can read a document, in the words of the simulated Dropbox.
        run = self.place.run("show", "--json", "/team/plan.txt")
        plan = run.summary["id"]
        truth = {email for email, ids in self.truth().items() if plan in ids}
        self.assertEqual(set(run.summary["people"]), truth & set(self.identities()))
        run = self.place.run("search", "--as", "stranger001@example.org", "secret")
        self.assertEqual(run.code, 2, run)
        self.assertIn("stranger001@example.org has no identity", run.stderr)
        self.assertEqual(run.stdout, "")
