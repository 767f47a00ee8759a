# SPDX-License-Identifier: Apache-2.0
"""The state folder: damaged files, a full disk, two runs at once. And the brake on deletions."""

import re
import resource
import shlex

from refusal import RefusalCase

# A lock's note fits, a state file does not.
SMALL_FILE_BYTES = 100


def limit_file_size(size):
    """Options of a run whose disk takes no more than this many bytes of each file."""
    return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
            # Python ignores SIGXFSZ, and so must the child: a full disk sends no signal either.
            "restore_signals": False}


class StateFileTest(RefusalCase):
    def checkpoint(self):
        return next(path for path in self.place.state_files() if b'"format":"dbx-es checkpoint"' in path.read_bytes())

    def spoil(self, path, content):
        self.right = path.read_bytes()
        path.write_bytes(content)
        self.before = self.place.look()

    def test_malformed(self):
        path = self.checkpoint()
        right = path.read_bytes()
        for content in (b"", b"{", right[:-40], right.replace(b'"roots"', b'"rootz"')):
            self.spoil(path, content)
            for command in ("incremental", "full-sync"):
                self.refused(command, code=2, words=(str(path), "damaged", "move it away", "dbx-es full-sync"))
        # What the line says helps.
        path.unlink()
        self.assert_recovers("full-sync")

    def test_of_a_newer_version(self):
        path = self.checkpoint()
        right = path.read_bytes()
        self.spoil(path, right.replace(b'"version":1', b'"version":2', 1))
        for command in ("incremental", "full-sync"):
            self.refused(command, code=2, words=(str(path), "newer dbx-es", "format 2"))
        path.write_bytes(right)
        self.assert_recovers()

    def test_unwritable_folder(self):
        # A folder below a file cannot be made by anybody, not even by root.
        blocked = self.place.config / "state"
        self.refused("incremental", "--state-dir", str(blocked), code=2, words=(
            str(self.place.config), "Not a directory", "--state-dir"))
        self.assert_recovers()

    def test_full_disk(self):
        for size, words in ((0, ("write", ".lock")), (SMALL_FILE_BYTES, ("state", "File too large"))):
            self.refused("incremental", code=2, words=words, **limit_file_size(size))
        self.assert_recovers()

    def test_full_disk_in_a_first_sync(self):
        run = self.place.run("full-sync", "--take-over", "--quiet", "--state-dir",
                             str(self.place.folder / "another"), **limit_file_size(SMALL_FILE_BYTES))
        self.assert_refused(run, 2, "state", "File too large")

    def test_is_private(self):
        self.assertEqual(self.place.state.stat().st_mode & 0o777, 0o700)
        for path in self.place.state_files(locks=True):
            self.assertEqual(path.stat().st_mode & 0o777, 0o600, path)


class LockTest(RefusalCase):
    def test_second_run(self):
        first = self.place.begin_and_hold("incremental", "--quiet")
        for command in ("incremental", "full-sync"):
            run = self.place.run(command)
            self.assert_refused(run, 11, "another run", f"pid {first.process.pid}", "nothing was done")
            self.assertEqual(run.requests, {})
            quiet = self.place.run(command, "--quiet")
            self.assertEqual((quiet.code, quiet.stdout, quiet.stderr), (11, "", ""))
        first.process.terminate()
        self.assertEqual(first.finish().code, 143)
        self.place.let_go()
        self.assert_recovers()

    def test_lock_of_a_run_that_was_killed_does_not_hold(self):
        first = self.place.begin_and_hold("incremental", "--quiet")
        first.process.kill()
        self.assertEqual(first.finish().code, -9)
        self.place.let_go()
        self.assert_recovers()


class DeletionLimitTest(RefusalCase):
    def check_stop(self, gone):
        """The run stops and names the command that continues, and that command does."""
        run = self.place.run("full-sync", "--quiet")
        self.assert_refused(run, 7, "sync.max_delete", "nothing was deleted", f"--max-delete {gone}", unchanged=False)
        self.assertLessEqual({name for name in self.before if name.startswith("id:")}, self.place.dump().keys())
        again = self.place.run("full-sync", "--quiet")
        self.assert_refused(again, 7, f"--max-delete {gone}", unchanged=False)
        command = re.search(r"run: (dbx-es .*)$", run.stderr.strip())[1]
        self.place.sync(*shlex.split(command)[1:])
        self.place.assert_index_equals_tree()

    def test_more_than_the_setting(self):
        self.place.dropbox.change("delete", path="/docs/3.txt")
        self.place.set("sync", max_delete=1)
        self.check_stop(2)

    def test_as_many_as_the_setting(self):
        self.place.set("sync", max_delete=1)
        run = self.place.sync("full-sync")
        self.assertEqual(run.documents["deleted"], 1)
        self.place.assert_index_equals_tree()

    def test_empty_dropbox(self):
        self.place.dropbox.change("delete", path="/docs")
        self.check_stop(6)

    def test_a_folder_that_its_owner_deletes_passes(self):
        self.place.dropbox.change("delete", path="/docs")
        run = self.place.sync("incremental")
        self.assertEqual(run.documents["deleted"], 6)
        self.place.assert_index_equals_tree()

    def test_changes_obey_a_limit_that_was_set(self):
        self.place.set("sync", max_delete=0)
        self.place.dropbox.change("delete", path="/docs")
        run = self.place.run("incremental", "--quiet")
        self.assert_refused(run, 7, "sync.max_delete", "the deletions wait", "--max-delete 6", unchanged=False)
        self.assertLessEqual({name for name in self.before if name.startswith("id:")}, self.place.dump().keys())
        command = re.search(r"run: (dbx-es [^;]*)", run.stderr.strip())[1]
        self.place.sync(*shlex.split(command)[1:])
        self.place.assert_index_equals_tree()
