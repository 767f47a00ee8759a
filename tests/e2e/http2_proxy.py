# SPDX-License-Identifier: Apache-2.0
"""HTTP/2 over TLS in front of a server that speaks plain HTTP/1.1, on loopback.

http2_proxy.py HOST PORT CERTIFICATE KEY: prints its own port, and then a line for each request that it has answered,
"CONNECTION PATH", until its standard input ends.
"""

import http.client
import itertools
import queue
import select
import socket
import ssl
import sys
import threading

import h2.config
import h2.connection
import h2.events

CHUNK = 1 << 16
CONNECTION_HEADERS = {"connection", "keep-alive", "transfer-encoding", "host"}  # RFC 9113, 8.2.2


class Connection:
    """One client. A thread of its own passes each request on; all that concerns the socket is done by one thread."""

    def __init__(self, number, client, backend):
        self._number = number
        self._client = client
        self._backend = backend
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self._requests = {}  # stream: (headers, body), of what has begun to arrive
        self._answers = queue.SimpleQueue()  # (stream, headers, content)
        self._answered, self._wake = socket.socketpair()
        self._unsent = {}  # stream: content that waits for its window

    def serve(self):
        self._h2.initiate_connection()
        while True:
            self._client.sendall(self._h2.data_to_send())
            ready = [self._client] if self._client.pending() else select.select([self._client, self._answered], [], [])[0]
            if self._answered in ready:
                self._answered.recv(CHUNK)
                self._take_answers()
            if self._client in ready:
                data = self._client.recv(CHUNK)
                if not data:
                    return
                for event in self._h2.receive_data(data):
                    self._handle(event)
            self._send_contents()

    def _handle(self, event):
        if isinstance(event, h2.events.RequestReceived):
            self._requests[event.stream_id] = (dict(event.headers), bytearray())
        elif isinstance(event, h2.events.DataReceived):
            self._requests[event.stream_id][1].extend(event.data)
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            request = self._requests.pop(event.stream_id)
            threading.Thread(target=self._pass_on, args=(event.stream_id, *request), daemon=True).start()

    def _pass_on(self, stream, headers, body):
        path = headers[":path"]
        onward = http.client.HTTPConnection(*self._backend)
        plain = {name: value for name, value in headers.items() if name[0] != ":" and name not in CONNECTION_HEADERS}
        onward.request(headers[":method"], path, bytes(body), plain)
        answer = onward.getresponse()
        content = answer.read()
        print(f"{self._number} {path}\n", end="", flush=True)
        back = [(name.lower(), value) for name, value in answer.getheaders() if name.lower() not in CONNECTION_HEADERS]
        self._answers.put((stream, [(":status", str(answer.status)), *back], content))
        self._wake.send(b"!")

    def _take_answers(self):
        while not self._answers.empty():
            stream, headers, content = self._answers.get()
            self._h2.send_headers(stream, headers, end_stream=not content)
            if content:
                self._unsent[stream] = content

    def _send_contents(self):
        for stream, content in list(self._unsent.items()):
            while content and (room := min(self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size)) > 0:
                self._h2.send_data(stream, content[:room], end_stream=room >= len(content))
                content = content[room:]
            if content:
                self._unsent[stream] = content
            else:
                del self._unsent[stream]


def accept(listener, context, backend):
    for number in itertools.count(1):
        plain, _ = listener.accept()
        client = context.wrap_socket(plain, server_side=True)
        if client.selected_alpn_protocol() != "h2":
            sys.exit("a client that does not offer HTTP/2")
        threading.Thread(target=Connection(number, client, backend).serve, daemon=True).start()


def main():
    host, port, certificate, key = sys.argv[1:]
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    threading.Thread(target=accept, args=(listener, context, (host, int(port))), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
