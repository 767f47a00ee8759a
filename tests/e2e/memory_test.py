# SPDX-License-Identifier: Apache-2.0
"""Memory follows the settings and not the size of the Dropbox."""

import shutil
import threading
import time

import world

MOST_MIB = 64
# Ten times as many files may take this much more memory: the odd buffer that grew, and not a list of them all.
MOST_GROWTH = 1.5

AT_ONCE = 100
LISTED_BYTES = 10_000
SERVED_BYTES = 100 * LISTED_BYTES
MAX_MEMORY_MIB = 64
MOST_WITH_CONTENT_MIB = 160


class MemoryTest(world.Case):
    def peak_mib(self, place, command="full-sync"):
        """Runs the command; gives the run and the peak of its resident memory."""
        report = place.folder / "peak"
        self.assertIsNotNone(shutil.which("time"), "GNU time is not installed")
        # A child starts with the peak of who forks it, so a small program forks it and not the Python that runs this.
        run = place.sync(command, wrapper=(shutil.which("time"), "-f", "%M", "-o", str(report)))
        return run, int(report.read_text()) / 1024

    def peak_of_listing(self, files):
        """Peak resident memory of a first full sync without content."""
        place = self.world(simulator_arguments=("--tree", str(files), "--no-request-log"))
        run, peak = self.peak_mib(place)
        self.assertGreaterEqual(run.documents["created"], files)
        self.assertEqual(place.engine.count(place.index), run.documents["created"])
        return peak

    def test_full_sync(self):
        small = self.peak_of_listing(10_000)
        large = self.peak_of_listing(100_000)
        self.assertLess(large, MOST_MIB)
        self.assertLess(large, MOST_GROWTH * small)

    def test_files_that_are_100_times_larger_than_listed(self):
        place = self.world(simulator_arguments=("--no-request-log",))
        place.settings["extraction"] = {"mode": "local", "max_memory": f"{MAX_MEMORY_MIB}MiB"}
        place.settings["dropbox"]["concurrent_downloads"] = AT_ONCE
        names = [f"/{number}.txt" for number in range(2 * AT_ONCE)]
        for name in names:
            place.dropbox.change("add_file", path=name, text="x" * LISTED_BYTES)
        # The first half of the downloads stalls. Meanwhile, all files grow; then the second half is served.
        place.dropbox.fault("files/download", "stall_before_headers", delay_ms=8000, times=AT_ONCE)
        large = ("word " * (SERVED_BYTES // 5))[:SERVED_BYTES]

        def grow():
            while place.dropbox.counters().get("files/download", 0) < AT_ONCE:
                time.sleep(0.05)
            for name in names:
                place.dropbox.change("overwrite", path=name, text=large)

        growing = threading.Thread(target=grow)
        growing.start()
        run, peak = self.peak_mib(place)
        growing.join()
        self.assertEqual(run.documents["created"], len(names))
        bodies = [len(document["body"]) for document in place.dump().values()]
        self.assertGreaterEqual(sum(size >= SERVED_BYTES - 1 for size in bodies), AT_ONCE)
        self.assertLess(peak, MOST_WITH_CONTENT_MIB)
        self.assertEqual(place.sync("incremental").code, 0)
