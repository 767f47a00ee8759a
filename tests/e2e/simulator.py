# SPDX-License-Identifier: Apache-2.0
"""One process of the simulated Dropbox, and its control interface."""

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import programs

REQUEST_TIMEOUT_S = 60
END_TIMEOUT_S = 20

APP_KEY = "e2e-app-key"
APP_SECRET = "e2e-app-secret-6b1f0c"
REFRESH_TOKEN = "e2e-refresh-token-94d27a"


class Refused(RuntimeError):
    """The control interface did not carry out a call, such as a change that does not fit the tree."""


class Simulator:
    """Listens from its construction to `stop`."""

    def __init__(self, *arguments):
        command = [programs.dropbox_sim(), "--port", "0", "--app-key", APP_KEY, "--app-secret", APP_SECRET,
                   "--refresh-token", REFRESH_TOKEN, *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        if not line.startswith("listening on "):
            self._process.wait(END_TIMEOUT_S)
            raise RuntimeError(f"dropbox-sim said {line!r} instead of its address")
        self.url = line.split()[-1]
        # A proxy from the environment must never see what goes to loopback.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def stop(self):
        self._process.terminate()
        self._process.stdout.close()
        if self._process.wait(END_TIMEOUT_S) != 0:
            raise RuntimeError(f"dropbox-sim ended with status {self._process.returncode}")

    def order(self, call, /, **arguments):
        """Carries out a call of the control interface, such as `faults`."""
        return self._open(f"/control/{call}", json.dumps(arguments).encode())

    def change(self, name, /, **arguments):
        """Changes the tree; gives the id of what was made, if anything."""
        return self.order(f"tree/{name}", **arguments)["id"]

    def fault(self, route, kind, /, **arguments):
        """Makes requests to `route` fail: the next one, or `times` of them (0 means for ever)."""
        self.order("faults", route=route, kind=kind, **arguments)

    def ask(self, question):
        """The answer to a question of the control interface; a list where it is NDJSON."""
        return self._open(f"/control/{question}")

    def counters(self):
        """{route: number of requests} since the start."""
        return self.ask("counters")

    def home_namespace(self):
        return self.ask("people")["accounts"][0]["home_namespace_id"]

    def received_links(self):
        """{id: link} of the files that others shared one by one, as a client of Dropbox gets to know them."""
        self.order("run/begin")
        form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN, "client_id": APP_KEY,
                "client_secret": APP_SECRET}
        token = self._open("/oauth2/token", urllib.parse.urlencode(form).encode(),
                           {"Content-Type": "application/x-www-form-urlencoded"})["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        page = self._open("/2/sharing/list_received_files", b'{"limit":300}', headers)
        links = {}
        while True:
            links.update((entry["id"], entry["preview_url"]) for entry in page["entries"])
            if not page.get("cursor"):
                return links
            page = self._open("/2/sharing/list_received_files/continue",
                              json.dumps({"cursor": page["cursor"]}).encode(), headers)

    def _open(self, path, data=None, headers=None):
        request = urllib.request.Request(self.url + path, data, headers or {})
        try:
            with self._opener.open(request, timeout=REQUEST_TIMEOUT_S) as answer:
                text, kind = answer.read().decode(), answer.headers["Content-Type"]
        except urllib.error.HTTPError as failure:
            with failure:
                raise Refused(f"{path} answered {failure.code}: {failure.read().decode()}") from None
        if "ndjson" in kind:
            return [json.loads(line) for line in text.splitlines()]
        return json.loads(text)
