# SPDX-License-Identifier: Apache-2.0
"""TLS in front of a server that speaks plain HTTP, on loopback; on demand with a client certificate."""

import select
import socket
import ssl
import urllib.parse

from engine_tls import make_certificates
from listener import Listener

CHUNK = 1 << 16


class TlsFront(Listener):
    """Listens from its construction to `stop`."""

    def __init__(self, server_url, folder, client_certificate=None):
        """`client_certificate`: the one that a client has to show; None lets everybody in."""
        address = urllib.parse.urlsplit(server_url)
        self._server = (address.hostname, address.port)
        self.ca = make_certificates(folder)
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(folder / "server.pem", folder / "server.key")
        if client_certificate is not None:
            self._context.verify_mode = ssl.CERT_REQUIRED
            self._context.load_verify_locations(client_certificate)
        super().__init__()
        self.url = f"https://127.0.0.1:{self.port}"

    def serve(self, client):
        with self._context.wrap_socket(client, server_side=True) as tls, socket.create_connection(self._server) as server:
            _forward(tls, server)


def _forward(client, server):
    """In one thread, because a TLS connection must not be read and written at the same time."""
    while True:
        ready = [client] if client.pending() else select.select([client, server], [], [])[0]
        for source, target in ((client, server), (server, client)):
            if source in ready:
                data = source.recv(CHUNK)
                if not data:
                    return
                target.sendall(data)
