# SPDX-License-Identifier: Apache-2.0
"""Authorizing as a person does it: the link, the code, the prompt, the browser that comes back. No cluster is needed."""

import base64
import json
import os
import pathlib
import pty
import re
import shutil
import socket
import stat
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

import programs
import simulator

TIMEOUT_S = 60
LINK = re.compile(r"http://\S+/oauth2/authorize\?\S+")
TOKEN = re.compile(r"rt-[0-9a-f]{32}")


class AuthTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dbx-es-auth-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.dropbox = simulator.Simulator("--demo")
        self.addCleanup(self.dropbox.stop)
        self.config = self.folder / "dbx-es.toml"
        self.write({"app_key": simulator.APP_KEY, "app_secret": simulator.APP_SECRET,
                    **{f"{host}_url": self.dropbox.url for host in ("api", "content", "web")}})

    @property
    def stored(self):
        """The name has a hash of the configuration's path."""
        shown = subprocess.run([programs.dbx_es(), "-c", str(self.config), "config", "show"], check=True, text=True,
                               stdout=subprocess.PIPE, env={"HOME": str(self.folder)}).stdout
        return pathlib.Path(re.search('refresh_token_file = "(.*)"', shown).group(1))

    def write(self, dropbox):
        lines = [f"{key} = {json.dumps(value)}" for key, value in dropbox.items()]
        self.config.write_text("\n".join(["[dropbox]", *lines, "[sync]", f'state_dir = "{self.folder}/state"', ""]))
        self.config.chmod(0o600)

    def start(self, *arguments, stdin=subprocess.PIPE):
        self.dropbox.order("run/begin")
        process = subprocess.Popen([programs.dbx_es(), "-c", str(self.config), *arguments], stdin=stdin,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env={"PATH": os.environ["PATH"], "HOME": str(self.folder)})
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
            process.communicate()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()

    def run_auth(self, *arguments, typed=""):
        process = self.start("auth", *arguments)
        out, err = process.communicate(typed, TIMEOUT_S)
        if "--print" not in arguments:
            self.assertIsNone(TOKEN.search(out + err), "the refresh token was printed")
        self.assertNotIn(simulator.APP_SECRET, out + err)
        return process.returncode, out, err

    def visit(self, url):
        """What a browser shows in the end."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=TIMEOUT_S) as answer:
            return answer.read().decode()

    def code(self, link):
        return re.search("code-[0-9a-f]+", self.visit(link)).group()

    def link_of(self, process):
        for line in process.stderr:
            if found := LINK.search(line):
                return found.group()
        self.fail("no link was printed")

    def check_stored(self):
        self.assertRegex(self.stored.read_text(), f"^{TOKEN.pattern}\n$")
        self.assertEqual(stat.S_IMODE(self.stored.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.stored.parent.stat().st_mode), 0o700)

    def test_prompt(self):
        process = self.start("auth")
        code = self.code(self.link_of(process))
        out, err = process.communicate(code + "\n", TIMEOUT_S)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn("account: Ana Diaz, ana.diaz@example.com (dbid:", out)
        self.assertIn(f"refresh token: stored in {self.stored}", out)
        self.check_stored()
        # What is stored is what the other commands use.
        sync = self.start("full-sync", "--output", "-")
        out, err = sync.communicate("", TIMEOUT_S)
        self.assertEqual(sync.returncode, 0, err)
        self.assertGreater(out.count("\n"), 10)
        self.assertEqual(self.dropbox.ask("violations"), [])

    def test_terminal(self):
        terminal, side = pty.openpty()
        process = self.start("auth", stdin=side)
        os.close(side)
        os.write(terminal, (self.code(self.link_of(process)) + "\n").encode())
        out, err = process.communicate(None, TIMEOUT_S)
        os.close(terminal)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn("account: Ana Diaz", out)

    def test_two_runs_without_a_terminal(self):
        code, out, err = self.run_auth()
        self.assertEqual((code, out), (4, ""), err)
        given = self.code(LINK.search(err).group())
        code, out, err = self.run_auth("--code", given, "--json")
        self.assertEqual(code, 0, err)
        self.assertIn("account: Ana Diaz", json.loads(out)["answer"][0])
        self.check_stored()
        code, _, err = self.run_auth("--code", given)
        self.assertEqual(code, 4)
        self.assertIn("dbx-es: this code has been used already, and each works once; run dbx-es auth again", err)
        self.check_stored()

    def test_listener(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        for denied in (False, True):
            self.dropbox.order("tokens/deny", deny=denied)
            process = self.start("auth", "--listen", "--redirect-uri", f"http://localhost:{port}/back")
            page = self.visit(self.link_of(process))
            self.assertIn("You may close this window", page)
            out, err = process.communicate("", TIMEOUT_S)
            if denied:
                self.assertEqual(process.returncode, 4)
                self.assertIn("access was denied", err)
            else:
                self.assertEqual(process.returncode, 0, err)
                self.assertIn("account: Ana Diaz", out)
                self.check_stored()

    def test_print_status_and_revoke(self):
        process = self.start("auth", "--print")
        out, err = process.communicate(self.code(self.link_of(process)) + "\n", TIMEOUT_S)
        self.assertEqual(process.returncode, 0, err)
        self.assertRegex(out, f"^{TOKEN.pattern}\n$")
        self.assertFalse(self.stored.exists())
        self.stored.write_text(out)
        code, out, err = self.run_auth("status")
        self.assertEqual(code, 0, err)
        self.assertIn("account: Ana Diaz", out)
        self.assertIn("contains secrets", err, "the file was written with the usual permissions")
        code, out, err = self.run_auth("revoke")
        self.assertEqual(code, 0, err)
        self.assertFalse(self.stored.exists())
        code, _, err = self.run_auth("status")
        self.assertEqual(code, 2)
        self.assertIn("run dbx-es auth", err)

    def test_trace(self):
        trace = self.folder / "trace"
        process = self.start("auth", "--trace", str(trace))
        link = self.link_of(process)
        code = self.code(link)
        out, err = process.communicate(code + "\n", TIMEOUT_S)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(stat.S_IMODE(trace.stat().st_mode), 0o600)
        text = trace.read_text()
        records = [json.loads(line) for line in text.splitlines()]
        tokens = [record for record in records if record["url"].endswith("/oauth2/token")]
        self.assertTrue(tokens)
        self.assertFalse([record for record in tokens if "request" in record or "answer" in record])
        basic = base64.b64encode(f"{simulator.APP_KEY}:{simulator.APP_SECRET}".encode()).decode()
        for secret in (code, simulator.APP_SECRET, basic, self.stored.read_text().strip()):
            self.assertNotIn(secret, text)
        self.assertNotRegex(text, r"sl\.[A-Za-z0-9_-]{10}|(?i:bearer|code_verifier)")

    def test_wrong_secret(self):
        self.write({"app_key": simulator.APP_KEY, "app_secret": "wrong",
                    **{f"{host}_url": self.dropbox.url for host in ("api", "web")}})
        process = self.start("auth")
        _, err = process.communicate(self.code(self.link_of(process)) + "\n", TIMEOUT_S)
        self.assertEqual(process.returncode, 4)
        self.assertIn("compare both with the app's page", err)
        self.assertNotIn("wrong", err)
