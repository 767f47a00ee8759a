# SPDX-License-Identifier: Apache-2.0
"""promtool, with which Prometheus judges rules and metrics. Debian has it in the package prometheus, which also starts a server:
so the program alone is unpacked, into the cache of the test engines."""

import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from support import run

import engine_store  # (support made it known)

PACKAGE = "prometheus"


class Unavailable(Exception):
    """This system has neither promtool nor a package with it."""


@functools.cache
def path():
    installed = shutil.which("promtool")
    if installed:
        return installed
    policy = subprocess.run(("apt-cache", "policy", PACKAGE), capture_output=True, text=True, check=True,
                            env={**os.environ, "LC_ALL": "C"}).stdout
    candidate = re.search(r"Candidate: (\d\S*)", policy)
    if candidate is None:
        raise Unavailable(f"promtool is not installed, and apt-get knows no package {PACKAGE}")
    kept = engine_store.cache() / f"promtool-{candidate[1].replace(':', '_')}"
    if not kept.exists():
        _unpack(kept)
    return str(kept)


def _unpack(kept):
    with tempfile.TemporaryDirectory(prefix="dbx-es-promtool-") as folder:
        # apt-get downloads as another user where it can.
        os.chmod(folder, 0o755)
        run("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", PACKAGE, cwd=folder)
        package, = pathlib.Path(folder).glob("*.deb")
        run("dpkg-deb", "--extract", package, pathlib.Path(folder) / "tree")
        # It appears when it is complete.
        partial = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copy(pathlib.Path(folder) / "tree/usr/bin/promtool", partial)
        partial.rename(kept)
