# SPDX-License-Identifier: Apache-2.0
"""Everything compiles for arm64 without warnings, and the program starts there, in an emulator of its programs. The
emulator knows neither seccomp nor Landlock: the filters of the sandbox are compiled there and judged by a test that runs
their programs itself."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "debian"))

from build_tree import BuildTree  # noqa: E402

import debian_tree  # noqa: E402 (build_tree made it known)
from support import CommandFailed  # noqa: E402

BUILD = "build-arm64"
EMULATOR = "qemu-aarch64"


class CrossBuildTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        codename, mirror = debian_tree.release()
        cls.tree = BuildTree("arm64", codename, mirror)
        cls.tree.inside("sh", "-c", "dpkg --print-foreign-architectures | grep -qx arm64 ||"
                                    " { dpkg --add-architecture arm64 && apt-get -q update; }", timeout_s=600)
        cls.tree.inside("tests/setup.sh", "arm64", timeout_s=1800)
        cls.tree.compile(BUILD, "--cross-file", "tests/arm64/cross.ini")

    def emulate(self, program, *arguments):
        try:
            return self.tree.inside(EMULATOR, f"{BUILD}/{program}", *arguments, timeout_s=1200)
        except CommandFailed as failed:
            self.fail(failed)

    def test_the_program_starts_and_names_its_version(self):
        version = json.loads(self.tree.inside("meson", "introspect", "--projectinfo", BUILD, stderr=None))["version"]
        self.assertIn("ARM aarch64", self.tree.inside("file", "-b", f"{BUILD}/src/cli/dbx-es"))
        self.assertIn(version, self.emulate("src/cli/dbx-es", "--version"))

    def test_the_filters_of_the_sandbox_have_the_calls_of_this_architecture(self):
        out = self.emulate("tests/unit/parsers/parsers_test", "--source-file=*sandbox_filter_test.cc")
        self.assertNotIn("test cases: 0", out)


if __name__ == "__main__":
    unittest.main()
