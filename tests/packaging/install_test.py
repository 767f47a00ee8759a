# SPDX-License-Identifier: Apache-2.0
"""What `meson install` puts where, which every package is made of."""

import re
import shutil
import stat
import subprocess
import unittest

import support
from support import ROOT, run

COMMANDS_WITH_UNITS = ("incremental", "full-sync", "acl-sync", "connector")
UNITS = "/usr/lib/systemd/system"
MAX_EXPOSURE = 13  # tenths
PDF_READER = "/usr/libexec/dbx-es/dbx-es-pdf"


def pages():
    """The manual pages by name, such as "dbx-es.1"."""
    return {template.stem for template in (ROOT / "man").glob("*.in")}


def expected_files():
    """Without the reader of PDFs, which is in a package of its own. There is a manual page for each template, so that a page which is not installed is noticed."""
    manual = {f"/usr/share/man/man{name[-1]}/{name}" for name in pages()}
    units = {f"{UNITS}/dbx-es-{command}@.{kind}" for command in COMMANDS_WITH_UNITS for kind in ("service", "timer")}
    documents = {f"/usr/share/doc/dbx-es/{name}" for name in (
        "README.md", "CHANGELOG.md", "THIRD-PARTY-NOTICES", "examples/dbx-es.toml", "examples/crontab",
        "examples/cronjob.yaml", "examples/cronjob-without-volume.yaml", "examples/compose.yaml",
        "examples/compose-without-volume.yaml", "examples/github-actions.yaml")}
    return manual | units | documents | {
        "/usr/bin/dbx-es",
        "/usr/share/bash-completion/completions/dbx-es",
        "/usr/share/zsh/site-functions/_dbx-es",
        "/usr/share/fish/vendor_completions.d/dbx-es.fish",
        "/usr/share/dbx-es/rules.schema.json",
        "/usr/share/dbx-es/grafana-dashboard.json",
        "/usr/share/dbx-es/prometheus-rules.yaml",
        "/usr/share/dbx-es/kibana-dashboard.ndjson",
        "/usr/lib/sysusers.d/dbx-es.conf",
        "/usr/lib/tmpfiles.d/dbx-es.conf",
        "/etc/logrotate.d/dbx-es",
    }


class InstallTest(unittest.TestCase):
    def test_everything_is_in_place(self):
        self.assertEqual(support.files_under(support.installed()), expected_files() | {PDF_READER})
        self.assertTrue((support.installed() / "etc/dbx-es").is_dir())

    def test_every_command_has_a_page(self):
        self.assertEqual({name for name in pages() if name.endswith(".1")},
                         {f"dbx-es-{name}.1" for name in support.commands()} | {"dbx-es.1"})

    def test_only_the_programs_may_be_executed(self):
        folder = support.installed()
        executable = {name for name in support.files_under(folder)
                      if (folder / name[1:]).stat().st_mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)}
        self.assertEqual(executable, {"/usr/bin/dbx-es", PDF_READER})

    def test_no_placeholder_is_left(self):
        share = support.installed() / "usr/share"
        completions = (share / "bash-completion/completions/dbx-es", share / "zsh/site-functions/_dbx-es",
                       share / "fish/vendor_completions.d/dbx-es.fish")
        for path in (*sorted((share / "man").glob("man*/*")), *completions):
            with self.subTest(path=path.name):
                self.assertNotRegex(path.read_text(), r"@[a-z-]+( [a-z_-]+)?@")

    def test_units_run_the_installed_program(self):
        for command in COMMANDS_WITH_UNITS:
            with self.subTest(command=command):
                text = (support.installed() / f"{UNITS[1:]}/dbx-es-{command}@.service").read_text()
                started = "connector run -q" if command == "connector" else command
                self.assertIn(f"\nExecStart=/usr/bin/dbx-es --config /etc/dbx-es/%i.toml {started}\n", text)
                self.assertNotRegex(text, r"@[a-z_]+@(?!system)", "something was not replaced")
                self.assertIn(command, support.commands())

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    def test_units_are_confined(self):
        for command in COMMANDS_WITH_UNITS:
            with self.subTest(command=command):
                unit = support.installed() / f"{UNITS[1:]}/dbx-es-{command}@.service"
                said = run("systemd-analyze", "security", "--offline=true", f"--threshold={MAX_EXPOSURE}", unit)
                exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", said)[1])
                self.assertLessEqual(exposure, MAX_EXPOSURE / 10)

    def test_the_manual_has_no_flaw(self):
        manual = support.installed() / "usr/share/man"
        pages = sorted(manual.glob("man*/*"))
        # mandoc looks up referenced pages among those of this system only, and has no option to change that.
        elsewhere = re.compile(r"STYLE: referenced manual not found: Xr (\S+) (\d)(?: \(\d+ times\))?$")
        done = subprocess.run(["mandoc", "-Tlint", *pages], capture_output=True, text=True, check=False)
        flaws = []
        for line in (done.stdout + done.stderr).splitlines():
            found = elsewhere.search(line)
            if not found or not (manual / f"man{found[2]}/{found[1]}.{found[2]}").is_file():
                flaws.append(line)
        self.assertEqual(flaws, [])


if __name__ == "__main__":
    unittest.main()
