# SPDX-License-Identifier: Apache-2.0
"""Extraction by a service: a real Tika by itself, and behind a stand-in for Elastic's service."""

import base64

import engines
import extraction_service
import office_files
import world


class ServiceTest(world.Case):
    def setUp(self):
        self.tika = engines.tika()
        self.place = self.world()
        self.place.set("extraction", mode=None)
        self.place.set("dropbox", use_text_extraction_service=True)
        self.place.settings["extraction_service"] = {}

    def add(self, path, content):
        return self.place.dropbox.change("add_file", path=path, base64=base64.b64encode(content).decode())

    def add_office_files(self):
        return {name: self.add(f"/{name}", content) for name, content in office_files.files().items()}

    def elastic_service(self):
        service = extraction_service.ExtractionService(self.tika)
        self.addCleanup(service.stop)
        return service

    def assert_found(self, ids):
        documents = self.place.dump()
        self.place.engine.request("POST", f"/{self.place.index}/_refresh")
        for name, (_, phrase) in office_files.PHRASES.items():
            query = {"query": {"match_phrase": {"body": phrase}}, "_source": False}
            answer = self.place.engine.request("POST", f"/{self.place.index}/_search", query)
            self.assertEqual([hit["_id"] for hit in answer["hits"]["hits"]], [ids[name]], phrase)
        return documents

    def test_a_tika_reads_what_office_programs_write(self):
        ids = self.add_office_files()
        damaged = self.add("/damaged.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000))
        text = self.add("/notes.txt", "Grüße an die Möwe".encode())
        self.place.set("extraction_service", host=self.tika)
        run = self.place.sync("full-sync")
        documents = self.assert_found(ids)
        for name, (title, _) in office_files.PHRASES.items():
            self.assertEqual(documents[ids[name]]["title"], title)
            self.assertEqual(documents[ids[name]]["author"], office_files.AUTHOR)
        self.assertEqual(documents[text]["body"], "Grüße an die Möwe")
        self.assertEqual(documents[damaged]["body"], "")
        self.assertEqual(run.summary["content"]["fetched"], len(ids) + 1)
        self.assertEqual(run.summary["content"]["unreadable"], 1)
        again = self.place.sync("full-sync")
        self.assertNotIn("files/download", again.requests)

    def test_the_service_of_elastic_gets_bytes(self):
        service = self.elastic_service()
        ids = self.add_office_files()
        damaged = self.add("/damaged.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000))
        self.place.set("extraction_service", host=service.url)
        run = self.place.sync("full-sync")
        self.assertEqual(self.assert_found(ids)[damaged]["body"], "")
        self.assertEqual(run.summary["content"]["unreadable"], 1)
        self.assertEqual(service.violations, [])
        self.assertEqual({target for target, _ in service.requests}, {"/extract_text/"})

    def test_the_service_of_elastic_gets_file_pointers(self):
        service = self.elastic_service()
        shared = self.place.folder / "shared files"
        shared.mkdir()
        ids = self.add_office_files()
        self.place.set("extraction_service", host=service.url, use_file_pointers=True, shared_volume_dir=str(shared))
        self.place.sync("full-sync")
        self.assert_found(ids)
        self.assertEqual(service.violations, [])
        self.assertEqual({size for _, size in service.requests}, {0})
        self.assertEqual(list(shared.iterdir()), [])

    def test_a_service_that_is_down_loses_nothing(self):
        service = self.elastic_service()
        file = self.add("/notes.txt", b"the first text")
        self.place.set("extraction_service", host=service.url)
        self.place.sync("full-sync")
        service.stop()
        self.place.set("sync", give_up_after=1)
        self.place.dropbox.change("overwrite", path="/notes.txt", text="the second text")
        run = self.place.run("incremental", "--json")
        self.assertEqual(run.code, 3, run)
        self.assertEqual(run.summary["content"]["failed"], 1)
        self.assertEqual(self.place.dump()[file]["body"], "the first text")
        self.place.set("extraction_service", host=self.elastic_service().url)
        self.place.sync("incremental")
        self.assertEqual(self.place.dump()[file]["body"], "the second text")
