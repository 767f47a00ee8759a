# SPDX-License-Identifier: Apache-2.0
"""Where the programs under test are: DBX_ES and DROPBOX_SIM name them, else they are those of a build folder."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("DBX_ES_BUILD_DIR") or ROOT / "build")


def dbx_es():
    return _program("DBX_ES", "src/cli/dbx-es")


def dropbox_sim():
    return _program("DROPBOX_SIM", "tests/dropbox_sim/dropbox-sim")


def _program(variable, place):
    path = pathlib.Path(os.environ.get(variable) or BUILD / place).absolute()
    if not os.access(path, os.X_OK):
        raise RuntimeError(f"{path} is no program: build it, or set {variable} or DBX_ES_BUILD_DIR")
    return str(path)
