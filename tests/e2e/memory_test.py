# SPDX-License-Identifier: Apache-2.0
"""Memory follows the settings and not the size of the Dropbox."""

import shutil

import world

MOST_MIB = 64
# Ten times as many files may take this much more memory: the odd buffer that grew, and not a list of them all.
MOST_GROWTH = 1.5


class MemoryTest(world.Case):
    def peak_mib(self, files):
        """Peak resident memory of a first full sync."""
        place = self.world(simulator_arguments=("--tree", str(files), "--no-request-log"))
        report = place.folder / "peak"
        # A child starts with the peak of who forks it, so a small program forks it and not the Python that runs this.
        run = place.sync("full-sync", wrapper=(shutil.which("time"), "-f", "%M", "-o", str(report)))
        self.assertGreaterEqual(run.documents["created"], files)
        self.assertEqual(place.engine.count(place.index), run.documents["created"])
        return int(report.read_text()) / 1024

    def test_full_sync(self):
        self.assertIsNotNone(shutil.which("time"), "GNU time is not installed")
        small = self.peak_mib(10_000)
        large = self.peak_mib(100_000)
        self.assertLess(large, MOST_MIB)
        self.assertLess(large, MOST_GROWTH * small)
