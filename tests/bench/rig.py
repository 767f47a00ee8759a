# SPDX-License-Identifier: Apache-2.0
"""Shared by all cases: servers on loopback that end with the block, and runs of dbx-es with their cost."""

import contextlib
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request

TESTS = pathlib.Path(__file__).resolve().parent.parent
for room in ("e2e", "engine"):
    sys.path.insert(0, str(TESTS / room))

import distant  # noqa: E402, F401 (what cases use of it)
import engines  # noqa: E402, F401 (what cases use of it)
import holding_proxy  # noqa: E402, F401 (what cases use of it)
import relay  # noqa: E402, F401 (what cases use of it)
import simulator  # noqa: E402

RUN_TIMEOUT_S = 3600
simulator.END_TIMEOUT_S = 300  # five million entries take their time to be freed
END_TIMEOUT_S = 30


@dataclasses.dataclass
class Cost:
    code: int
    wall_s: float
    cpu_s: float
    peak_kib: int
    output: str

    @property
    def summary(self):
        """The JSON object of a run with --json."""
        return json.loads(self.output.splitlines()[-1])


class Sink:
    """A running bulk-sink."""

    def __init__(self, program):
        self._process = subprocess.Popen([program], stdout=subprocess.PIPE, text=True)
        self.url = self._process.stdout.readline().split()[-1]

    def counters(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + "/control/counters") as answer:
            return json.load(answer)

    def stop(self):
        self._process.terminate()
        self._process.wait(END_TIMEOUT_S)
        self._process.stdout.close()


class Rig:
    """The programs of one build folder, and a folder for everything that a benchmark writes."""

    def __init__(self, build):
        self.build = pathlib.Path(build)
        self.dbx_es = str(self.build / "src/cli/dbx-es")
        os.environ["DBX_ES"] = self.dbx_es
        os.environ["DROPBOX_SIM"] = str(self.build / "tests/dropbox_sim/dropbox-sim")
        self._stack = contextlib.ExitStack()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dbx-es-bench-"))
        self._stack.callback(shutil.rmtree, self.folder)

    def close(self):
        self._stack.close()

    def program(self, name):
        return str(self.build / "tests/bench" / name)

    @contextlib.contextmanager
    def dropbox(self, *arguments):
        server = simulator.Simulator("--plain", "--no-request-log", *arguments)
        try:
            yield server
        finally:
            server.stop()

    @contextlib.contextmanager
    def sink(self):
        sink = Sink(self.program("bulk-sink"))
        try:
            yield sink
        finally:
            sink.stop()

    def measure(self, *command):
        """Runs a program to its end; a failure ends the benchmark."""
        report = self.folder / "cost.json"
        done = subprocess.run([self.program("measure"), str(report), *command], capture_output=True, text=True,
                              timeout=RUN_TIMEOUT_S, check=False)
        cost = Cost(output=done.stdout, **json.loads(report.read_text()))
        if cost.code != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {cost.code}: {done.stdout}{done.stderr}")
        return cost

    def target(self, dropbox, elastic_url, name, *, dropbox_settings=(), state="folder", connector=None, **elasticsearch):
        settings = {"dropbox": dict(dropbox_settings), "connector": {"id": connector} if connector else {}}
        return Target(self, dropbox, {"host": elastic_url, "index": name, **elasticsearch}, settings, state)


class Target:
    """A configuration with its own state."""

    def __init__(self, rig, dropbox, elasticsearch, more, state):
        self._rig = rig
        self._dropbox = dropbox
        self.index = elasticsearch["index"]
        self._state = rig.folder / f"state-{self.index}"
        self._config = rig.folder / f"{self.index}.toml"
        hosts = {f"{host}_url": dropbox.url for host in ("api", "content")}
        settings = {"dropbox": {"app_key": simulator.APP_KEY, "app_secret": simulator.APP_SECRET,
                                "refresh_token": simulator.REFRESH_TOKEN, **hosts, **more["dropbox"]},
                    "elasticsearch": elasticsearch, "extraction": {"mode": "off"}, "connector": more["connector"],
                    "sync": {"state_dir": str(self._state)} if state == "folder" else {"state": state}}
        lines = []
        for section, values in settings.items():
            lines.append(f"[{section}]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        self._config.write_text("\n".join(lines) + "\n")
        self._config.chmod(0o600)

    def run(self, *arguments):
        self._dropbox.order("run/begin")
        return self._rig.measure(self._rig.dbx_es, "-c", str(self._config), *arguments, "--json")

    def forget(self):
        """Removes the state: the next run is a first full sync."""
        shutil.rmtree(self._state, ignore_errors=True)
