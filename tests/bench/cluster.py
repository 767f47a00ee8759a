# SPDX-License-Identifier: Apache-2.0
"""The cases with a real Elasticsearch."""

import contextlib
import subprocess
import time
import urllib.parse

from cases import expect, len_of_tree, requests_of
from figures import Figure
from rig import engines, holding_proxy, relay

CHUNK_BYTES = 5 << 20
SENDERS = (1, 2, 4)


@contextlib.contextmanager
def cluster():
    with contextlib.ExitStack() as stack:
        engine = engines.engine()
        stack.callback(engine.delete_index, "bench-*")
        yield engine


def target_of(rig, dropbox, engine, index, url=None):
    return rig.target(dropbox, url or engine.url, index, api_key=engine.connector_key(index))


class RawSenders:
    """The same documents from a ready file, sent by curl."""

    def __init__(self, rig, engine, dropbox):
        self._engine = engine
        listing = rig.folder / "raw.ndjson"
        rig.target(dropbox, "http://127.0.0.1:9", "raw").run("full-sync", "--output", str(listing))
        self._chunks = self._split(listing)
        self._headers = rig.folder / "raw.headers"
        self._headers.write_text("Content-Type: application/x-ndjson\n"
                                 f"Authorization: ApiKey {engine.connector_key('bench-*')}\n")

    @staticmethod
    def _split(listing):
        chunks, size, part = [], 0, None
        with listing.open("rb") as lines:
            for action in lines:
                source = next(lines)
                if part is None or size + len(action) + len(source) > CHUNK_BYTES:
                    if part:
                        part.close()
                    chunks.append(listing.with_suffix(f".{len(chunks)}"))
                    part, size = chunks[-1].open("wb"), 0
                part.write(action + source)
                size += len(action) + len(source)
        if part:
            part.close()
        listing.unlink()
        return chunks

    def seconds(self, index, like, senders):
        """Time that `senders` in parallel take to send everything into an index with the settings of `like`."""
        made = self._engine.request("GET", f"/{like}")[like]
        settings = {name: made["settings"]["index"][name] for name in ("number_of_shards", "auto_expand_replicas")}
        self._engine.delete_index(index)
        self._engine.request("PUT", f"/{index}", {"mappings": made["mappings"], "settings": {"index": settings}})
        url = f"{self._engine.url}/{index}/_bulk?filter_path=errors"
        # A small cluster answers 429 now and then; the sender has to try again.
        command = ["xargs", "-P", str(senders), "-I{}", "curl", "--silent", "--show-error", "--fail", "--retry", "20",
                   "--retry-delay", "1", "--noproxy", "*", "--header", f"@{self._headers}", "--data-binary", "@{}", url]
        begin = time.monotonic()
        done = subprocess.run(command, input="\n".join(map(str, self._chunks)), capture_output=True, text=True, check=False)
        expect(done.returncode == 0, done.stderr)
        seconds = time.monotonic() - begin
        expect('"errors":true' not in done.stdout, "the cluster refused documents")
        return seconds


def full_syncs(rig, size):
    """A first full sync against the rate at which the cluster accepts the same bytes; then one without changes."""
    with cluster() as engine, rig.dropbox("--tree", str(size.cluster_tree)) as dropbox:
        items = len_of_tree(rig, dropbox)
        raw = RawSenders(rig, engine, dropbox)
        ours, theirs, again, writes = [], [], [], []
        for number in range(size.cluster_runs + 1):
            index = f"bench-{number}"
            target = target_of(rig, dropbox, engine, index)
            first = target.run("full-sync")
            expect(first.summary["documents"]["created"] == items, first.output)
            best = min(raw.seconds(f"bench-raw-{number}", index, senders) for senders in SENDERS)
            engine.refresh(index)
            second = target.run("full-sync")
            documents = second.summary["documents"]
            expect(documents["unchanged"] == items, second.output)
            writes.append(sum(documents[what] for what in ("created", "updated", "deleted")))
            engine.delete_index(f"{index},bench-raw-{number}")
            # The first round warms the cluster up.
            if number > 0:
                ours.append(first), theirs.append(best), again.append(second)
        shares = [best / first.wall_s for first, best in zip(ours, theirs)]
        case = f"cluster, {items:,} entries"
        yield Figure(case, "first full sync, rate beside that of curl", "share", shares, 0.9, "more",
                     note=f"dbx-es {items / min(cost.wall_s for cost in ours):,.0f} documents a second, "
                          f"the best of {SENDERS} curl senders {items / min(theirs):,.0f}")
        yield Figure(case, "second full sync, time beside the first", "share",
                     [second.wall_s / first.wall_s for first, second in zip(ours, again)], 0.25, "less",
                     note=f"own CPU {min(cost.cpu_s for cost in again) / items * 1e6:.1f} µs an entry")
        yield Figure(case, "second full sync, documents written", "documents", writes, 0, "less", exact=True)


def states(rig, size):
    """A first full sync whose state is in the cluster beside one whose state is in a folder, in turn."""
    with cluster() as engine, rig.dropbox("--tree", str(size.cluster_tree)) as dropbox:
        items = len_of_tree(rig, dropbox)
        runs = {"folder": [], "cluster": []}
        for number in range(size.cluster_runs + 1):
            # Each is the first one as often as the second.
            for state in sorted(runs, reverse=number % 2 == 0):
                index = f"bench-{state}-{number}"
                engine.delete_index(f"dbx-es-{index}")
                key = engine.connector_key(f"*{index}")
                cost = rig.target(dropbox, engine.url, index, state=state, api_key=key).run("full-sync")
                expect(cost.summary["documents"]["created"] == items, cost.output)
                for made in (index, f"dbx-es-{index}"):
                    engine.delete_index(made)
                # The first round warms the cluster up.
                if number > 0:
                    runs[state].append(cost)
        case = f"state in the cluster, {items:,} entries"
        folder, shared = runs["folder"], runs["cluster"]
        pairs = list(zip(folder, shared))
        yield Figure(case, "first full sync, time beside that with a folder", "share",
                     [cluster.wall_s / local.wall_s for local, cluster in pairs], 1.05, "less")
        yield Figure(case, "first full sync, CPU beside that with a folder", "share",
                     [cluster.cpu_s / local.cpu_s for local, cluster in pairs], 1.05, "less")
        yield Figure(case, "first full sync, memory more than with a folder", "MiB",
                     [(cluster.peak_kib - local.peak_kib) / 1024 for local, cluster in pairs], 8, "less", exact=True)


def kibana(rig, size):
    """A first full sync that Kibana shows beside one that it does not, in turn; and the requests that it takes."""
    with cluster() as engine, rig.dropbox("--tree", str(size.cluster_tree)) as dropbox:
        items = len_of_tree(rig, dropbox)

        def target_for(shown, number, url=engine.url):
            index = f"bench-{'shown' if shown else 'alone'}-{number}"
            target = rig.target(dropbox, url, index, connector=index if shown else None,
                                api_key=engine.connector_key(index))
            if shown:
                target.run("connector", "register")
            return target

        runs = {False: [], True: []}
        for number in range(size.cluster_runs + 1):
            # Each is the first one as often as the second.
            for shown in sorted(runs, reverse=number % 2 == 0):
                target = target_for(shown, number)
                cost = target.run("full-sync")
                expect(cost.summary["documents"]["created"] == items, cost.output)
                engine.delete_index(target.index)
                # The first round warms the cluster up.
                if number > 0:
                    runs[shown].append(cost)
        case = f"Kibana, {items:,} entries"
        pairs = list(zip(runs[False], runs[True]))
        yield Figure(case, "first full sync, time beside that without a connector", "share",
                     [shown.wall_s / alone.wall_s for alone, shown in pairs], 1.02, "less")
        yield Figure(case, "first full sync, CPU beside that without a connector", "share",
                     [shown.cpu_s / alone.cpu_s for alone, shown in pairs], 1.02, "less")
        # All of them: a summary lacks those before a run and at its end.
        proxy = holding_proxy.HoldingProxy(engine.url)
        try:
            asked = {}
            for shown in (False, True):
                target = target_for(shown, "counted", proxy.url)
                for command in ("full-sync", "incremental"):
                    before = proxy.requests
                    cost = target.run(command)
                    # Two for each sign of life.
                    asked[shown, command] = proxy.requests - before - (2 * int(cost.wall_s / 10) if shown else 0)
        finally:
            proxy.stop()
        for name in (".elastic-connectors-v1", ".elastic-connectors-sync-jobs-v1"):
            engine.delete_index(name)
        # Settings, lock and job, both ends.
        yield Figure(case, "requests more of a first full sync", "requests",
                     [asked[True, "full-sync"] - asked[False, "full-sync"]], 3, "less", exact=True)
        yield Figure(case, "requests of a run that finds nothing", "requests", [asked[True, "incremental"]], 3, "less",
                     exact=True)


def answers(rig, size):
    """Size of the cluster's answers while a new index is filled, nearly all of them to bulk requests."""
    with cluster() as engine, rig.dropbox("--tree", str(size.answers_tree)) as dropbox:
        address = urllib.parse.urlsplit(engine.url)
        between = relay.Relay((address.hostname, address.port))
        try:
            target = target_of(rig, dropbox, engine, "bench-answers", f"http://127.0.0.1:{between.port}")
            created = target.run("full-sync").summary["documents"]["created"]
        finally:
            between.stop()
        yield Figure("cluster", "bytes answered to a first full sync, a document", "bytes",
                     [between.answered_bytes / created], 50, "less", exact=True)


def make_changes(dropbox, run):
    """100 changes: files added, edited, moved and deleted; others in each run."""
    paths = [item["path_display"] for item in dropbox.ask("snapshot") if item["type"] == "file"]
    step = max(1, len(paths) // 90)
    for number in range(10):
        dropbox.change("add_file", path=f"/new {run} {number}.txt", text=f"new {number}")
    for number, path in enumerate(paths[run::step][:90]):
        if number < 70:
            dropbox.change("overwrite", path=path, text=f"edited {run} {number}")
        elif number < 80:
            dropbox.change("move", **{"from": path, "to": f"/moved/{run} {number}.txt"})
        else:
            dropbox.change("delete", path=path)


def incremental(rig, size):
    """The cost of 100 changes."""
    with cluster() as engine, rig.dropbox("--tree", str(size.incremental_tree)) as dropbox:
        target = target_of(rig, dropbox, engine, "bench-incremental")
        items = target.run("full-sync").summary["documents"]["created"]
        costs = []
        for run in range(size.runs):
            make_changes(dropbox, run)
            costs.append(target.run("incremental"))
            documents = costs[-1].summary["documents"]
            expect(documents["created"] + documents["updated"] + documents["deleted"] >= 100, costs[-1].output)
        yield from requests_of(f"100 changes in {items:,}", costs, received=2, dropbox_bound=3,
                               elasticsearch_bound=8, cpu_ms=50)
