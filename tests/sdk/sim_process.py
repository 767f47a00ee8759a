# SPDX-License-Identifier: Apache-2.0
"""Starts the simulated Dropbox with TLS under a certificate authority of its own, and talks to its control interface."""

import json
import os
import ssl
import subprocess
import tempfile
import urllib.request

PROGRAM = os.environ.get("DROPBOX_SIM", "")


def make_authority(folder):
    """Makes a CA and a certificate for localhost; returns the paths of CA, certificate and key."""
    ca, ca_key = os.path.join(folder, "ca.pem"), os.path.join(folder, "ca.key")
    cert, key, request = (os.path.join(folder, name) for name in ("server.pem", "server.key", "server.csr"))
    extensions = os.path.join(folder, "extensions")
    with open(extensions, "w", encoding="ascii") as out:
        out.write("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
                  "authorityKeyIdentifier=keyid\n")
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, stderr=subprocess.DEVNULL)

    openssl("req", "-x509", *new_key, "-days", "2", "-subj", "/CN=dbx-es test authority", "-addext",
            "keyUsage=critical,keyCertSign", "-keyout", ca_key, "-out", ca)
    openssl("req", *new_key, "-subj", "/CN=localhost", "-keyout", key, "-out", request)
    openssl("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2", "-extfile",
            extensions, "-out", cert)
    return ca, cert, key


class Simulator:
    """One simulator process; a context manager."""

    def __init__(self, authority, port=0, arguments=()):
        self.ca, cert, key = authority
        self._context = ssl.create_default_context(cafile=self.ca)
        command = [PROGRAM, "--port", str(port), "--tls", "--cert", cert, "--key", key, *arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        if not line.startswith("listening on "):
            raise RuntimeError(f"dropbox-sim said {line!r}")
        self.port = int(line.rsplit(":", 1)[1])

    def control(self, call, **arguments):
        """POSTs a control call; returns its JSON."""
        request = urllib.request.Request(f"https://localhost:{self.port}/control/{call}",
                                         data=json.dumps(arguments).encode())
        with urllib.request.urlopen(request, context=self._context) as answer:
            return json.load(answer)

    def ask(self, name):
        """GETs a control question; a list for NDJSON."""
        with urllib.request.urlopen(f"https://localhost:{self.port}/control/{name}", context=self._context) as answer:
            text = answer.read().decode()
            if "ndjson" in answer.headers["Content-Type"]:
                return [json.loads(line) for line in text.splitlines()]
            return json.loads(text)

    def stop(self):
        """Ends the process and returns its exit code."""
        self._process.terminate()
        self._process.stdout.close()
        return self._process.wait(timeout=20)


def free_port():
    """A port that is free at the moment: the SDK reads its hosts once, before the simulator starts."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="dbx-es-sdk-")
