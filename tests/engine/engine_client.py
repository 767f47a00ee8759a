# SPDX-License-Identifier: Apache-2.0
"""A client for tests: plain requests, API keys with the privileges that dbx-es asks for, dumps of an index."""

import base64
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request

REQUEST_TIMEOUT_S = 60


class HttpFailure(RuntimeError):
    """The server answered 4xx or 5xx; `status` and `body` (parsed where it is JSON) say how."""

    def __init__(self, method, path, status, body):
        super().__init__(f"{method} {path} answered {status}: {body}")
        self.status = status
        self.body = body


class Client:
    """Requests to one server as one user: with a name and password, with an API key, or as nobody."""

    def __init__(self, url, *, username=None, password=None, api_key=None, ca=None):
        self.url = url
        self._authorization = None
        if api_key:
            self._authorization = f"ApiKey {api_key}"
        elif username:
            pair = base64.b64encode(f"{username}:{password}".encode()).decode()
            self._authorization = f"Basic {pair}"
        self._ca = ca
        tls = [urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca))] if ca else []
        # A proxy from the environment must never see what goes to loopback.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), *tls)

    def with_api_key(self, api_key):
        """The same server asked with an API key (the encoded form, as the configuration has it)."""
        return Client(self.url, api_key=api_key, ca=self._ca)

    def request(self, method, path, body=None):
        """Sends `body` (JSON, or NDJSON where it is a list) and returns the parsed answer."""
        data, content_type = None, "application/json"
        if isinstance(body, list):
            data = "".join(json.dumps(line) + "\n" for line in body).encode()
            content_type = "application/x-ndjson"
        elif body is not None:
            data = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": content_type}, method=method)
        if self._authorization:
            request.add_header("Authorization", self._authorization)
        try:
            with self._opener.open(request, timeout=REQUEST_TIMEOUT_S) as response:
                return _parsed(response.read())
        except urllib.error.HTTPError as failure:
            with failure:
                raise HttpFailure(method, path, failure.code, _parsed(failure.read())) from None

    def bulk(self, lines, *, refresh=True):
        """Sends action and source lines; raises when an item fails."""
        answer = self.request("POST", f"/_bulk?refresh={str(refresh).lower()}", lines)
        if answer["errors"]:
            failed = [item for row in answer["items"] for item in row.values() if item["status"] >= 300]
            raise HttpFailure("POST", "/_bulk", failed[0]["status"], failed)
        return answer

    def index_documents(self, index, documents):
        """Writes {id: source} and makes it searchable."""
        self.bulk([line for key, source in documents.items()
                   for line in ({"index": {"_index": index, "_id": key}}, source)])

    def search(self, index, query=None, **body):
        """The hits of one search (100 unless `size` says otherwise)."""
        body = {"size": 100, "query": query or {"match_all": {}}, **body}
        return self.request("POST", f"/{_quoted(index)}/_search", body)["hits"]["hits"]

    def refresh(self, index):
        self.request("POST", f"/{_quoted(index)}/_refresh")

    def count(self, index):
        self.refresh(index)
        return self.request("GET", f"/{_quoted(index)}/_count")["count"]

    def dump(self, index):
        """Every document of an index as {id: source}. Scrolls, which every engine can."""
        self.refresh(index)
        page = self.request("POST", f"/{_quoted(index)}/_search?scroll=5m", {"size": 1000, "sort": ["_doc"]})
        documents = {}
        while page["hits"]["hits"]:
            documents.update((hit["_id"], hit["_source"]) for hit in page["hits"]["hits"])
            page = self.request("POST", "/_search/scroll", {"scroll": "5m", "scroll_id": page["_scroll_id"]})
        self.request("DELETE", "/_search/scroll", {"scroll_id": [page["_scroll_id"]]})
        return documents

    def delete_index(self, index):
        """Deletes an index; fine when there is none."""
        self.request("DELETE", f"/{_quoted(index)}?ignore_unavailable=true")

    def connector_key(self, index, *, name="dbx-es"):
        """An encoded API key with the privileges that the Elastic connector reference lists, and no others."""
        indices = [{"names": [index, f".search-acl-filter-{index}", ".elastic-connectors*"],
                    "privileges": ["all"], "allow_restricted_indices": False}]
        role = {"cluster": ["monitor", "manage_connector"], "indices": indices}
        try:
            return self._create_key(name, {"connector": role})
        except HttpFailure as failure:
            if failure.status != 400 or "manage_connector" not in str(failure.body):
                raise
        # Engines before 8.15 do not know that privilege.
        return self._create_key(name, {"connector": {**role, "cluster": ["monitor"]}})

    def reader_key(self, index, query=None, *, name="reader"):
        """An encoded API key that may only read `index`, and of it only what `query` matches."""
        privilege = {"names": [index], "privileges": ["read", "view_index_metadata"]}
        if query is not None:
            privilege["query"] = query
        return self._create_key(name, {"reader": {"cluster": ["monitor"], "indices": [privilege]}})

    def _create_key(self, name, roles):
        return self.request("POST", "/_security/api_key", {"name": name, "role_descriptors": roles})["encoded"]


def _quoted(index):
    return urllib.parse.quote(index, safe="*,")


def _parsed(body):
    text = body.decode(errors="replace")
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
