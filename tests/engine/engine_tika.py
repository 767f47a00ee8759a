# SPDX-License-Identifier: Apache-2.0
"""Boots a real Tika server, the text extractor inside Elastic's extraction service, and ends it."""

import contextlib
import os
import pathlib
import socket
import tempfile
import urllib.error

from engine_client import Client, HttpFailure
from engine_process import EngineError, Guard, Workplace, end, say, write_state
from engine_store import TIKA_VERSION, EngineUnavailable, jdks, tika_jar

BOOT_TIMEOUT_S = 180
BOOT_TRIES = 3
STATE = "tika.json"
MINIMUM_JAVA = 17


def start_tika(directory):
    """Boots a Tika that runs until `stop_tika(directory)`; returns its URL."""
    state = _fresh_state(directory)
    with Guard(state):
        return _boot(state)[0]


@contextlib.contextmanager
def running_tika(directory=None):
    """The URL of a Tika for the length of a `with` block, ended also when this process is killed within it."""
    with contextlib.ExitStack() as stack:
        if directory is None:
            directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="dbx-es-tika-"))
        state = _fresh_state(directory)
        stack.enter_context(Guard(state))
        url, process = _boot(state)
        stack.callback(end, state, process)
        yield url


def stop_tika(directory):
    """Ends the Tika of `directory` with the process it forked. Fine to call when none runs."""
    end(pathlib.Path(directory) / STATE)


def _fresh_state(directory):
    stop_tika(directory)
    return pathlib.Path(directory).resolve() / STATE


def _boot(state):
    available = jdks()
    if not available or available[0].major < MINIMUM_JAVA:
        raise EngineUnavailable(f"Tika needs JDK {MINIMUM_JAVA} or newer")
    jar = tika_jar()
    # Tika cannot choose a free port by itself, so another program may take the one that was found.
    for attempt in range(1, BOOT_TRIES + 1):
        try:
            return _boot_once(state, available[0], jar)
        except EngineError as error:
            end(state)
            if attempt == BOOT_TRIES or "Address already in use" not in str(error):
                raise
    raise AssertionError("unreachable")


def _boot_once(state, jdk, jar):
    port = _free_port()
    say(f"starting Tika {TIKA_VERSION} with JDK {jdk.major} ({jdk.home})")
    place = Workplace(state)
    place.hand_over()
    # Tika forks a second process, which takes its java from the search path.
    process = place.spawn([jdk.home / "bin" / "java", "-Xmx256m", "-jar", jar, "--host", "127.0.0.1", "--port", port],
                          {"PATH": f"{jdk.home / 'bin'}:{os.environ['PATH']}"})
    url = f"http://127.0.0.1:{port}"
    place.wait_until(lambda: _answers(url), process, f"Tika {TIKA_VERSION}", BOOT_TIMEOUT_S)
    write_state(state, {"directory": str(state.parent), "engine": "tika", "version": TIKA_VERSION, "url": url,
                        "pid": process.pid})
    say(f"Tika {TIKA_VERSION} is ready at {url}")
    return url, process


def _answers(url):
    try:
        return "Tika" in Client(url).request("GET", "/version")
    except (HttpFailure, urllib.error.URLError, ConnectionError):
        return False


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
