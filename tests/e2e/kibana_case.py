# SPDX-License-Identifier: Apache-2.0
"""A connector in indices with Elasticsearch's own mapping, and what people do to it in Kibana, as Kibana and the Connector
API write it."""

import datetime
import time

import engines
import engine_oracle  # engines makes it known
import world

CONNECTORS, JOBS = ".elastic-connectors", ".elastic-connectors-sync-jobs"
TIMEOUT_S = 60
MOST_JOBS = 10_000


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat()


def time_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class KibanaCase(world.Case):
    def place(self, real_indices=True, **options):
        place = self.world(**options)
        for name in (f"{CONNECTORS}-v1", f"{JOBS}-v1"):
            place.engine.delete_index(name)
            self.addCleanup(place.engine.delete_index, name)
        if real_indices:
            for name, template in engine_oracle.connector_templates(place.engine.version).items():
                settings = {"hidden": True, "number_of_shards": 1, "auto_expand_replicas": "0-1"}
                place.engine.request("PUT", f"/{name}", {**template, "settings": settings})
        self.id = f"dbx-es-{place.index}"
        place.settings["connector"] = {}
        return place

    def registered(self, **options):
        place = self.place(**options)
        run = place.run("connector", "register")
        self.assertEqual(run.code, 0, run)
        self.assertIn(f'id = "{self.id}"', run.stdout)
        place.set("connector", id=self.id)
        return place

    def connector(self, place):
        return place.engine.request("GET", f"/{CONNECTORS}/_doc/{self.id}")["_source"]

    def jobs(self, place):
        """{id: job}, the oldest first."""
        place.engine.refresh(JOBS)
        query = {"term": {"connector.id": self.id}}
        hits = place.engine.search(JOBS, query, sort=[{"created_at": "asc"}], size=MOST_JOBS)
        return {hit["_id"]: hit["_source"] for hit in hits}

    def job(self, place):
        [job] = self.jobs(place).values()
        return job

    def wait_for_job(self, place, status="in_progress"):
        deadline = time.monotonic() + TIMEOUT_S
        while time.monotonic() < deadline:
            for key, job in self.jobs(place).items():
                if job["status"] == status:
                    return key
            time.sleep(0.1)
        self.fail(f"no job is {status}: {self.jobs(place)}")

    def change_connector(self, place, **members):
        """Whatever it was before: nothing in Kibana and the Connector API is on condition."""
        place.engine.request("POST", f"/{CONNECTORS}/_update/{self.id}?refresh=true", {"doc": members})

    def change_job(self, place, key, **members):
        place.engine.request("POST", f"/{JOBS}/_update/{key}?refresh=true", {"doc": members})

    # What people do.

    def press(self, place, key, job_type="full", **members):
        """The button "Sync now", as the Connector API makes the job."""
        connector = self.connector(place)
        time_now = now()
        snapshot = {"id": self.id, "index_name": place.index, "service_type": "dropbox",
                    "language": connector["language"], "pipeline": connector["pipeline"],
                    "configuration": connector["configuration"], "filtering": connector["filtering"][0]["active"]}
        job = {"connector": snapshot, "status": "pending", "job_type": job_type, "trigger_method": "on_demand",
               "created_at": time_now, "last_seen": time_now, "started_at": None, "completed_at": None,
               "canceled_at": None, "cancelation_requested_at": None, "error": None, "indexed_document_count": 0,
               "deleted_document_count": 0, "indexed_document_volume": 0, "total_document_count": None, "metadata": {},
               "worker_hostname": None, **members}
        place.engine.request("PUT", f"/{JOBS}/_doc/{key}?refresh=true", job)

    def cancel_job(self, place, key):
        """As the Connector API does it (_cancel): what it reads decides, and is no condition of what it writes."""
        try:
            status = place.engine.request("GET", f"/{JOBS}/_doc/{key}")["_source"]["status"]
        except engines.HttpFailure as failure:
            if failure.status == 404:
                return
            raise
        time_now = now()
        if status in ("pending", "suspended"):
            self.change_job(place, key, status="canceled", cancelation_requested_at=time_now, canceled_at=time_now,
                            completed_at=time_now)
        elif status == "in_progress":
            self.change_job(place, key, status="canceling", cancelation_requested_at=time_now)

    def cancel(self, place, *keys):
        """The button "Cancel syncs", of these jobs."""
        for key in keys:
            self.cancel_job(place, key)
        self.change_connector(place, last_sync_status="canceled", last_access_control_sync_status="canceled")

    def schedule(self, place, kind, interval, enabled=True):
        self.change_connector(place, scheduling={kind: {"enabled": enabled, "interval": interval}})

    def save(self, place, **values):
        """As the Connector API does it (_configuration)."""
        fields = {key: {"value": value} for key, value in values.items()}
        self.change_connector(place, configuration=fields, status="configured")

    def edit(self, place, *rules):
        """As the Connector API does it (_filtering)."""
        filtering = self.connector(place)["filtering"]
        time_now = now()
        given = [{"order": at, "created_at": time_now, "updated_at": time_now, **rule}
                 for at, rule in enumerate(rules)]
        default = {**filtering[0]["active"]["rules"][-1], "order": len(given)}
        filtering[0]["draft"] = {
            "advanced_snippet": {"value": {}, "created_at": time_now, "updated_at": time_now},
            "rules": [*given, default], "validation": {"state": "edited", "errors": []}}
        self.change_connector(place, filtering=filtering)
