# SPDX-License-Identifier: Apache-2.0
"""What the test servers are made of: the JDK, the distributions, the test plugin, in a cache outside the tree."""

import contextlib
import dataclasses
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import zipfile

from engine_process import EngineError, open_to_everybody, say

PLUGIN_SOURCE = pathlib.Path(__file__).resolve().parent / "plugin" / "TestEnginePlugin.java"
JVM_FOLDER = pathlib.Path("/usr/lib/jvm")
TIKA_VERSION = "3.3.2"
TIKA_MEGABYTES = 76


class EngineUnavailable(EngineError):
    """No JDK here can run what was asked for; a test may skip."""


@dataclasses.dataclass(frozen=True)
class Jdk:
    home: pathlib.Path
    major: int


@dataclasses.dataclass(frozen=True)
class Distribution:
    engine: str
    version: str
    java: int
    megabytes: int | None = None
    last_java: int = 99  # the newest JDK that it starts with

    @property
    def name(self):
        return f"{self.engine}-{self.version}"

    @property
    def artifact(self):
        owner = "elasticsearch" if self.engine == "elasticsearch" else "opensearch"
        return f"org.{owner}.distribution.integ-test-zip:{self.engine}:{self.version}:zip"


# Newest first: the first one that the JDK can run is taken.
DISTRIBUTIONS = (
    Distribution("elasticsearch", "9.5.3", java=21, megabytes=132),
    Distribution("elasticsearch", "8.19.21", java=17, megabytes=107),
    Distribution("opensearch", "3.8.0", java=21, megabytes=161),
)


def jdks():
    """The JDKs of this machine, newest first. DBX_ES_TEST_JAVA_HOME names the only one to use."""
    fixed = os.environ.get("DBX_ES_TEST_JAVA_HOME")
    if fixed:
        jdk = _jdk_at(pathlib.Path(fixed))
        if jdk is None:
            raise EngineError(f"DBX_ES_TEST_JAVA_HOME={fixed} is not the folder of a JDK")
        return [jdk]
    candidates = [pathlib.Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    candidates += sorted(JVM_FOLDER.iterdir()) if JVM_FOLDER.is_dir() else []
    found = {jdk.home: jdk for jdk in map(_jdk_at, candidates) if jdk}
    return sorted(found.values(), key=lambda jdk: jdk.major, reverse=True)


def _jdk_at(home):
    release = home / "release"
    if not release.is_file() or not (home / "bin" / "javac").exists():
        return None
    match = re.search(r'^JAVA_VERSION="(?:1\.)?(\d+)', release.read_text(), re.MULTILINE)
    return Jdk(home.resolve(), int(match.group(1))) if match else None


def choose(engine, version=None):
    """The distribution to run and the newest JDK for it; EngineUnavailable when there is no such pair."""
    if version is None and engine == "elasticsearch":
        version = os.environ.get("DBX_ES_TEST_ES_VERSION")
    known = [d for d in DISTRIBUTIONS if d.engine == engine]
    if not known:
        raise EngineError(f"no engine is called {engine}")
    if version is not None:
        known = [d for d in known if d.version == version] or [_other(engine, version)]
    available = [jdk for jdk in jdks() if jdk.major <= max(d.last_java for d in known)]
    newest = available[0].major if available else 0
    distribution = next((d for d in known if d.java <= newest), None)
    if distribution is None:
        needed = min(d.java for d in known)
        raise EngineUnavailable(f"{known[-1].name} needs JDK {needed} or newer; the newest here is {newest or 'none'}")
    return distribution, available[0]


def _other(engine, version):
    old = engine == "elasticsearch" and version.startswith("8.")
    # Before 8.18 it asks for the Security Manager, which Java 24 no longer has.
    without_manager = tuple(map(int, version.split(".")[:2])) >= (8, 18)
    return Distribution(engine, version, java=17 if old else 21, last_java=23 if old and not without_manager else 99)


def cache():
    """The cache folder. Servers that root starts run as another user, who can enter no closed home."""
    if fixed := os.environ.get("DBX_ES_TEST_CACHE"):
        folder = pathlib.Path(fixed)
    else:
        base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
        folder = pathlib.Path(base) / "dbx-es-test"
        if os.geteuid() == 0 and not _would_be_open(folder):
            folder = pathlib.Path("/var/cache/dbx-es-test")
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _open_to_readers(folder)
    return folder


def _would_be_open(folder):
    return open_to_everybody(next(p for p in folder.parents if p.exists()))


@contextlib.contextmanager
def _lock(folder):
    with open(folder / ".lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _download(artifact, megabytes, folder):
    """Fetches a Maven artifact into `folder` and returns the file."""
    size = f"{megabytes} MB" if megabytes else "some 100 MB"
    say(f"downloading {artifact} ({size}) with Maven")
    if shutil.which("mvn") is None:
        raise EngineError("mvn is not installed; tests/setup.sh installs what the tests need")
    command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    files = [f for f in folder.iterdir() if f.suffix in (".zip", ".jar")]
    if done.returncode or len(files) != 1:
        raise EngineError(f"Maven could not fetch {artifact}:\n{done.stdout}{done.stderr}")
    return files[0]


def _made_once(name, make):
    """cache()/name, made by `make(scratch folder) -> path` and moved there in one step when it is absent."""
    folder = cache()
    target = folder / name
    with _lock(folder):
        if target.exists():
            return target
        with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as scratch:
            made = make(pathlib.Path(scratch))
            for path in [made, *made.rglob("*")]:
                _open_to_readers(path)
            made.rename(target)
    return target


def _open_to_readers(path):
    mode = path.stat().st_mode
    path.chmod(mode | 0o444 | (0o111 if path.is_dir() or mode & 0o100 else 0))


def server_home(distribution, jdk):
    """The unpacked server with the test plugin inside; made on the first call, instant afterwards."""
    if distribution.engine != "elasticsearch":
        return _made_once(distribution.name, lambda scratch: _unpack(distribution, scratch))
    source = hashlib.sha256(PLUGIN_SOURCE.read_bytes()).hexdigest()[:12]
    return _made_once(f"{distribution.name}-{source}", lambda scratch: _with_plugin(distribution, jdk, scratch))


def tika_jar():
    artifact = f"org.apache.tika:tika-server-standard:{TIKA_VERSION}:jar"
    name = f"tika-server-standard-{TIKA_VERSION}.jar"
    return _made_once(name, lambda scratch: _download(artifact, TIKA_MEGABYTES, scratch))


def _unpack(distribution, scratch):
    archive = _download(distribution.artifact, distribution.megabytes, scratch)
    say(f"unpacking {archive.name}")
    with zipfile.ZipFile(archive) as zipped:
        for item in zipped.infolist():
            path = pathlib.Path(zipped.extract(item, scratch))
            # ZipFile forgets the permissions, and the programs in bin/ must stay programs.
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    archive.unlink()
    return scratch / distribution.name


def _with_plugin(distribution, jdk, scratch):
    home = _unpack(distribution, scratch)
    say(f"compiling the test plugin for {distribution.name}")
    classes = scratch / "classes"
    plugin = home / "plugins" / "test-engine"
    plugin.mkdir(parents=True)
    _java(jdk, "javac", "--release", distribution.java, "-Xlint:all", "-Werror", "-cp", home / "lib" / "*",
          "-d", classes, PLUGIN_SOURCE)
    _java(jdk, "jar", "--create", "--file", plugin / "test-engine.jar", "-C", classes, ".")
    (plugin / "plugin-descriptor.properties").write_text(
        "name=test-engine\n"
        "description=What the small distribution lacks for API keys and document level security\n"
        "version=1.0.0\n"
        "classname=org.dbxes.test.TestEnginePlugin\n"
        f"java.version={distribution.java}\n"
        f"elasticsearch.version={distribution.version}\n")
    return home


def _java(jdk, tool, *arguments):
    command = [str(jdk.home / "bin" / tool), *map(str, arguments)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise EngineError(f"{tool} failed:\n{done.stdout}{done.stderr}")
