# SPDX-License-Identifier: Apache-2.0
"""The cases: each measures one thing and its yardstick in one run, and yields its figures."""

import json
import shutil
import statistics

from figures import Figure
from rig import distant

LIST_ROUTES = "files/list_folder*"
# The path table outgrows the processor's caches; quadratic growth would be far above this.
LINEAR_WITHIN = 1.5


def pure_path(rig, size):
    """Listing pages in memory to NDJSON in memory, next to RapidJSON alone over the same bytes."""
    measured = json.loads(rig.measure(rig.program("pure-path"), str(size.pure_entries), str(size.rounds)).output)
    rates = [measured["entries"] / (millis / 1000) for millis in measured["path_ms"]]
    shares = [alone / path for alone, path in zip(measured["parse_ms"], measured["path_ms"])]
    in_place = statistics.median(measured["in_place_ms"]) / statistics.median(measured["path_ms"])
    sizes = [measured[size] / measured["entries"] for size in ("bytes_in", "bytes_out")]
    note = "{:.0f} bytes in and {:.0f} bytes out an entry".format(*sizes)
    yield Figure("pure path", "entries a second", "1/s", rates, 450_000, "more", note=note)
    yield Figure("pure path", "speed beside that of RapidJSON's reader", "share", shares, 0.45, "more",
                 note=f"beside its reader in place: {in_place:.2f}")


def loopback(rig, size):
    """The simulated Dropbox, dbx-es, and a cluster that keeps nothing."""
    with rig.dropbox("--tree", str(size.tree)) as dropbox:
        items = len_of_tree(rig, dropbox)
        for compression, bound_us in (("off", 6), ("on", 9)):
            costs, answered = [], []
            for _ in range(size.runs):
                with rig.sink() as sink:
                    target = rig.target(dropbox, sink.url, f"loopback-{compression}", compression=compression)
                    costs.append(target.run("full-sync"))
                    target.forget()
                    counters = sink.counters()
                    expect(counters["actions"] == items, f"{counters} for {items} entries")
                    answered.append(counters["bulk_bytes_answered"] / counters["actions"])
            case = "loopback" if compression == "off" else "loopback, gzip"
            if compression == "off":
                yield Figure(case, "entries a second", "1/s", [items / cost.wall_s for cost in costs], 150_000, "more")
            yield Figure(case, "own CPU an entry", "µs", [cost.cpu_s / items * 1e6 for cost in costs], bound_us, "less")
            if compression == "off":
                yield Figure(case, f"peak memory, {items:,} entries", "MiB",
                             [cost.peak_kib / 1024 for cost in costs], 64, "less")


def memory(rig, size):
    """Peak memory over trees of different sizes, and whether cost grows with the size alone."""
    each = []
    for files, bound in size.memory:
        with rig.dropbox("--tree", str(files)) as dropbox, rig.sink() as sink:
            target = rig.target(dropbox, sink.url, f"memory-{files}", compression="off")
            cost = target.run("full-sync")
            entries = sink.counters()["actions"]
            yield Figure("memory", f"peak, {entries:,} entries", "MiB", [cost.peak_kib / 1024], bound, "less")
            each.append(cost.cpu_s / entries * 1e6)
            yield Figure("memory", f"own CPU an entry, {entries:,} entries", "µs", each[-1:], 6, "less")
    if len(each) > 2:
        # The smallest tree is left out: start-up counts for much in it.
        yield Figure("memory", "own CPU an entry in the largest tree beside the second smallest", "ratio",
                     [each[-1] / each[1]], LINEAR_WITHIN, "less")


def latency(rig, size):
    """Slow pages: everything else has to happen while they are on their way."""
    with rig.dropbox("--tree", str(size.slow_pages * 2000 - 1000)) as dropbox, rig.sink() as sink:
        # Rendered beforehand, so that the time of a page is its latency.
        len_of_tree(rig, dropbox)
        dropbox.fault(LIST_ROUTES, "stall_before_headers", delay_ms=size.page_latency_ms, times=0)
        before = sum(count for route, count in dropbox.counters().items() if route.startswith("files/list_folder"))
        target = rig.target(dropbox, sink.url, "latency", compression="off")
        costs = []
        for _ in range(size.runs):
            target.forget()
            costs.append(target.run("full-sync"))
        after = sum(count for route, count in dropbox.counters().items() if route.startswith("files/list_folder"))
        pages = (after - before) // size.runs
        ideal = pages * size.page_latency_ms / 1000
        yield Figure("latency", f"time over {pages} pages × {size.page_latency_ms} ms", "ratio",
                     [cost.wall_s / ideal for cost in costs], 1.05, "less")


def start_up(rig, size):
    """Most of the time is the dynamic loader's, for the libraries of libcurl; curl itself shows how much on this machine."""
    costs, curls = [], []
    for _ in range(size.idle_runs):
        costs.append(rig.measure(rig.dbx_es, "--version"))
        curls.append(rig.measure(shutil.which("curl"), "--version"))
    yield Figure("start-up", "--version", "ms", [cost.wall_s * 1000 for cost in costs], 25, "less")
    yield Figure("start-up", "--version, time beside that of curl --version", "ratio",
                 [ours.wall_s / theirs.wall_s for ours, theirs in zip(costs, curls)], 2, "less")
    yield Figure("start-up", "--version, peak memory", "MiB", [cost.peak_kib / 1024 for cost in costs], 16, "less")


def idle(rig, size):
    """An incremental run that finds nothing. It sends nothing to the cluster, so no cluster shares the machine."""
    with rig.dropbox("--tree", str(size.incremental_tree)) as dropbox, rig.sink() as sink:
        target = rig.target(dropbox, sink.url, "idle")
        items = target.run("full-sync").summary["documents"]["created"]
        costs, curls = [], []
        # Often enough to find a quiet moment: such a run is shorter than a time slice of the scheduler.
        for _ in range(size.idle_runs):
            costs.append(target.run("incremental"))
            curls.append(rig.measure(shutil.which("curl"), "--version").cpu_s * 1000)
        note = f"curl --version in between: {min(curls):.2f} at least, {statistics.median(curls):.2f} as the median"
        yield from requests_of(f"no change in {items:,}", costs, received=1, dropbox_bound=1,
                               elasticsearch_bound=0, cpu_ms=25, note=note)


def far_away(rig, size):
    """An incremental run that finds nothing, at a distance of 100 ms a round trip and with TLS, beside a client that opens one
    connection and sends one request. Both wait for the same network, in turn."""
    with rig.dropbox("--tree", "1000") as dropbox, rig.sink() as sink:
        far = distant.DistantDropbox(dropbox, rig.folder / "front", round_trip_s=0.1)
        try:
            target = rig.target(dropbox, sink.url, "far-away", dropbox_settings=far.settings)
            target.run("full-sync")
            ratios, requests = [], []
            for _ in range(size.idle_runs):
                alone = far.handshake_and_request()
                cost = target.run("incremental")
                ratios.append(cost.wall_s / alone)
                requests.append(cost.summary["dropbox"]["requests"])
            yield Figure("far away", "time of a run that finds nothing beside one connection and one request", "ratio", ratios,
                         1.2, "less")
            yield Figure("far away", "requests to Dropbox", "requests", requests, 2, "less", exact=True)
        finally:
            far.stop()


def requests_of(case, costs, *, received, dropbox_bound, elasticsearch_bound, cpu_ms, note=""):
    """`received`: how often the received files are listed. The access token is that of the run before."""
    summaries = [cost.summary for cost in costs]
    yield Figure(case, "requests to Dropbox beyond received files", "requests",
                 [summary["dropbox"]["requests"] - received for summary in summaries],
                 dropbox_bound, "less", exact=True)
    yield Figure(case, "requests to Elasticsearch", "requests",
                 [summary["elasticsearch"]["requests"] for summary in summaries], elasticsearch_bound, "less",
                 exact=True)
    yield Figure(case, "own CPU", "ms", [cost.cpu_s * 1000 for cost in costs], cpu_ms, "less", note=note)


def len_of_tree(rig, dropbox):
    """Returns the number of entries of a listing; renders its pages, which the simulated Dropbox keeps."""
    listing = rig.folder / "listing.ndjson"
    target = rig.target(dropbox, "http://127.0.0.1:9", "listing")
    summary = target.run("full-sync", "--output", str(listing)).summary
    listing.unlink()
    return summary["documents"]["created"]


def expect(met, sentence):
    """Counts are exact: a wrong count is a defect, not a slow machine."""
    if not met:
        raise AssertionError(sentence)
