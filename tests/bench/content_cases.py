# SPDX-License-Identifier: Apache-2.0
"""The cases about the content of files: how close many downloads come to the bound of their latency, and how much memory
they take."""

from cases import expect
from figures import Figure

CONCURRENCY = 100
FILE_BYTES = 8 << 10
LATENCY_MS = 20
LARGE_BYTES = 10 << 20
MAX_MEMORY_MIB = 256
BESIDES_MIB = 64


def downloads(rig, size):
    """Small slow files: the allowed number of downloads has to be in flight all the time."""
    with rig.dropbox() as dropbox:
        _add_files(dropbox, size.downloads, FILE_BYTES)
        dropbox.fault("files/download", "stall_before_headers", delay_ms=LATENCY_MS, times=0)
        ideal = size.downloads * LATENCY_MS / 1000 / CONCURRENCY
        costs = []
        for _ in range(size.runs):
            # A new sink each time: the first run makes the index, and later runs would compare with it.
            with rig.sink() as sink:
                target = rig.target(dropbox, sink.url, "downloads", compression="off")
                costs.append(_run(target, size.downloads))
                target.forget()
        yield Figure("downloads", f"time over {size.downloads:,} files × {LATENCY_MS} ms / {CONCURRENCY}", "ratio",
                     [cost.wall_s / ideal for cost in costs], 1 / 0.9, "less")
        yield Figure("downloads", "own CPU a file of 8 KiB", "µs",
                     [cost.cpu_s / size.downloads * 1e6 for cost in costs], 300, "less")


def download_memory(rig, size):
    """Large files, more at a time than fit into memory."""
    with rig.dropbox() as dropbox, rig.sink() as sink:
        _add_files(dropbox, size.large_files, LARGE_BYTES)
        target = rig.target(dropbox, sink.url, "download-memory", compression="off")
        cost = _run(target, size.large_files)
        yield Figure("download-memory", f"peak, {size.large_files} files of 10 MiB", "MiB", [cost.peak_kib / 1024],
                     MAX_MEMORY_MIB + BESIDES_MIB, "less")
        yield Figure("download-memory", "own CPU a MiB", "ms",
                     [cost.cpu_s * 1000 / (size.large_files * LARGE_BYTES / (1 << 20))], 20, "less")


def _add_files(dropbox, count, file_bytes):
    for number in range(count):
        dropbox.change("add_file", path=f"/{number % 100}/{number}.txt", size=file_bytes, seed=number)


def _run(target, files):
    cost = target.run("full-sync", "--extraction", "local")
    expect(cost.summary["content"]["fetched"] == files, f"{cost.summary['content']} for {files} files")
    return cost
