# SPDX-License-Identifier: Apache-2.0
"""A server that is far away: TLS in front of it, and a network on which each byte takes its time."""

import contextlib
import json
import queue
import socket
import ssl
import threading
import time
import urllib.parse

import engines  # noqa: F401 (makes the modules of tests/engine known)
import tls_front
from listener import Listener

CHUNK = 1 << 16


class Distance(Listener):
    """Forwards to `server` (host, port). What is sent arrives after half of `round_trip_s`; the first bytes of a connection
    one round trip later, which is what opening a TCP connection takes. Listens from its construction to `stop`."""

    def __init__(self, server, round_trip_s):
        self._server = server
        self._round_trip_s = round_trip_s
        self.connections = 0
        super().__init__()

    def serve(self, client):
        self.connections += 1
        with socket.create_connection(self._server) as server:
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._carry, args=(server, client, 0), daemon=True)
            back.start()
            self._carry(client, server, self._round_trip_s)
            back.join()

    def _carry(self, source, sink, handshake_s):
        on_the_way = queue.Queue()
        sender = threading.Thread(target=self._deliver, args=(on_the_way, sink), daemon=True)
        sender.start()
        opened = time.monotonic() + handshake_s
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                on_the_way.put((max(time.monotonic(), opened) + self._round_trip_s / 2, data))
        on_the_way.put(None)
        sender.join()

    @staticmethod
    def _deliver(on_the_way, sink):
        with contextlib.suppress(OSError):
            while item := on_the_way.get():
                due, data = item
                time.sleep(max(0, due - time.monotonic()))
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


class DistantDropbox:
    """`dropbox` (a Simulator) at the other end of such a network, with TLS."""

    def __init__(self, dropbox, folder, round_trip_s):
        self._front = tls_front.TlsFront(dropbox.url, folder)
        self.ca = self._front.ca
        self._distance = Distance(("127.0.0.1", self._front.port), round_trip_s)
        self.url = f"https://127.0.0.1:{self._distance.port}"

    @property
    def settings(self):
        """Of the section [dropbox]."""
        return {"api_url": self.url, "content_url": self.url, "ca_certs": str(self.ca)}

    @property
    def connections(self):
        return self._distance.connections

    def stop(self):
        self._distance.stop()
        self._front.stop()

    def handshake_and_request(self):
        """Seconds that one connection and one request take a client that does nothing else."""
        address = urllib.parse.urlsplit(self.url)
        context = ssl.create_default_context(cafile=str(self.ca))
        body = json.dumps({"cursor": "x"}).encode()
        request = (b"POST /2/sharing/list_received_files HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                   b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        begin = time.monotonic()
        with socket.create_connection((address.hostname, address.port)) as plain:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with context.wrap_socket(plain, server_hostname="localhost") as tls:
                tls.sendall(request)
                if not tls.recv(CHUNK).startswith(b"HTTP/1.1 "):
                    raise RuntimeError("no answer from the distant server")
                return time.monotonic() - begin
