# SPDX-License-Identifier: Apache-2.0
"""The way to a real cluster: its certificate known by fingerprint alone, proxies, and secrets that stay off plain HTTP."""

import hashlib
import pathlib
import ssl
import time

import engines
import http2_front
import tls_front
import tunnel_proxy
import world
from engine_tls import make_client_certificate


def fingerprint(path):
    """As `openssl x509 -fingerprint -sha256` and Elasticsearch print it."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pathlib.Path(path).read_text())).hexdigest().upper()
    return ":".join(digest[at:at + 2] for at in range(0, len(digest), 2))


class SecuredTest(world.Case):
    def setUp(self):
        self.place = self.world(engines.engine(version="8.19.21", tls=True))
        self.place.dropbox.change("demo")

    def test_fingerprint(self):
        known = fingerprint(self.place.engine.ca)
        self.place.set("elasticsearch", ca_certs=None, ca_fingerprint=known)
        self.place.sync("full-sync")
        self.place.assert_index_equals_tree()
        self.place.set("elasticsearch", ca_fingerprint="0" * 64)
        before = self.place.dump()
        run = self.place.run("incremental")
        self.assertEqual(run.code, 0, "nothing has changed, so nobody asks the cluster")
        self.place.dropbox.change("add_file", path="/new.txt", text="new")
        run = self.place.run("incremental")
        self.assertEqual(run.code, 2, run)
        self.assertIn("it sends ", run.stderr)
        self.assertIn(known.replace(":", "").lower(), run.stderr)
        self.assertIn("elasticsearch.ca_fingerprint", run.stderr)
        self.assertEqual(self.place.dump(), before)

    def test_realm_of_certificates(self):
        """Elasticsearch knows the user by the certificate; it gets no other credential."""
        engine = self.place.engine
        self.addCleanup(engine.request, "DELETE", "/_security/role_mapping/dbx-es")
        engine.request("PUT", "/_security/role_mapping/dbx-es",
                       {"enabled": True, "roles": ["superuser"], "rules": {"field": {"realm.name": "pki"}}})
        self.place.set("elasticsearch", api_key=None)
        run = self.place.run("full-sync")
        self.assertEqual(run.code, 4, run)
        self.place.set("elasticsearch", client_cert=engine.client_certificate, client_key=engine.client_key)
        self.place.sync("full-sync")
        self.place.assert_index_equals_tree()
        self.assertIn(f"privilege delete: on {self.place.index}\n", self.place.run("check").stdout)

    def test_proxy(self):
        proxy = tunnel_proxy.TunnelProxy()
        self.addCleanup(proxy.stop)
        cluster = ("CONNECT", self.place.engine.url.removeprefix("https://"))
        self.place.set("elasticsearch", proxy=proxy.url)
        self.place.sync("full-sync")
        self.place.assert_index_equals_tree()
        self.assertEqual(proxy.targets, {cluster})
        for head in proxy.heads:
            self.assertNotIn("Authorization", head)
        # Without the setting the environment counts, and `none` is stronger.
        for setting, seen in ((None, {cluster}), ("none", set())):
            self.place.set("elasticsearch", proxy=setting)
            proxy.heads.clear()
            self.place.sync("full-sync", "--force", environment={"HTTPS_PROXY": proxy.url})
            self.assertEqual(proxy.targets, seen)


class OpenTest(world.Case):
    def test_proxy_of_dropbox(self):
        place = self.world()
        place.dropbox.change("demo")
        proxy = tunnel_proxy.TunnelProxy()
        self.addCleanup(proxy.stop)
        place.set("dropbox", proxy=proxy.url)
        place.set("extraction", mode="local")
        place.sync("full-sync")
        routes = {target.removeprefix(place.dropbox.url) for _, target in proxy.targets}
        for route in ("/oauth2/token", "/2/files/list_folder", "/2/files/download"):
            self.assertIn(route, routes)
        self.assertFalse(any(route.startswith("http") for route in routes), routes)

    def front(self, place, server_url, **options):
        folder = place.folder / "front"
        front = tls_front.TlsFront(server_url, folder, **options)
        self.addCleanup(front.stop)
        return front

    def test_authority_of_dropbox(self):
        place = self.world()
        place.dropbox.change("demo")
        front = self.front(place, place.dropbox.url)
        place.set("dropbox", **{f"{host}_url": front.url for host in ("api", "content")})
        run = place.run("full-sync")
        self.assertEqual(run.code, 2, run)
        self.assertIn("certificate", run.stderr)
        self.assertIn("dropbox.ca_certs", run.stderr)
        place.set("dropbox", ca_certs=str(front.ca))
        place.sync("full-sync")
        place.assert_index_equals_tree()
        place.set("extraction", mode="local")
        run = place.sync("full-sync")
        self.assertGreater(run.summary["content"]["fetched"], 0)

    def test_downloads_share_connections_over_http2(self):
        files = 60
        place = self.world()
        for number in range(files):
            place.dropbox.change("add_file", path=f"/{number}.txt", text=f"text {number}")
        front = http2_front.Http2Front(place.dropbox.url, place.folder / "front")
        self.addCleanup(front.stop)
        place.set("dropbox", ca_certs=str(front.ca), **{f"{host}_url": front.url for host in ("api", "content")})
        place.set("extraction", mode="local")
        place.dropbox.fault("files/download", "stall_before_headers", delay_ms=8000, times=files)
        started = place.begin("full-sync", "--json")
        while place.dropbox.counters().get("files/download", 0) < files:
            self.assertIsNone(started.process.poll(), "the run ended before all downloads had begun")
            time.sleep(0.05)
        self.assertNotIn("/2/files/download", [answer.path for answer in front.answered], "all are under way at once")
        run = started.finish()
        self.assertEqual((run.code, run.summary["content"]["fetched"]), (0, files), run)
        self.assertLessEqual(len({answer.connection for answer in front.answered}), 3)

    def test_client_certificate(self):
        place = self.world()
        place.dropbox.change("demo")
        certificate, key = make_client_certificate(place.folder)
        front = self.front(place, place.engine.url, client_certificate=certificate)
        place.set("elasticsearch", host=front.url, ca_certs=str(front.ca))
        place.set("sync", give_up_after=2)
        run = place.run("full-sync")
        self.assertIn(run.code, (2, 5), run)
        place.set("elasticsearch", client_cert=str(certificate), client_key=str(key))
        place.sync("full-sync")
        place.assert_index_equals_tree()

    def test_no_secret_over_plain_http(self):
        place = self.world()
        place.set("elasticsearch", host="http://search.test:9200")
        run = place.run("full-sync")
        self.assertEqual(run.code, 2, run)
        self.assertIn("elasticsearch.api_key over plain HTTP", run.stderr)
        self.assertIn("--insecure-transport", run.stderr)
        self.assertEqual(run.requests, {}, "a wrong configuration asks nobody")
        place.set("sync", give_up_after=0)
        allowed = place.run("full-sync", "--insecure-transport")
        self.assertEqual(allowed.code, 5, allowed)
        self.assertIn("search.test", allowed.stderr)
