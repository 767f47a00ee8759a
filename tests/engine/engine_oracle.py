# SPDX-License-Identifier: Apache-2.0
"""Elasticsearch's own classes as judges of ours: what they say of lines of text, without a server."""

import pathlib
import subprocess

from engine_process import EngineError
from engine_store import choose, server_home

SOURCES = pathlib.Path(__file__).resolve().parent / "oracle"


def _class_path(home):
    core = sorted((home / "modules" / "x-pack-core").glob("x-pack-core-*.jar"))
    return ":".join([str(home / "lib" / "*"), *map(str, core)])


def next_times(lines, version=None):
    """What the class Cron says of each line "SECONDS|SCHEDULE"; see oracle/CronOracle.java."""
    distribution, jdk = choose("elasticsearch", version)
    command = [str(jdk.home / "bin" / "java"), "-cp", _class_path(server_home(distribution, jdk)), str(SOURCES / "CronOracle.java")]
    done = subprocess.run(command, input="".join(f"{line}\n" for line in lines), capture_output=True, text=True)
    answers = done.stdout.splitlines()
    if done.returncode or len(answers) != len(lines):
        raise EngineError(f"the class Cron answered {len(answers)} of {len(lines)} lines:\n{done.stderr}")
    return answers
