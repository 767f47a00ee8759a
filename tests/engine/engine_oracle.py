# SPDX-License-Identifier: Apache-2.0
"""Elasticsearch's own classes and templates as judges of ours, without a server."""

import json
import pathlib
import re
import subprocess
import zipfile

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


def connector_templates(version=None):
    """The templates of the two indices that Kibana and connectors share, {concrete name: {mappings, aliases}}."""
    distribution, jdk = choose("elasticsearch", version)
    [jar] = (server_home(distribution, jdk) / "modules" / "x-pack-core").glob("x-pack-template-resources-*.jar")
    templates = {}
    with zipfile.ZipFile(jar) as resources:
        for name in ("elastic-connectors", "elastic-connectors-sync-jobs"):
            text = resources.read(f"entsearch/connector/{name}-mappings.json").decode()
            # Elasticsearch fills in its version.
            template = json.loads(re.sub(r'"?\$\{[^}]*\}"?', "1", text))["template"]
            templates[f".{name}-v1"] = {"mappings": template["mappings"], "aliases": template["aliases"]}
    return templates
