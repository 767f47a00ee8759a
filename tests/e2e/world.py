# SPDX-License-Identifier: Apache-2.0
"""A small world for one test: a simulated Dropbox, an index of a real engine, a configuration and a state folder, with
the program between them. Each run is checked for secrets in what it says, whatever else a test is about."""

import base64
import contextlib
import ctypes
import ctypes.util
import dataclasses
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse

import engines
import oracle
import programs
import relay
import simulator

RUN_TIMEOUT_S = 120
WEB_URL = "https://www.dropbox.test"
KEPT_TOKEN = re.compile(r"(?:[\w.-]+-[0-9a-f]{8}|dbx-es)\.access_token")
ACCESS_TOKEN = re.compile(r"sl\.[A-Za-z0-9_-]{40,}")


@dataclasses.dataclass
class Run:
    """A run that is over."""

    arguments: tuple
    code: int
    stdout: str
    stderr: str
    seconds: float
    requests: dict  # {route of Dropbox: number of requests}

    @property
    def summary(self):
        """The one JSON object that --json promises on standard output."""
        lines = self.stdout.splitlines()
        if len(lines) != 1:
            raise AssertionError(f"not exactly one line on standard output: {self}")
        return json.loads(lines[0])

    @property
    def documents(self):
        """{created, updated, …: number} of the JSON summary; what is zero is left out."""
        return {name: count for name, count in self.summary["documents"].items() if count}

    def __str__(self):
        return (f"dbx-es {' '.join(self.arguments)}: exit {self.code} after {self.seconds:.1f} s\n"
                f"stdout: {self.stdout}\nstderr: {self.stderr}\nrequests: {self.requests}")


class Started:
    """A run under way. `finish` waits for it; a test that forgets to ends it with the world."""

    def __init__(self, world, arguments, command, **options):
        self._world = world
        self._arguments = arguments
        self._before = world.dropbox.counters()
        self._begin = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, **options)

    def finish(self, timeout_s=RUN_TIMEOUT_S):
        try:
            out, err = self.process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            raise AssertionError(f"dbx-es {' '.join(self._arguments)} was not done after {timeout_s} s and was "
                                 f"killed; it said: {out.decode()}{err.decode()}") from None
        seconds = time.monotonic() - self._begin
        counters = self._world.dropbox.counters()
        requests = {route: count - self._before.get(route, 0) for route, count in counters.items()}
        run = Run(self._arguments, self.process.returncode, out.decode(), err.decode(), seconds,
                  {route: count for route, count in requests.items() if count})
        self._world.check_said(run)
        return run

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class World:
    """`settings` ({section: {key: value}}) is the configuration file; change it between runs at will."""

    def __init__(self, case, engine=None, *, simulator_arguments=(), with_relay=False):
        self._case = case
        self.engine = engine or engines.engine()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dbx-es-e2e-"))
        case.addCleanup(shutil.rmtree, self.folder)
        self.dropbox = simulator.Simulator(*simulator_arguments)
        case.addCleanup(self.dropbox.stop)
        self.index = f"e2e-{os.getpid()}-{random.SystemRandom().randrange(1 << 40):x}"
        case.addCleanup(self.engine.delete_index, self.index)
        self.state = self.folder / "state"
        self.config = self.folder / "dbx-es.toml"
        self.home = self.folder / "home"
        for folder in (self.home, self.home / "tmp"):
            folder.mkdir()
        self.relay = None
        if with_relay:
            address = urllib.parse.urlsplit(self.engine.url)
            self.relay = relay.Relay((address.hostname, address.port))
            case.addCleanup(self.relay.stop)
        self.secrets = {simulator.APP_SECRET, simulator.REFRESH_TOKEN}
        self.settings = self._settings()
        self.excludes = lambda document: False  # what sync rules leave out, in other words than theirs
        self._folder_times = {}
        case.addCleanup(self._check_left_behind)

    def _settings(self):
        dropbox = {"app_key": simulator.APP_KEY, "app_secret": simulator.APP_SECRET,
                   "refresh_token": simulator.REFRESH_TOKEN, "web_url": WEB_URL,
                   **{f"{host}_url": self.dropbox.url for host in ("api", "content")}}
        elastic = {"host": self.engine.url, "index": self.index}
        if self.relay is not None:
            scheme = urllib.parse.urlsplit(self.engine.url).scheme
            elastic["host"] = f"{scheme}://127.0.0.1:{self.relay.port}"
        if self.engine.username:
            elastic["api_key"] = self.keep_secret(self.engine.connector_key(self.index))
        if self.engine.ca:
            elastic["ca_certs"] = self.engine.ca
        # Tests of content turn it on; for the others it would be one request more for each file.
        return {"dropbox": dropbox, "elasticsearch": elastic, "extraction": {"mode": "off"},
                "sync": {"state_dir": str(self.state)}}

    def keep_secret(self, text):
        """Adds a secret that must never be printed or stored; an encoded API key in both of its forms."""
        self.secrets.add(text)
        with contextlib.suppress(ValueError):
            self.secrets.add(base64.b64decode(text, validate=True).decode().partition(":")[2] or text)
        return text

    def set(self, section, **settings):
        """Changes settings; None takes one out of the file."""
        values = {**self.settings[section], **settings}
        self.settings[section] = {key: value for key, value in values.items() if value is not None}

    def write_config(self):
        lines = []
        for section, settings in self.settings.items():
            lines.append(f"[{section}]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
        self.write_config_text("\n".join(lines) + "\n")

    def write_config_text(self, text):
        # Another process may be reading it.
        if not self.config.exists() or self.config.read_text() != text:
            self.config.write_text(text)
        self.config.chmod(0o600)

    # Runs.

    def start(self, *arguments, wrapper=(), **options):
        """Starts dbx-es with the configuration as it is in the file."""
        self.dropbox.order("run/begin")
        # Nothing of the caller's environment: a DBX_ES_... variable of a developer must not decide a test.
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.home / "tmp"),
                       **options.pop("environment", {})}
        started = Started(self, arguments, [*wrapper, programs.dbx_es(), *arguments], env=environment,
                          cwd=self.folder, **options)
        self._case.addCleanup(started.end)
        return started

    def begin(self, *arguments, **options):
        """Writes the configuration and starts dbx-es with it."""
        self.write_config()
        return self.start("-c", str(self.config), *arguments, **options)

    def begin_and_hold(self, *arguments, after_pages=0):
        """Begins a run and returns when it waits for a page that Dropbox sends a byte at a time."""
        route = "files/list_folder/continue"
        asked = self.dropbox.counters().get(route, 0)
        self.dropbox.fault(route, "slow_body", skip=after_pages, bytes_per_second=10)
        started = self.begin(*arguments)
        deadline = time.monotonic() + RUN_TIMEOUT_S
        while self.dropbox.counters().get(route, 0) <= asked + after_pages:
            self._case.assertIsNone(started.process.poll(), "the run ended before it was held")
            self._case.assertLess(time.monotonic(), deadline, "the run does not ask for its pages")
            time.sleep(0.01)
        return started

    @staticmethod
    def let_go():
        """Waits until the simulated Dropbox has noticed that nobody reads the held page any more. Until then it takes
        the next request for a second one at the same time, which it refuses and counts as bad manners."""
        time.sleep(1)

    def run(self, *arguments, timeout_s=RUN_TIMEOUT_S, **options):
        return self.begin(*arguments, **options).finish(timeout_s)

    def sync(self, *arguments, **options):
        """A run with --json that has to succeed."""
        run = self.run(*arguments, "--json", **options)
        self._case.assertEqual(run.code, 0, run)
        self._case.assertEqual(run.summary["exit_code"], 0, run)
        return run

    def check_said(self, run):
        said = run.stdout + run.stderr
        found = [secret for secret in self.secrets if secret in said] + ACCESS_TOKEN.findall(said)
        self._case.assertEqual(found, [], f"secrets in what was printed by dbx-es {' '.join(run.arguments)}")

    def _check_left_behind(self):
        for path in self.state_files(locks=True):
            text = path.read_text(errors="replace")
            found = [secret for secret in self.secrets if secret.encode() in path.read_bytes()]
            tokens = ACCESS_TOKEN.findall(text)
            if KEPT_TOKEN.fullmatch(path.name):
                # The one secret that a run may leave, in this one member of this one file.
                self._case.assertEqual(path.stat().st_mode & 0o777, 0o600, path.name)
                if tokens:
                    self._case.assertEqual(tokens, [json.loads(text)["access_token"]])
                tokens = []
            self._case.assertEqual(found + tokens, [], f"secrets in {path.name}")

    # What is there.

    def state_files(self, locks=False):
        files = sorted(self.state.rglob("*")) if self.state.is_dir() else []
        return [path for path in files if path.is_file() and (locks or path.suffix != ".lock")]

    def kept_token(self):
        """The file with the access token that runs with this configuration keep; None if there is none."""
        kept = [path for path in self.state_files() if KEPT_TOKEN.fullmatch(path.name)]
        kept = [path for path in kept if path.name.startswith(f"{self.config.stem}-")]
        self._case.assertLessEqual(len(kept), 1)
        return kept[0] if kept else None

    def state_content(self):
        """{file: content} of the state folder, without what a run may touch that changes nothing: the lock, the name of a state, the record of
        runs, side files that are empty, numbers that a checkpoint sets aside, and when it saw its index."""
        return {path.name: _settled(path.read_bytes()) for path in self.state_files()
                if path.stat().st_size and not path.name.endswith((".runs.json", ".id", ".access_token"))}

    def dump(self, index=None):
        """{id: document} of all that the index holds; None when there is no index."""
        try:
            return self.engine.dump(index or self.index)
        except engines.HttpFailure as failure:
            if failure.status == 404:
                return None
            raise

    def look(self):
        """{thing: content} of everything that a run which changes nothing leaves as it is."""
        index = self.dump()
        documents = {"index": "absent"} if index is None else {"index": "there", **index}
        return {**documents, **self.state_content()}

    def assert_same(self, before, run=None):
        """Nothing has changed since a look."""
        after = self.look()
        changed = {thing: (before.get(thing), after.get(thing)) for thing in before.keys() | after.keys()
                   if before.get(thing) != after.get(thing)}
        self._case.assertEqual(changed, {}, run)

    def writes(self):
        """How many operations the index has carried out so far, those that changed nothing included."""
        counts = self.engine.request("GET", f"/{self.index}/_stats/indexing")["_all"]["primaries"]["indexing"]
        return counts["index_total"] + counts["delete_total"] + counts["noop_update_total"]

    def expected(self):
        """{id: document}: what the index has to hold."""
        snapshot = self.dropbox.ask("snapshot")
        links = None
        if self.settings["dropbox"].get("include_received_files", True):
            links = self.dropbox.received_links() if any(item["received"] for item in snapshot) else {}
        paths = self.settings["dropbox"].get("path", "/")
        documents = oracle.expected_documents(snapshot, self.dropbox.home_namespace(), links,
                                              self.settings["dropbox"]["web_url"],
                                              [path.rstrip("/") for path in ([paths] if isinstance(paths, str) else paths)])
        return {key: document for key, document in documents.items() if not self.excludes(document)}

    def assert_index_equals_tree(self, index=None):
        """The oracle of every sync test. It also holds the program to its manners towards Dropbox.

        Call it after each sync in which a folder may have gone: one that comes back gets a new time.
        """
        violations = self.dropbox.ask("violations")
        expected, actual = self.expected(), self.dump(index)
        self._case.assertIsNotNone(actual, "there is no index")
        problems = oracle.differences(expected, actual, self._folder_times)
        self._case.assertEqual(problems, [], "the index differs from the Dropbox")
        self._case.assertEqual(violations, [])
        if index is None:
            self._folder_times = {key: document["_timestamp"] for key, document in actual.items()
                                  if document["type"] == "Folder"}

    def forget_folder_times(self, ids):
        """Lets these folders have new times at the next comparison."""
        self._folder_times = {key: time for key, time in self._folder_times.items() if key not in ids}

    def forget_all_folder_times(self):
        """For an index that is about to be another one."""
        self._folder_times = {}

    def delete_index(self):
        self.engine.delete_index(self.index)
        self._folder_times = {}

    def let_an_hour_pass(self):
        """The checkpoint says that no run has looked at the index for long."""
        library = ctypes.CDLL(ctypes.util.find_library("xxhash"))
        library.XXH3_64bits.restype = ctypes.c_uint64
        library.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
        for path in self.state_files():
            parts = re.fullmatch(rb'(.*"xxh3":")[0-9a-f]{16}(","checkpoint":)(.*)}\n', path.read_bytes())
            if parts is None:
                continue
            head, key, body = parts.groups()
            body = re.sub(rb'"(confirmed_at|counted_at)":\d+', rb'"\1":0', body)
            path.write_bytes(head + b"%016x" % library.XXH3_64bits(body, len(body)) + key + body + b"}\n")

    def start_over(self):
        """Removes the index and the state, as if there had been no run."""
        self.delete_index()
        if self.state.exists():
            shutil.rmtree(self.state)


def _settled(content):
    try:
        checkpoint = json.loads(content)
        checkpoint["xxh3"] = checkpoint["checkpoint"]["sync_seq_reserved"] = None
        for moment in ("confirmed_at", "counted_at"):
            checkpoint["checkpoint"].get("index", {}).pop(moment, None)
        return checkpoint
    except (ValueError, TypeError, KeyError):
        return content  # no checkpoint, or one that a test has spoilt


class Case(unittest.TestCase):
    """A test with worlds of its own and a seed for what is random in it."""

    maxDiff = None

    def world(self, *arguments, **options):
        return World(self, *arguments, **options)

    @contextlib.contextmanager
    def seeded(self):
        """A random.Random. A failure inside the block shows the seed that repeats it."""
        seed = int(os.environ.get("DBX_ES_TEST_SEED") or random.SystemRandom().randrange(1 << 32))
        try:
            yield random.Random(seed)
        except Exception as failure:
            failure.add_note(f"to repeat this: DBX_ES_TEST_SEED={seed}")
            raise
