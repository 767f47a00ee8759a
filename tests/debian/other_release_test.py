# SPDX-License-Identifier: Apache-2.0
"""The other supported release of Debian than this system's: what is compiled, tested and packaged there, from these sources."""

import json
import unittest

from build_tree import COMPILE_TIMEOUT_S, BuildTree

import debian_tree  # build_tree made it known
from support import CommandFailed

OTHER = {"bookworm": "trixie", "trixie": "bookworm"}
# Besides what tests/setup.sh installs: what unit tests run, and what makes the package.
PACKAGES = ("ccache", "debhelper", "mandoc", "dpkg-dev", "git", "openssl", "poppler-utils", "tesseract-ocr")
# Random tests, which say nothing about a release of Debian that the others do not.
LEFT_OUT = "faults"


class OtherReleaseTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        own, mirror = debian_tree.release()
        cls.tree = BuildTree("build", OTHER[own], mirror)
        cls.tree.inside("tests/setup.sh", "build", timeout_s=1800)
        cls.tree.install(*PACKAGES)
        cls.tree.compile("build")

    def test_all_unit_tests_pass(self):
        listed = self.tree.inside("meson", "test", "-C", "build", "--list", stderr=None)
        programs = [name for name in listed.split("\n") if name and LEFT_OUT not in name]
        self.assertGreater(len(programs), 15)
        names = [name.split(" / ")[-1].split(":")[-1] for name in programs]
        try:
            self.tree.inside("env", "MALLOC_PERTURB_=0", "meson", "test", "-C", "build", "--no-rebuild", "--print-errorlogs",
                             "--timeout-multiplier", "5", *names, timeout_s=COMPILE_TIMEOUT_S)
        except CommandFailed as failed:
            self.fail(failed)

    def test_the_package_installs_and_runs(self):
        self.tree.inside("packaging/debian/build.sh", "--built", "build", "/root/package")
        packages = self.tree.inside("sh", "-c", "ls -t /root/package/dbx-es_*.deb", stderr=None).split()
        self.tree.inside("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--reinstall", "install", packages[0])
        version = json.loads(self.tree.inside("meson", "introspect", "--projectinfo", "build", stderr=None))["version"]
        self.assertIn(version, self.tree.inside("dbx-es", "--version"))
        self.assertIn("full-sync", self.tree.inside("dbx-es", "--help"))


if __name__ == "__main__":
    unittest.main()
