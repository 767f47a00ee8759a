# SPDX-License-Identifier: Apache-2.0
"""A Debian in a folder, made by debootstrap, in which these sources are compiled. It stays in the cache of the test engines with
its build folder, so that a second run compiles only what changed."""

import fcntl
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/packaging"))

import debian_tree  # noqa: E402
from support import root_run, run  # noqa: E402

import engine_store  # noqa: E402 (support made it known)

SOURCES = "root/dbx-es"
COMPILE_TIMEOUT_S = 45 * 60
BUILD = ("-Dwerror=true", "-Doptimization=1", "-Ddebug=false", "--prefix=/usr")


class BuildTree:
    def __init__(self, name, codename, mirror):
        """Of this release. The folder appears when it is complete; what is in it before stays. It is ours until the
        program ends."""
        self.folder = engine_store.cache() / f"debian-{codename}-{name}"
        self._lock = open(f"{self.folder}.lock", "w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if not self.folder.exists():
            partial = f"{self.folder}.{os.getpid()}"
            try:
                root_run("debootstrap", "--variant=minbase", codename, partial, mirror, timeout_s=1200)
                root_run("mv", "--no-target-directory", partial, self.folder)
            finally:
                root_run("rm", "-rf", "--one-file-system", partial)
        for path in debian_tree.proxy_settings():
            root_run("cp", path, self.folder / str(path)[1:])
        root_run("cp", "/etc/resolv.conf", self.folder / "etc/resolv.conf")
        self._copy_sources()

    def _copy_sources(self):
        """What is checked in or new, and nothing else besides the folders of builds. A file whose content has changed is
        as new as its copy, whatever checkout it comes from, and only such a file is compiled again."""
        listed = run("git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", stderr=None)
        target = self.folder / SOURCES
        root_run("mkdir", "-p", target)
        with tempfile.TemporaryDirectory(prefix="dbx-es-sources-") as copy, tempfile.NamedTemporaryFile("w") as names:
            names.write("\0".join(name for name in listed.split("\0") if name and (ROOT / name).exists()))
            names.flush()
            run("rsync", "--archive", "--from0", f"--files-from={names.name}", f"{ROOT}/", copy)
            root_run("rsync", "--recursive", "--links", "--perms", "--checksum", "--delete", "--exclude=/build*",
                     f"{copy}/", target)

    def inside(self, *command, **options):
        """Runs a command there, in the folder of the sources."""
        # Tests of terminals need /dev/pts.
        enter = f"mount --bind /dev/pts '{self.folder}/dev/pts' && exec chroot '{self.folder}" + "' \"$@\""
        return root_run("unshare", "--mount", "--fork", "--pid", "--kill-child", f"--mount-proc={self.folder}/proc", "sh", "-c",
                        enter, "sh", "env", "-i", "-C", f"/{SOURCES}", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
                        "LC_ALL=C.UTF-8", *command, **options)

    def install(self, *packages):
        self.inside("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--no-install-recommends", "install",
                    *packages, timeout_s=1800)

    def compile(self, folder, *options):
        """With warnings as errors."""
        setup = " ".join(("meson setup", folder, *BUILD, *options))
        self.inside("sh", "-c", f"test -f {folder}/build.ninja || {setup}")
        self.inside("ninja", "-C", folder, timeout_s=COMPILE_TIMEOUT_S)
