# SPDX-License-Identifier: Apache-2.0
"""Boots a real Elasticsearch (security on, trial licence) or OpenSearch on loopback, and ends it."""

import contextlib
import dataclasses
import json
import os
import pathlib
import re
import secrets
import shutil
import tempfile
import urllib.error

from engine_client import Client, HttpFailure
from engine_process import EngineError, Guard, Workplace, end, marked_pids, say, write_state
from engine_store import choose, server_home
from engine_tls import make_certificates, make_client_certificate

BOOT_TIMEOUT_S = 300
USERNAME = "tester"
STATE = "engine.json"

# A small server replaces heap, collector and log files of the distribution's jvm.options; the options that the engine
# needs to run on the JDK stay.
REPLACED_JVM_OPTIONS = re.compile(
    r"-Xm[sx]|-Xlog|-XX:\+Use\w+GC|-XX:G1|-XX:Initiating|HeapDump|ErrorFile|Print|GCLog")


@dataclasses.dataclass
class Engine(Client):
    """A running server, asked as its superuser. `with_api_key` gives a client with fewer privileges."""

    directory: str
    engine: str
    version: str
    url: str
    pid: int
    java: int
    username: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    ca: str | None = None
    # With TLS: a certificate and its key by which the realm `pki` knows a user.
    client_certificate: str | None = None
    client_key: str | None = None

    def __post_init__(self):
        Client.__init__(self, self.url, username=self.username, password=self.password, ca=self.ca)

    def stop(self):
        stop(self.directory)


def start(directory, engine="elasticsearch", version=None, tls=False):
    """Boots a server that runs until `stop(directory)`; what ran there before is ended first."""
    state = _fresh_state(directory)
    with Guard(state):
        return _boot(state, engine, version, tls)[0]


@contextlib.contextmanager
def running(engine="elasticsearch", version=None, tls=False, directory=None):
    """A server for the length of a `with` block, ended also when this process is killed within it."""
    with contextlib.ExitStack() as stack:
        if directory is None:
            directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="dbx-es-engine-"))
        state = _fresh_state(directory)
        stack.enter_context(Guard(state))
        server, process = _boot(state, engine, version, tls)
        stack.callback(end, state, process)
        yield server


def stop(directory):
    """Ends the server of `directory` and removes its data. Fine to call when none runs."""
    end(pathlib.Path(directory) / STATE)


def attach(directory):
    """The running server of `directory`, started by another process."""
    state = pathlib.Path(directory).resolve() / STATE
    if not state.exists() or not marked_pids(state):
        raise EngineError(f"no engine runs in {directory}")
    return Engine(**json.loads(state.read_text()))


def _fresh_state(directory):
    stop(directory)
    return pathlib.Path(directory).resolve() / STATE


def _boot(state, engine, version, tls):
    distribution, jdk = choose(engine, version)
    home = server_home(distribution, jdk)
    say(f"starting {distribution.engine} {distribution.version} with JDK {jdk.major} ({jdk.home})")
    place = Workplace(state)
    upper = engine.upper() if engine == "opensearch" else "ES"
    environment = {f"{upper}_JAVA_HOME": str(jdk.home), f"{upper}_PATH_CONF": str(place.folder / "config"),
                   f"{upper}_TMPDIR": str(place.folder / "tmp")}
    secured = engine == "elasticsearch"
    certificates = _configure(place, home, distribution, secured, tls)
    password = secrets.token_urlsafe(18) if secured else None
    if secured:
        place.run([home / "bin" / "elasticsearch-users", "useradd", USERNAME, "-p", password, "-r", "superuser"],
                  environment)
    process = place.spawn([home / "bin" / engine], environment)
    port = place.wait_until(lambda: _port(place), process, distribution.name, BOOT_TIMEOUT_S)
    server = Engine(directory=str(state.parent), engine=engine, version=distribution.version,
                    url=f"{'https' if tls else 'http'}://127.0.0.1:{port}", pid=process.pid, java=jdk.major,
                    username=USERNAME if secured else None, password=password, **certificates)
    place.wait_until(lambda: _healthy(server), process, distribution.name, BOOT_TIMEOUT_S)
    write_state(state, dataclasses.asdict(server))
    say(f"{distribution.engine} {distribution.version} is ready at {server.url}")
    return server, process


def _configure(place, home, distribution, secured, tls):
    """Writes the server's configuration folder; returns the certificates that clients need, if any."""
    config = place.folder / "config"
    shutil.copytree(home / "config", config)
    (place.folder / "tmp").mkdir()
    settings = {"cluster.name": "dbx-es-test", "node.name": "test", "discovery.type": "single-node",
                "network.host": "127.0.0.1", "path.data": place.folder / "data", "path.logs": place.folder / "logs",
                "path.repo": place.folder / "repo",  # for snapshots
                # The kernel chooses the ports and the server writes them down, so no two servers race for one.
                "http.port": 0, "transport.port": 0, "node.portsfile": "true",
                "cluster.routing.allocation.disk.threshold_enabled": "false",
                # This breaker counts garbage, too. Only with G1 does the server collect it before it refuses; with
                # the serial collector a heap full of garbage stays full, as what is refused allocates nothing.
                "indices.breaker.total.use_real_memory": "false",
                "action.destructive_requires_name": "false"}
    if secured:
        settings |= {"xpack.security.enabled": "true", "xpack.security.enrollment.enabled": "false",
                     "xpack.security.transport.ssl.enabled": "false",
                     "xpack.security.http.ssl.enabled": str(tls).lower(),
                     "xpack.license.self_generated.type": "trial"}
    certificates = {}
    if tls:
        if not secured:
            raise EngineError(f"{distribution.engine} is run without its security plugin and has no TLS")
        ca = shutil.copy(make_certificates(config / "certificates"), place.state.parent / "ca.pem")
        client, key = make_client_certificate(place.state.parent)
        shutil.copy(client, config / "certificates")
        certificates = {"ca": str(ca), "client_certificate": str(client), "client_key": str(key)}
        settings |= {"xpack.security.http.ssl.key": "certificates/server.key",
                     "xpack.security.http.ssl.certificate": "certificates/server.pem",
                     "xpack.security.http.ssl.client_authentication": "optional",
                     "xpack.security.http.ssl.certificate_authorities": f"certificates/{client.name}",
                     "xpack.security.authc.realms.pki.pki.order": 1}
    (config / f"{distribution.engine}.yml").write_text("".join(f"{k}: {v}\n" for k, v in settings.items()))
    _write_jvm_options(config / "jvm.options")
    place.hand_over()
    return certificates


def _write_jvm_options(path):
    heap = os.environ.get("DBX_ES_TEST_HEAP_MB", "512")
    kept = [line for line in path.read_text().splitlines()
            if line and not line.startswith("#") and not REPLACED_JVM_OPTIONS.search(line)]
    small = [f"-Xms{heap}m", f"-Xmx{heap}m", "-XX:+UseSerialGC"]
    path.write_text("\n".join(kept + small) + "\n")


def _port(place):
    """The port that the server wrote into its ports file, or None while there is none."""
    ports = place.folder / "logs" / "http.ports"
    if not ports.exists():
        return None
    match = re.search(r":(\d+)\s*$", ports.read_text())
    return int(match.group(1)) if match else None


def _healthy(server):
    """Whether the server answers, has its licence (document level security needs it) and takes writes."""
    try:
        server.request("GET", "/_cluster/health?wait_for_status=yellow&timeout=1s")
        return server.username is None or server.request("GET", "/_license")["license"]["type"] == "trial"
    except (HttpFailure, urllib.error.URLError, ConnectionError):
        return False
