# SPDX-License-Identifier: Apache-2.0
"""Runs as jobs in Kibana: the documents that Kibana reads, in indices with Elasticsearch's own mapping, with the API key of
Elastic's connector and no other."""

import datetime
import re
import signal
import time
import unittest

import engines
import engine_oracle
from kibana_case import CONNECTORS, JOBS, KibanaCase, time_of

# What Elasticsearch needs to read a job, and Kibana to show it (ConnectorSyncJob).
JOB_MEMBERS = {"connector", "created_at", "job_type", "status", "trigger_method", "indexed_document_count",
               "deleted_document_count", "indexed_document_volume", "metadata", "last_seen", "total_document_count",
               "started_at", "completed_at", "cancelation_requested_at", "canceled_at", "error", "worker_hostname"}


class RegisterTest(KibanaCase):
    def test_indices_that_are_absent_get_the_mapping_of_elasticsearch(self):
        place = self.place(real_indices=False)
        dry = place.run("connector", "register", "--dry-run")
        self.assertEqual(dry.code, 0, dry)
        self.assertIn("would make connector", dry.stdout)
        with self.assertRaises(engines.HttpFailure):
            place.engine.request("GET", f"/{CONNECTORS}")
        made = place.run("connector", "register", "--name", "The Dropbox")
        self.assertEqual(made.code, 0, made)
        for name, template in engine_oracle.connector_templates(place.engine.version).items():
            found = place.engine.request("GET", f"/{name}")[name]
            wanted = template["mappings"]["properties"]
            properties = found["mappings"]["properties"]
            if "deleted" not in wanted:
                properties.pop("deleted", None)  # of Elasticsearch 9
            self.assertEqual(self.without_types_of_objects(properties), self.without_types_of_objects(wanted))
            self.assertEqual(found["mappings"]["dynamic"], "false")
            self.assertEqual(set(found["aliases"]), set(template["aliases"]))
            self.assertEqual(found["settings"]["index"]["hidden"], "true")
        self.assertEqual(self.connector(place)["name"], "The Dropbox")

    def without_types_of_objects(self, properties):
        """An object is shown without its type, or with it."""
        return {name: {key: self.without_types_of_objects(value) if key == "properties" else value
                       for key, value in field.items() if (key, value) != ("type", "object")}
                for name, field in properties.items()}

    def test_again_and_removed(self):
        place = self.registered()
        before = self.connector(place)
        again = place.run("connector", "register")
        self.assertEqual(again.code, 0, again)
        self.assertIn("is complete", again.stdout)
        self.assertEqual(self.connector(place), before)
        place.dropbox.change("demo")
        place.sync("full-sync")
        removed = place.run("connector", "unregister")
        self.assertEqual(removed.code, 0, removed)
        self.assertEqual(place.engine.dump(f"{CONNECTORS}-v1"), {})
        self.assertEqual(place.engine.dump(f"{JOBS}-v1"), {})
        run = place.run("incremental")
        self.assertEqual(run.code, 2, run)
        self.assertIn(f"there is no connector {self.id}", run.stderr)

    def test_a_connector_of_the_api(self):
        place = self.place()
        made = {"configuration": {}, "custom_scheduling": {}, "features": None, "filtering": None, "index_name": None,
                "is_native": False, "language": None, "last_seen": None, "name": "Mine", "pipeline": None,
                "scheduling": None, "service_type": None, "status": "created", "sync_now": False}
        place.engine.request("PUT", f"/{CONNECTORS}/_doc/{self.id}?refresh=true", made)
        run = place.run("connector", "register", "--json")
        self.assertEqual(run.code, 0, run)
        connector = self.connector(place)
        self.assertEqual((connector["name"], connector["index_name"], connector["service_type"], connector["status"]),
                         ("Mine", place.index, "dropbox", "configured"))
        place.set("connector", id=self.id)
        place.dropbox.change("demo")
        place.sync("full-sync")
        self.assertEqual(self.job(place)["status"], "completed")


    def test_a_connector_of_older_kibanas(self):
        """Kibana 8.9 to 8.14 wrote the document itself, with rules and a pipeline, and without a type until somebody
        chose one."""
        place = self.place()
        stamp = "2024-03-05T10:00:00.000Z"
        rules = {"advanced_snippet": {"created_at": stamp, "updated_at": stamp, "value": {}},
                 "rules": [{"created_at": stamp, "field": "_", "id": "DEFAULT", "order": 0, "policy": "include",
                            "rule": "regex", "updated_at": stamp, "value": ".*"}],
                 "validation": {"errors": [], "state": "valid"}}
        schedule = {"enabled": False, "interval": "0 0 0 * * ?"}
        made = {"api_key_id": None, "configuration": {}, "custom_scheduling": {}, "description": None, "error": None,
                "features": None, "filtering": [{"active": rules, "domain": "DEFAULT", "draft": rules}],
                "index_name": place.index, "is_native": False, "language": "en", "name": "Mine", "last_seen": None,
                "last_synced": None, "last_sync_error": None, "last_sync_status": None, "last_sync_scheduled_at": None,
                "last_access_control_sync_error": None, "last_access_control_sync_status": None,
                "last_access_control_sync_scheduled_at": None, "last_incremental_sync_scheduled_at": None,
                "last_deleted_document_count": None, "last_indexed_document_count": None,
                "pipeline": {"extract_binary_content": True, "name": "ent-search-generic-ingestion",
                             "reduce_whitespace": True, "run_ml_inference": False},
                "scheduling": {"access_control": schedule, "full": {"enabled": True, "interval": "0 0 2 * * ?"},
                               "incremental": schedule},
                "service_type": None, "status": "created", "sync_now": False}
        place.engine.request("PUT", f"/{CONNECTORS}/_doc/{self.id}?refresh=true", made)
        run = place.run("connector", "register")
        self.assertEqual(run.code, 0, run)
        place.set("connector", id=self.id)
        place.dropbox.change("demo")
        self.press(place, "kibana", last_seen=None)
        looked = place.run("connector", "run", "-q")
        self.assertEqual(looked.code, 0, looked)
        self.assertEqual(self.job(place)["status"], "completed")
        connector = self.connector(place)
        kept = ("name", "language", "pipeline", "filtering", "custom_scheduling", "index_name", "is_native")
        self.assertEqual({key: connector[key] for key in kept}, {key: made[key] for key in kept})
        self.assertEqual(connector["scheduling"], made["scheduling"])
        self.assertEqual((connector["service_type"], connector["status"]), ("dropbox", "connected"))
        self.assertTrue(connector["features"]["sync_rules"]["basic"]["enabled"])
        self.assertEqual(len(connector["configuration"]), 9)
        place.let_go()
        place.assert_index_equals_tree()


class JobTest(KibanaCase):
    def test_syncs_are_jobs(self):
        place = self.registered()
        place.dropbox.change("demo")
        full = place.sync("full-sync")
        job = self.job(place)
        self.assertLessEqual(JOB_MEMBERS, set(job))
        self.assertEqual((job["status"], job["job_type"], job["error"]), ("completed", "full", None))
        self.assertEqual(job["indexed_document_count"], full.documents["created"])
        self.assertEqual(job["deleted_document_count"], 0)
        self.assertEqual(job["trigger_method"], "scheduled")
        self.assertLessEqual(time_of(job["started_at"]), time_of(job["completed_at"]))
        for secret in place.secrets:
            self.assertNotIn(secret, str(job) + str(self.connector(place)))
        connector = self.connector(place)
        self.assertEqual((connector["status"], connector["last_sync_status"], connector["last_sync_error"]),
                         ("connected", "completed", None))
        quiet = place.sync("incremental")
        self.assertLessEqual(quiet.summary["elasticsearch"]["requests"], 4, quiet)
        place.dropbox.change("add_file", path="/for kibana.txt", text="x")
        place.sync("incremental")
        place.assert_index_equals_tree()
        newest = list(self.jobs(place).values())[-1]
        self.assertEqual((newest["job_type"], newest["indexed_document_count"]), ("incremental", 1))
        self.assertEqual(newest["total_document_count"], len(place.expected()))
        dry = place.run("full-sync", "--dry-run")
        self.assertEqual(dry.code, 0, dry)
        self.assertEqual(len(self.jobs(place)), 3)

    def test_a_run_that_fails_says_why(self):
        place = self.registered()
        place.dropbox.change("demo")
        place.sync("full-sync")
        place.set("dropbox", refresh_token="refused")
        run = place.run("incremental")
        self.assertEqual(run.code, 4, run)
        newest = list(self.jobs(place).values())[-1]
        self.assertEqual(newest["status"], "error")
        self.assertIn(newest["error"], re.sub(r"\s+", " ", run.stderr))
        self.assertEqual(self.connector(place)["last_sync_error"], newest["error"])
        self.assertEqual(self.connector(place)["status"], "error")

    def test_canceled(self):
        place = self.registered(simulator_arguments=("--tree", "8000"))
        held = place.begin_and_hold("full-sync", after_pages=1)
        self.cancel(place, self.wait_for_job(place))
        run = held.finish()
        self.assertEqual(run.code, 12, run)
        self.assertIn("canceled in Kibana", run.stderr)
        job = self.job(place)
        self.assertEqual(job["status"], "canceled")
        self.assertIsNotNone(job["canceled_at"])
        self.assertEqual(self.connector(place)["last_sync_status"], "canceled")
        place.let_go()
        place.sync("full-sync")
        place.assert_index_equals_tree()
        self.assertEqual([job["status"] for job in self.jobs(place).values()], ["canceled", "completed"])

    def test_suspended_and_continued(self):
        place = self.registered(simulator_arguments=("--tree", "8000"))
        held = place.begin_and_hold("full-sync", after_pages=1)
        key = self.wait_for_job(place)
        held.process.send_signal(signal.SIGTERM)
        self.assertEqual(held.finish().code, 143)
        self.assertEqual(self.job(place)["status"], "suspended")
        place.let_go()
        place.sync("full-sync")
        [(same, job)] = self.jobs(place).items()
        self.assertEqual((same, job["status"]), (key, "completed"))
        self.assertEqual(job["indexed_document_count"], len(place.expected()))

    def test_killed_at_any_write(self):
        """SIGKILL at any moment; the next run leaves job and connector right."""
        place = self.registered()
        place.dropbox.change("demo")
        place.sync("full-sync")
        for delay in (0.02, 0.05, 0.1, 0.15, 0.2, 0.3):
            started = place.begin("full-sync", "--force")
            time.sleep(delay)
            started.process.send_signal(signal.SIGKILL)
            started.process.communicate()
            place.let_go()
            place.sync("incremental")
            open_jobs = [job for job in self.jobs(place).values() if job["status"] not in ("completed", "error")]
            self.assertEqual(open_jobs, [], delay)
            self.assertEqual(self.connector(place)["last_sync_status"], "completed")

    def test_as_other_programs_see_it(self):
        """Elastic's connector ends jobs that have been silent for too long, runs those that wait, and syncs nothing while
        somebody else does. These are its searches."""
        place = self.registered(simulator_arguments=("--tree", "8000"))
        held = place.begin_and_hold("full-sync", after_pages=1)
        key = self.wait_for_job(place)
        # Until the first sign of life.
        time.sleep(12)
        of_ours = {"terms": {"connector.id": [self.id]}}

        def found(*clauses):
            place.engine.refresh(JOBS)
            return [hit["_id"] for hit in place.engine.search(JOBS, {"bool": {"filter": [of_ours, *clauses]}})]
        running = {"terms": {"status": ["in_progress", "canceling"]}}
        waiting = {"terms": {"status": ["pending", "suspended"]}}
        self.assertEqual(found(running), [key])
        # Before 8.13, it was a minute.
        self.assertEqual(found(running, {"range": {"last_seen": {"lte": "now-20s"}}}), [])
        self.assertEqual(found(waiting), [])
        self.assertEqual(self.connector(place)["last_sync_status"], "in_progress")
        held.process.send_signal(signal.SIGTERM)
        self.assertEqual(held.finish().code, 143)
        self.assertEqual(found(waiting, {"terms": {"job_type": ["full", "incremental"]}}), [key])
        self.assertEqual(found(running), [])
        self.assertEqual(self.connector(place)["last_sync_status"], "suspended")

    def test_another_program(self):
        place = self.registered()
        place.dropbox.change("demo")
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        job = {"connector": {"id": self.id}, "status": "in_progress", "job_type": "full", "created_at": now,
               "last_seen": now, "worker_hostname": "peer", "trigger_method": "on_demand"}
        place.engine.request("PUT", f"/{JOBS}/_doc/theirs?refresh=true", job)
        place.engine.request("POST", f"/{CONNECTORS}/_update/{self.id}?refresh=true",
                             {"doc": {"last_sync_status": "in_progress"}})
        run = place.run("full-sync")
        self.assertEqual(run.code, 11, run)
        silent = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=6)).isoformat()
        place.engine.request("POST", f"/{JOBS}/_update/theirs?refresh=true", {"doc": {"last_seen": silent}})
        place.sync("full-sync")
        theirs = self.jobs(place)["theirs"]
        self.assertEqual(theirs["status"], "error")
        self.assertIn("The run on peer did not end by itself", theirs["error"])

    def test_a_key_without_the_privilege(self):
        place = self.registered()
        indices = [{"names": [place.index], "privileges": ["all"]}]
        key = place.engine._create_key("no connectors", {"dbx-es": {"cluster": ["monitor"], "indices": indices}})
        place.set("elasticsearch", api_key=place.keep_secret(key))
        run = place.run("full-sync")
        self.assertEqual(run.code, 4, run)
        self.assertIn("on .elastic-connectors*", re.sub(r"\s+", " ", run.stderr))

    def test_access_control(self):
        place = self.registered()
        place.set("dropbox", use_document_level_security=True)
        place.dropbox.change("demo")
        self.addCleanup(place.engine.delete_index, f".search-acl-filter-{place.index}")
        place.sync("full-sync")
        place.sync("acl-sync")
        newest = list(self.jobs(place).values())[-1]
        self.assertEqual((newest["job_type"], newest["status"]), ("access_control", "completed"))
        self.assertEqual(newest["connector"]["index_name"], f".search-acl-filter-{place.index}")
        self.assertEqual(newest["total_document_count"], newest["indexed_document_count"])
        self.assertGreater(newest["total_document_count"], 0)
        self.assertEqual(self.connector(place)["last_access_control_sync_status"], "completed")


class RunnerTest(KibanaCase):
    """`connector run`, as the timer starts it, against what Kibana writes."""

    def tick(self, place, code=0):
        run = place.run("connector", "run", "-q")
        self.assertEqual(run.code, code, run)
        place.let_go()
        return run

    def test_sync_now(self):
        place = self.registered()
        place.dropbox.change("demo")
        idle = self.tick(place)
        self.assertEqual((idle.stdout, idle.stderr), ("", ""))
        self.press(place, "pressed")
        self.tick(place)
        [(key, job)] = self.jobs(place).items()
        self.assertEqual((key, job["status"], job["error"]), ("pressed", "completed", None))
        self.assertEqual(job["indexed_document_count"], len(place.expected()))
        self.assertIsNotNone(job["started_at"])
        self.assertIsNotNone(job["worker_hostname"])
        place.assert_index_equals_tree()

    def test_jobs_as_older_programs_make_them(self):
        """Kibana up to 8.14 leaves last_seen null; Elastic's own classes leave out what they do not know yet."""
        place = self.registered()
        place.dropbox.change("demo")
        self.press(place, "kibana", last_seen=None)
        place.engine.request("PUT", f"/{JOBS}/_doc/peer?refresh=true", {
            "connector": {"id": self.id}, "status": "pending", "job_type": "incremental",
            "trigger_method": "scheduled", "created_at": "2026-08-05T10:00:00+00:00", "last_seen": None})
        self.press(place, "odd", "sideways")
        self.press(place, "identities", "access_control")
        self.tick(place)
        self.tick(place)
        jobs = self.jobs(place)
        self.assertEqual({key: job["status"] for key, job in jobs.items()},
                         {"kibana": "completed", "peer": "completed", "odd": "error", "identities": "error"})
        self.assertIn("unknown job type", jobs["odd"]["error"])
        self.assertIn("use_document_level_security", jobs["identities"]["error"])
        place.assert_index_equals_tree()

    def test_two_runners(self):
        """On machines that know nothing of each other: one runs the job."""
        place = self.registered()
        place.dropbox.change("demo")
        for i in range(4):
            self.press(place, f"pressed-{i}")
            runners = [place.begin("connector", "run", "--state-dir", str(place.folder / name))
                       for name in ("state", "another")]
            ends = [runner.finish() for runner in runners]
            place.let_go()
            job = self.jobs(place)[f"pressed-{i}"]
            # The second state does not keep the index, so it must not be the one that wins later on.
            codes = sorted(end.code for end in ends)
            self.assertIn(codes, ([0, 0], [0, 11]), [str(end) for end in ends])
            self.assertEqual(job["status"], "completed" if codes == [0, 0] else "error", job)
            self.assertEqual(len(self.jobs(place)), i + 1)
        place.sync("full-sync", "--take-over")
        place.assert_index_equals_tree()

    def test_two_runners_with_one_state(self):
        """On two machines, with the state in the cluster: one runs the job, the other finds nothing to do."""
        place = self.registered()
        self.addCleanup(place.engine.delete_index, f"dbx-es-{place.index}")
        place.set("sync", state="cluster", state_dir=None, lease=10)
        if place.engine.username:
            indices = [{"names": [place.index, f"{CONNECTORS}*"], "privileges": ["all"]},
                       {"names": [f"dbx-es-{place.index}"], "privileges": ["all"]}]
            key = place.engine._create_key("state", {"dbx-es": {"cluster": ["monitor"], "indices": indices}})
            place.set("elasticsearch", api_key=place.keep_secret(key))
        place.dropbox.change("demo")
        for i in range(4):
            self.press(place, f"pressed-{i}", "full" if i == 0 else "incremental")
            runners = [place.begin("connector", "run") for _ in range(2)]
            ends = [runner.finish() for runner in runners]
            place.let_go()
            self.assertEqual([end.code for end in ends], [0, 0], [str(end) for end in ends])
            jobs = self.jobs(place)
            self.assertEqual(len(jobs), i + 1)
            self.assertEqual({job["status"] for job in jobs.values()}, {"completed"}, [str(end) for end in ends])
        place.assert_index_equals_tree()

    def test_schedules(self):
        place = self.registered()
        place.dropbox.change("demo")
        self.schedule(place, "full", "0/2 * * * * ?")
        self.schedule(place, "incremental", "0 0 0 15W * ?")
        self.tick(place)
        self.assertEqual(self.jobs(place), {})
        self.assertIn("schedule incremental: ", self.connector(place)["error"])
        time.sleep(5)
        self.schedule(place, "incremental", "0 0 0 15 * ?")
        self.tick(place)
        jobs = list(self.jobs(place).values())
        self.assertEqual({(job["job_type"], job["status"], job["trigger_method"]) for job in jobs},
                         {("full", "completed", "scheduled")})
        self.assertIsNone(self.connector(place)["error"])
        self.assertIsNotNone(self.connector(place)["last_sync_scheduled_at"])
        self.schedule(place, "full", "0/2 * * * * ?", enabled=False)
        self.tick(place)
        self.assertEqual(len(self.jobs(place)), len(jobs))
        place.assert_index_equals_tree()

    def test_an_incremental_job_that_has_to_be_a_full_sync(self):
        place = self.registered()
        place.dropbox.change("demo")
        self.press(place, "first", "incremental")
        self.tick(place)
        place.dropbox.change("add_file", path="/for kibana.txt", text="x")
        place.set("dropbox", include_received_files=False)
        # Somebody at a terminal decides it himself.
        refused = place.run("incremental")
        self.assertEqual(refused.code, 6, refused)
        place.let_go()
        self.press(place, "second", "incremental")
        self.tick(place)
        place.dropbox.change("add_file", path="/another.txt", text="y")
        self.press(place, "third", "incremental")
        self.tick(place)
        jobs = self.jobs(place)
        shown = {key: (jobs[key]["status"], jobs[key]["job_type"], jobs[key]["metadata"]["dbx_es"].get("full_sync", "")[:8])
                 for key in ("first", "second", "third")}
        self.assertEqual(shown, {"first": ("completed", "incremental", "no state"),
                                 "second": ("completed", "incremental", "settings"),
                                 "third": ("completed", "incremental", "")})
        self.assertIn("dropbox.include_received_files was", jobs["second"]["metadata"]["dbx_es"]["full_sync"])
        self.assertEqual(jobs["third"]["indexed_document_count"], 1)
        self.assertEqual(self.connector(place)["last_sync_status"], "completed")

    def test_suspended_and_killed(self):
        place = self.registered(simulator_arguments=("--tree", "8000"))
        self.press(place, "pressed")
        held = place.begin_and_hold("connector", "run", after_pages=1)
        self.assertEqual(self.wait_for_job(place), "pressed")
        held.process.send_signal(signal.SIGTERM)
        self.assertEqual(held.finish().code, 143)
        self.assertEqual(self.job(place)["status"], "suspended")
        place.let_go()
        held = place.begin_and_hold("connector", "run", after_pages=0)
        self.wait_for_job(place)
        held.process.kill()
        held.process.communicate()
        place.let_go()
        self.press(place, "again")
        self.tick(place)
        self.assertEqual({key: job["status"] for key, job in self.jobs(place).items()},
                         {"pressed": "error", "again": "completed"})
        self.assertEqual(self.connector(place)["last_sync_status"], "completed")
        place.assert_index_equals_tree()

    def test_another_run_is_under_way(self):
        place = self.registered(simulator_arguments=("--tree", "8000"))
        held = place.begin_and_hold("full-sync", after_pages=1)
        self.wait_for_job(place)
        self.press(place, "pressed")
        busy = place.run("connector", "run", "-q")
        self.assertEqual((busy.code, busy.stderr), (0, ""), busy)
        self.assertEqual(self.jobs(place)["pressed"]["status"], "pending")
        held.process.send_signal(signal.SIGTERM)
        held.finish()
        place.let_go()
        self.tick(place)
        self.tick(place)
        self.assertEqual({job["status"] for job in self.jobs(place).values()}, {"completed"})
        place.assert_index_equals_tree()

    def test_a_cluster_without_connectors(self):
        place = self.place(real_indices=False)
        place.set("connector", id=self.id)
        run = place.run("connector", "run", "-q")
        self.assertEqual(run.code, 2, run)
        self.assertIn("run dbx-es connector register", re.sub(r"\s+", " ", run.stderr))


    def test_killed_without_another_run(self):
        """The next look closes the job, although no sync follows."""
        place = self.registered(simulator_arguments=("--tree", "8000"))
        self.press(place, "pressed")
        held = place.begin_and_hold("connector", "run", after_pages=0)
        self.wait_for_job(place)
        held.process.kill()
        held.process.communicate()
        place.let_go()
        self.tick(place)
        job = self.job(place)
        self.assertEqual(job["status"], "error")
        self.assertIn("did not end by itself", job["error"])
        self.assertEqual(self.connector(place)["last_sync_status"], "error")
        place.sync("full-sync")
        self.assertIsNone(self.connector(place)["error"])
        place.assert_index_equals_tree()


class FormTest(KibanaCase):
    """What people enter in Kibana: the form, and sync rules."""

    def tick(self, place, code=0):
        run = place.run("connector", "run")
        self.assertEqual(run.code, code, run)
        place.let_go()
        return re.sub(r"\s+", " ", run.stdout + run.stderr)

    def test_settings(self):
        place = self.place()
        secrets = {key: place.settings["dropbox"][key] for key in ("app_key", "app_secret", "refresh_token")}
        place.set("dropbox", **dict.fromkeys(secrets))
        run = place.run("connector", "register")
        self.assertEqual(run.code, 0, run)
        place.set("connector", id=self.id)
        self.assertEqual(self.connector(place)["status"], "needs_configuration")
        self.assertIn("waits for its configuration in Kibana: App Key, Refresh token", self.tick(place))
        self.assertEqual(self.jobs(place), {})
        self.save(place, **secrets, retry_count="7")
        place.dropbox.change("demo")
        place.sync("full-sync")
        place.assert_index_equals_tree()
        self.assertEqual(self.connector(place)["status"], "connected")
        shown = place.run("config", "show").stdout
        self.assertIn("dropbox.retry_count = 7  # Kibana", shown)
        self.assertIn("dropbox.refresh_token = <redacted>  # Kibana", shown)
        self.save(place, retry_count=400)
        self.assertIn('"Retries per request"', self.tick(place, code=2))
        connector = self.connector(place)
        self.assertEqual(connector["status"], "error")
        self.assertIn('"Retries per request"', connector["error"])
        self.assertEqual(place.run("incremental").code, 2)
        # What the file says counts.
        place.set("dropbox", retry_count=5)
        self.tick(place)
        field = self.connector(place)["configuration"]["retry_count"]
        self.assertEqual(field["value"], 400)
        self.assertIn(str(place.config), field["tooltip"])
        place.sync("incremental")
        self.assertIsNone(self.connector(place)["error"])

    def test_local_settings_are_shown_and_no_secret(self):
        place = self.registered()
        place.dropbox.change("demo")
        connector = self.connector(place)
        self.assertEqual(connector["status"], "configured")
        for key in ("app_key", "app_secret", "refresh_token"):
            field = connector["configuration"][key]
            self.assertEqual((field["value"], field["required"]), ("", False))
            self.assertIn(str(place.config), field["tooltip"])
        place.set("dropbox", concurrent_downloads=9)
        self.tick(place)
        field = self.connector(place)["configuration"]["concurrent_downloads"]
        self.assertEqual(field["value"], 9)
        self.assertIn(str(place.config), field["tooltip"])
        for name in (f"{CONNECTORS}-v1", f"{JOBS}-v1"):
            found = str(place.engine.dump(name))
            self.assertEqual([secret for secret in place.secrets if secret in found], [])

    def test_rules(self):
        place = self.registered()
        place.dropbox.change("demo")
        self.edit(place, {"id": "wrong", "policy": "exclude", "field": "name", "rule": "regex", "value": "("})
        self.tick(place)
        [filtering] = self.connector(place)["filtering"]
        self.assertEqual(filtering["draft"]["validation"]["state"], "invalid")
        [error] = filtering["draft"]["validation"]["errors"]
        self.assertEqual(error["ids"], ["wrong"])
        self.assertIn("invalid regular expression", error["messages"][0])
        self.assertEqual(len(filtering["active"]["rules"]), 1)
        name = next(document["name"] for document in place.expected().values() if document["type"] == "File")
        self.edit(place, {"id": "right", "policy": "exclude", "field": "name", "rule": "equals", "value": name})
        self.tick(place)
        [filtering] = self.connector(place)["filtering"]
        self.assertEqual(filtering["draft"]["validation"], {"state": "valid", "errors": []})
        self.assertEqual(filtering["active"], filtering["draft"])
        place.sync("full-sync")
        place.excludes = lambda document: document["name"] == name
        place.assert_index_equals_tree()
        job = self.job(place)
        self.assertEqual(job["connector"]["filtering"]["rules"][0]["id"], "right")
        rules = place.folder / "rules.json"
        rules.write_text("[]")
        place.set("sync", rules=str(rules))
        self.tick(place)
        self.assertFalse(self.connector(place)["features"]["sync_rules"]["basic"]["enabled"])
        place.set("connector", rules=True)
        both = place.run("connector", "run")
        self.assertEqual(both.code, 2, both)
        self.assertIn("exclude each other", re.sub(r"\s+", " ", both.stderr))

    def test_imported_from_the_cluster(self):
        place = self.registered()
        self.save(place, path="/Team", app_key="from Kibana")
        self.edit(place, {"id": "r1", "policy": "exclude", "field": "name", "rule": "equals", "value": "x"})
        self.tick(place)
        new = place.folder / "new.toml"
        run = place.run("config", "import", "--connector", self.id, "--output", str(new))
        self.assertEqual(run.code, 0, run)
        text = new.read_text()
        self.assertIn('path = "/Team"', text)
        self.assertIn('app_key = "from Kibana"', text)
        rules = place.folder / "new.rules.json"
        self.assertIn(f'rules = "{rules}"', text)
        judged = place.run("validate-rules", str(rules))
        self.assertEqual(judged.code, 0, judged)

    def test_check_and_status(self):
        place = self.registered()
        place.dropbox.change("demo")
        place.sync("full-sync")
        # Jobs are searched for, and a search knows what was written a second ago.
        place.engine.request("POST", "/.elastic-connectors*/_refresh?expand_wildcards=all")
        checked = place.run("check")
        self.assertEqual(checked.code, 0, checked)
        for text in ("Kibana shows", "none waits or runs", "on .elastic-connectors*"):
            self.assertIn(text, " ".join(checked.stdout.split()))
        status = place.run("status")
        self.assertIn(f"connector: Kibana shows {self.id} as Connected", status.stdout)
        self.assertIn("connector jobs: none waits or runs", status.stdout)


class WithoutConnectorTest(KibanaCase):
    def test_no_request(self):
        place = self.place()
        place.settings["connector"] = {}
        place.dropbox.change("demo")
        trace = place.folder / "trace.ndjson"
        place.sync("full-sync", "--trace", str(trace))
        self.assertNotIn("elastic-connectors", trace.read_text())


class OpenSearchTest(KibanaCase):
    def test_refused(self):
        place = self.world(engines.engine("opensearch"))
        run = place.run("connector", "register")
        self.assertEqual(run.code, 2, run)
        self.assertIn("this cluster is OpenSearch", re.sub(r"\s+", " ", run.stderr))


if __name__ == "__main__":
    unittest.main()
