# SPDX-License-Identifier: Apache-2.0
"""The Debian package: built, examined, installed into a clean Debian, run there, and run by the systemd of that Debian."""

import base64
import json
import os
import pathlib
import re
import unittest

import debian_tree
import install_test
import support
from support import ROOT, run

import office_files  # noqa: E402 (support made it known)
import world  # noqa: E402

INSTANCE = "dropbox"
CONFIG = f"/etc/dbx-es/{INSTANCE}.toml"
STATE = "/var/lib/dbx-es"
# The units' advice about secrets, and -v, which reports parsers that are not confined.
DROP_IN = """[Service]
LoadCredential=elasticsearch.api_key:/etc/dbx-es/%i.api_key
ExecStart=
ExecStart=/usr/bin/dbx-es --config /etc/dbx-es/%i.toml {command} --verbose
"""


class DebTest(world.Case):
    @classmethod
    def setUpClass(cls):
        folder = support.temporary_folder()
        run(ROOT / "packaging/debian/build.sh", "--built", support.build_folder(), folder)
        cls.folder = folder
        cls.package, = folder.glob("dbx-es_*.deb")
        cls.tree = debian_tree.Tree()
        cls.addClassCleanup(cls.tree.remove)
        cls.installing = cls.tree.install(cls.package)
        cls.pdf_package, = folder.glob("dbx-es-pdf_*.deb")
        cls.tree.install(cls.pdf_package)

    # The package itself.

    def test_lintian_finds_nothing(self):
        changes, = self.folder.glob("*.changes")
        user = ("--allow-root",) if os.geteuid() == 0 else ()
        self.assertEqual(run("lintian", *user, "--fail-on", "error,warning", "--tag-display-limit", "0", changes), "")

    def test_it_holds_what_is_installed(self):
        listed = run("dpkg-deb", "--contents", self.package).splitlines()
        names = {line.split()[5][1:].removesuffix(".gz") for line in listed if not line.startswith("d")}
        names = {re.sub(r"^/lib/systemd/", "/usr/lib/systemd/", name) for name in names}
        ours = {f"/usr/share/doc/dbx-es/{name}" for name in ("copyright", "changelog", "changelog.Debian")}
        self.assertEqual(names, install_test.expected_files() - {"/usr/share/doc/dbx-es/CHANGELOG.md"} | ours)

    def test_it_says_what_it_is(self):
        fields = run("dpkg-deb", "--field", self.package, "Version", "Depends", "Recommends")
        version = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text())[1]
        self.assertIn(f"Version: {version}\n", fields)
        for library in ("libcurl", "libexpat1", "libseccomp2", "ca-certificates", "systemd"):
            self.assertIn(library, fields)
        self.assertIn("Recommends: dbx-es-pdf | poppler-utils", fields)
        self.assertNotIn("libpoppler", fields)

    def test_the_reader_of_pdfs_is_a_package_of_its_own(self):
        listed = run("dpkg-deb", "--contents", self.pdf_package).splitlines()
        names = {line.split()[5][1:] for line in listed if not line.startswith("d")}
        documents = {name for name in names if name.startswith("/usr/share/doc/dbx-es-pdf/")}
        self.assertEqual(names - documents, {install_test.PDF_READER})
        fields = run("dpkg-deb", "--field", self.pdf_package, "Depends")
        self.assertRegex(fields, r"dbx-es \(= [^)]+\).*libpoppler")
        self.assertIn("/usr/share/common-licenses/GPL-3", self.tree.run("cat", "/usr/share/doc/dbx-es-pdf/copyright"))
        self.assertIn(install_test.PDF_READER, self.tree.run("sh", "-c", f"ls {install_test.PDF_READER}"))
        self.assertEqual(self.tree.run("ldd", install_test.PDF_READER).count("not found"), 0)

    # Installed, in a Debian that has nothing else.

    def test_it_runs(self):
        self.assertRegex(self.tree.run("dbx-es", "--version"), r"^dbx-es \d+\.\d+\.\d+\n$")
        self.assertEqual(self.tree.run("ldd", "/usr/bin/dbx-es").count("not found"), 0)

    def test_man_shows_every_page(self):
        for page in sorted(install_test.pages()):
            name, section = page.rsplit(".", 1)
            shown = self.tree.run("man", "-P", "cat", section, name)
            self.assertIn("NAME", shown)
            self.assertIn(name, shown)

    def test_it_made_its_user_and_folders(self):
        self.assertIn(f":{STATE}:/usr/sbin/nologin", self.tree.run("getent", "passwd", "dbx-es"))
        self.assertEqual(self.tree.run("stat", "-c", "%U %G %a", STATE, "/etc/dbx-es"),
                         "dbx-es dbx-es 700\nroot root 755\n")

    def test_the_example_configuration_is_taken_as_it_is(self):
        self.tree.run("install", "-m", "640", "-g", "dbx-es", "/usr/share/doc/dbx-es/examples/dbx-es.toml",
                      "/etc/dbx-es/example.toml")
        said = self.tree.run("dbx-es", "-c", "/etc/dbx-es/example.toml", "incremental", code=2)
        self.assertEqual(said.count("\n"), 1, said)
        self.assertIn("dbx-es auth", said)

    def place(self):
        """A Dropbox with documents of all kinds, an index, and a configuration of the installed program."""
        place = self.world()
        place.dropbox.change("demo")
        for name, content in office_files.files().items():
            place.dropbox.change("add_file", path=f"/{name}", base64=base64.b64encode(content).decode())
        return place

    def configure(self, place):
        """Writes the world's settings where the units look for them, and the API key where only root can read it."""
        place.set("extraction", mode="local")
        key = place.settings["elasticsearch"].get("api_key")
        place.set("elasticsearch", api_key=None)
        place.set("sync", state_dir=None)
        place.write_config()
        api_key = place.folder / "api_key"
        api_key.write_text(f"{key}\n")
        support.root_run("install", "-m", "640", place.config, f"{self.tree.folder}{CONFIG}")
        support.root_run("install", "-m", "600", api_key, f"{self.tree.folder}/etc/dbx-es/{INSTANCE}.api_key")
        self.tree.run("chgrp", "dbx-es", CONFIG)

    def check_office_documents(self, place):
        """Their text can only come from parser processes that started and were not killed."""
        bodies = {document["name"]: document.get("body", "") for document in place.dump().values()}
        for name, (_, phrase) in office_files.PHRASES.items():
            self.assertIn(phrase, bodies[name], name)

    def test_a_sync(self):
        place = self.place()
        self.configure(place)
        key = f"/etc/dbx-es/{INSTANCE}.api_key"
        command = ("env", f"DBX_ES_ELASTICSEARCH_API_KEY_FILE={key}", "dbx-es", "-c", CONFIG, "--state-dir", "/root/state")
        place.dropbox.order("run/begin")
        said = self.tree.run(*command, "full-sync", "--verbose")
        self.assertNotIn("parser processes run", said)
        self.check_office_documents(place)
        place.dropbox.change("delete", path="/Photos")
        place.dropbox.order("run/begin")
        summary = json.loads(self.tree.run(*command, "incremental", "--json"))
        self.assertGreater(summary["documents"]["deleted"], 0)
        self.assertNotIn("/photos", {document.get("path_lower") for document in place.dump().values()})

    # Run by systemd.

    def start(self, place, command, code=0):
        """Runs a unit to its end; returns its output."""
        unit = f"dbx-es-{command}@{INSTANCE}.service"
        place.dropbox.order("run/begin")
        self.tree.run_inside("systemctl", "reset-failed", code=0)
        try:
            self.tree.run_inside("systemctl", "start", unit, code=code)
        finally:
            said = self.tree.run_inside("journalctl", "--no-pager", "-o", "cat", "-u", unit)
        return said

    def test_systemd_runs_the_units(self):
        place = self.place()
        place.set("dropbox", use_document_level_security=True)
        self.configure(place)
        for command in install_test.COMMANDS_WITH_UNITS:
            folder = self.tree.folder / f"etc/systemd/system/dbx-es-{command}@.service.d"
            text = place.folder / f"{command}.conf"
            text.write_text(DROP_IN.format(command=command))
            support.root_run("install", "-D", "-m", "644", text, folder / "test.conf")
        self.tree.boot()
        self.addCleanup(self.tree.power_off)
        self.check_units()
        said = self.tree.run_inside("runuser", "-u", "dbx-es", "--", "dbx-es", "-c", CONFIG, "--state-dir", STATE, "auth",
                                    "status")
        self.assertIn("account: ", said)
        said = self.start(place, "full-sync")
        self.assertNotIn("parser processes run", said, "the unit keeps dbx-es from confining its parsers")
        self.check_office_documents(place)
        self.assertIn("dbx-es 700", self.tree.run_inside("stat", "-c", "%U %a", STATE))
        place.dropbox.change("delete", path="/Photos")
        self.assertIn("incremental:", self.start(place, "incremental"))
        self.assertNotIn("/photos", {document.get("path_lower") for document in place.dump().values()})
        self.assertIn("acl-sync:", self.start(place, "acl-sync"))
        self.check_identities(place)
        place.check_said(world.Run((), 0, said, self.tree.run_inside("journalctl", "--no-pager"), 0.0, {}))
        self.check_outcomes(place)

    def check_identities(self, place):
        """None opens more than the simulator's own books let that person read, and the account's own opens everything:
        Dropbox does not show the members of a group to an account without a team."""
        documents, truth = place.dump(), place.dropbox.ask("readers")
        everything = 0
        for email, identity in place.dump(f".search-acl-filter-{place.index}").items():
            values = set(identity["query"]["template"]["params"]["access_control"])
            opened = {key for key, document in documents.items() if values & set(document["_allow_access_control"])}
            self.assertLessEqual(opened, set(truth[email]), email)
            everything += opened == set(documents)
        self.assertGreater(everything, 0)

    def check_units(self):
        units = [f"dbx-es-{command}@{INSTANCE}.{kind}" for command in install_test.COMMANDS_WITH_UNITS
                 for kind in ("service", "timer")]
        self.assertEqual(self.tree.run_inside("systemd-analyze", "verify", *units), "")
        for command in install_test.COMMANDS_WITH_UNITS:
            self.tree.run_inside("systemctl", "enable", f"dbx-es-{command}@{INSTANCE}.timer")
        self.tree.run_inside("systemctl", "daemon-reload")
        for command in install_test.COMMANDS_WITH_UNITS:
            timer = f"dbx-es-{command}@{INSTANCE}.timer"
            self.assertEqual(self.tree.run_inside("systemctl", "is-enabled", timer), "enabled\n")
            shown = self.tree.run_inside("systemctl", "show", timer, "-p", "Persistent,RandomizedDelayUSec,Unit")
            # What looks for work each minute has nothing to make up for.
            each_minute = command == "connector"
            self.assertIn(f"Persistent={'no' if each_minute else 'yes'}", shown)
            self.assertEqual("RandomizedDelayUSec=0\n" in shown, each_minute)
            self.assertIn(f"Unit=dbx-es-{command}@{INSTANCE}.service", shown)

    def check_outcomes(self, place):
        """An incremental run does not fail because another run is active; it fails with a revoked token."""
        unit = f"dbx-es-incremental@{INSTANCE}.service"
        lock, = (pathlib.Path(line) for line in self.tree.run_inside(
            "find", STATE, "-name", "*.lock").splitlines())
        self.tree.run_inside("flock", lock, "systemctl", "start", unit)
        self.assertEqual(self.tree.run_inside("systemctl", "show", unit, "-p", "ExecMainStatus", "--value"), "11\n")
        place.dropbox.order("tokens/revoke")
        said = self.start(place, "incremental", code=1)
        self.assertEqual(self.tree.run_inside("systemctl", "show", unit, "-p", "ExecMainStatus", "--value"), "4\n", said)


if __name__ == "__main__":
    unittest.main()
