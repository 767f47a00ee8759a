# SPDX-License-Identifier: Apache-2.0
"""Document level security on a real, secured Elasticsearch: everybody searches with a key of their own, made from the
identity document, and finds what the simulated Dropbox says they may read."""

import itertools

import engines
import world

# Routes whose failure must never open a document.
ROUTES = ["sharing/list_folder_members", "sharing/list_folder_members/continue", "sharing/list_folders",
          "sharing/get_folder_metadata", "sharing/list_file_members/batch", "sharing/list_file_members/continue",
          "sharing/list_received_files", "sharing/list_received_files/continue", "sharing/list_shared_links",
          "sharing/get_shared_link_metadata", "team/members/list_v2", "team/members/list/continue_v2",
          "team/token/get_authenticated_admin"]


def user(account, access="viewer"):
    return {"kind": "user", "id": account, "access": access}


def group(group_id, access="viewer"):
    return {"kind": "group", "id": group_id, "access": access}


def invitee(email, access="viewer"):
    return {"kind": "invitee", "id": email, "access": access}


@engines.needs_security
class TeamCase(world.Case):
    """A team whose folders have every kind of member."""

    def setUp(self):
        self.place = self.world(simulator_arguments=("--team",))
        self.dropbox = self.place.dropbox
        self.place.set("dropbox", use_document_level_security=True, retry_count=1)
        self.place.set("sync", give_up_after=3)
        self.admin = self.dropbox.ask("people")["accounts"][0]["account_id"]

    def person(self, name, **options):
        return self.dropbox.change("add_account", given_name=name, surname="Test", email=f"{name}@example.com",
                                   **{"status": "active", "account_type": "business", "same_team": True, **options})

    def share(self, path, *members):
        folder = self.dropbox.change("share_folder", path=path)
        self.set_members(folder, *members)
        return folder

    def set_members(self, folder, *members):
        self.dropbox.change("set_members", shared_folder_id=folder, members=[user(self.admin, "owner"), *members])

    def furnish(self):
        self.ann, self.bob, self.cid, self.dan = (self.person(name) for name in ("ann", "bob", "cid", "dan"))
        self.sue = self.person("sue", status="suspended")
        self.person("ivy", status="invited")
        self.gone = self.person("gone", status="removed")
        self.guest = self.person("guest", same_team=False, account_type="basic")
        self.crowd = [self.person(f"crowd{number:02}") for number in range(8)]
        self.readers = self.dropbox.change("add_group", name="Readers", account_ids=[self.bob, self.cid])
        # Dropbox also lists the groups in the groups of each member.
        self.everybody = self.dropbox.change("add_group", name="Readers and Ann",
                                             account_ids=[self.bob, self.cid, self.ann])
        add = self.dropbox.change
        for path in ("/private.txt", "/team/plan.txt", "/team/inner/secret.txt", "/team/inner/open/deep.txt",
                     "/walk/through.txt", "/crowded/everyone.txt", "/empty/nobody.txt", "/grouped/all.txt"):
            add("add_file", path=path, text=path)
        self.file = add("add_file", path="/lent.txt", text="lent")
        self.busy = add("add_file", path="/team/busy.txt", text="busy")
        self.team = self.share("/team", group(self.readers), user(self.guest), user(self.dan, "traverse"),
                               invitee("pending@example.org"), user(self.sue), user(self.gone),
                               user(f"dbid:{'deleted':A<35}"))
        self.share("/grouped", group(self.everybody), user(self.ann, "no_access"))
        self.inner = self.share("/team/inner", user(self.dan, "editor"))
        add("set_inheritance", shared_folder_id=self.inner, inherits=False)
        self.open = self.share("/team/inner/open", user(self.ann))
        self.share("/walk", user(self.bob, "traverse"), user(self.cid, "no_access"))
        self.share("/empty")
        strangers = [invitee(f"stranger{number:03}@example.org") for number in range(700)]
        self.share("/crowded", *strangers, *(user(person) for person in self.crowd))
        add("set_explicit_members", file=self.file, members=[user(self.dan)])
        add("set_explicit_members", file=self.busy,
            members=[invitee(f"guest{number}@example.org") for number in range(39)] + [user(self.ann)])
        received = add("add_received_file", name="offer.docx", text="offer")
        add("set_received_file_members", id=received, members=[user(self.admin), user(self.cid)])

    def identities(self):
        return self.place.dump(f".search-acl-filter-{self.place.index}") or {}

    def found_by(self, identity):
        """Ids of what a person finds with a key made from their identity, as README.md shows it."""
        engine = self.place.engine
        key = self.place.keep_secret(engine.reader_key(self.place.index, identity["query"]))
        hits = engine.with_api_key(key).search(self.place.index, {"match_all": {}}, size=10_000)
        return {hit["_id"] for hit in hits}

    def truth(self):
        """{address: ids} of what each person may read, by the simulator's own books."""
        links = self.place.settings["dropbox"].get("include_link_visibility", False)
        return self.dropbox.ask("readers?links=1" if links else "readers")

    def assert_everybody_sees_their_own(self):
        self.place.engine.refresh(self.place.index)
        truth, identities = self.truth(), self.identities()
        people = self.dropbox.ask("people")["accounts"]
        active = {one["email"] for one in people if one["status"] == "active" and one["team_member_id"]}
        self.assertEqual(identities.keys(), active)
        for email, identity in identities.items():
            self.assertEqual(self.found_by(identity), set(truth[email]), email)

    def assert_nobody_sees_more(self):
        self.place.engine.refresh(self.place.index)
        truth = self.truth()
        for email, identity in self.identities().items():
            self.assertLessEqual(self.found_by(identity), set(truth[email]), email)


class PermissionsTest(TeamCase):
    def test_everybody_finds_what_they_may_read(self):
        self.furnish()
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        self.assert_everybody_sees_their_own()
        self.assertEqual(self.dropbox.ask("violations"), [])
        with self.subTest("after changes of members, which no feed reports"):
            writes = self.place.writes()
            self.set_members(self.team, user(self.ann), group(self.readers, "no_access"))
            self.dropbox.change("set_explicit_members", file=self.file, members=[])
            self.dropbox.change("set_explicit_members", file=self.busy, members=[user(self.bob)])
            self.dropbox.change("set_inheritance", shared_folder_id=self.inner, inherits=True)
            self.dropbox.change("set_account", account_id=self.dan, status="suspended")
            self.place.sync("acl-sync")
            self.assert_everybody_sees_their_own()
            self.assertGreater(self.place.writes(), writes)
            writes = self.place.writes()
            self.place.sync("acl-sync")
            self.assertEqual(self.place.writes(), writes, "nothing is left to do")
        with self.subTest("after another change of members that an incremental run meets, folders inside included"):
            self.set_members(self.team, user(self.cid), user(self.guest))
            self.dropbox.change("touch", path="/team/plan.txt")
            self.place.sync("incremental")
            self.assert_everybody_sees_their_own()
        with self.subTest("after moves between folders"):
            self.dropbox.change("move", **{"from": "/team/plan.txt", "to": "/crowded/plan.txt"})
            self.dropbox.change("move", **{"from": "/crowded/everyone.txt", "to": "/everyone.txt"})
            self.place.sync("incremental")
            self.assert_everybody_sees_their_own()
        with self.subTest("and the program can say why"):
            run = self.place.run("explain", "cid@example.com", "/team/inner/secret.txt")
            self.assertEqual(run.code, 0, run)
            said = [line.partition(":")[0] for line in run.stdout.splitlines()]
            self.assertEqual(said[:5], ["identity", "document", "index", "Dropbox", "Dropbox"], run)
            self.assertIn("may read it, as", run.stdout)
            self.assertIn("index: shows it", run.stdout)
        with self.subTest("until the identities are removed"):
            self.place.sync("acl-sync", "--remove")
            self.assertEqual(self.identities(), {})

    def test_whatever_fails_nobody_sees_more(self):
        self.furnish()
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        # Every failure of every route is tried without a network in tests/unit/sync; here each has one.
        faults = itertools.cycle([("status", {"status": 500}), ("endpoint_error", {"tag": "other"}),
                                  ("status", {"status": 403})])
        for route, (kind, fields) in zip(ROUTES, faults):
            with self.subTest(route, kind=kind, **fields):
                self.dropbox.fault(route, kind, times=0, **fields)
                self.dropbox.change("touch", path="/team/inner/secret.txt")
                self.place.run("acl-sync")
                self.place.run("incremental")
                self.assert_nobody_sees_more()
                self.dropbox.order("faults/clear")
        self.place.sync("incremental")
        self.place.sync("acl-sync")
        self.assert_everybody_sees_their_own()

    def test_a_first_sync_that_cannot_read_members_closes_documents(self):
        self.furnish()
        self.dropbox.fault("sharing/list_folder_members", "status", status=500, times=0)
        run = self.place.run("full-sync", "--json")
        self.assertEqual(run.code, 3, run)
        lists = {document.get("file_path", document["name"]): document["_allow_access_control"]
                 for document in self.place.dump().values()}
        self.assertEqual(lists["/team/plan.txt"], ["nobody"])
        self.assertEqual(lists["/private.txt"], [f"user_id:{self.admin}"])
        self.dropbox.order("faults/clear")
        self.place.sync("incremental")
        self.place.sync("acl-sync")
        self.assert_everybody_sees_their_own()


class ClosedTest(TeamCase):
    """What opens documents or keeps them open without a trace in Dropbox: the next run closes it."""

    def strip(self, *documents, fields=("_allow_access_control",)):
        """As an update by hand does."""
        held = self.place.dump()
        self.place.engine.index_documents(self.place.index, {
            document: {name: value for name, value in held[document].items() if name not in fields}
            for document in documents})

    def id_of(self, path):
        return next(item["id"] for item in self.dropbox.ask("snapshot") if item["path_display"] == path)

    def limited_key(self, **indices):
        """A key with these privileges: {index: [privilege]}."""
        roles = [{"names": [name], "privileges": privileges} for name, privileges in indices.items()]
        return self.place.keep_secret(self.place.engine._create_key(
            "limited", {"limited": {"cluster": ["monitor"], "indices": roles}}))

    def test_lists_that_somebody_removed(self):
        self.furnish()
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        plan, lent, private = (self.id_of(path) for path in ("/team/plan.txt", "/lent.txt", "/private.txt"))
        stranger = self.identities()["crowd01@example.com"]
        for command, fields in (("acl-sync", ("_allow_access_control",)),
                                ("full-sync", ("_allow_access_control",)),
                                ("incremental", ("_allow_access_control", "permissions_fingerprint"))):
            with self.subTest(command):
                self.strip(plan, lent, private, fields=fields)
                self.assertLessEqual({plan, lent, private}, self.found_by(stranger))
                check = self.place.run("check")
                self.assertEqual(check.code, 3, check)
                self.assertIn("3 documents have none, so everybody sees them", check.stdout)
                self.dropbox.change("touch", path="/walk/through.txt")
                run = self.place.run(command, "--json")
                self.assertEqual(run.code, 3, run)
                self.assertEqual(run.documents["without_list"], 3, run)
                self.assert_everybody_sees_their_own()
                self.place.sync("incremental")
                self.place.sync("acl-sync")
                self.assertEqual(self.place.run("check").code, 0)

    def test_lists_that_somebody_changed(self):
        self.furnish()
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        plan, private = self.id_of("/team/plan.txt"), self.id_of("/private.txt")
        readers = self.place.dump()[plan]["_allow_access_control"]
        for command in ("acl-sync", "full-sync"):
            with self.subTest(command):
                self.place.engine.request("POST", f"/{self.place.index}/_update/{private}?refresh=true",
                                          {"doc": {"_allow_access_control": readers}})
                seen_by = [identity for identity in self.identities().values() if private in self.found_by(identity)]
                self.assertGreater(len(seen_by), 1)
                run = self.place.sync(command)
                self.assertEqual(run.documents["updated"], 1, run)
                self.assert_everybody_sees_their_own()

    def test_a_document_that_came_back_with_a_snapshot(self):
        self.furnish()
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        plan, lent = self.id_of("/team/plan.txt"), self.id_of("/lent.txt")
        before = self.place.dump()
        for path in ("/team/plan.txt", "/lent.txt"):
            self.dropbox.change("delete", path=path)
        self.place.sync("incremental")
        self.place.engine.index_documents(self.place.index, {document: before[document] for document in (plan, lent)})
        self.strip(lent, fields=("_allow_access_control", "permissions_fingerprint"))
        run = self.place.run("acl-sync", "--json")
        self.assertEqual(run.code, 3, run)
        self.assertEqual((run.documents["without_list"], run.documents["closed"]), (1, 1), run)
        self.assert_nobody_sees_more()
        for identity in self.identities().values():
            self.assertFalse({plan, lent} & self.found_by(identity))

    def test_people_who_leave_in_numbers(self):
        people = [self.person(f"p{number:02}") for number in range(30)]
        self.dropbox.change("add_file", path="/shared/a.txt", text="a")
        folder = self.share("/shared", *(user(person) for person in people))
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        self.assert_everybody_sees_their_own()
        for person in people[:12]:
            self.dropbox.change("set_account", account_id=person, status="suspended")
        self.set_members(folder, *(user(person) for person in people[:12] + people[13:]))
        run = self.place.run("acl-sync", "--json")
        self.assertEqual(run.code, 7, run)
        self.assertEqual(run.documents["identities_closed"], 12, run)
        self.assertIn("acl-sync --max-delete 12", run.summary["message"])
        self.assert_nobody_sees_more()
        identities = self.identities()
        self.assertEqual(len(identities), 31)
        for number in range(12):
            self.assertEqual(self.found_by(identities[f"p{number:02}@example.com"]), set())
        self.assertEqual(self.found_by(identities["p12@example.com"]), set(), "removed from the folder")
        with self.subTest("a closed identity sees no document without a list either"):
            self.strip(self.id_of("/shared/a.txt"))
            self.assertEqual(self.found_by(identities["p00@example.com"]), set())
            self.assertNotEqual(self.found_by(identities["p12@example.com"]), set())
        with self.subTest("one comes back, the others are deleted on purpose"):
            self.dropbox.change("set_account", account_id=people[0], status="active")
            self.place.run("acl-sync", "--max-delete", "11")
            self.place.sync("acl-sync")
            self.assert_everybody_sees_their_own()

    def test_a_key_without_privileges_on_identities(self):
        self.furnish()
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        self.set_members(self.team, user(self.ann))
        self.dropbox.change("set_account", account_id=self.dan, status="suspended")
        good = self.place.settings["elasticsearch"]["api_key"]
        self.place.set("elasticsearch", api_key=self.limited_key(**{self.place.index: ["all"]}))
        run = self.place.run("acl-sync")
        self.assertEqual(run.code, 4, run)
        self.assertIn(".search-acl-filter-", run.stderr)
        self.place.engine.refresh(self.place.index)
        truth, identities = self.truth(), self.identities()
        for email in ("ann@example.com", "bob@example.com", "cid@example.com"):
            self.assertEqual(self.found_by(identities[email]), set(truth[email]), email)
        self.place.set("elasticsearch", api_key=good)
        self.place.sync("acl-sync")
        self.assert_everybody_sees_their_own()

    def test_a_limit_for_incremental_runs(self):
        for number in range(20):
            self.dropbox.change("add_file", path=f"/d/{number:02}.txt", text="x")
        self.dropbox.change("add_file", path="/keep.txt", text="x")
        self.place.sync("full-sync")
        before = len(self.place.dump())
        self.dropbox.change("delete", path="/d")
        run = self.place.run("incremental", "--max-delete", "10")
        self.assertEqual(run.code, 7, run)
        self.assertIn("dbx-es incremental --max-delete 21", run.stderr)
        self.assertIn("Among them: /d", run.stderr)
        self.dropbox.change("add_file", path="/new.txt", text="x")
        run = self.place.run("incremental", "--max-delete", "10", "--json")
        self.assertEqual((run.code, run.documents.get("created"), run.documents.get("deleted")), (7, 1, None), run)
        self.assertEqual(len(self.place.dump()), before + 1)
        run = self.place.run("incremental", "--max-delete", "21", "--json")
        self.assertEqual((run.code, run.documents.get("deleted")), (0, 21), run)
        self.assertEqual(len(self.place.dump()), before + 1 - 21)


class LinkTest(TeamCase):
    def test_links_count_where_they_are_told_to(self):
        self.furnish()
        add = self.dropbox.change
        add("add_file", path="/brochure/inner/print.txt", text="x")
        self.place.set("dropbox", include_link_visibility=True)
        team = add("add_shared_link", path="/private.txt", audience="team")
        add("add_shared_link", path="/brochure", audience="public")
        add("add_shared_link", path="/team", audience="team")
        add("add_shared_link", path="/crowded/everyone.txt", audience="public", require_password=True)
        add("add_shared_link", path="/empty/nobody.txt", audience="no_one")
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        self.assert_everybody_sees_their_own()
        private = next(item["id"] for item in self.dropbox.ask("snapshot") if item["name"] == "private.txt")
        self.assertIn(private, self.truth()["ann@example.com"])
        run = self.place.run("explain", "ann@example.com", "/private.txt")
        self.assertIn("a shared link lets in the whole team", run.stdout)
        with self.subTest("links that come and go"):
            add("revoke_shared_link", url=team)
            add("add_shared_link", path="/empty", audience="public")
            self.set_members(self.team, user(self.cid))
            self.place.sync("acl-sync")
            self.assert_everybody_sees_their_own()
        with self.subTest("links that cannot be read"):
            self.dropbox.fault("sharing/list_shared_links", "status", status=500, times=0)
            run = self.place.run("acl-sync")
            self.assertIn("shared links could not be read", run.stderr)
            self.assert_nobody_sees_more()
            self.dropbox.order("faults/clear")
        with self.subTest("turned off again, which takes a full sync"):
            self.place.set("dropbox", include_link_visibility=None)
            run = self.place.run("acl-sync")
            self.assertNotEqual(run.code, 0, run)
            self.assertIn("include_link_visibility", run.stderr)
            self.place.sync("full-sync")
            self.place.sync("acl-sync")
            self.assert_everybody_sees_their_own()


class LayoutTest(TeamCase):
    def test_loose_files_in_a_root_that_all_members_share(self):
        ann, bob, cid = (self.person(name) for name in ("ann", "bob", "cid"))
        for account in (self.admin, ann, bob):
            self.dropbox.change("change_root", account_id=account, layout="shared_root")
        root = self.dropbox.ask("people")["accounts"][0]["root_namespace_id"]
        self.dropbox.change("add_file", path=f"ns:{root}/loose.txt", text="loose")
        self.dropbox.change("add_file", path=f"ns:{root}/plain/inside.txt", text="inside")
        self.dropbox.change("add_file", path="/private.txt", text="x")
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        self.assert_everybody_sees_their_own()
        self.assertGreater(len(self.truth()["ann@example.com"]), 2)
        with self.subTest("somebody joins, somebody leaves"):
            self.dropbox.change("change_root", account_id=cid, layout="shared_root")
            self.dropbox.change("set_account", account_id=bob, status="suspended")
            self.place.sync("acl-sync")
            self.assert_everybody_sees_their_own()

    def test_a_team_space(self):
        bob = self.person("bob")
        self.dropbox.change("give_team_space", account_id=self.admin)
        folder = self.dropbox.change("add_team_folder", name="Projects")
        self.dropbox.change("add_file", path=f"ns:{folder}/plan.txt", text="plan")
        self.dropbox.change("add_file", path="/private.txt", text="x")
        self.set_members(folder, user(bob))
        self.place.sync("full-sync")
        self.place.sync("acl-sync")
        self.assert_everybody_sees_their_own()
        paths = {document["file_path"] for document in self.place.dump().values()}
        self.assertIn("/Projects/plan.txt", paths)


@engines.needs_security
class AccountTest(world.Case):
    def test_an_account_without_a_team(self):
        place = self.world()
        place.set("dropbox", use_document_level_security=True)
        bob = place.dropbox.change("add_account", given_name="Bob", surname="B", email="bob@example.com",
                                   status="active", account_type="basic", same_team=False)
        place.dropbox.change("add_file", path="/shared/a.txt", text="a")
        place.dropbox.change("add_file", path="/b.txt", text="b")
        folder = place.dropbox.change("share_folder", path="/shared")
        admin = place.dropbox.ask("people")["accounts"][0]
        place.dropbox.change("set_members", shared_folder_id=folder,
                             members=[user(admin["account_id"], "owner"), user(bob)])
        place.sync("full-sync")
        place.sync("acl-sync")
        place.engine.refresh(place.index)
        truth = place.dropbox.ask("readers")
        identities = place.dump(f".search-acl-filter-{place.index}")
        self.assertEqual(identities.keys(), {admin["email"], "bob@example.com"})
        for email, identity in identities.items():
            key = place.keep_secret(place.engine.reader_key(place.index, identity["query"]))
            hits = place.engine.with_api_key(key).search(place.index, {"match_all": {}}, size=100)
            self.assertEqual({hit["_id"] for hit in hits}, set(truth[email]), email)


class PipelineTest(world.Case):
    """Ingest pipelines see no update that brings permissions alone: one that drops what has no name, say, would keep
    documents open that are open no more."""

    def check(self, engine, processor):
        name = "e2e-later"
        engine.request("PUT", f"/_ingest/pipeline/{name}", {"processors": [processor]})
        self.addCleanup(engine.request, "DELETE", f"/_ingest/pipeline/{name}")
        place = self.world(engine)
        place.set("dropbox", use_document_level_security=True)
        files = [place.dropbox.change("add_file", path=f"/s/{number}.txt", text="x") for number in range(3)]
        folder = place.dropbox.change("share_folder", path="/s")
        place.sync("full-sync")
        before = place.dump()
        engine.request("PUT", f"/{place.index}/_settings", {"index": {"default_pipeline": name}})
        runs = {"acl-sync": [], "incremental": ["touch"], "full-sync": []}
        for number, (command, changes) in enumerate(runs.items()):
            with self.subTest(command):
                members = [invitee(f"pat{number}@example.org")]
                place.dropbox.change("set_members", shared_folder_id=folder, members=members)
                for change in changes:
                    place.dropbox.change(change, path="/s/0.txt")
                place.sync(command)
                after = place.dump()
                self.assertEqual(after.keys(), before.keys())
                for file in files:
                    self.assertIn(f"email:pat{number}@example.org", after[file]["_allow_access_control"])
                changed = {field for field in before[files[1]].keys() | after[files[1]].keys()
                           if before[files[1]].get(field) != after[files[1]].get(field)}
                self.assertEqual(changed, {"_allow_access_control", "permissions_fingerprint", "sync_version"})

    def test_elasticsearch(self):
        self.check(engines.engine("elasticsearch"), {"set_security_user": {"field": "seen_by_pipeline"}})

    def test_opensearch(self):
        self.check(engines.engine("opensearch"), {"drop": {"if": "ctx.name == null"}})


class LicenseTest(world.Case):
    def test_an_engine_without_licences(self):
        place = self.world(engines.engine("opensearch"))
        place.set("dropbox", use_document_level_security=True)
        place.dropbox.change("demo")
        place.sync("full-sync")
        place.sync("acl-sync")
        for document in place.dump().values():
            self.assertTrue(document["_allow_access_control"], document)
