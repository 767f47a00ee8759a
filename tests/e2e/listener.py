# SPDX-License-Identifier: Apache-2.0
"""A TCP server on loopback with a thread for each connection; what it serves is its subclass's."""

import contextlib
import socket
import threading


class Listener:
    """Listens from its construction to `stop`."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        # Closing alone would leave the thread that accepts as it is.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def serve(self, client):
        """One connection, from a thread of its own."""
        raise NotImplementedError

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._converse, args=(client,), daemon=True).start()

    def _converse(self, client):
        with client, contextlib.suppress(OSError):
            self.serve(client)
