#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real Elasticsearch, OpenSearch and Tika servers for tests: as a library and as a command.

As a library, with tests/engine in sys.path:

    import engine
    with engine.running() as es:                      # or running("opensearch"), running(version="8.19.21", tls=True)
        key = es.connector_key("my-index")            # for [elasticsearch] api_key
        ...
        documents = es.dump("my-index")               # {id: source}
        reader = es.with_api_key(es.reader_key("my-index", query))
        hits = reader.search("my-index", {"match": {"body": "budget"}})

The environment decides what is used:
    DBX_ES_TEST_JAVA_HOME    the JDK; default: the newest of JAVA_HOME and those that the system keeps
    DBX_ES_TEST_ES_VERSION   the Elasticsearch; default: the newest that the JDK can run
    DBX_ES_TEST_HEAP_MB      the heap of an engine; default: 512
    DBX_ES_TEST_CACHE        where the downloads are kept, up to 200 MB each; default: dbx-es-test in the
                             user's cache folder, or in /var/cache when root's is closed to the engine's user
"""

import argparse
import dataclasses
import json
import sys

from engine_client import Client, HttpFailure
from engine_process import EngineError, running_servers
from engine_server import Engine, attach, running, start, stop
from engine_store import DISTRIBUTIONS, EngineUnavailable, choose, jdks
from engine_tika import running_tika, start_tika, stop_tika
from engine_tls import make_certificates

__all__ = ["Client", "DISTRIBUTIONS", "Engine", "EngineError", "EngineUnavailable", "HttpFailure", "attach", "choose",
           "jdks", "make_certificates", "running", "running_servers", "running_tika", "start", "start_tika", "stop",
           "stop_tika"]


def _start(options):
    server = start(options.dir, options.engine, options.version, options.tls)
    print(json.dumps(dataclasses.asdict(server), indent=2))


def _list(_):
    for facts in running_servers():
        print("{engine} {version}\t{url}\tpid {pid}\t{directory}".format(**facts))


def _tika(options):
    if options.action == "stop":
        stop_tika(options.dir)
    else:
        print(start_tika(options.dir))


def _connector_key(options):
    print(attach(options.dir).connector_key(options.index))


def _reader_key(options):
    query = json.loads(options.query) if options.query else None
    print(attach(options.dir).reader_key(options.index, query))


def _request(options):
    server = attach(options.dir)
    client = server.with_api_key(options.api_key) if options.api_key else server
    body = json.loads(options.body) if options.body else None
    print(json.dumps(client.request(options.method, options.path, body), indent=2, ensure_ascii=False))


def _search(options):
    server = attach(options.dir)
    client = server.with_api_key(options.api_key) if options.api_key else server
    fields = options.fields.split(",")
    query = json.loads(options.query) if options.query else None
    hits = client.search(options.index, query, size=options.size, _source=fields)
    rows = sorted([str(hit["_source"].get(field, "")) for field in fields] for hit in hits)
    _print_table([fields] + rows)
    print(f"{len(rows)} documents")


def _print_table(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def _dump(options):
    for key, source in sorted(attach(options.dir).dump(options.index).items()):
        print(json.dumps({"_id": key, "_source": source}, ensure_ascii=False))


def _parser():
    parser = argparse.ArgumentParser(description="Real search engines and a real text extractor for tests.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name, function, help_text, *, index=False):
        added = commands.add_parser(name, help=help_text)
        added.set_defaults(function=function)
        if name != "list":
            added.add_argument("--dir", required=True, help="the folder that knows the server")
        if index:
            added.add_argument("--index", required=True)
        return added

    starting = command("start", _start, "boot a server; prints what DIR/engine.json holds")
    starting.add_argument("--engine", choices=["elasticsearch", "opensearch"], default="elasticsearch")
    starting.add_argument("--version", help="default: the newest that the newest JDK here can run")
    starting.add_argument("--tls", action="store_true", help="HTTPS with a certificate of DIR/ca.pem")
    command("stop", lambda options: stop(options.dir), "end the server and remove its data")
    command("list", _list, "the test servers that run on this machine")
    command("tika", _tika, "boot or end a Tika server").add_argument("action", choices=["start", "stop"])
    command("connector-key", _connector_key, "make an API key for dbx-es", index=True)
    command("reader-key", _reader_key, "make an API key that may only read", index=True).add_argument(
        "--query", help="JSON query or template: the documents that the key may see")
    command("dump", _dump, "print every document of an index as a line of JSON", index=True)
    finding = command("search", _search, "print a table of the documents that a query finds", index=True)
    finding.add_argument("--fields", default="name", help="separated by commas; rows are sorted by them")
    finding.add_argument("--query", help="JSON; default: every document")
    finding.add_argument("--size", type=int, default=100, help="documents shown at most; default: %(default)s")
    finding.add_argument("--api-key", help="search with this key and not as the superuser")
    asking = command("request", _request, "send a request as the superuser or with an API key")
    asking.add_argument("method")
    asking.add_argument("path")
    asking.add_argument("body", nargs="?")
    asking.add_argument("--api-key")
    return parser


def main():
    options = _parser().parse_args()
    try:
        options.function(options)
    except (EngineError, HttpFailure) as error:
        print(f"engine.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
