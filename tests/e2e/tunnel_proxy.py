# SPDX-License-Identifier: Apache-2.0
"""A proxy on loopback, with tunnels and without, that remembers what it was asked for."""

import contextlib
import socket
import threading

from listener import Listener

CHUNK = 1 << 16


class TunnelProxy(Listener):
    """Listens from its construction to `stop`."""

    def __init__(self):
        self.heads = []  # of all requests
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def targets(self):
        """{(method, "host:port")} of the requests so far."""
        return {tuple(head.split(" ", 2)[:2]) for head in self.heads}

    def serve(self, client):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = client.recv(1)
            if not byte:
                return
            head += byte
        self.heads.append(head.decode())
        method, target, rest = self.heads[-1].split(" ", 2)
        if method == "CONNECT":
            address, onward, answer = target, b"", b"HTTP/1.1 200 Connection established\r\n\r\n"
        else:
            # One request for each connection, so that none has to be looked for in what follows.
            address, _, path = target.removeprefix("http://").partition("/")
            line, _, headers = rest.partition("\r\n")
            onward, answer = f"{method} /{path} {line}\r\nConnection: close\r\n{headers}".encode(), b""
        host, _, port = address.rpartition(":")
        with socket.create_connection((host, int(port))) as server:
            server.sendall(onward)
            client.sendall(answer)
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)
            back.join()

    @staticmethod
    def _pump(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
