# SPDX-License-Identifier: Apache-2.0
"""The command init, from nothing to a first sync: with the password of a user of the cluster, and a browser's code."""

import os
import re
import stat
import subprocess
import tomllib
import unittest
import urllib.request

import engines
import oracle
import programs
import simulator
import world

TIMEOUT_S = 120
LINK = re.compile(r"http://\S+/oauth2/authorize\?\S+")


class InitTest(world.Case):
    def prepare(self, engine=None):
        self.place = self.world(engine)
        self.place.dropbox.change("demo")
        self.file = self.place.folder / "new" / "first.toml"
        self.environment = {"DBX_ES_DROPBOX_APP_SECRET": simulator.APP_SECRET,
                            **{f"DBX_ES_DROPBOX_{host}_URL": self.place.dropbox.url
                               for host in ("API", "CONTENT", "WEB")}}

    def init(self, typed, *arguments):
        """Types the lines, and the code of the link when it is printed; returns exit code and standard error."""
        engine = self.place.engine
        self.place.dropbox.order("run/begin")
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.place.home), **self.environment}
        trust = ["--ca-certs", str(engine.ca)] if engine.ca else []
        process = subprocess.Popen(
            [programs.dbx_es(), "init", "-c", str(self.file), "--app-key", simulator.APP_KEY, "--host", engine.url,
             "--extraction", "off", "--state-dir", str(self.place.state), *trust, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        with process:
            process.stdin.write("".join(line + "\n" for line in typed))
            process.stdin.flush()
            said = ""
            for line in process.stderr:
                said += line
                if found := LINK.search(line):
                    process.stdin.write(self.code(found.group()) + "\n")
                    process.stdin.flush()
            out = process.stdout.read()
            process.wait(TIMEOUT_S)
        for secret in self.place.secrets:
            self.assertNotIn(secret, said + out)
        return process.returncode, said

    def code(self, link):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(link, timeout=TIMEOUT_S) as page:
            return re.search("code-[0-9a-f]+", page.read().decode()).group()

    def check_first_sync(self):
        environment = {**self.environment, "DBX_ES_DROPBOX_WEB_URL": world.WEB_URL}
        run = self.place.start("full-sync", "-c", str(self.file), environment=environment).finish()
        self.assertEqual(run.code, 0, run)
        # Login and check take an access token each, which the oracle of other tests would call a violation.
        self.assertEqual(oracle.differences(self.place.expected(), self.place.dump()), [])

    def test_from_nothing(self):
        self.prepare()
        engine = self.place.engine
        if not engine.password:
            self.skipTest("this engine has no users")
        password = self.place.keep_secret(engine.password)
        code, said = self.init([self.place.index, password], "--username", engine.username)
        self.assertEqual(code, 0, said)
        self.assertIn(f"wrote {self.file}", said)
        self.assertIn(f"next: dbx-es full-sync -c {self.file}", said)
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.file.parent.stat().st_mode), 0o700)
        written = tomllib.loads(self.file.read_text())
        self.assertEqual(written["elasticsearch"].keys() - {"ca_certs"}, {"host", "index", "api_key"})
        self.assertEqual(written["elasticsearch"]["index"], self.place.index)
        # The key may do what runs need, and nothing else.
        self.place.keep_secret(written["elasticsearch"]["api_key"])
        self.check_first_sync()
        key = engine.with_api_key(written["elasticsearch"]["api_key"])
        with self.assertRaises(engines.HttpFailure) as refused:
            key.request("PUT", f"/other-{self.place.index}")
        self.assertEqual(refused.exception.status, 403)

    def test_wrong_password(self):
        self.prepare()
        engine = self.place.engine
        if not engine.password:
            self.skipTest("this engine has no users")
        code, said = self.init([self.place.index, "wrong"], "--username", engine.username)
        self.assertEqual(code, 4, said)
        self.assertIn("the API key could not be made", said)
        self.assertFalse(self.file.exists())

    def test_opensearch(self):
        """It has no API keys; the test engine has no users either, so any name will do."""
        self.prepare(engines.engine("opensearch"))
        code, said = self.init([self.place.index, "password"], "--username", "admin")
        self.assertEqual(code, 0, said)
        self.assertIn("this cluster makes no API keys", said)
        self.assertEqual(tomllib.loads(self.file.read_text())["elasticsearch"]["username"], "admin")
        self.check_first_sync()


if __name__ == "__main__":
    unittest.main()
