# SPDX-License-Identifier: Apache-2.0
"""A TCP relay in front of a server: its port can be closed and opened again, and connections are counted."""

import contextlib
import socket
import threading

CHUNK = 1 << 16


class Relay:
    """Forwards from a free loopback port to `target` (host, port) until `stop`."""

    def __init__(self, target):
        self._target = target
        self._lock = threading.Lock()
        self._sockets = set()
        self._listener = None
        self.connections = 0
        self.answered_bytes = 0  # that the server sent
        # Never listens. It keeps the port ours while nobody does, so that a closed port stays closed.
        self._holder = self._bound(("127.0.0.1", 0))
        self.port = self._holder.getsockname()[1]
        self.open()

    def open(self):
        self._listener = self._bound(("127.0.0.1", self.port))
        self._listener.listen(128)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self):
        """From now on connections are refused, and those that are there end."""
        # Shutting down wakes the thread that accepts; closing alone would leave it, and the port, as they are.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            sockets, self._sockets = self._sockets, set()
        for one in sockets:
            self._end(one)

    def stop(self):
        with contextlib.suppress(OSError):
            self.close()
        self._holder.close()

    @staticmethod
    def _bound(address):
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(address)
        return bound

    @staticmethod
    def _end(one):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return  # closed
            self.connections += 1
            server = socket.create_connection(self._target)
            with self._lock:
                self._sockets |= {client, server}
            for source, sink in ((client, server), (server, client)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pump, args=(source, sink, source is server), daemon=True).start()

    def _pump(self, source, sink, from_server):
        # Either side may go away at any moment; that ends the other direction, too.
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if from_server:
                    with self._lock:
                        self.answered_bytes += len(data)
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
