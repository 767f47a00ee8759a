# SPDX-License-Identifier: Apache-2.0
"""Secrets stay secret. Every world checks all that its runs say and store; these runs are made to say a lot."""

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

    def test_the_check_finds_what_it_looks_for(self):
        place = self.world()
        key = place.settings["elasticsearch"]["api_key"]
        for said in (place.settings["dropbox"]["refresh_token"], f"ApiKey {key}", "Bearer sl." + "x" * 60):
            run = world.Run(("incremental",), 0, "", f"dbx-es: {said}\n", 0.0, {})
            with self.assertRaises(AssertionError):
                place.check_said(run)
