# SPDX-License-Identifier: Apache-2.0
"""Dropbox's official Python SDK walks the simulated Dropbox: no validation error may be raised, in any style.

Run by run.sh, which provides the SDK and DROPBOX_SIM.
"""

import datetime
import os
import re
import threading
import time
import unittest
import urllib.parse

import sim_process

PORT = sim_process.free_port()
for name in ("API", "API_CONTENT", "API_NOTIFY", "WEB"):  # the SDK reads these when it is imported
    os.environ[f"DROPBOX_{name}_HOST"] = f"localhost:{PORT}"

for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # these would win over ca_certs
    os.environ.pop(name, None)

import dropbox  # noqa: E402
import requests  # noqa: E402
from dropbox import common, exceptions, files, sharing, team, team_common, team_log, users  # noqa: E402

KEY, SECRET, REFRESH = "sim-app-key", "sim-app-secret", "sim-refresh-token"
_folder = sim_process.temporary_folder()
AUTHORITY = sim_process.make_authority(_folder.name)


def tearDownModule():
    _folder.cleanup()


class Base:
    """The walk; the classes below set the style."""

    arguments = ("--demo",)

    def setUp(self):
        self.sim = sim_process.Simulator(AUTHORITY, PORT, self.arguments)
        self.addCleanup(self.sim.stop)

    def client(self, **options):
        return dropbox.Dropbox(oauth2_refresh_token=REFRESH, app_key=KEY, app_secret=SECRET, ca_certs=self.sim.ca,
                               timeout=10, **options)

    def walk(self, dbx, path="", limit=None, **options):
        page = dbx.files_list_folder(path, recursive=True, limit=limit, **options)
        entries = list(page.entries)
        while page.has_more:
            page = dbx.files_list_folder_continue(page.cursor)
            entries += page.entries
        return entries, page.cursor

    def truth(self):
        return [item for item in self.sim.ask("snapshot") if not item["received"]]

    def test_account_and_token(self):
        dbx = self.client()
        account = dbx.users_get_current_account()
        self.assertIsInstance(account, users.FullAccount)
        self.assertEqual(account.email, "ana.diaz@example.com")
        self.assertEqual(dbx.users_get_account(account.account_id).account_id, account.account_id)
        self.assertEqual(len(dbx.users_get_account_batch([account.account_id])), 1)
        features = dbx.users_features_get_values([users.UserFeature.paper_as_files])
        self.assertTrue(features.values[0].get_paper_as_files().get_enabled())
        self.assertEqual(dbx.check_user("ping").result, "ping")
        self.assertEqual(self.sim.ask("counters")["oauth2/token"], 1)
        self.sim.control("tokens/expire")
        self.assertEqual(dbx.users_get_current_account().account_id, account.account_id)
        self.assertEqual(self.sim.ask("counters")["oauth2/token"], 2)
        self.assertEqual(self.sim.ask("violations"), [])

    def test_listing_equals_the_tree(self):
        for limit in (None, 1, 7):
            with self.subTest(limit=limit):
                entries, _ = self.walk(self.client(), limit=limit, include_has_explicit_shared_members=True)
                seen = {entry.id: entry for entry in entries}
                truth = self.truth()
                self.assertEqual(set(seen), {item["id"] for item in truth})
                for item in truth:
                    entry = seen[item["id"]]
                    self.assertEqual((entry.name, entry.path_lower), (item["name"], item["path_lower"]))
                    if item["type"] == "folder":
                        continue
                    self.assertEqual((entry.rev, entry.size), (item["rev"], item["size"]))
                    self.assertEqual(entry.content_hash or "", item["content_hash"])
                    self.assertEqual(entry.is_downloadable, item["is_downloadable"])
                    self.assertEqual(entry.has_explicit_shared_members, item["has_explicit_members"])

    def test_changes(self):
        dbx = self.client()
        entries, cursor = self.walk(dbx)
        picture = self.apply({}, entries)
        self.sim.control("tree/add_file", path="/New/Ünï 😀.txt", text="new")
        self.sim.control("tree/move", **{"from": "/Contracts", "to": "/Legal/Contracts"})
        self.sim.control("tree/delete", path="/Finance")
        self.sim.control("tree/replace_folder_by_file", path="/Photos", text="no more photos")
        self.sim.control("tree/share_folder", path="/Personal")
        page = dbx.files_list_folder_continue(cursor)
        changes = list(page.entries)
        while page.has_more:
            page = dbx.files_list_folder_continue(page.cursor)
            changes += page.entries
        self.apply(picture, changes)
        self.assertEqual({path: entry.id for path, entry in picture.items()},
                         {item["path_lower"]: item["id"] for item in self.truth()})
        latest = dbx.files_list_folder_get_latest_cursor("", recursive=True).cursor
        self.assertEqual([e for e in dbx.files_list_folder_continue(latest).entries
                          if isinstance(e, files.FileMetadata) and e.path_lower.startswith("/finance")], [])

    @staticmethod
    def apply(picture, entries):
        """The documented rules, on a path-keyed picture."""
        for entry in entries:
            path = entry.path_lower
            if not isinstance(entry, files.FolderMetadata):
                for below in [p for p in picture if p.startswith(path + "/")]:
                    del picture[below]
            if isinstance(entry, files.DeletedMetadata):
                picture.pop(path, None)
            else:
                picture[path] = entry
        return picture

    def test_single_files(self):
        dbx = self.client()
        metadata = dbx.files_get_metadata("/WELCOME.txt")
        self.assertIsInstance(metadata, files.FileMetadata)
        for reference in ("/Welcome.txt", metadata.id, "rev:" + metadata.rev, "/Personal/Party 🎉 list.txt",
                          '/Personal/quotes "and" 100% #odd.txt', "/Personal/empty.txt"):
            with self.subTest(reference=reference):
                header, response = dbx.files_download(reference)
                self.assertEqual(len(response.content), header.size)
                self.assertEqual(dbx.files_get_metadata(reference).id, header.id)
        result, response = dbx.files_export("/Meeting notes/Roadmap.paper", "markdown")
        self.assertIsInstance(result, files.ExportResult)
        self.assertIn(b"# Roadmap", response.content)
        self.assertEqual(result.export_metadata.size, len(response.content))

    def test_sharing(self):
        dbx = self.client()
        page = dbx.sharing_list_received_files(limit=1)
        received = list(page.entries)
        while page.cursor:
            page = dbx.sharing_list_received_files_continue(page.cursor)
            received += page.entries
        self.assertEqual([file.name for file in received], ["Offer from Contoso.txt"])
        link = dbx.sharing_get_shared_link_metadata(received[0].preview_url)
        self.assertIsInstance(link, sharing.FileLinkMetadata)
        header, response = dbx.sharing_get_shared_link_file(received[0].preview_url)
        self.assertEqual(len(response.content), header.size)
        self.assertEqual(header.rev, link.rev)

        folders = self.pages(dbx.sharing_list_folders(limit=1), dbx.sharing_list_folders_continue)
        self.assertEqual([folder.name for folder in folders], ["Penguin"])
        mountable = self.pages(dbx.sharing_list_mountable_folders(limit=1),
                               dbx.sharing_list_mountable_folders_continue)
        self.assertEqual([folder.name for folder in mountable], ["Penguin"])
        folder = dbx.sharing_get_folder_metadata(folders[0].shared_folder_id)
        people, groups, invitees = [], [], []
        page = dbx.sharing_list_folder_members(folder.shared_folder_id, limit=1)
        while True:
            people += page.users
            groups += page.groups
            invitees += page.invitees
            if not page.cursor:
                break
            page = dbx.sharing_list_folder_members_continue(page.cursor)
        self.assertEqual(sorted(member.user.email for member in people),
                         ["ana.diaz@example.com", "bruno.costa@example.com"])
        self.assertEqual([member.group.group_name for member in groups], ["Engineering"])
        self.assertEqual([member.invitee.get_email() for member in invitees], ["supplier@northwind.example"])

    def test_shared_links(self):
        dbx = self.client()
        audiences = ["public", "team", "no_one", "members", "password"]
        for audience in audiences * 25:  # several pages
            self.sim.control("tree/add_shared_link", path="/Welcome.txt", audience=audience, expires=1900000000)
        self.sim.control("tree/add_shared_link", path="/Contracts", of_other_team=True, require_password=True)
        page = dbx.sharing_list_shared_links()
        links = list(page.links)
        while page.has_more:
            page = dbx.sharing_list_shared_links(cursor=page.cursor)
            links += page.links
        self.assertEqual(len(links), len(audiences) * 25 + 1)
        for link in links[:-1]:
            self.assertIsInstance(link, sharing.FileLinkMetadata)
            self.assertEqual((link.path_lower, link.expires.year), ("/welcome.txt", 2030))
            permissions = link.link_permissions
            self.assertNotEqual(permissions.effective_audience is None, permissions.resolved_visibility is None)
        self.assertIsInstance(links[-1], sharing.FolderLinkMetadata)
        self.assertTrue(links[-1].link_permissions.require_password)
        self.assertEqual(links[-1].content_owner_team_info.name, "Other")

    @staticmethod
    def pages(page, more):
        entries = list(page.entries)
        while page.cursor:
            page = more(page.cursor)
            entries += page.entries
        return entries

    def test_file_members(self):
        dbx = self.client()
        file = dbx.files_get_metadata("/Finance/Budget 2026.csv", include_has_explicit_shared_members=True)
        self.assertTrue(file.has_explicit_shared_members)
        page = dbx.sharing_list_file_members(file.id, limit=1)
        emails = [member.user.email for member in page.users]
        while page.cursor:
            page = dbx.sharing_list_file_members_continue(page.cursor)
            emails += [member.user.email for member in page.users]
        self.assertEqual(sorted(emails), ["ana.diaz@example.com", "chiara.rossi@example.com"])
        results = dbx.sharing_list_file_members_batch([file.id, "id:doesnotexist"], limit=20)
        by_file = {result.file: result.result for result in results}
        self.assertEqual(by_file[file.id].get_result().member_count, 1)
        self.assertTrue(by_file["id:doesnotexist"].get_access_error().is_invalid_file())
        self.assertEqual(dbx.sharing_get_file_metadata(file.id).id, file.id)
        batch = dbx.sharing_get_file_metadata_batch([file.id, "id:doesnotexist"])
        self.assertEqual([result.result.is_metadata() for result in batch], [True, False])

    def test_search(self):
        dbx = self.client()
        options = files.SearchOptions(path="/Finance", max_results=2, filename_only=True)
        page = dbx.files_search_v2("INV", options=options)
        names = {match.metadata.get_metadata().name for match in page.matches if match.metadata.is_metadata()}
        while page.has_more:
            page = dbx.files_search_continue_v2(page.cursor)
            names |= {match.metadata.get_metadata().name for match in page.matches if match.metadata.is_metadata()}
        self.assertEqual(names, {"Invoices", "INV-1001.txt", "INV-1002.txt", "INV-1003.txt"})

    def search(self, query, **options):
        dbx = self.client()
        page = dbx.files_search_v2(query, options=files.SearchOptions(**options))
        matches = list(page.matches)
        while page.has_more:
            page = dbx.files_search_continue_v2(page.cursor)
            matches += page.matches
        return {match.metadata.get_metadata().name: match for match in matches if match.metadata.is_metadata()}

    def test_search_by_category_and_extension(self):
        folder = files.FileCategory.folder
        folders = self.search("e", path="/Finance", file_categories=[folder], file_extensions=["txt"])
        self.assertTrue(folders)
        for match in folders.values():
            self.assertIsInstance(match.metadata.get_metadata(), files.FolderMetadata)
        texts = self.search("1001", path="/Finance", file_extensions=["txt"], order_by=files.SearchOrderBy.relevance)
        self.assertEqual(set(texts), {"INV-1001.txt"})
        self.assertFalse(self.search("1001", path="/Finance", file_extensions=["pdf"]))

    def test_search_that_lags(self):
        self.sim.control("search/freeze")
        self.sim.control("tree/add_file", path="/zebra.txt", text="stripes")
        self.assertFalse(self.search("zebra"))
        self.sim.control("search/thaw")
        self.assertEqual(set(self.search("stripes")), {"zebra.txt"})
        self.sim.control("search/freeze")
        self.sim.control("tree/delete", path="/zebra.txt")
        self.assertEqual(set(self.search("zebra")), {"zebra.txt"})
        self.sim.control("search/thaw")
        self.assertFalse(self.search("zebra"))

    def test_errors(self):
        dbx = self.client(max_retries_on_error=0, max_retries_on_rate_limit=0)
        with self.assertRaises(exceptions.ApiError) as caught:
            dbx.files_get_metadata("/nowhere")
        self.assertTrue(caught.exception.error.get_path().is_not_found())
        with self.assertRaises(exceptions.BadInputError):
            dbx.files_list_folder("/Finance", limit=2000, shared_link=files.SharedLink("https://example.com"),
                                  recursive=True)
        with self.assertRaises(exceptions.ApiError) as caught:
            dbx.files_download("/Meeting notes/Roadmap.paper")
        self.assertTrue(caught.exception.error.is_unsupported_file())
        with self.assertRaises(exceptions.ApiError) as caught:
            dbx.files_export("/Welcome.txt")
        self.assertTrue(caught.exception.error.is_non_exportable())
        cursor = dbx.files_list_folder("").cursor
        self.sim.control("cursors/reset")
        with self.assertRaises(exceptions.ApiError) as caught:
            dbx.files_list_folder_continue(cursor)
        self.assertTrue(caught.exception.error.is_reset())
        with self.assertRaises(exceptions.BadInputError):
            dbx.files_list_folder_continue("AAFnonsense")
        self.sim.control("faults", route="files/list_folder", kind="rate_limit", header_wait_s=1, body_wait_s=1)
        with self.assertRaises(exceptions.RateLimitError) as caught:
            dbx.files_list_folder("")
        self.assertEqual(caught.exception.backoff, 1)
        self.sim.control("faults", route="files/list_folder", kind="html", status=503)
        with self.assertRaises(exceptions.InternalServerError):
            dbx.files_list_folder("")
        self.sim.control("tokens/scopes", scopes="account_info.read")
        with self.assertRaises(exceptions.AuthError) as caught:
            dbx.files_list_folder("")
        self.assertEqual(caught.exception.error.get_missing_scope().required_scope, "files.metadata.read")
        self.sim.control("tokens/revoke")
        with self.assertRaises(exceptions.AuthError) as caught:
            dbx.users_get_current_account()
        self.assertTrue(caught.exception.error.is_invalid_access_token())

    def test_longpoll(self):
        dbx = self.client()
        _, cursor = self.walk(dbx)
        self.sim.control("tree/add_file", path="/late.txt", text="late")
        self.assertTrue(dbx.files_list_folder_longpoll(cursor, timeout=30).changes)
        _, cursor = self.walk(dbx)
        change = threading.Timer(0.3, self.sim.control, ("tree/add_file",), {"path": "/later.txt", "text": "later"})
        self.addCleanup(change.join)
        start = time.monotonic()
        change.start()
        self.assertTrue(dbx.files_list_folder_longpoll(cursor, timeout=480).changes)
        self.assertGreater(time.monotonic() - start, 0.25)


class Authorization(unittest.TestCase):
    """How a person and an app get their tokens through the SDK."""

    def setUp(self):
        self.sim = sim_process.Simulator(AUTHORITY, PORT, ("--demo", "--exact-types"))
        self.addCleanup(self.sim.stop)

    def open_link(self, url):
        """What a browser gets: a page, or the address that it is sent to."""
        with requests.get(url, allow_redirects=False, verify=self.sim.ca, timeout=10) as answer:
            answer.raise_for_status()
            return answer.headers.get("Location") or answer.text

    def code(self, url):
        return re.search("code-[0-9a-f]+", self.open_link(url)).group()

    def test_authorization_by_pasted_code(self):
        for options in ({"consumer_secret": SECRET}, {"use_pkce": True}):
            with self.subTest(options=options):
                flow = dropbox.DropboxOAuth2FlowNoRedirect(
                    KEY, token_access_type="offline", scope=["account_info.read", "files.metadata.read"],
                    ca_certs=self.sim.ca, **options)
                code = self.code(flow.start())
                result = flow.finish(code)
                self.assertEqual(result.scope, "account_info.read files.metadata.read")
                self.assertTrue(result.account_id.startswith("dbid:"))
                self.assertGreater(result.expires_at, datetime.datetime.utcnow())
                client = dropbox.Dropbox(oauth2_refresh_token=result.refresh_token, app_key=KEY, ca_certs=self.sim.ca,
                                         app_secret=options.get("consumer_secret"))
                self.assertEqual(client.users_get_current_account().account_id, result.account_id)
                with self.assertRaises(requests.HTTPError):
                    flow.finish(code)
                other = self.code(flow.start())
                self.sim.control("tokens/code-life", life_s=0)
                with self.assertRaises(requests.HTTPError):
                    flow.finish(other)
                self.sim.control("tokens/code-life", life_s=600)
                client.auth_token_revoke()
                with self.assertRaises(exceptions.AuthError):
                    client.users_get_current_account()

    def test_authorization_by_redirect(self):
        session = {}
        flow = dropbox.DropboxOAuth2Flow(KEY, "http://localhost:53682/", session, "csrf", use_pkce=True,
                                         token_access_type="offline", ca_certs=self.sim.ca)
        come_back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.open_link(flow.start())).query))
        self.assertTrue(flow.finish(come_back).refresh_token)
        self.sim.control("tokens/deny")
        come_back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.open_link(flow.start())).query))
        with self.assertRaises(dropbox.oauth.NotApprovedException):
            flow.finish(come_back)

    def test_app_check(self):
        for secret, good in ((SECRET, True), ("wrong", False)):
            client = dropbox.Dropbox(app_key=KEY, app_secret=secret, oauth2_refresh_token=REFRESH, ca_certs=self.sim.ca)
            if good:
                self.assertEqual(client.check_app("ping").result, "ping")
            else:
                with self.assertRaises(exceptions.BadInputError):
                    client.check_app("ping")


class TeamBase(Base):
    """The routes of a team, and members selected by header."""

    arguments = ("--demo", "--team")

    def team_client(self):
        return dropbox.DropboxTeam(oauth2_refresh_token=REFRESH, app_key=KEY, app_secret=SECRET, ca_certs=self.sim.ca,
                                   timeout=10)

    def client(self, **options):
        client = self.team_client()
        admin = client.team_token_get_authenticated_admin().admin_profile
        if options:
            client = client.clone(**{"max_retries_on_error": 0, "max_retries_on_rate_limit": 0})
        return client.as_user(admin.team_member_id)

    def test_account_and_token(self):
        dbx = self.client()
        account = dbx.users_get_current_account()
        self.assertEqual(account.team.name, "Example Ltd")
        self.assertTrue(account.team_member_id.startswith("dbmid:"))

    def test_team_routes(self):
        client = self.team_client()
        self.assertEqual(client.team_get_info().name, "Example Ltd")
        self.sim.control("tree/add_account", given_name="Invited", email="invited@example.com", status="invited")
        page = client.team_members_list_v2(limit=1)
        members = list(page.members)
        while page.has_more:
            page = client.team_members_list_continue_v2(page.cursor)
            members += page.members
        self.assertEqual(sorted(member.profile.email for member in members),
                         ["ana.diaz@example.com", "bruno.costa@example.com", "chiara.rossi@example.com",
                          "invited@example.com"])
        groups = client.team_groups_list().groups
        while not groups:
            groups = client.team_groups_list().groups
        selector = team.GroupSelector.group_id(groups[0].group_id)
        page = client.team_groups_members_list(selector)
        people = list(page.members)
        while page.has_more:
            page = client.team_groups_members_list_continue(page.cursor)
            people += page.members
        self.assertEqual(len(people), 2)
        self.sim.control("tree/add_team_folder", name="Everybody")
        page = client.team_team_folder_list()
        folders = list(page.team_folders)
        while page.has_more:
            page = client.team_team_folder_list_continue(page.cursor)
            folders += page.team_folders
        self.assertEqual([folder.name for folder in folders], ["Everybody"])
        page = client.team_namespaces_list()
        spaces = list(page.namespaces)
        while page.has_more:
            page = client.team_namespaces_list_continue(page.cursor)
            spaces += page.namespaces
        self.assertIn("Penguin", {space.name for space in spaces})

    def test_events(self):
        client = self.team_client()

        def read(page):
            events = list(page.events)
            while page.has_more:
                page = client.team_log_get_events_continue(page.cursor)
                events += page.events
            return events, page.cursor

        old, cursor = read(client.team_log_get_events(limit=2))
        self.assertNotEqual(old, [])
        self.sim.control("tree/share_folder", path="/Personal")
        self.sim.control("tree/add_group", name="Legal", account_ids=[])
        new, cursor = read(client.team_log_get_events_continue(cursor))
        self.assertLessEqual({"shared_folder_create", "group_create"}, {event.event_type._tag for event in new})
        folder = next(event for event in new if event.event_type.is_shared_folder_create())
        self.assertTrue(folder.details.is_shared_folder_create_details())
        self.assertEqual(folder.assets[0].get_folder().display_name, "Personal")
        self.assertTrue(folder.actor.is_admin())
        groups, _ = read(client.team_log_get_events(category=team_log.EventCategory.groups))
        self.assertTrue(all(event.event_category.is_groups() for event in groups))
        since, _ = read(client.team_log_get_events(time=team_common.TimeRange(start_time=folder.timestamp)))
        self.assertIn("group_create", {event.event_type._tag for event in since})
        with self.assertRaises(exceptions.ApiError) as caught:
            client.team_log_get_events_continue("nonsense")
        self.assertTrue(caught.exception.error.is_bad_cursor())
        self.sim.control("cursors/reset")
        with self.assertRaises(exceptions.ApiError) as caught:
            client.team_log_get_events_continue(cursor)
        self.assertLessEqual(folder.timestamp, caught.exception.error.get_reset())

    def test_migration(self):
        dbx = self.client()
        account = dbx.users_get_current_account()
        old_root = account.root_info.root_namespace_id
        for layout, tag, info in (("shared_root", "team", common.TeamRootInfo),
                                  ("own_root", "user", common.UserRootInfo), ("home", "user", common.UserRootInfo)):
            with self.subTest(layout=layout):
                rooted = dbx.with_path_root(common.PathRoot.root(old_root))
                cursor = rooted.files_list_folder("", recursive=True).cursor
                self.sim.control("tree/change_root", account_id=account.account_id, layout=layout, root_info_tag=tag)
                with self.assertRaises(exceptions.PathRootError) as caught:
                    rooted.files_list_folder_continue(cursor)
                root = caught.exception.error.get_invalid_root()
                self.assertIsInstance(root, info)
                old_root = root.root_namespace_id
                self.assertEqual(old_root == root.home_namespace_id, layout == "home")
                entries, _ = self.walk(dbx.with_path_root(common.PathRoot.root(old_root)))
                truth = self.sim.ask(f"snapshot?account_id={account.account_id}")
                self.assertEqual({entry.path_lower for entry in entries},
                                 {item["path_lower"] for item in truth if not item["received"]})

    def test_path_root(self):
        dbx = self.client()
        account = dbx.users_get_current_account()
        self.sim.control("tree/give_team_space", account_id=account.account_id)
        info = dbx.users_get_current_account().root_info
        self.assertIsInstance(info, common.TeamRootInfo)
        rooted = dbx.with_path_root(common.PathRoot.root(info.root_namespace_id))
        paths = {entry.path_lower for entry in self.walk(rooted)[0]}
        self.assertIn("/ana diaz/welcome.txt", paths)
        with self.assertRaises(exceptions.PathRootError) as caught:
            dbx.with_path_root(common.PathRoot.root("1")).files_list_folder("")
        self.assertTrue(caught.exception.error.is_invalid_root())
        with self.assertRaises(exceptions.PathRootError) as caught:
            dbx.with_path_root(common.PathRoot.namespace_id("1")).files_list_folder("")
        self.assertTrue(caught.exception.error.is_no_permission())

    def test_errors(self):
        with self.assertRaises(exceptions.AuthError) as caught:
            self.team_client().as_user("dbmid:nobody").files_list_folder("")
        self.assertTrue(caught.exception.error.is_invalid_select_user())


class Options(unittest.TestCase):
    """Behaviour that an option turns on."""

    def start(self, *arguments):
        self.sim = sim_process.Simulator(AUTHORITY, PORT, ("--demo", *arguments))
        self.addCleanup(self.sim.stop)
        return Base.client(self)

    def test_longpoll_without_news(self):
        dbx = self.start("--longpoll-wait", "300", "--longpoll-jitter", "100")
        cursor = dbx.files_list_folder_get_latest_cursor("", recursive=True).cursor
        start = time.monotonic()
        self.assertFalse(dbx.files_list_folder_longpoll(cursor, timeout=30).changes)
        self.assertGreater(time.monotonic() - start, 0.3)

    def test_the_program_ends_while_a_longpoll_waits(self):
        dbx = self.start()
        cursor = dbx.files_list_folder_get_latest_cursor("", recursive=True).cursor
        failures = []

        def poll():
            try:
                dbx.files_list_folder_longpoll(cursor, timeout=480)
            except Exception as error:  # the SDK raises several kinds of errors for a closed connection
                failures.append(error)

        waiting = threading.Thread(target=poll)
        waiting.start()
        while self.sim.ask("counters").get("files/list_folder/longpoll", 0) == 0:
            time.sleep(0.01)
        self.assertEqual(self.sim.stop(), 0)
        waiting.join(timeout=20)
        self.assertEqual(len(failures), 1)

    def test_rate_limit(self):
        dbx = self.start("--rate-limit", "1", "--burst", "3", "--clock-factor", "10")
        for _ in range(8):
            dbx.check_user("ping")
        statuses = [request["status"] for request in self.sim.ask("requests") if request["route"] == "check/user"]
        self.assertEqual(statuses.count(200), 8)
        self.assertIn(429, statuses)
        self.assertEqual(self.sim.ask("violations"), [])

    def test_compression(self):
        for flag, compressed in (("--gzip", True), ("--nasty", True), ("--plain", False)):
            with self.subTest(flag=flag):
                dbx = self.start(flag, "--exact-types")
                codings = set()
                dbx._session.hooks["response"].append(
                    lambda response, **_: codings.add(response.headers.get("Content-Encoding")))
                for _ in range(20):
                    dbx.files_get_metadata("/Welcome.txt")
                self.assertEqual("gzip" in codings, compressed)
                self.sim.stop()


def style(base, name, *arguments):
    return type(name, (base, unittest.TestCase), {"arguments": (*base.arguments, *arguments)})


Plain = style(Base, "Plain", "--plain")
Mild = style(Base, "Mild")
TeamPlain = style(TeamBase, "TeamPlain", "--plain")
for seed in range(1, 5):
    globals()[f"Nasty{seed}"] = style(Base, f"Nasty{seed}", "--nasty", "--exact-types", "--seed", str(seed))
for seed in range(5, 7):
    globals()[f"TeamNasty{seed}"] = style(TeamBase, f"TeamNasty{seed}", "--nasty", "--exact-types", "--seed", str(seed))

if __name__ == "__main__":
    unittest.main()
