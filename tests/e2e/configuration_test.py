# SPDX-License-Identifier: Apache-2.0
"""Wrong command lines and configurations: found before anybody is asked anything."""

import json
import re

from refusal import RefusalCase


class ConfigurationTest(RefusalCase):
    def refused_with(self, text, *words, replace=None):
        """Appends a line to the configuration, or replaces the one that matches, and runs."""
        self.place.write_config()
        lines = self.place.config.read_text().splitlines()
        if replace is None:
            lines.append(text)
            number = len(lines)
        else:
            number = next(i for i, line in enumerate(lines, 1) if re.match(replace, line))
            lines[number - 1] = text
        self.place.write_config_text("\n".join(lines) + "\n")
        run = self.place.start("-c", str(self.place.config), "incremental", "--quiet").finish()
        self.assert_refused(run, 2, f"{self.place.config}:{number}", *words)
        self.assertEqual(run.requests, {}, "nobody is asked with a configuration that is wrong")

    def test_no_configuration(self):
        run = self.place.start("incremental", "--quiet").finish()
        self.assertEqual(run.code, 2, run)
        self.assertEqual(run.stdout, "")
        lines = run.stderr.splitlines()
        self.assertEqual(len(lines), 6, run)
        self.assertEqual(lines[0], "dbx-es: dbx-es is not set up yet.")
        self.assertIn(f"1. write {self.place.home}/.config/dbx-es/dbx-es.toml", lines[2])
        self.assertEqual(run.requests, {})
        self.assert_recovers()

    def test_configuration_file_that_is_not_there(self):
        run = self.place.start("incremental", "--quiet", "-c", "/nowhere/dbx-es.toml").finish()
        self.assert_refused(run, 2, "/nowhere/dbx-es.toml", "No such file or directory")

    def test_unknown_key(self):
        self.refused_with("max_deletes = 5", "sync.max_deletes", 'did you mean "max_delete"?')

    def test_wrong_type(self):
        self.refused_with("give_up_after = true", "sync.give_up_after", "a boolean", replace="give_up_after")

    def test_syntax_error_does_not_show_the_secret_beside_it(self):
        self.refused_with('refresh_token = "e2e-refresh-token-94d27a', replace="refresh_token")

    def test_secret_of_the_wrong_type_is_not_shown(self):
        self.refused_with('refresh_token = ["e2e-refresh-token-94d27a"]', "dropbox.refresh_token", "a list",
                          replace="refresh_token")

    def test_both_credentials(self):
        self.place.set("elasticsearch", username="someone", password=self.place.keep_secret("pass-5e1b77"))
        run = self.refused("incremental", code=2, words=(
            "elasticsearch.api_key", "elasticsearch.username", "exclude each other", "remove one"))
        self.assertEqual(run.requests, {})
        self.place.set("elasticsearch", username=None, password=None)
        self.assert_recovers()

    def test_no_credential_for_a_host_that_is_elsewhere(self):
        self.place.set("elasticsearch", host="https://search.example.com:9200", api_key=None)
        run = self.refused("incremental", code=2, words=(
            "no credential for https://search.example.com:9200", "elasticsearch.api_key", "elasticsearch.username"))
        self.assertEqual(run.requests, {})

    def test_all_problems_in_one_pass(self):
        self.place.set("sync", give_up_after=-1, max_delete="some")
        self.place.set("elasticsearch", index="Upper")
        run = self.place.run("incremental", "--quiet")
        self.assertEqual(run.code, 2, run)
        self.assertEqual(len(run.stderr.splitlines()), 3, run)
        for setting in ("sync.give_up_after", "sync.max_delete", "elasticsearch.index"):
            self.assertIn(setting, run.stderr)

    def test_settings_may_come_from_the_environment_alone(self):
        environment = {f"DBX_ES_{section.upper()}_{key.upper()}": value if isinstance(value, str) else json.dumps(value)
                       for section, settings in self.place.settings.items() for key, value in settings.items()}
        run = self.place.start("incremental", "--json", environment=environment).finish()
        self.assertEqual(run.code, 0, run)
        self.place.assert_index_equals_tree()

    def test_usage_error(self):
        run = self.place.run("incremental", "--forse")
        self.assertEqual((run.code, run.stdout), (2, ""), run)
        self.assertEqual(run.stderr, "dbx-es: unknown option '--forse'\ndbx-es: see 'dbx-es incremental --help'\n")
        self.assertEqual(run.requests, {})
        self.place.assert_same(self.before)
