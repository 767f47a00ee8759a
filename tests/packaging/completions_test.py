# SPDX-License-Identifier: Apache-2.0
"""Completions, as the three shells themselves offer them. The scripts are those of the build folder."""

import pathlib
import re
import shlex
import shutil
import tempfile
import unittest

import support
from support import run

COMPLETIONS = support.build_folder() / "completions"
HERE = pathlib.Path(__file__).resolve().parent

BASH = """
source {script}
COMP_WORDS=({words}) COMP_CWORD={cursor} COMP_LINE={line} COMP_POINT=${{#COMP_LINE}}
_dbx_es dbx-es
((${{#COMPREPLY[@]}} == 0)) || printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def options_in_help(command):
    """The long options that a command's help names."""
    text = run(support.programs.dbx_es(), command, "--help").partition("\nOptions")[2].partition("\nExamples")[0]
    names = set()
    for no, name in re.findall(r"(?<![\w-])--(\[no-\])?([a-z][a-z-]*)", text):
        names |= {f"--{name}", f"--no-{name}"} if no else {f"--{name}"}
    return names


class Completions:
    """Cases for every shell. `offers` returns what a shell offers after a line."""

    @classmethod
    def setUpClass(cls):
        cls.commands = support.commands()
        # Files that a shell keeps between runs.
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="dbx-es-shell-"))
        cls.addClassCleanup(shutil.rmtree, cls.scratch)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dbx-es-completions-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "rules.json").touch()
        (self.folder / "states").mkdir()

    def offers(self, line):
        raise NotImplementedError

    def assert_offers(self, line, *expected):
        self.assertEqual(sorted(self.offers(line)), sorted(expected), line)

    def test_commands(self):
        self.assert_offers("dbx-es ", *self.commands)
        self.assert_offers("dbx-es inc", "incremental")

    def test_an_option_before_the_command(self):
        self.assert_offers("dbx-es --json -v inc", "incremental")
        # Its value is not the command, although it looks like one.
        self.assert_offers("dbx-es --index auth ", *self.commands)
        self.assert_offers("dbx-es --index=auth ", *self.commands)
        self.assert_offers("dbx-es --index auth full-sync --comp", "--compression")

    def test_every_command_offers_the_options_in_its_help(self):
        for command in self.commands:
            self.assertEqual(set(self.offers(f"dbx-es {command} --")), options_in_help(command), command)

    def test_an_option_belongs_to_its_command(self):
        self.assert_offers("dbx-es full-sync --dry", "--dry-run")
        self.assert_offers("dbx-es auth --dry")
        self.assert_offers("dbx-es auth --redir", "--redirect-uri")

    def test_words_to_choose_from(self):
        self.assert_offers("dbx-es --compression ", "auto", "on", "off")
        self.assert_offers("dbx-es full-sync --compression o", "on", "off")
        self.assert_offers("dbx-es full-sync --max-delete ", "auto", "unlimited")
        self.assert_offers("dbx-es full-sync --max-delete=", "auto", "unlimited")
        self.assert_offers("dbx-es full-sync --max-delete=un", "unlimited")

    def test_switches_and_their_opposites(self):
        self.assert_offers("dbx-es full-sync --verify", "--verify-certs")
        self.assert_offers("dbx-es full-sync --no-ver", "--no-verify-certs")

    def test_files_and_folders(self):
        self.assert_offers("dbx-es full-sync --rules ru", "rules.json")
        self.assert_offers("dbx-es -c ru", "rules.json")
        self.assert_offers("dbx-es --config=ru", "rules.json")
        self.assert_offers("dbx-es --state-dir st", "states")
        self.assert_offers("dbx-es --state-dir ru")

    def test_a_free_value_offers_nothing(self):
        self.assert_offers("dbx-es --index ")
        self.assert_offers("dbx-es full-sync --host ")

    def test_arguments_of_commands(self):
        self.assert_offers("dbx-es auth ", "status", "revoke")
        self.assert_offers("dbx-es auth --team st", "status")
        self.assert_offers("dbx-es auth --code 123 rev", "revoke")
        self.assertNotIn("revoke", self.offers("dbx-es auth status "))
        self.assert_offers("dbx-es validate-rules ru", "rules.json")
        self.assert_offers("dbx-es validate-rules --preview ru", "rules.json")


class BashTest(Completions, unittest.TestCase):
    splits_at_equals = True

    def offers(self, line):
        # As bash passes it: the equals sign is a separate word.
        words = re.findall(r"=|[^\s=]+" if self.splits_at_equals else r"\S+", line)
        words += [""] if line.endswith(" ") else []
        script = BASH.format(script=shlex.quote(str(COMPLETIONS / "dbx-es")), words=shlex.join(words),
                             cursor=len(words) - 1, line=shlex.quote(line))
        return run("bash", "--norc", "-uo", "pipefail", "-c", script, cwd=self.folder).split()

    def test_it_is_registered(self):
        script = f"source {shlex.quote(str(COMPLETIONS / 'dbx-es'))}; complete -p dbx-es"
        self.assertEqual(run("bash", "--norc", "-c", script), "complete -F _dbx_es dbx-es\n")


class BashWithoutEqualsTest(BashTest):
    """If COMP_WORDBREAKS has no equals sign, the completion includes the name of the option."""

    splits_at_equals = False

    def assert_offers(self, line, *expected):
        name, equals, _ = line.rpartition(" ")[2].partition("=")
        super().assert_offers(line, *(f"{name}={word}" if equals else word for word in expected))


class ZshTest(Completions, unittest.TestCase):
    def offers(self, line):
        said = run(HERE / "complete.zsh", COMPLETIONS, self.scratch, line, cwd=self.folder, timeout_s=60)
        # After a single match, zsh tries other ways to complete and prints the same again.
        return list({match.rstrip("/=") for match in said.split()})


class FishTest(Completions, unittest.TestCase):
    def offers(self, line):
        script = f"source {shlex.quote(str(COMPLETIONS / 'dbx-es.fish'))}; complete -C {shlex.quote(line)}"
        said = run("fish", "--no-config", "-c", script, cwd=self.folder,
                   env={**support.ENVIRONMENT, "HOME": str(self.scratch)})
        matches = [match.split("\t")[0].rstrip("/") for match in said.splitlines()]
        # fish offers the whole word, with the name of the option.
        return [match.partition("=")[2] if match.startswith("--") and "=" in match else match for match in matches]


if __name__ == "__main__":
    unittest.main()
