# SPDX-License-Identifier: Apache-2.0
"""A process of http2_proxy.py, and what it was asked."""

import dataclasses
import pathlib
import subprocess
import threading
import urllib.parse

from engine_tls import make_certificates
from office_files import DEBIAN_PYTHON

PROXY = pathlib.Path(__file__).with_name("http2_proxy.py")


@dataclasses.dataclass(frozen=True)
class Answered:
    connection: int
    path: str


class Http2Front:
    """Listens from its construction to `stop`."""

    def __init__(self, server_url, folder):
        address = urllib.parse.urlsplit(server_url)
        self.ca = make_certificates(folder)
        self._process = subprocess.Popen(
            [DEBIAN_PYTHON, PROXY, address.hostname, str(address.port), folder / "server.pem", folder / "server.key"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"https://127.0.0.1:{int(self._process.stdout.readline())}"
        self.answered = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            connection, path = line.split()
            self.answered.append(Answered(int(connection), path))

    def stop(self):
        self._process.stdin.close()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()
