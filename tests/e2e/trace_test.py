# SPDX-License-Identifier: Apache-2.0
"""--trace: a record for each request, and no secret in any."""

import base64
import json
import stat

import world

COMMANDS = ("full-sync", "incremental", "check")


class TraceTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.place.dropbox.change("demo")
        self.trace = self.place.folder / "trace.ndjson"

    def records(self):
        return [json.loads(line) for line in self.trace.read_text().splitlines()]

    def test_records_of_each_command(self):
        self.place.dropbox.fault("files/list_folder", "status", status=503)
        before = 0
        for command in COMMANDS:
            run = self.place.run(command, "--trace", str(self.trace))
            self.assertEqual(run.code, 0, run)
            records = self.records()[before:]
            before += len(records)
            self.assertEqual({record["service"] for record in records}, {"Dropbox", "Elasticsearch"}
                             if command != "incremental" else {"Dropbox"}, command)
            asked = sum(1 for record in records if record["service"] == "Dropbox")
            self.assertEqual(asked, sum(run.requests.values()), run)
        self.assertEqual(stat.S_IMODE(self.trace.stat().st_mode), 0o600)
        listings = [record for record in self.records() if record["url"].endswith("/2/files/list_folder")]
        self.assertEqual([record["status"] for record in listings[:2]], [503, 200])
        again = listings[1]
        self.assertEqual((again["method"], again["retry"]), ("POST", 1))
        self.assertGreater(again["delay_ms"], 0)
        self.assertRegex(again["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertTrue(again["request_id"])
        self.assertGreater(again["bytes_received"], 0)
        self.assertIn("recursive", again["request"])
        self.assertIn(".tag", again["answer"])
        for record in self.records():
            self.assertLessEqual(max(len(record.get(body, "").encode()) for body in ("request", "answer")), 2048)

    def test_no_secret(self):
        place = self.place
        api_key = place.settings["elasticsearch"].get("api_key")
        if api_key is None:  # an engine without security ignores it
            api_key = place.keep_secret(base64.b64encode(b"an-id-1:a-key-that-nobody-checks").decode())
            place.set("elasticsearch", api_key=api_key)
        place.dropbox.fault("files/list_folder", "expired_token")
        for command in COMMANDS:
            run = place.run(command, "--trace", str(self.trace))
            self.assertEqual(run.code, 0, run)
        text = self.trace.read_text()
        decoded = base64.b64decode(api_key).decode()
        secrets = {place.settings["dropbox"]["app_secret"], place.settings["dropbox"]["refresh_token"], api_key, decoded,
                   decoded.partition(":")[2], *place.secrets}
        self.assertGreaterEqual(len(secrets), 5)
        for secret in secrets:
            self.assertNotIn(secret, text)
        # Access tokens, headers with credentials, and links that open a file to everyone.
        self.assertNotRegex(text, world.ACCESS_TOKEN)
        self.assertNotRegex(text, "(?i)authorization|bearer|apikey ")
        self.assertNotRegex(text, r"/(s|sh|scl)/[A-Za-z0-9]")

    def test_environment_variable(self):
        run = self.place.run("full-sync", environment={"DBX_ES_TRACE": str(self.trace)})
        self.assertEqual(run.code, 0, run)
        self.assertTrue(self.records())

    def test_a_file_that_is_not_ours_alone(self):
        self.trace.write_text("")
        self.trace.chmod(0o644)
        run = self.place.run("full-sync", "--trace", str(self.trace))
        self.assertEqual((run.code, run.requests), (2, {}), run)
        self.assertIn(f"cannot open the trace file {self.trace}: it exists, and is not a file of yours", run.stderr)
        self.assertEqual(self.trace.read_text(), "")
