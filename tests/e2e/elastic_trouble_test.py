# SPDX-License-Identifier: Apache-2.0
"""Trouble on the side of Elasticsearch: wrong targets, credentials, certificates, and nobody there at all."""

import base64

import engines
from refusal import RefusalCase

GIVE_UP_S = 2
# Beyond give_up_after: the start of the program on a busy machine.
SLACK_S = 10
# All that a sync needs to do with its index, and what it cannot do without each.
LEAST_PRIVILEGES = ("create_index", "maintenance", "read", "view_index_metadata", "write")


class AliasTest(RefusalCase):
    def setUp(self):
        super().setUp()
        self.alias = f"{self.place.index}-alias"
        self.other = f"{self.place.index}-other"
        self.place.engine.request("PUT", f"/{self.other}", {"mappings": {"properties": {"n": {"type": "long"}}}})
        self.addCleanup(self.place.engine.delete_index, self.other)
        key = self.place.engine.connector_key(f"{self.place.index}*")
        self.place.set("elasticsearch", index=self.alias, api_key=self.place.keep_secret(key))

    def point_alias_to(self, *indices):
        actions = [{"add": {"index": index, "alias": self.alias}} for index in indices]
        self.place.engine.request("POST", "/_aliases", {"actions": actions})

    def test_alias_of_two_indices(self):
        self.point_alias_to(self.place.index, self.other)
        self.refused("full-sync", code=2, words=(
            f'elasticsearch.index = "{self.alias}"', self.place.index, self.other, "several indices"))
        self.assertEqual(self.place.dump(self.other), {})

    def test_alias_of_one_index(self):
        self.point_alias_to(self.place.index)
        writes = self.place.writes()
        # Another name of the index is another state.
        run = self.place.sync("full-sync", "--take-over")
        self.assertEqual(run.documents, {"updated": 1, "unchanged": 4, "deleted": 1})
        self.assertEqual(self.place.writes(), writes + 2)
        self.place.assert_index_equals_tree()
        self.place.dropbox.change("delete", path="/docs/2.txt")
        self.assert_recovers("incremental")


class CredentialTest(RefusalCase):
    def use_key(self, privileges):
        roles = {"test": {"cluster": [], "indices": [{"names": [self.place.index], "privileges": privileges}]}}
        key = self.place.engine.request("POST", "/_security/api_key", {"name": "e2e", "role_descriptors": roles})
        self.place.set("elasticsearch", api_key=self.place.keep_secret(key["encoded"]))

    def test_wrong_api_key(self):
        right = self.place.settings["elasticsearch"]["api_key"]
        wrong = base64.b64encode(b"VuaCfGcBCdbkQm-e5aOx:ui2lp2axTNmsyakw9tvNnw").decode()
        self.place.set("elasticsearch", api_key=self.place.keep_secret(wrong))
        for command in ("incremental", "full-sync"):
            self.refused(command, code=4, words=("elasticsearch.api_key",))
        self.place.set("elasticsearch", api_key=right)
        self.assert_recovers()

    def test_wrong_password(self):
        self.place.set("elasticsearch", api_key=None, username=self.place.engine.username,
                       password=self.place.keep_secret("not-the-password-33f0"))
        self.refused("incremental", code=4, words=("username and password",))
        self.place.set("elasticsearch", password=self.place.keep_secret(self.place.engine.password))
        self.assert_recovers()

    def test_least_privileges_are_enough(self):
        self.use_key(LEAST_PRIVILEGES)
        self.assert_recovers("incremental")
        self.place.delete_index()
        self.assert_recovers("full-sync")

    def check_missing(self, missing, command, unchanged=True):
        right = self.place.settings["elasticsearch"]["api_key"]
        self.use_key([name for name in LEAST_PRIVILEGES if name != missing])
        run = self.place.run(command, "--quiet")
        self.assert_refused(run, 4, "the credential may not", "grant it one of the index privileges", missing,
                            unchanged=unchanged)
        self.place.set("elasticsearch", api_key=right)
        self.assert_recovers(command)

    def test_key_that_may_not_write(self):
        self.check_missing("write", "incremental")

    def test_key_that_may_not_read(self):
        self.check_missing("read", "incremental")

    def test_key_that_may_not_look_at_the_index(self):
        self.check_missing("view_index_metadata", "full-sync")

    def test_key_that_may_not_refresh(self):
        # The refresh comes before deletions and after writes, which the next run finds done.
        self.check_missing("maintenance", "incremental", unchanged=False)

    def test_key_that_may_not_create_the_index(self):
        self.place.delete_index()
        self.before = self.place.look()
        self.check_missing("create_index", "full-sync")


class AddressTest(RefusalCase):
    options = {"with_relay": True}

    def test_host_down(self):
        self.place.set("sync", give_up_after=GIVE_UP_S)
        self.place.relay.close()
        for command in ("incremental", "full-sync"):
            run = self.refused(command, code=5, words=(f"127.0.0.1:{self.place.relay.port}",))
            self.assertLess(run.seconds, GIVE_UP_S + SLACK_S)
        self.place.relay.open()
        self.assert_recovers()

    def test_host_that_is_no_elasticsearch(self):
        self.place.set("elasticsearch", host=self.place.dropbox.url)
        self.refused("full-sync", code=2, words=("Elasticsearch",))


class CertificateTest(RefusalCase):
    def choose_engine(self):
        return engines.engine(version="8.19.21", tls=True)

    def test_certificate_that_nobody_vouches_for(self):
        trusted = self.place.settings["elasticsearch"]["ca_certs"]
        self.place.set("elasticsearch", ca_certs=None)
        for command in ("incremental", "full-sync"):
            self.refused(command, code=2, words=("certificate", "elasticsearch.ca_certs"))
        self.place.set("elasticsearch", ca_certs=trusted)
        self.assert_recovers()

    def test_file_of_authorities_that_holds_none(self):
        empty = self.place.folder / "empty.pem"
        empty.write_text("nothing")
        self.place.set("elasticsearch", ca_certs=str(empty))
        self.refused("incremental", code=2, words=("elasticsearch.ca_certs", str(empty)))

    def test_checking_can_be_switched_off(self):
        self.place.set("elasticsearch", ca_certs=None, verify_certs=False)
        self.assert_recovers()
