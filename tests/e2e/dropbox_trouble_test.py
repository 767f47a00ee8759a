# SPDX-License-Identifier: Apache-2.0
"""Trouble on the side of Dropbox: wrong paths and credentials, answers that are no answers."""

import base64
import json

import office_files
import world
from refusal import RefusalCase

GIVE_UP_S = 2
# Beyond give_up_after: the start of the program on a busy machine.
SLACK_S = 10
# Runs a copy of dbx-es, which has no dbx-es-pdf beside it.
ALONE = ("/bin/sh", "-c", '/bin/cp "$0" ./dbx-es && exec ./dbx-es "$@"')


class PathTest(RefusalCase):
    def test_path_that_does_not_exist(self):
        self.place.set("dropbox", path="/dosc")
        # The index is of another folder, so the run asks first.
        self.refused("full-sync", code=7, words=("/dosc", "--change-path"))
        self.refused("full-sync", "--change-path", code=2,
                     words=("no folder /dosc", "dropbox.path", "nothing was deleted"))
        # Neither is anything deleted where that was allowed.
        self.refused("full-sync", "--change-path", "--max-delete", "unlimited", code=2, words=("no folder /dosc",))
        self.place.set("dropbox", path=None)
        self.assert_recovers()

    def test_path_that_is_a_file(self):
        self.place.set("dropbox", path="/docs/1.txt")
        self.refused("full-sync", "--change-path", code=2,
                     words=("/docs/1.txt", "dropbox.path", "is a file", "nothing was deleted"))
        self.place.set("dropbox", path=None)
        self.assert_recovers()

    def test_path_that_disappears_between_runs(self):
        self.place.set("dropbox", path="/docs")
        self.place.sync("full-sync", "--change-path", "--max-delete", "unlimited")
        self.place.assert_index_equals_tree()
        self.place.dropbox.change("move", **{"from": "/docs", "to": "/elsewhere"})
        self.before = self.place.look()
        # Renamed or deleted: only a person knows whether the documents are to go or the setting is to follow.
        for command in ("incremental", "full-sync"):
            self.refused(command, code=2, words=("no folder /docs", "dropbox.path", "nothing was deleted"))
        self.place.set("dropbox", path="/elsewhere")
        self.assertEqual(self.place.run("incremental").code, 6)
        run = self.place.sync("full-sync", "--change-path")
        self.assertEqual(run.documents, {"updated": len(self.place.expected())})
        self.place.assert_index_equals_tree()


class CredentialTest(RefusalCase):
    def test_wrong_refresh_token(self):
        right = self.place.settings["dropbox"]["refresh_token"]
        self.place.set("dropbox", refresh_token=self.place.keep_secret("wrong-token-77aa01"))
        self.refused("incremental", code=4, words=("dropbox.refresh_token",))
        self.place.set("dropbox", refresh_token=right)
        self.assert_recovers()

    def test_wrong_app_secret(self):
        right = self.place.settings["dropbox"]["app_secret"]
        self.place.set("dropbox", app_secret=self.place.keep_secret("wrong-secret-91cc4e"))
        self.refused("incremental", code=4, words=("dropbox.app_key or dropbox.app_secret",))
        self.place.set("dropbox", app_secret=right)
        self.assert_recovers()

    def test_revoked_refresh_token(self):
        self.place.dropbox.order("tokens/revoke")
        self.refused("incremental", code=4, words=("dropbox.refresh_token", "revoked"))

    def test_missing_scope(self):
        scopes = "account_info.read files.metadata.read files.content.read sharing.read"
        # A token that is there already keeps its scopes, at Dropbox as well. One that was refused is not kept.
        self.place.kept_token().unlink()
        for missing in ("files.metadata.read", "sharing.read"):
            self.place.dropbox.order("tokens/scopes", scopes=scopes.replace(missing, ""))
            self.refused("incremental", code=4, words=(f"lacks the scope {missing}",),
                         unchanged=missing == "files.metadata.read")
        self.place.dropbox.order("tokens/scopes", scopes=scopes)
        self.assert_recovers()

    def test_token_that_expires_early_is_renewed(self):
        self.place.dropbox.fault("files/list_folder/continue", "expired_token")
        run = self.place.sync("incremental")
        # The run began with the token that the one before it has kept.
        self.assertEqual(run.requests["oauth2/token"], 1)
        self.place.assert_index_equals_tree()
        self.assertNotIn("oauth2/token", self.place.sync("incremental").requests)


class PageTest(RefusalCase):
    def check_spoilt(self, kind, **arguments):
        """A page that is spoilt once is asked for again; one that always is ends the run, with nothing changed."""
        self.place.set("sync", give_up_after=GIVE_UP_S)
        route = "files/list_folder/continue"
        self.place.dropbox.fault(route, kind, times=0, **arguments)
        run = self.refused("incremental", code=5, words=("Dropbox", f"sync.give_up_after = {GIVE_UP_S} s"))
        self.assertGreater(run.requests[route], 1)
        self.assertLess(run.seconds, GIVE_UP_S + SLACK_S)
        self.place.dropbox.order("faults/clear")
        self.place.dropbox.fault(route, kind, **arguments)
        run = self.place.sync("incremental")
        self.assertEqual(run.requests[route], 2)
        self.assertGreaterEqual(run.summary["dropbox"]["retries"], 1)
        self.place.assert_index_equals_tree()

    def test_page_that_is_not_json(self):
        self.check_spoilt("html_as_json")

    def test_page_that_ends_in_the_middle(self):
        self.check_spoilt("half_json")

    def test_page_whose_connection_breaks(self):
        self.check_spoilt("cut_body", at_byte=40)

    def test_server_error(self):
        self.check_spoilt("html", status=502)

    def test_entry_of_an_unknown_kind(self):
        self.place.dropbox.fault("files/list_folder/continue", "unknown_tag")
        run = self.place.sync("incremental")
        self.assertRegex(run.stderr, r"(?m)^dbx-es: warning: 1 .*kind.* not know")
        self.place.assert_index_equals_tree()

    def test_rate_limit_is_waited_for(self):
        self.place.set("sync", give_up_after=60)
        self.place.dropbox.fault("files/list_folder/continue", "rate_limit", header_wait_s=2, body_wait_s=2)
        run = self.place.sync("incremental")
        self.assertGreaterEqual(run.seconds, 2)
        # That nothing was asked too early is among the violations that the oracle looks at.
        self.place.assert_index_equals_tree()


class OneFileTest(world.Case):
    """What concerns one file never ends a run: the others are indexed, and the cursor passes."""

    PAPER_DENIED = json.dumps({
        "error_summary": "paper_access_denied/not_paper_user/",
        "error": {".tag": "paper_access_denied", "paper_access_denied": {".tag": "not_paper_user"}}})

    def setUp(self):
        self.place = self.world()
        self.place.set("extraction", mode="local")
        self.place.set("dropbox", retry_count=1)

    def add(self, path, text):
        return self.place.dropbox.change("add_file", path=path, text=text)

    def assert_bodies(self, expected):
        """The oracle of the tree knows no texts: {id: text} of all documents."""
        self.assertEqual({key: document.get("body") for key, document in self.place.dump().items()}, expected)
        self.assertEqual(self.place.dropbox.ask("violations"), [])

    def test_paper_that_dropbox_refuses_is_indexed_without_text(self):
        self.add("/a.txt", "alpha")
        self.place.dropbox.change("add_paper", path="/notes.paper", markdown="# notes")
        self.add("/z.txt", "omega")
        self.place.dropbox.fault("files/export", "status", status=403, body=self.PAPER_DENIED,
                                 content_type="application/json", times=0)
        run = self.place.run("full-sync", "--json")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.summary["content"]["refused"], 1)
        self.assertEqual(run.summary["documents"]["created"], 3)
        self.assertEqual(self.place.run("incremental").code, 0)

    def test_file_that_a_proxy_blocks_fails_alone(self):
        before = self.add("/a.txt", "alpha")
        blocked = self.add("/b.txt", "beta")
        behind = self.add("/z.txt", "omega")
        self.place.dropbox.fault("files/download", "status", status=403, argument=blocked, times=0,
                                 body="<html><title>Blocked</title></html>", content_type="text/html")
        run = self.place.run("full-sync", "--json")
        self.assertEqual(run.code, 3, run)
        self.assertEqual([failure["path"] for failure in run.summary["failures"]], ["/b.txt"])
        self.assertIn("not from Dropbox", run.summary["failures"][0]["reason"])
        self.assertEqual(run.summary["documents"]["created"], 3)
        self.assert_bodies({before: "alpha", blocked: None, behind: "omega"})
        later = self.add("/later.txt", "later")
        run = self.place.run("incremental", "--json")
        self.assertEqual((run.code, run.summary["documents"]["created"]), (3, 1), run)
        self.place.dropbox.order("faults/clear")
        self.place.sync("incremental")
        self.assert_bodies({before: "alpha", blocked: "beta", behind: "omega", later: "later"})

    def test_reader_of_pdfs_that_is_missing_leaves_the_text(self):
        content = next(data for name, data in office_files.files().items() if name.endswith(".pdf"))
        pdf = self.place.dropbox.change("add_file", path="/a.pdf", base64=base64.b64encode(content).decode())
        self.place.sync("full-sync")
        before = self.place.dump()[pdf]["body"]
        self.assertTrue(before.strip())
        self.place.dropbox.change("move", **{"from": "/a.pdf", "to": "/b.pdf"})
        for command in ("incremental", "full-sync"):
            run = self.place.run(command, wrapper=ALONE, environment={"PATH": "/nonexistent"})
            self.assertEqual(run.code, 0, run)
            self.assertIn("1 PDF was not read", run.stderr)
            self.assertEqual(self.place.dump()[pdf]["body"], before)

    def test_received_file_whose_link_answers_oddly_fails_alone(self):
        bad = self.place.dropbox.change("add_received_file", name="bad.txt", text="bad")
        good = self.place.dropbox.change("add_received_file", name="good.txt", text="good")
        for status in (400, 403, 404):
            self.place.dropbox.fault("sharing/get_shared_link_metadata", "status", status=status, times=2,
                                     body="<html>no</html>", content_type="text/html")
        run = self.place.run("full-sync", "--json")
        self.assertEqual(run.code, 3, run)
        self.assertTrue(set(failure["id"] for failure in run.summary["failures"]) <= {bad, good})
        self.place.dropbox.order("faults/clear")
        self.place.sync("incremental")
        self.assert_bodies({bad: "bad", good: "good"})


class GoingRoundTest(RefusalCase):
    def test_listing_that_leads_nowhere_ends_and_continues(self):
        self.place.set("sync", give_up_after=GIVE_UP_S)
        route = "files/list_folder/continue"
        for kind in ("repeat_cursor", "repeat_page", "cursors_in_turn", "empty_page"):
            with self.subTest(kind=kind):
                self.place.dropbox.fault(route, kind, times=0)
                run = self.place.run("incremental")
                self.assertEqual(run.code, 5, run)
                self.assertRegex(run.stderr, r"pages; gave up after")
                self.assertLess(run.seconds, GIVE_UP_S + SLACK_S)
                self.place.dropbox.order("faults/clear")
        self.assert_recovers()
