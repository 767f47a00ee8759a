# SPDX-License-Identifier: Apache-2.0
"""An HTTP proxy in front of a search engine that can hold `_bulk` requests back: the client sees its connection break, and
the engine gets the request when a test says so. It can also let something happen before a request arrives."""

import http.client
import http.server
import sys
import threading
import urllib.parse

TIMEOUT_S = 60


class HoldingProxy:
    """Forwards from a free loopback port to the server at `url` until `stop`."""

    def __init__(self, url):
        self._address = urllib.parse.urlsplit(url).netloc
        self._lock = threading.Lock()
        self._to_hold = 0
        self._before_next = None
        self._before_each = None
        self.requests = 0
        self.held = []  # (method, path, headers, body)
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = (self.command, self.path, dict(self.headers.items()), body)
                proxy._happen(request)
                if proxy._hold(request):
                    self.close_connection = True
                    return
                status, headers, answer = proxy._forward(request)
                self.send_response_only(status)
                for name, value in headers:
                    if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                # A client that was killed reads no answer.
                if not isinstance(sys.exc_info()[1], ConnectionError):
                    super().handle_error(request, client_address)

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def hold(self, count):
        """Holds the next `count` bulk requests back."""
        with self._lock:
            self._to_hold = count

    def before_next(self, happen):
        """Calls `happen` once, before the next bulk request is forwarded."""
        with self._lock:
            self._before_next = happen

    def before_each(self, happen):
        """From now on calls `happen` with the body of each bulk request before it is forwarded; None ends that."""
        with self._lock:
            self._before_each = happen

    def release(self):
        """Sends what is held back. Returns the statuses of the engine's answers."""
        with self._lock:
            held, self.held = self.held, []
        return [self._forward(request)[0] for request in held]

    def _happen(self, request):
        with self._lock:
            self.requests += 1
            if "/_bulk" not in request[1]:
                return
            happen, self._before_next = self._before_next, None
            each = self._before_each
        if happen:
            happen()
        if each:
            each(request[3])

    def _hold(self, request):
        with self._lock:
            if self._to_hold == 0 or "/_bulk" not in request[1]:
                return False
            self._to_hold -= 1
            self.held.append(request)
            return True

    def _forward(self, request):
        method, path, headers, body = request
        connection = http.client.HTTPConnection(self._address, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, body, {**headers, "Host": self._address})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()
