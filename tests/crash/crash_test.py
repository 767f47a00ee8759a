# SPDX-License-Identifier: Apache-2.0
"""Kills the program at every system call that touches its state, and at random moments. After each kill the next run has
to succeed, with an index that equals the tree."""

import os
import pathlib
import pwd
import shutil
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import world  # noqa: E402
from changes import RandomChanges  # noqa: E402

# Each kill happens on entry to the call; a kill after the call is one before the next call.
CALLS = ("openat", "write", "fsync", "fdatasync", "renameat", "unlink", "ftruncate", "flock")
SUFFIXES = (".json", ".seen", ".pending", ".failures.ndjson", ".lock")
MOST_CALLS_OF_A_KIND = 200
RANDOM_KILLS = int(os.environ.get("DBX_ES_CRASH_KILLS") or 100)
SECONDS_OF_RANDOM_KILLS = float(os.environ.get("DBX_ES_CRASH_SECONDS") or 120)
COMMANDS = (("incremental",), ("full-sync",), ("full-sync", "--force"))


class CrashCase(world.Case):
    def small_world(self, random):
        """A world whose runs save their state many times."""
        place = self.world()
        place.set("elasticsearch", bulk_max_actions=3)
        place.set("sync", max_delete="unlimited")
        changes = RandomChanges(place.dropbox, random)
        changes.change(25)
        place.dropbox.change("add_received_file", name="offer.docx", text="offer")
        return place, changes

    def was_killed(self, run):
        # sudo dies of the signal of its command, or reports it as a shell does.
        self.assertIn(run.code, (0, -signal.SIGKILL, 128 + signal.SIGKILL), run)
        return run.code != 0

    def check_recovery(self, place, changes):
        place.sync("incremental")
        # A killed run may have seen such a folder disappear, and the next run may have seen it again.
        place.forget_folder_times(changes.returned)
        changes.returned.clear()
        place.assert_index_equals_tree()


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
class SystemCallTest(CrashCase):
    """Killed at the first, second, … call of each kind, until a run gets through."""

    def state_paths(self, place):
        checkpoint = next(path for path in place.state_files()
                          if path.suffix == ".json" and not path.name.endswith(".runs.json"))
        base = str(checkpoint)[:-len(".json")]
        return [str(place.state), *(base + suffix for suffix in SUFFIXES)]

    def kill_at(self, place, paths, call, number, arguments):
        trace = ["strace", "-f", "-qqq", "-o", os.devnull, "-e", f"trace={call}", "-e",
                 f"inject={call}:signal=KILL:when={number}"]
        for path in paths:
            trace += ["-P", path]
        if os.geteuid() != 0:
            # The program is not dumpable: of users, root alone may look into its memory, where the paths are.
            user = pwd.getpwuid(os.geteuid()).pw_name
            trace = ["sudo", "-n", *trace, "-u", user, "env", f"HOME={place.home}"]
        return place.run(*arguments, "--quiet", wrapper=trace)

    def kill_at_each_call(self, prepare, *arguments):
        with self.seeded() as random:
            place, changes = self.small_world(random)
            place.sync("full-sync")
            paths = self.state_paths(place)
            killed = {}
            for call in CALLS:
                for number in range(1, MOST_CALLS_OF_A_KIND):
                    prepare(place, changes, number)
                    run = self.kill_at(place, paths, call, number, arguments)
                    if not self.was_killed(run):
                        break
                    killed[call] = number
                    with self.subTest(call=call, number=number):
                        self.check_recovery(place, changes)
                else:
                    self.fail(f"{call} is called without end")
                self.check_recovery(place, changes)
            self.assertEqual(killed.keys(), set(CALLS), "a call that was never made")

    @staticmethod
    def rearrange(place, changes, number):
        """Changes with deletions in every style, listed on several pages."""
        place.dropbox.order("faults/clear")
        place.dropbox.fault("files/list_folder*", "empty_page", times=2)
        place.dropbox.change("add_file", path=f"/gone {number}.txt", text="x")
        place.dropbox.change("delete", path=f"/gone {number}.txt")
        changes.change(10)

    def test_incremental(self):
        self.kill_at_each_call(self.rearrange, "incremental")

    def test_full_sync_over_changes(self):
        self.kill_at_each_call(self.rearrange, "full-sync")

    def test_full_sync_after_a_reset(self):
        def reset_too(place, changes, number):
            self.rearrange(place, changes, number)
            place.dropbox.fault("files/list_folder/continue", "endpoint_error", tag="reset", skip=2)

        self.kill_at_each_call(reset_too, "incremental")

    def test_first_sync(self):
        def forget(place, changes, _):
            place.start_over()
            changes.change(2)

        self.kill_at_each_call(forget, "full-sync")


class RandomMomentTest(CrashCase):
    def kill_after(self, place, seconds, *arguments):
        started = place.begin(*arguments, "--quiet")
        time.sleep(seconds)
        started.process.kill()
        return started.finish()

    def test_many_kills(self):
        deadline = time.monotonic() + SECONDS_OF_RANDOM_KILLS
        with self.seeded() as random:
            place, changes = self.small_world(random)
            place.sync("full-sync")
            lengths = {}
            for arguments in COMMANDS:
                changes.change(10)
                lengths[arguments] = place.sync(*arguments).seconds
            runs = kills = 0
            while runs < RANDOM_KILLS and time.monotonic() < deadline:
                runs += 1
                arguments = random.choices(COMMANDS, (6, 2, 1))[0]
                with changes.round(1 + random.randrange(20)):
                    if random.random() < 0.2:
                        place.dropbox.order("cursors/reset")
                    run = self.kill_after(place, random.uniform(0, lengths[arguments]), *arguments)
                    kills += self.was_killed(run)
                    # Sometimes a kill happens on what an earlier kill left.
                    if random.random() < 0.7:
                        self.check_recovery(place, changes)
            self.check_recovery(place, changes)
            self.assertGreater(kills, runs // 4, "hardly a run was killed, so this test has shown little")
