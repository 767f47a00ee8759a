# SPDX-License-Identifier: Apache-2.0
"""The oracle itself: it accepts what is right, and finds anything else."""

import copy
import unittest

import oracle

FILE = {"type": "file", "id": "id:f", "name": "Größe #1.TXT", "path_lower": "/a b/größe #1.txt",
        "path_display": "/A b/Größe #1.TXT", "rev": "015f", "size": 3, "content_hash": "ab",
        "client_modified": "2026-01-01T00:00:00Z", "server_modified": "2026-01-02T00:00:00Z", "namespace_id": "7",
        "shared_folder_id": "", "parent_shared_folder_id": "7", "received": False}
FOLDER = {**FILE, "type": "folder", "id": "id:d", "name": "A b", "path_lower": "/a b", "path_display": "/A b",
          "shared_folder_id": "7", "parent_shared_folder_id": ""}
RECEIVED = {**FILE, "id": "id:r", "name": "r.pdf", "path_lower": "", "path_display": "", "content_hash": "",
            "namespace_id": "", "parent_shared_folder_id": "", "received": True}
RUN = {"sync_fingerprint": "0123456789abcdef", "sync_seq": 17, "sync_version": 5}
INDEX = {
    "id:f": {"id": "id:f", "type": "File", "name": "Größe #1.TXT", "file_path": "/A b/Größe #1.TXT",
             "path_lower": "/a b/größe #1.txt", "ancestors": ["/a b"], "size": 3, "extension": "txt",
             "mime_type": "text/plain", "rev": "015f", "content_hash": "ab", "namespace_id": "7",
             "shared_folder_id": "7", "client_modified": "2026-01-01T00:00:00Z",
             "server_modified": "2026-01-02T00:00:00Z", "_timestamp": "2026-01-02T00:00:00Z",
             "url": "https://web/home/A%20b?preview=Gr%C3%B6%C3%9Fe%20%231.TXT", **RUN},
    "id:d": {"id": "id:d", "type": "Folder", "name": "A b", "file_path": "/A b", "path_lower": "/a b", "ancestors": [],
             "size": 0, "namespace_id": "7", "shared_folder_id": "7", "url": "https://web/home/A%20b",
             "_timestamp": "2026-02-01T00:00:00Z", **RUN},
    "id:r": {"id": "id:r", "type": "File", "name": "r.pdf", "received": True, "size": 3, "extension": "pdf",
             "mime_type": "application/pdf", "rev": "015f", "client_modified": "2026-01-01T00:00:00Z",
             "server_modified": "2026-01-02T00:00:00Z", "_timestamp": "2026-01-02T00:00:00Z",
             "url": "https://web/scl/r", **RUN},
}
TIMES = {"id:d": "2026-02-01T00:00:00Z"}


def problems(index, **options):
    arguments = {"links": {"id:r": "https://web/scl/r"}, **options}
    return oracle.differences(
        oracle.expected_documents([RECEIVED, FILE, FOLDER], "1", web_url="https://web", **arguments), index, TIMES)


class OracleTest(unittest.TestCase):
    def test_accepts_what_is_right(self):
        self.assertEqual(problems(INDEX), [])

    def test_a_received_file_that_is_mounted_counts_where_it_lies(self):
        mounted = {**FILE, "id": "id:r", "name": "m.txt", "path_lower": "/a b/m.txt", "path_display": "/A b/m.txt"}
        for path, place in (("", "/a b/m.txt"), ("/A B", "/a b/m.txt"), ("/elsewhere", None)):
            with self.subTest(path):
                documents = oracle.expected_documents([mounted, RECEIVED], "1", {"id:r": "https://web/scl/r"},
                                                      "https://web", [path])
                self.assertEqual([one.get("path_lower") for one in documents.values()], [place] if place else [])

    def test_absent_and_null_are_the_same(self):
        index = copy.deepcopy(INDEX)
        index["id:r"]["content_hash"] = None
        self.assertEqual(problems(index), [])

    def test_finds_every_field_that_is_wrong_or_lacking(self):
        for key, document in INDEX.items():
            for field, value in document.items():
                other = value + 1 if field == "size" else ["/"] if isinstance(value, list) else "another"
                for changed in ({**document, field: other}, {**document, field: None}):
                    with self.subTest(document=key, field=field, value=changed[field]):
                        self.assertEqual(len(problems({**INDEX, key: changed})), 1)

    def test_finds_a_field_too_many(self):
        for field in ("body", "path_lower", "rev", "mime_type"):
            for key, document in INDEX.items():
                if field not in document:
                    with self.subTest(document=key, field=field):
                        self.assertEqual(len(problems({**INDEX, key: {**document, field: "x"}})), 1)

    def test_finds_documents_that_are_missing_or_too_many(self):
        for key in INDEX:
            self.assertEqual(len(problems({other: INDEX[other] for other in INDEX if other != key})), 1)
        self.assertEqual(len(problems({**INDEX, "id:x": INDEX["id:f"]})), 1)

    def test_path_and_received_files_choose_what_is_expected(self):
        self.assertEqual(problems({"id:r": INDEX["id:r"]}, paths=["/A"]), [])
        self.assertEqual(problems({"id:d": INDEX["id:d"], "id:f": INDEX["id:f"]}, paths=["/x", "/A b"], links=None), [])

    def test_time_of_a_folder_stays(self):
        changed = {**INDEX["id:d"], "_timestamp": "2026-02-02T00:00:00Z"}
        self.assertEqual(len(problems({**INDEX, "id:d": changed})), 1)

    def test_time_of_a_paper_document_is_its_client_time(self):
        paper = {**FILE, "name": "notes.paper", "path_lower": "/notes.paper", "path_display": "/notes.paper"}
        documents = oracle.expected_documents([paper], "1", {}, "https://web")
        self.assertEqual(documents["id:f"]["_timestamp"], paper["client_modified"])

    def test_extensions(self):
        names = {"a.TXT": "txt", ".hidden": None, "..a": None, "tail.": None, "a.tar.gz": "gz", ".a.b": "b", "a": None,
                 "a.ÄB": "Äb"}
        for name, extension in names.items():
            documents = oracle.expected_documents([{**FILE, "name": name}], "1", {}, "https://web")
            self.assertEqual(documents["id:f"].get("extension"), extension, name)
