# SPDX-License-Identifier: Apache-2.0
"""A machine with other users: what they prepare harms no file of root, and root runs nothing of theirs."""

import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

import programs
import world

NOBODY = 65534
PREPARED = 3000  # process ids


def words_of(run):
    """Standard output without its line breaks."""
    return " ".join(run.stdout.split())


@unittest.skipUnless(os.geteuid() == 0, "only root can act as another user")
class OtherUserTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.place.dropbox.change("demo")
        self.shared = pathlib.Path(tempfile.mkdtemp(prefix="dbx-es-e2e-shared-"))
        self.addCleanup(subprocess.run, ["rm", "-rf", str(self.shared)], check=True)
        self.shared.chmod(0o1777)
        self.secret = self.place.folder / "secret"
        self.secret.write_text("kept")
        self.secret.chmod(0o600)

    def as_nobody(self, script):
        subprocess.run(["sh", "-c", script], check=True, user=NOBODY, group=NOBODY, extra_groups=[])

    def test_scratch_files(self):
        """The names that dry runs used before, prepared for each process id that may come next."""
        first = int(pathlib.Path("/proc/sys/kernel/ns_last_pid").read_text())
        self.as_nobody(f"cd {self.shared}; for pid in $(seq {first} {first + PREPARED}); do mkdir dbx-es-$pid; "
                       f"ln -s {self.secret} dbx-es-$pid/scratch.seen; ln -s {self.secret} dbx-es-$pid/scratch.pending; done")
        output = self.place.folder / "all.ndjson"
        for arguments in (("--dry-run",), ("--output", str(output))):
            self.place.sync("full-sync", *arguments, environment={"TMPDIR": str(self.shared)})
            self.assertEqual(self.secret.read_text(), "kept")
        self.assertEqual(stat.S_IMODE(output.stat().st_mode), 0o600)

    def test_state_folder(self):
        """One that somebody else has made, or that everybody may change, is refused."""
        self.as_nobody(f"mkdir -m 0777 {self.shared}/state")
        self.place.set("sync", state_dir=str(self.shared / "state"))
        run = self.place.run("full-sync")
        self.assertEqual(run.code, 2, run)
        self.assertIn("other users can change the state", run.stderr)
        self.assertIn("belongs to nobody", run.stderr)
        self.assertEqual(list((self.shared / "state").iterdir()), [])
        self.place.set("sync", state_dir=str(self.place.state))
        self.place.sync("full-sync")
        self.place.state.chmod(0o777)
        run = self.place.run("incremental")
        self.assertEqual(run.code, 2, run)
        self.assertIn(f"run: chmod go-w {self.place.state}", run.stderr)
        self.place.state.chmod(0o1777)
        for command in ("incremental", "full-sync", "acl-sync"):
            run = self.place.run(command)
            self.assertEqual(run.code, 2, run)
            self.assertIn(f"everybody may make files in {self.place.state} (mode 1777)", run.stderr)
        run = self.place.run("check")
        self.assertEqual(run.code, 2, run)
        self.assertIn("any user can change it, so that no run uses it", words_of(run))
        self.place.state.chmod(0o700)
        self.place.sync("incremental")

    def test_rules(self):
        """A rules file that others can change is warned about: rules decide what is deleted."""
        rules = self.shared / "rules.json"
        self.as_nobody(f"echo '[]' > {rules}; chmod 0666 {rules}")
        self.place.set("sync", rules=str(rules))
        for command in (("full-sync", "--dry-run"), ("check",)):
            run = self.place.run(*command)
            self.assertIn(f"other users can change sync.rules {rules}: {rules} belongs to nobody",
                          words_of(run) + run.stderr)

    def test_refresh_token(self):
        """One that another user has put into the state folder, or where the setting points, is not used."""
        token = self.shared / "token"
        self.as_nobody(f"echo theirs > {token}; chmod 0640 {token}")
        self.place.set("dropbox", refresh_token=None, refresh_token_file=str(token))
        for command in (("auth", "status"), ("check",), ("full-sync",)):
            run = self.place.run(*command)
            self.assertEqual(run.code, 2, run)
            self.assertIn(f"{token} is not used, because other users can change it: {token} belongs to nobody",
                          words_of(run) + run.stderr)

    def test_output(self):
        """A file that somebody else has made gets no text."""
        output = self.shared / "all.ndjson"
        self.as_nobody(f"touch {output}; chmod 0666 {output}")
        run = self.place.run("full-sync", "--output", str(output))
        self.assertEqual(run.code, 2, run)
        self.assertIn("it belongs to another user", run.stderr)
        self.assertEqual(output.read_text(), "")

    def test_commands(self):
        """None is run from a file that others may write, and every run warns of such a file."""
        mark = self.place.folder / "mark"
        self.place.set("dropbox", refresh_token=None,
                       refresh_token_command=["sh", "-c", f"touch {mark}; echo token"])
        self.place.write_config()
        self.place.config.chmod(0o666)
        run = self.place.start("-c", str(self.place.config), "full-sync", "--dry-run").finish()
        self.assertEqual(run.code, 2, run)
        self.assertIn("refresh_token_command is not run", run.stderr)
        self.assertFalse(mark.exists())
        self.place.set("dropbox", refresh_token=sorted(self.place.secrets)[0], refresh_token_command=None)
        self.place.write_config()
        self.place.config.chmod(0o666)
        run = self.place.start("-c", str(self.place.config), "config", "show").finish()
        self.assertIn("other users can change the configuration", run.stdout + run.stderr)


class PipeTest(world.Case):
    def test_configuration_from_standard_input(self):
        place = self.world()
        place.dropbox.change("demo")
        place.write_config()
        environment = {"PATH": os.environ["PATH"], "HOME": str(place.home), "TMPDIR": str(place.home / "tmp")}
        command = f"cat {place.config} | {programs.dbx_es()} -c /dev/stdin full-sync --dry-run"
        place.dropbox.order("run/begin")
        run = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run)
        place.dropbox.order("run/begin")
        command = f"{programs.dbx_es()} -c <(cat {place.config}) full-sync --dry-run"
        run = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run)


if __name__ == "__main__":
    unittest.main()
