# SPDX-License-Identifier: Apache-2.0
"""A stand-in for Elastic's data extraction service, which exists as a container image only: what the web server of the
real one does, in front of a real Tika."""

import contextlib
import http.server
import json
import pathlib
import threading
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT_S = 60


class ExtractionService:
    """`violations`: what the real service would not have understood. `requests`: (target, size of the body)."""

    def __init__(self, tika):
        self.tika = tika
        self.violations = []
        self.requests = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def extract(self, target, headers, body):
        """(status, answer) as the scripts of the real service make them."""
        if headers.get("Accept") != "application/json":
            self.violations.append("no JSON was asked for")
        if headers.get("Content-Type") != "application/octet-stream":
            self.violations.append("not sent as a file")
        pointer = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query).get("local_file_path")
        if pointer:
            if body:
                self.violations.append("both a pointer and a body")
            with contextlib.suppress(FileNotFoundError):
                body = pathlib.Path(pointer[0]).read_bytes()
        request = urllib.request.Request(f"{self.tika}/tika/text", body, method="PUT", headers={
            "Accept": "application/json", "Content-Type": headers.get("Content-Type", "")})
        answer = {"_meta": {"X-ELASTIC:service": "tika"}}
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
                answered = json.load(response)
        except urllib.error.HTTPError as refusal:
            refusal.read()
            if refusal.code == 422:
                answer |= {"error": "Unprocessable Entity",
                           "message": "Tikaserver could not process file. File may be corrupt or encrypted."}
            else:
                answer |= {"error": "Unexpected Extraction Failure",
                           "message": "Tikaserver could not extract the file content."}
            return refusal.code, answer
        return 200, answer | {"extracted_text": answered.get("X-TIKA:content", "")}

    def _handler(service):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.requests.append((self.path, len(body)))
                if urllib.parse.urlsplit(self.path).path != "/extract_text/":
                    return self._answer(404, {})
                return self._answer(*service.extract(self.path, self.headers, body))

            def do_GET(self):
                self._answer(404, {})

            def _answer(self, status, answer):
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        return Handler
