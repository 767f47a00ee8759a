# SPDX-License-Identifier: Apache-2.0
"""The other supported release of Debian than this system's: what is compiled, tested and packaged there, from these sources.

The system is a tree made by debootstrap. It stays in the cache of the test engines with its build folder, so that a second run
compiles only what changed."""

import json
import os
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/packaging"))

import debian_tree  # noqa: E402
from support import CommandFailed, root_run, run  # noqa: E402

import engine_store  # noqa: E402 (support made it known)

OTHER = {"bookworm": "trixie", "trixie": "bookworm"}
# Besides what tests/setup.sh installs: what unit tests run, and what makes the package.
PACKAGES = ("ccache", "debhelper", "mandoc", "dpkg-dev", "git", "openssl", "poppler-utils")
SOURCES = "root/dbx-es"
COMPILE_TIMEOUT_S = 45 * 60
BUILD = ("-Dwerror=true", "-Doptimization=1", "-Ddebug=false", "--prefix=/usr")
# Random tests, which say nothing about a release of Debian that the others do not.
LEFT_OUT = "faults"


def make_tree(codename, mirror):
    """A folder with that Debian. It appears when it is complete."""
    folder = engine_store.cache() / f"debian-{codename}-build"
    if not folder.exists():
        partial = f"{folder}.{os.getpid()}"
        try:
            root_run("debootstrap", "--variant=minbase", codename, partial, mirror, timeout_s=1200)
            root_run("mv", "--no-target-directory", partial, folder)
        finally:
            root_run("rm", "-rf", "--one-file-system", partial)
    return folder


class OtherReleaseTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        own, mirror = debian_tree.release()
        cls.codename = OTHER[own]
        cls.folder = make_tree(cls.codename, mirror)
        for path in debian_tree.proxy_settings():
            root_run("cp", path, cls.folder / str(path)[1:])
        root_run("cp", "/etc/resolv.conf", cls.folder / "etc/resolv.conf")
        cls.copy_sources()
        cls.inside("tests/setup.sh", "build", timeout_s=1800)
        cls.inside("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--no-install-recommends", "install",
                   *PACKAGES, timeout_s=1800)
        cls.inside("sh", "-c", f"test -f build/build.ninja || meson setup build {' '.join(BUILD)}")
        cls.inside("ninja", "-C", "build", timeout_s=COMPILE_TIMEOUT_S)

    @classmethod
    def copy_sources(cls):
        """What is checked in or new, with its time of change, so that only what changed is compiled."""
        listed = run("git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", stderr=None)
        with tempfile.NamedTemporaryFile("w", prefix="dbx-es-names-") as names:
            names.write("\0".join(name for name in listed.split("\0") if name and (ROOT / name).exists()))
            names.flush()
            target = cls.folder / SOURCES
            root_run("mkdir", "-p", target)
            root_run("sh", "-c", f"tar -C '{ROOT}' --null --files-from='{names.name}' -cf - |"
                                 f" tar -C '{target}' --no-same-owner -xf -")

    @classmethod
    def inside(cls, *command, **options):
        # Tests of terminals need /dev/pts.
        enter = f"mount --bind /dev/pts '{cls.folder}/dev/pts' && exec chroot '{cls.folder}" + "' \"$@\""
        return root_run("unshare", "--mount", "--fork", "--pid", "--kill-child", f"--mount-proc={cls.folder}/proc", "sh", "-c",
                        enter, "sh", "env", "-i", "-C", f"/{SOURCES}", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
                        "LC_ALL=C.UTF-8", *command, **options)

    def test_all_unit_tests_pass(self):
        programs = [name for name in self.inside("meson", "test", "-C", "build", "--list", stderr=None).split("\n")
                    if name and LEFT_OUT not in name]
        self.assertGreater(len(programs), 15)
        names = [name.split(" / ")[-1].split(":")[-1] for name in programs]
        try:
            self.inside("env", "MALLOC_PERTURB_=0", "meson", "test", "-C", "build", "--no-rebuild", "--print-errorlogs",
                        "--timeout-multiplier", "5", *names, timeout_s=COMPILE_TIMEOUT_S)
        except CommandFailed as failed:
            self.fail(failed)

    def test_the_package_installs_and_runs(self):
        self.inside("packaging/debian/build.sh", "--built", "build", "/root/package")
        packages = self.inside("sh", "-c", "ls -t /root/package/dbx-es_*.deb", stderr=None).split()
        self.inside("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--reinstall", "install", packages[0])
        version = json.loads(self.inside("meson", "introspect", "--projectinfo", "build", stderr=None))["version"]
        self.assertIn(version, self.inside("dbx-es", "--version"))
        self.assertIn("full-sync", self.inside("dbx-es", "--help"))


if __name__ == "__main__":
    unittest.main()
