# SPDX-License-Identifier: Apache-2.0
"""Certificates for servers on loopback and their clients, made by openssl: a throw-away authority and one server
certificate, and self-signed certificates."""

import pathlib
import subprocess

from engine_process import EngineError

DAYS = "30"
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
SERVER_EXTENSIONS = """\
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:localhost, IP:127.0.0.1
"""


def make_certificates(folder):
    """Writes ca.pem, server.pem (with its authority) and server.key into `folder` and returns the path of ca.pem."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "server.ext").write_text(SERVER_EXTENSIONS)
    _openssl(folder, "req", "-x509", *KEY, "-days", DAYS, "-subj", "/CN=dbx-es test authority",
             "-addext", "keyUsage = critical, keyCertSign", "-keyout", "ca.key", "-out", "ca.pem")
    _openssl(folder, "req", *KEY, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    _openssl(folder, "x509", "-req", "-days", DAYS, "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
             "-CAcreateserial", "-extfile", "server.ext", "-out", "server.pem")
    # As Elasticsearch does by default: the authority is sent along, so its fingerprint is enough to verify it.
    with (folder / "server.pem").open("a") as chain:
        chain.write((folder / "ca.pem").read_text())
    # Nobody can issue a second certificate under an authority whose key is gone.
    (folder / "ca.key").unlink()
    return folder / "ca.pem"


def make_client_certificate(folder):
    """Writes client.pem, which is self-signed, and client.key into `folder` and returns their paths."""
    folder = pathlib.Path(folder)
    _openssl(folder, "req", "-x509", *KEY, "-days", DAYS, "-subj", "/CN=dbx-es", "-keyout", "client.key",
             "-out", "client.pem")
    return folder / "client.pem", folder / "client.key"


def _openssl(folder, *arguments):
    done = subprocess.run(["openssl", *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise EngineError(f"openssl {arguments[0]} failed:\n{done.stderr}")
