# SPDX-License-Identifier: Apache-2.0
"""What the tests of packages share: commands, as root where that is needed, and the build folder that they package."""

import atexit
import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("e2e", "engine")]

import programs  # noqa: E402

DEBIAN_PYTHON = "/usr/bin/python3"  # has the packages of tests/setup.sh, whatever `python3` is
# The caller's locale would change the output of tools.
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}


class CommandFailed(AssertionError):
    """A command failed that had to succeed; the text has all that it printed."""


def run(*command, code=0, timeout_s=600, **options):
    """What a command prints on standard output and error; it has to end with `code`."""
    words = [str(word) for word in command]
    settings = {"env": ENVIRONMENT, "stderr": subprocess.STDOUT, **options}
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, errors="replace",
                          timeout=timeout_s, check=False, **settings)
    if done.returncode != code:
        raise CommandFailed(f"{' '.join(words)}: exit {done.returncode} instead of {code}\n{done.stdout}")
    return done.stdout


def as_root(*command):
    """The command as root runs it."""
    return command if os.geteuid() == 0 else ("sudo", "-n", *command)


def root_run(*command, **options):
    return run(*as_root(*command), **options)


def temporary_folder():
    """A folder that is there until the tests are over."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dbx-es-package-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def build_folder():
    """The folder that the program under test was built in, set up for packages."""
    folder = pathlib.Path(programs.dbx_es()).parents[2]
    options = json.loads(run("meson", "introspect", "--buildoptions", folder, stderr=None))
    prefix = next(option["value"] for option in options if option["name"] == "prefix")
    if prefix != "/usr":
        raise RuntimeError(f"{folder} installs into {prefix}: meson setup --reconfigure {folder} -Dprefix=/usr")
    return folder


@functools.cache
def installed():
    """A folder into which everything was installed."""
    folder = temporary_folder()
    run("meson", "install", "-C", build_folder(), "--no-rebuild", "--destdir", folder)
    return folder


def files_under(folder):
    """{"/usr/bin/dbx-es", ...}"""
    return {f"/{path.relative_to(folder)}" for path in folder.rglob("*") if not path.is_dir()}


def commands():
    """The names of the program's commands, as its help lists them."""
    lines = run(programs.dbx_es(), "--help").partition("\nCommands:\n")[2].partition("\n\n")[0].splitlines()
    return [line.split()[0] for line in lines if line[2:3] != " "]
