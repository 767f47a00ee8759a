# SPDX-License-Identifier: Apache-2.0
"""Reports of a run besides its summary: progress line, SIGUSR1, logs, metrics, pings."""

import fcntl
import http.server
import json
import os
import pty
import re
import shutil
import signal
import stat
import struct
import subprocess
import termios
import threading
import time

import programs
import world

FILES = 4000
WAIT_S = 30


def resize(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))


class Watched:
    """A run whose standard error is a terminal, and, with `whole`, its standard output as well."""

    def __init__(self, place, *arguments, columns=80, whole=False, **variables):
        place.write_config()
        place.dropbox.order("run/begin")
        self._terminal, side = pty.openpty()
        resize(self._terminal, columns)
        environment = {"PATH": os.environ["PATH"], "HOME": str(place.home), "TMPDIR": str(place.home / "tmp"), **variables}
        self.process = subprocess.Popen([programs.dbx_es(), "-c", str(place.config), *arguments], stdin=subprocess.DEVNULL,
                                        stdout=side if whole else subprocess.DEVNULL, stderr=side, env=environment)
        os.close(side)
        self.said = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        try:
            while data := os.read(self._terminal, 1 << 16):
                self.said += data.decode()
        except OSError:
            pass  # the other side is gone

    def wait_for(self, pattern, begin=0):
        deadline = time.monotonic() + WAIT_S
        while not re.search(pattern, self.said[begin:]):
            if time.monotonic() > deadline:
                raise AssertionError(f"{pattern!r} does not come up in {self.said[begin:]!r}")
            time.sleep(0.02)

    def resize(self, columns):
        resize(self._terminal, columns)

    def end(self, number=None):
        if number is not None:
            self.process.send_signal(number)
        code = self.process.wait(WAIT_S)
        self._reader.join(WAIT_S)
        os.close(self._terminal)
        return code


class ScreenTest(world.Case):
    def test_a_decision_fits_the_screen(self):
        place = self.world()
        place.dropbox.change("demo")
        place.set("dropbox", use_document_level_security=True)
        place.sync("full-sync")
        place.sync("acl-sync")
        asked = ("explain", "bruno.costa@example.com", "/Projects/Penguin/Plan.md")
        whole = place.run(*asked)
        watched = Watched(place, *asked, whole=True)
        self.assertEqual(watched.end(), 0, watched.said)
        said = [line.rpartition("\x1b[K")[2] for line in watched.said.replace("\r\n", "\n").splitlines()]
        self.assertLess(max(map(len, said)), 80, said)
        self.assertEqual(" ".join("\n".join(said).split()), " ".join(whole.stdout.split()))
        self.assertGreater(len(said), whole.stdout.count("\n"))


def lines(said):
    """The texts of the live line, one after the other."""
    return re.findall(r"\r([^\r\n\x1b]+)\x1b\[K", said)


class LiveLineTest(world.Case):
    def test_follows_the_run_and_the_width(self):
        place = self.world(simulator_arguments=("--tree", str(FILES)))
        place.dropbox.fault("files/list_folder/continue", "slow_body", skip=1, bytes_per_second=10)
        place.set("elasticsearch", bulk_max_actions=500)  # so that some are written while the listing waits
        run = Watched(place, "full-sync", TERM="xterm-256color")
        self.addCleanup(run.process.kill)
        # It moves on while nothing comes.
        run.wait_for(r"\rlisting Dropbox, \d+:\d\d, [\d,]+ documents, [\d,]+/s, [\d,]+ entries")
        for columns in (30, 200):
            run.resize(columns)
            time.sleep(0.3)  # what was drawn before may still be on its way
            begin = len(run.said)
            run.wait_for(r"\rlisting [^\r]+\x1b\[K\r", begin)
            drawn = lines(run.said[begin:])
            self.assertTrue(all(len(line) < columns for line in drawn), drawn)
            self.assertTrue(any(len(line) > min(columns - 10, 60) for line in drawn), drawn)
        self.assertRegex(run.said, r"^\rstarting")
        self.assertEqual(run.end(signal.SIGINT), 130)
        self.assertIn("\r\x1b[K\x1b[31mdbx-es:\x1b[0m stopped by SIGINT", run.said)

    def test_plain_where_that_is_wanted(self):
        place = self.world()
        place.dropbox.change("demo")
        run = Watched(place, "full-sync", TERM="dumb")
        self.assertEqual(run.end(), 0)
        self.assertEqual(run.said, f"dbx-es: created the index {place.index}\r\n")
        run = Watched(place, "full-sync", "--nonsense", TERM="xterm", NO_COLOR="1")
        self.assertEqual(run.end(), 2)
        self.assertNotIn("\x1b", run.said)
        run = Watched(place, "full-sync", "--quiet", TERM="xterm")
        self.assertEqual(run.end(), 0)
        self.assertEqual(run.said, "")


class StatusTest(world.Case):
    def test_asked_by_a_signal(self):
        place = self.world(simulator_arguments=("--tree", str(FILES)))
        log = place.folder / "log"
        place.set("elasticsearch", bulk_max_actions=500)
        held = place.begin_and_hold("full-sync", "--quiet", "--log-file", str(log), after_pages=1)
        for _ in range(2):
            time.sleep(1.2)
            held.process.send_signal(signal.SIGUSR1)
        time.sleep(0.5)
        held.process.send_signal(signal.SIGTERM)
        run = held.finish()
        self.assertEqual(run.code, 143, run)
        status = (r"listing Dropbox, \d+:\d\d, [\d,]+ documents, [\d,]+/s, [\d,]+ entries, .*[\d.]+ [KM]iB read, "
                  r"\d+ in flight")
        self.assertEqual(len(re.findall(rf"(?m)^dbx-es: {status}$", run.stderr)), 2, run)
        self.assertEqual(len(re.findall(rf"(?m) info  full-sync\[\d+\]: {status}$", log.read_text())), 2)


class LogTest(world.Case):
    def test_json(self):
        place = self.world()
        place.dropbox.change("demo")
        place.set("sync", give_up_after=1)
        place.dropbox.fault("files/list_folder", "status", status=503, times=0, body="not now")
        run = place.run("full-sync", "--log-format", "json", "--verbose")
        self.assertEqual(run.code, 5, run)
        self.assertEqual(run.stdout, "")
        events = [json.loads(line) for line in run.stderr.splitlines()]
        for event in events:
            self.assertRegex(event["@timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertEqual((event["service.name"], event["event.action"]), ("dbx-es", "full-sync"))
        again = [event for event in events if "trying again" in event["message"]]
        self.assertTrue(again)
        for event in again:
            self.assertEqual(event["http.response.status_code"], 503)
            self.assertEqual(event["url.full"], f"{place.dropbox.url}/2/files/list_folder")
            self.assertEqual(event["error.type"], "temporary")
        last = events[-1]
        self.assertEqual((last["log.level"], last["event.outcome"], last["process.exit_code"]), ("error", "failure", 5))
        self.assertGreater(last["dbx_es.dropbox.retries"], 0)

    def test_file(self):
        place = self.world()
        place.dropbox.change("demo")
        log = place.folder / "dbx-es.log"
        place.settings["report"] = {"log_file": str(log), "log_format": "json"}
        first = place.run("full-sync", "--quiet")
        self.assertEqual((first.code, first.stdout, first.stderr), (0, "", ""), first)
        self.assertEqual(stat.S_IMODE(log.stat().st_mode), 0o600)
        log.rename(place.folder / "dbx-es.log.1")  # as logrotate does it
        second = place.run("incremental")
        self.assertRegex(second.stdout, r"^incremental: 0 created")
        actions = [[json.loads(line)["event.action"] for line in path.read_text().splitlines()]
                   for path in (place.folder / "dbx-es.log.1", log)]
        self.assertEqual(actions, [["full-sync", "full-sync"], ["incremental"]])
        # The engine takes the log as it is.
        events = [json.loads(line) for line in (place.folder / "dbx-es.log.1").read_text().splitlines()]
        answer = place.engine.request("POST", f"/{place.index}-log/_bulk?refresh=true",
                                      [part for event in events for part in ({"index": {}}, event)])
        self.addCleanup(place.engine.delete_index, f"{place.index}-log")
        self.assertFalse(answer["errors"], answer)

    def test_what_cannot_be_written_shows_in_the_summary(self):
        place = self.world()
        place.dropbox.change("demo")
        server = PingedServer()
        self.addCleanup(server.stop)
        ping = f"http://127.0.0.1:{server.server_port}/{place.keep_secret('swordfish-77aa')}"
        for setting, complaint in (({"log_file": "/dev/full"}, "cannot write the log file /dev/full: No space left"),
                                   ({"metrics_file": str(place.folder / "none" / "x.prom")}, "metrics file: ")):
            place.settings["report"] = {"ping_url": ping, **setting}
            run = place.run("full-sync", "--json")
            self.assertEqual((run.code, json.loads(run.stdout)["exit_code"]), (1, 1), run)
            self.assertIn(complaint, run.stderr)
            self.assertTrue(server.paths[-1].endswith("/1"), server.paths)
            run = place.run("full-sync")
            self.assertEqual(run.code, 1, run)
            self.assertRegex(run.stdout, r"^full-sync: ")
            self.assertIn("the run succeeded, but its log or metrics could not be written", run.stderr)


class PingedServer(http.server.ThreadingHTTPServer):
    """Remembers the paths it was asked for."""

    status = 200

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _PingHandler)
        self.paths = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class _PingHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.paths.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class MonitorTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.place.dropbox.change("demo")

    def test_metrics(self):
        metrics = self.place.folder / "dbx-es.prom"
        self.place.settings["report"] = {"metrics_file": str(metrics)}
        runs = [self.place.sync("full-sync"), self.place.sync("incremental"), self.place.sync("full-sync", "--force")]
        text = metrics.read_text()
        self.assertEqual(stat.S_IMODE(metrics.stat().st_mode), 0o644)
        for group in ("documents", "listing", "dropbox", "elasticsearch"):
            for name in runs[0].summary[group]:
                count = sum(run.summary[group][name] for run in (runs[0], runs[2]))
                labels = f'{{command="full-sync",index="{self.place.index}"}}'
                self.assertIn(f"\ndbx_es_{group}_{name}_total{labels} {count}\n", text)
        success = re.search(r'dbx_es_last_run_success_timestamp_seconds\{command="full-sync",[^}]*\} ([\d.]+)', text)
        self.assertLess(abs(time.time() - float(success.group(1))), 120)
        self.place.set("dropbox", refresh_token="nobody's")
        self.assertEqual(self.place.run("full-sync").code, 4)
        text = metrics.read_text()
        self.assertIn(success.group(0), text, "a failure leaves the time of the last success")
        self.assertRegex(text, r'dbx_es_last_run_exit_code\{command="full-sync",[^}]*\} 4\n')

    def test_pings(self):
        server = PingedServer()
        self.addCleanup(server.stop)
        secret = self.place.keep_secret("swordfish-3b1e")
        self.place.settings["report"] = {"ping_url": f"http://127.0.0.1:{server.server_port}/{secret}"}
        self.assertEqual(self.place.run("full-sync", "--quiet").stderr, "")
        self.place.run("full-sync", "--dry-run")
        self.place.set("dropbox", path="/nowhere")
        self.assertEqual(self.place.run("full-sync", "--change-path").code, 2)
        self.assertEqual(server.paths, [f"/{secret}/start", f"/{secret}", f"/{secret}/start", f"/{secret}/2"])
        # A service that is away changes nothing; every run is checked for its secret.
        self.place.set("dropbox", path=None)
        server.status = 404
        run = self.place.run("incremental", "--verbose", "--log-format", "json")
        self.assertEqual(run.code, 0, run)
        self.assertIn("ping to 127.0.0.1 failed: HTTP 404", run.stderr)
        server.stop()
        run = self.place.run("incremental", "--verbose")
        self.assertEqual(run.code, 0, run)
        self.assertIn("dbx-es: warning: ping to 127.0.0.1 failed", run.stderr)


class StartTest(world.Case):
    def test_no_network_before_it_is_needed(self):
        strace = shutil.which("strace")
        if strace is None:
            self.skipTest("there is no strace")
        place = self.world()
        place.write_config()
        trace = place.folder / "trace"
        for arguments in (["--version"], ["full-sync", "--help"], ["full-sync", "--nonsense"],
                          ["-c", str(place.config), "full-sync", "--max-delete", "some"],
                          ["-c", str(place.config), "full-sync", "--rules", "/nowhere"]):
            subprocess.run([strace, "-f", "-qq", "-e", "trace=socket,connect,sendto", "-o", str(trace), programs.dbx_es(),
                            *arguments], capture_output=True, check=False, env={"HOME": str(place.home)})
            asked = [line for line in trace.read_text().splitlines() if "AF_INET" in line or "connect(" in line]
            self.assertEqual(asked, [], arguments)
