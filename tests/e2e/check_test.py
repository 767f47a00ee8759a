# SPDX-License-Identifier: Apache-2.0
"""The commands that only look: check against real services, status, config show, and secrets from elsewhere."""

import base64
import json
import shlex
import time

import engines
import simulator
import world


class CheckTest(world.Case):
    def check(self, place, *arguments, code=0, **options):
        """Runs check, which changes nothing. Gives {name: line} of its result."""
        before = place.look()
        run = place.run("check", "--json", *arguments, **options)
        self.assertEqual(run.code, code, run)
        self.assertEqual(run.summary["exit_code"], code)
        place.assert_same(before, run)
        for line in run.summary["checks"]:
            self.assertEqual(line["advice"] == "", line["status"] == "ok", line)
        self.assertEqual(place.dropbox.ask("violations"), [])
        return {line["name"]: line for line in run.summary["checks"]}

    def assert_all_right(self, lines):
        self.assertEqual([line for line in lines.values() if line["status"] != "ok"], [])

    def test_before_and_after_a_sync(self):
        self.check_before_and_after(self.world())

    def test_before_and_after_a_sync_into_opensearch(self):
        self.check_before_and_after(self.world(engines.engine("opensearch")))

    def check_before_and_after(self, place):
        place.dropbox.change("demo")
        lines = self.check(place)
        self.assert_all_right(lines)
        self.assertIn("does not exist yet", lines["index"]["message"])
        self.assertFalse(place.state.exists(), "looking makes no folder")
        place.sync("full-sync")
        lines = self.check(place)
        self.assert_all_right(lines)
        self.assertIn("has all fields", lines["mapping"]["message"])
        self.assertIn("last full sync", lines["state"]["message"])
        if place.engine.username:
            self.assertIn("privilege delete", lines)
        text = place.run("check")
        self.assertEqual(text.code, 0, text)
        self.assertTrue(text.stdout.endswith(" ok\n"), text)
        self.assertEqual((place.run("check", "-q").stdout, text.stderr), ("", ""))

    def test_several_things_at_once(self):
        place = self.world()
        place.dropbox.change("demo")
        place.set("dropbox", path="/Nowhere")
        place.set("elasticsearch", pipeline="dbx-es-no-such-pipeline")
        place.set("sync", state_dir=f"{place.config}/below")
        lines = self.check(place, code=2)
        # The key of a connector need not be allowed to look at pipelines.
        expected = {"path": "problem", "pipeline": "warning" if place.engine.username else "problem",
                    "state folder": "problem"}
        self.assertEqual({name: lines[name]["status"] for name in expected}, expected, lines)
        self.assertEqual(lines["token"]["status"], "ok")

    def test_a_key_that_may_only_read(self):
        place = self.world()
        if not place.engine.username:
            self.skipTest("this engine has no security")
        key = place.engine.request("POST", "/_security/api_key", {
            "name": f"reader-{place.index}", "role_descriptors": {"reader": {"cluster": ["monitor"], "indices": [
                {"names": [place.index], "privileges": ["read", "view_index_metadata"]}]}}})
        place.set("elasticsearch", api_key=place.keep_secret(key["encoded"]))
        lines = self.check(place, code=4)
        lacking = {name for name, line in lines.items() if line["status"] == "problem"}
        self.assertEqual(lacking, {f"privilege {name}" for name in
                                   ("index", "delete", "maintenance", "create_index")})

    def test_wrong_credentials_and_a_cluster_that_is_away(self):
        place = self.world(with_relay=True)
        place.set("dropbox", refresh_token="rt-of-nobody")
        lines = self.check(place, code=4)
        self.assertEqual(lines["token"]["status"], "problem")
        self.assertIn("dbx-es auth", lines["token"]["advice"])
        if place.engine.username:
            wrong = place.keep_secret(base64.b64encode(b"somebody:wrong-secret-77").decode())
            place.set("elasticsearch", api_key=wrong)
            self.assertEqual(self.check(place, code=4)["cluster"]["exit_code"], 4)
        place.relay.close()
        place.set("dropbox", refresh_token=simulator.REFRESH_TOKEN)
        self.assertEqual(self.check(place, code=5)["cluster"]["exit_code"], 5)


class StatusTest(world.Case):
    def status(self, place):
        run = place.run("status", "--json")
        self.assertEqual((run.code, run.requests), (0, {}), run)
        return run.summary

    def test_runs_are_recorded(self):
        place = self.world(with_relay=True)
        place.dropbox.change("demo")
        self.assertEqual(self.status(place)["runs"], [])
        full = place.sync("full-sync")
        place.sync("incremental")
        place.sync("incremental", "--dry-run")
        place.relay.close()
        place.set("sync", give_up_after=1)
        place.dropbox.change("delete", path="/Photos")
        self.assertEqual(place.run("incremental", "-q").code, 5)
        status = self.status(place)
        self.assertEqual([(run["command"], run["exit_code"]) for run in status["runs"]],
                         [("incremental", 5), ("incremental", 0), ("full-sync", 0)])
        self.assertEqual(status["runs"][2]["documents"], full.summary["documents"])
        self.assertLess(status["changes_age_seconds"], 120)
        self.assertEqual((status["running"], status["pending_failures"]), ("", 0))
        stdout = place.run("status").stdout
        self.assertEqual(stdout.count("\n"), 12)
        self.assertIn("\nindex: not checked: ", stdout)

    def test_an_index_that_somebody_deleted_or_took(self):
        place = self.world()
        self.assertEqual(self.status(place)["index"], "not_yet")
        place.dropbox.change("demo")
        place.sync("full-sync")
        self.assertEqual(self.status(place)["index"], "as_left")
        place.engine.delete_index(place.index)
        self.assertEqual(self.status(place)["index"], "gone")
        self.assertIn(f"index: {place.index} is gone, although runs have synced it", place.run("status").stdout)
        place.engine.request("PUT", f"/{place.index}")
        self.assertEqual(self.status(place)["index"], "replaced")
        place.sync("full-sync")
        place.set("sync", state_dir=str(place.folder / "other state"))
        run = place.run("status", "--json")
        self.assertEqual((run.code, run.summary["index"]), (11, "kept_elsewhere"), run)

    def test_all_configurations_of_a_folder(self):
        place = self.world()
        place.dropbox.change("demo")
        place.sync("full-sync")
        folder = place.folder / "configurations"
        folder.mkdir()
        good = place.config.read_text()
        for name, text in (("good", good), ("new", good.replace(place.index, place.index + "-new")),
                           ("broken", "[dropbox")):
            (folder / f"{name}.toml").write_text(text)
            (folder / f"{name}.toml").chmod(0o600)
        (folder / "rules.json").write_text("[]")
        run = place.run("status", "--all", str(folder), "--json")
        self.assertEqual((run.code, run.summary["exit_code"], run.requests), (2, 2, {}), run)
        rows = {one["configuration"]: one for one in run.summary["configurations"]}
        self.assertEqual({name: one["exit_code"] for name, one in rows.items()}, {"broken": 2, "good": 0, "new": 0},
                         run)
        self.assertEqual((rows["good"]["index"], rows["good"]["runs"][0]["command"]), ("as_left", "full-sync"))
        # Where the engine has security, the key may not look at it.
        self.assertIn(rows["new"]["index"], ("not_yet", "not_checked"))
        (folder / "broken.toml").unlink()
        run = place.run("status", "--all", str(folder))
        self.assertEqual((run.code, run.stdout.splitlines()[0][:13]), (0, "configuration"), run)
        self.assertIn("full-sync (0)", run.stdout)
        self.assertEqual(place.run("status", "--all", str(place.home)).code, 2)

    def test_a_run_under_way(self):
        place = self.world()
        place.dropbox.change("demo")
        place.sync("full-sync")
        held = place.begin_and_hold("incremental")
        self.assertIn(f"pid {held.process.pid}", self.status(place)["running"])
        run = place.run("check", "--json")
        lock = next(line for line in run.summary["checks"] if line["name"] == "lock")
        self.assertEqual(lock["status"], "warning")
        # It holds secrets now, which no crash may write to a disk.
        with open(f"/proc/{held.process.pid}/limits", encoding="ascii") as limits:
            core = next(line.split() for line in limits if line.startswith("Max core file size"))
        self.assertEqual(core[4:6], ["0", "0"])
        held.process.terminate()
        self.assertEqual(held.finish().code, 143)
        place.let_go()
        self.assertEqual(self.status(place)["runs"][0]["exit_code"], 143)

    def test_a_run_that_was_killed(self):
        place = self.world()
        place.dropbox.change("demo")
        place.sync("full-sync")
        self.assertEqual(self.status(place)["lost_run"], "")
        time.sleep(2)  # times in the state are cut to seconds
        held = place.begin_and_hold("incremental")
        held.process.kill()
        held.finish()
        place.let_go()
        self.assertIn(f"pid {held.process.pid}", self.status(place)["lost_run"])
        place.sync("incremental")
        self.assertEqual(self.status(place)["lost_run"], "")


class SecretSourcesTest(world.Case):
    def test_a_command_and_a_credential(self):
        place = self.world()
        place.dropbox.change("demo")
        folder = place.folder / "credentials"
        folder.mkdir()
        (folder / "dropbox.refresh_token").write_text(simulator.REFRESH_TOKEN + "\n")
        secret = place.folder / "secret of the app"
        secret.write_text(simulator.APP_SECRET + "\n")
        place.set("dropbox", refresh_token=None, app_secret=None, app_secret_command=["cat", str(secret)])
        run = place.sync("full-sync", environment={"CREDENTIALS_DIRECTORY": str(folder)})
        self.assertGreater(run.documents["created"], 0)
        place.assert_index_equals_tree()
        place.set("dropbox", app_secret_command=f"cat {shlex.quote(str(secret))} | cat")
        place.sync("incremental", environment={"CREDENTIALS_DIRECTORY": str(folder)})
        show = place.run("config", "show", environment={"CREDENTIALS_DIRECTORY": str(folder)})
        self.assertEqual((show.code, show.requests), (0, {}), show)
        self.assertIn(f"dropbox.refresh_token = <redacted>  # credential {folder}/dropbox.refresh_token", show.stdout)

    def test_a_command_that_fails(self):
        place = self.world()
        place.set("dropbox", app_secret=None, app_secret_command="echo locked >&2; echo half-a-secret; exit 7")
        run = place.run("incremental")
        self.assertEqual((run.code, run.stdout, run.requests), (2, "", {}), run)
        self.assertEqual(run.stderr.splitlines()[0], "locked")
        self.assertIn("dropbox.app_secret_command: '/bin/sh' ended with exit status 7", run.stderr)
        self.assertNotIn("half-a-secret", run.stderr)


class ImportTest(world.Case):
    def test_what_was_imported_syncs(self):
        place = self.world()
        place.dropbox.change("demo")
        values = {"path": "/", "app_key": simulator.APP_KEY, "app_secret": simulator.APP_SECRET,
                  "refresh_token": simulator.REFRESH_TOKEN}
        connector = {"service_type": "dropbox", "index_name": place.index,
                     "configuration": {key: {"value": value} for key, value in values.items()}}
        exported = place.folder / "connector.json"
        exported.write_text(json.dumps(connector))
        target = place.folder / "imported.toml"
        run = place.start("config", "import", str(exported), "--output", str(target)).finish()
        self.assertEqual((run.code, run.stdout, run.requests), (0, "", {}), run)
        self.assertEqual(target.stat().st_mode & 0o777, 0o600)
        shown = place.start("config", "import", str(exported)).finish()
        self.assertIn(f'index = "{place.index}"', shown.stdout)
        # The rest of the world of a test comes from its environment.
        environment = {f"DBX_ES_{section.upper()}_{key.upper()}": value if isinstance(value, str) else json.dumps(value)
                       for section, settings in place.settings.items() for key, value in settings.items()
                       if key not in values and key != "index"}
        synced = place.start("-c", str(target), "full-sync", "--json", environment=environment).finish()
        self.assertEqual(synced.code, 0, synced)
        place.assert_index_equals_tree()
