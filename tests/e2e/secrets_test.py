# SPDX-License-Identifier: Apache-2.0
"""Secrets stay secret. Every world checks all that its runs say and store; these runs are made to say a lot."""

import json

import world


class SecretsTest(world.Case):
    def test_talkative_runs(self):
        place = self.world(with_relay=True)
        place.set("sync", give_up_after=2)
        place.dropbox.change("demo")
        place.dropbox.fault("files/list_folder", "expired_token")
        place.dropbox.fault("users/get_current_account", "html", status=500)
        place.dropbox.fault("oauth2/token", "half_json")
        first = place.run("full-sync", "--verbose")
        self.assertEqual(first.code, 0, first)
        self.assertIn("trying again", first.stderr)
        place.dropbox.fault("files/list_folder/continue", "status", status=400, body="what was that?")
        self.assertNotEqual(place.run("incremental", "--verbose").code, 0)
        place.dropbox.order("tokens/expire")
        place.dropbox.fault("oauth2/token", "status", status=400, times=0, content_type="application/json",
                            body='{"error":"invalid_request","error_description":"no"}')
        self.assertEqual(place.run("incremental", "--verbose", "--json").code, 4)
        place.dropbox.order("faults/clear")
        place.dropbox.change("delete", path="/Photos")
        place.relay.close()
        self.assertEqual(place.run("incremental", "--verbose").code, 5)

    def test_commands_that_look(self):
        place = self.world(with_relay=True)
        place.dropbox.change("demo")
        place.sync("full-sync")
        for arguments in (("config", "show"), ("config", "show", "--json"), ("check", "-v"), ("check", "--json"),
                          ("status",), ("status", "--json")):
            run = place.run(*arguments)
            self.assertEqual(run.code, 0, run)
            self.assertNotEqual(run.stdout, "")
        self.assertIn("<redacted>", place.run("config", "show").stdout)
        # Where everything is wrong there is more to say.
        place.set("sync", give_up_after=1)
        place.dropbox.order("tokens/expire")
        place.dropbox.fault("oauth2/token", "status", status=400, times=0, content_type="application/json",
                            body='{"error":"invalid_request","error_description":"no"}')
        place.relay.close()
        self.assertEqual(place.run("check", "-v").code, 4)
        secrets = sorted(place.secrets)
        connector = place.folder / "config.yml"
        connector.write_text("elasticsearch.host: http://localhost:9200\n"
                             f"elasticsearch.api_key: '{secrets[0]}'\nelasticsearch.password: '{secrets[1]}'\n"
                             f"something: ['{secrets[2]}']\nconfiguration.refresh_token: '{secrets[0]}'\n")
        self.assertEqual(place.run("config", "import", str(connector)).code, 0)
        self.assertEqual(place.run("config", "import", str(connector), "--json").code, 0)
        self.assertEqual(place.run("config", "import", str(connector), "--output", str(place.folder / "new")).code, 0)

    @staticmethod
    def words_of(run):
        """Standard output without its line breaks."""
        return " ".join(run.stdout.split())

    def test_the_access_token_that_runs_keep(self):
        """Every world looks for secrets in what runs leave; this is the one exception, and how it is treated."""
        place = self.world()
        place.dropbox.change("demo")
        place.sync("full-sync", "--dry-run")
        self.assertIsNone(place.kept_token())
        place.sync("full-sync")
        kept = place.kept_token()
        token = json.loads(kept.read_text())["access_token"]
        self.assertNotIn("oauth2/token", place.sync("incremental").requests)
        self.assertIn("access token: kept for runs in the next 3 h", self.words_of(place.run("check")))
        # Its mode shows it to others: no longer used, and made anew.
        kept.chmod(0o644)
        self.assertIn(f"mode 0644) -> run: chmod 600 {kept}", self.words_of(place.run("check")))
        run = place.run("incremental")
        self.assertEqual(run.code, 0, run)
        self.assertIn("is open to other users (mode 0644)", " ".join(run.stderr.split()))
        self.assertEqual(run.requests["oauth2/token"], 1)
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)
        self.assertNotEqual(json.loads(kept.read_text())["access_token"], token)
        # What somebody else put there is neither used nor followed.
        elsewhere = place.folder / "elsewhere"
        elsewhere.write_text(kept.read_text())
        kept.unlink()
        kept.symlink_to(elsewhere)
        before = elsewhere.read_text()
        self.assertEqual(place.sync("incremental").requests["oauth2/token"], 1)
        self.assertFalse(kept.is_symlink())
        self.assertEqual(elsewhere.read_text(), before)
        # With the setting off, what is there is removed.
        place.set("dropbox", keep_access_token=False)
        self.assertEqual(place.sync("incremental").requests["oauth2/token"], 1)
        self.assertIsNone(place.kept_token())

    def test_the_check_finds_what_it_looks_for(self):
        place = self.world()
        key = place.settings["elasticsearch"]["api_key"]
        for said in (place.settings["dropbox"]["refresh_token"], f"ApiKey {key}", "Bearer sl." + "x" * 60):
            run = world.Run(("incremental",), 0, "", f"dbx-es: {said}\n", 0.0, {})
            with self.assertRaises(AssertionError):
                place.check_said(run)
