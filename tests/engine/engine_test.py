# SPDX-License-Identifier: Apache-2.0
"""The test servers themselves: they enforce what they promise, and nothing of them outlives its caller."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import engine  # noqa: E402
import engine_process  # noqa: E402

INDEX = "docs"
DOCUMENTS = {
    "id:a": {"name": "Plan", "_allow_access_control": ["email:ann@example.com", "group:g:1"]},
    "id:b": {"name": "Budget", "_allow_access_control": ["email:bob@example.com"]},
    "id:c": {"name": "Notice"},
}
# The query of an access control document as the Elastic Dropbox connector writes it.
ACCESS_QUERY_SOURCE = """{
  "bool": {
    "should": [
      {"bool": {"must_not": {"exists": {"field": "_allow_access_control"}}}},
      {"terms": {"_allow_access_control.keyword": {{#toJson}}access_control{{/toJson}}}}
    ]
  }
}"""
GONE_TIMEOUT_S = 20


def access_query(*identities):
    return {"template": {"params": {"access_control": list(identities)}, "source": ACCESS_QUERY_SOURCE}}


def names(hits):
    return sorted(hit["_source"]["name"] for hit in hits)


def work_folder(directory):
    return (pathlib.Path(directory) / "engine.work").resolve()


class Case(unittest.TestCase):
    def directory(self):
        folder = tempfile.TemporaryDirectory(prefix="dbx-es-engine-test-")
        self.addCleanup(folder.cleanup)
        return pathlib.Path(folder.name)

    def boot(self, *arguments, **options):
        """A running server with its folder, or a skip where no JDK can run it."""
        try:
            engine.choose(*arguments, options.get("version"))
        except engine.EngineUnavailable as reason:
            self.skipTest(str(reason))
        directory = self.directory()
        return self.enterContext(engine.running(*arguments, directory=directory, **options)), directory

    def assert_gone(self, state, work):
        deadline = time.monotonic() + GONE_TIMEOUT_S
        while (engine_process.marked_pids(state) or work.exists()) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(engine_process.marked_pids(state), [])
        self.assertFalse(work.exists())


    def assert_refused(self, url):
        """Nobody listens any more. The kernel closes the sockets of a killed process a little after it is gone."""
        address = urllib.parse.urlsplit(url)
        deadline = time.monotonic() + GONE_TIMEOUT_S
        while time.monotonic() < deadline:
            try:
                socket.create_connection((address.hostname, address.port), timeout=5).close()
            except ConnectionRefusedError:
                return
            except ConnectionError:
                pass
            time.sleep(0.1)
        self.fail(f"{url} is still served")


class ElasticsearchTest(Case):
    def check(self, version):
        es, directory = self.boot("elasticsearch", version=version)
        self.assertEqual(es.version, version)
        work, state = work_folder(directory), directory / "engine.json"
        attach_files = [engine_process.attach_socket(pid) for pid in engine_process.marked_pids(state)]
        self.assertTrue(any(file.exists() for file in attach_files))
        self.assertEqual(state.stat().st_mode & 0o777, 0o600)
        connector = es.with_api_key(es.connector_key(INDEX))
        connector.index_documents(INDEX, DOCUMENTS)
        connector.index_documents(f".search-acl-filter-{INDEX}", {"ann@example.com": {"id": "ann@example.com"}})
        self.assertEqual(connector.dump(INDEX), DOCUMENTS)
        self.check_privileges(es, connector)
        self.check_document_level_security(es)
        es.stop()
        self.assert_gone(state, work)
        self.assertFalse(any(file.exists() for file in attach_files))
        self.assert_refused(es.url)

    def check_privileges(self, es, connector):
        with self.assertRaises(engine.HttpFailure) as refused:
            connector.index_documents("another", {"1": {}})
        self.assertEqual(refused.exception.status, 403)
        with self.assertRaises(engine.HttpFailure) as refused:
            es.with_api_key(es.reader_key(INDEX)).index_documents(INDEX, {"1": {}})
        self.assertEqual(refused.exception.status, 403)
        with self.assertRaises(engine.HttpFailure) as refused:
            engine.Client(es.url).search(INDEX)
        self.assertEqual(refused.exception.status, 401)

    def check_document_level_security(self, es):
        expected = {("email:ann@example.com",): ["Notice", "Plan"], ("email:bob@example.com",): ["Budget", "Notice"],
                    ("user:nobody", "group:g:1"): ["Notice", "Plan"], (): ["Notice"]}
        for identities, visible in expected.items():
            reader = es.with_api_key(es.reader_key(INDEX, access_query(*identities)))
            self.assertEqual(names(reader.search(INDEX)), visible, identities)
        everything = es.with_api_key(es.reader_key(INDEX))
        self.assertEqual(names(everything.search(INDEX)), ["Budget", "Notice", "Plan"])
        plain = es.with_api_key(es.reader_key(INDEX, {"ids": {"values": ["id:b"]}}))
        self.assertEqual(names(plain.search(INDEX)), ["Budget"])

    def test_newest(self):
        self.check("9.5.3")

    def test_previous_major(self):
        self.check("8.19.21")

    def test_speaks_tls_with_its_own_authority(self):
        es, directory = self.boot("elasticsearch", tls=True)
        self.assertTrue(es.url.startswith("https://"))
        self.assertEqual(es.ca, str(directory.resolve() / "ca.pem"))
        es.index_documents(INDEX, {str(n): {"n": n} for n in range(2500)})
        self.assertEqual(es.dump(INDEX), {str(n): {"n": n} for n in range(2500)})
        with self.assertRaises(urllib.error.URLError):
            engine.Client(es.url, username=es.username, password=es.password).search(INDEX)

    def test_ends_when_its_caller_is_killed(self):
        state = self.directory() / "engine.json"
        program = (f"import sys, time; sys.path.insert(0, {str(HERE)!r}); import engine\n"
                   f"with engine.running(directory={str(state.parent)!r}):\n"
                   "    print('up', flush=True); time.sleep(600)\n")
        caller = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        with caller:
            self.assertEqual(caller.stdout.readline(), b"up\n")
            work = work_folder(state.parent)
            self.assertTrue(engine_process.marked_pids(state))
            caller.send_signal(signal.SIGKILL)
        self.assert_gone(state, work)
        self.assertFalse(state.exists())

    def test_shows_the_log_of_a_boot_that_fails(self):
        directory = self.directory()
        with unittest.mock.patch.dict(os.environ, DBX_ES_TEST_HEAP_MB="nonsense"):
            with self.assertRaisesRegex(engine.EngineError, "(?s)ended with status.*nonsense"):
                engine.start(directory)
        self.assertEqual(engine_process.marked_pids(directory / "engine.json"), [])
        self.assertEqual(sorted(f.name for f in directory.iterdir()), ["engine.log"])


class OpenSearchTest(Case):
    def test_holds_documents(self):
        opensearch, directory = self.boot("opensearch")
        opensearch.index_documents(INDEX, DOCUMENTS)
        self.assertEqual(opensearch.dump(INDEX), DOCUMENTS)
        self.assertEqual(opensearch.count(INDEX), len(DOCUMENTS))
        self.assertEqual(opensearch.request("GET", "/")["version"]["distribution"], "opensearch")
        work = work_folder(directory)
        opensearch.stop()
        self.assert_gone(directory / "engine.json", work)


class TikaTest(Case):
    def test_extracts_text(self):
        directory = self.directory()
        page = b"<html><head><title>T</title></head><body><p>Quarterly budget</p></body></html>"
        with engine.running_tika(directory) as url:
            request = urllib.request.Request(f"{url}/tika", page, {"Accept": "text/plain", "Content-Type": "text/html"},
                                             method="PUT")
            with urllib.request.urlopen(request, timeout=60) as answer:
                self.assertEqual(answer.read().decode().strip(), "Quarterly budget")
            # Tika works in a second process, and both must end.
            self.assertEqual(len(engine_process.marked_pids(directory / "tika.json")), 2)
        self.assertEqual(engine_process.marked_pids(directory / "tika.json"), [])


class CommandTest(Case):
    def run_command(self, *arguments, status=0):
        done = subprocess.run([sys.executable, HERE / "engine.py", *arguments], capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout

    def test_start_list_ask_stop(self):
        directory = str(self.directory())
        self.addCleanup(engine.stop, directory)
        self.run_command("start", "--dir", directory)
        self.assertIn(directory, self.run_command("list"))
        key = self.run_command("connector-key", "--dir", directory, "--index", INDEX).strip()
        self.run_command("request", "--dir", directory, "--api-key", key, "PUT", f"/{INDEX}/_doc/1?refresh=true",
                         '{"name": "Plan"}')
        self.assertEqual(self.run_command("dump", "--dir", directory, "--index", INDEX),
                         '{"_id": "1", "_source": {"name": "Plan"}}\n')
        table = self.run_command("search", "--dir", directory, "--index", INDEX, "--fields", "name,size",
                                 "--query", '{"match": {"name": "plan"}}', "--api-key", key)
        self.assertEqual(table, "name  size\nPlan\n1 documents\n")
        first = engine.attach(directory)
        # Starting again in the same folder replaces the server that runs there.
        self.run_command("start", "--dir", directory)
        self.assertNotEqual(engine.attach(directory).password, first.password)
        self.run_command("stop", "--dir", directory)
        self.run_command("stop", "--dir", directory)
        self.assertNotIn(directory, self.run_command("list"))
        self.run_command("dump", "--dir", directory, "--index", INDEX, status=1)


class ChoiceTest(Case):
    """Which JDK and which version are taken, with JDKs that are only described."""

    def jdk(self, folder, major):
        home = folder / f"jdk-{major}"
        (home / "bin").mkdir(parents=True)
        (home / "bin" / "javac").touch()
        (home / "release").write_text(f'IMPLEMENTOR="X"\nJAVA_VERSION="{major}.0.1"\n')
        return str(home)

    def choose(self, *arguments, **environment):
        with unittest.mock.patch.dict(os.environ, environment, clear=True), \
                unittest.mock.patch("engine_store.JVM_FOLDER", pathlib.Path("/nonexistent")):
            distribution, jdk = engine.choose(*arguments)
            return distribution.version, jdk.major

    def test_takes_the_newest_that_the_jdk_runs(self):
        folder = self.directory()
        self.assertEqual(self.choose("elasticsearch", JAVA_HOME=self.jdk(folder, 17)), ("8.19.21", 17))
        self.assertEqual(self.choose("elasticsearch", JAVA_HOME=self.jdk(folder, 21)), ("9.5.3", 21))
        with self.assertRaisesRegex(engine.EngineUnavailable, "needs JDK 21"):
            self.choose("opensearch", JAVA_HOME=str(folder / "jdk-17"))

    def test_the_environment_fixes_both(self):
        newer, older = self.jdk(self.directory(), 25), self.jdk(self.directory(), 17)
        fixed = {"JAVA_HOME": newer, "DBX_ES_TEST_JAVA_HOME": older}
        self.assertEqual(self.choose("elasticsearch", **fixed), ("8.19.21", 17))
        self.assertEqual(self.choose("elasticsearch", JAVA_HOME=newer, DBX_ES_TEST_ES_VERSION="8.18.3"),
                         ("8.18.3", 25))
        with self.assertRaisesRegex(engine.EngineError, "not the folder of a JDK"):
            self.choose("elasticsearch", DBX_ES_TEST_JAVA_HOME="/nonexistent")


if __name__ == "__main__":
    unittest.main()
