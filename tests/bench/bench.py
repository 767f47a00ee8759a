#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures dbx-es against its bounds and prints a table. Only counts can fail: times depend too much on the machine."""

import argparse
import dataclasses
import pathlib
import sys

import cases
import cluster
import content_cases
import figures
import permission_cases
from rig import Rig

CASES = {"start-up": cases.start_up, "pure-path": cases.pure_path, "latency": cases.latency,
         "loopback": cases.loopback, "memory": cases.memory, "idle": cases.idle, "far-away": cases.far_away, "downloads": content_cases.downloads,
         "download-memory": content_cases.download_memory, "full-syncs": cluster.full_syncs,
         "states": cluster.states, "kibana": cluster.kibana,
         "answers": cluster.answers, "incremental": cluster.incremental, "permissions": permission_cases.permissions}


@dataclasses.dataclass(frozen=True)
class Size:
    """Sizes of the cases. The short form shows that everything still runs; the long form gives the figures."""

    runs: int
    rounds: int
    pure_entries: int
    tree: int
    memory: tuple  # (files, bound in MiB)
    slow_pages: int
    page_latency_ms: int
    cluster_tree: int
    cluster_runs: int
    answers_tree: int
    incremental_tree: int
    idle_runs: int
    downloads: int  # files
    large_files: int
    shared_tree: int
    shared_folders: int


SHORT = Size(runs=1, rounds=2, pure_entries=10_000, tree=20_000, memory=((10_000, 64),), slow_pages=5,
             page_latency_ms=200, cluster_tree=3_000, cluster_runs=1, answers_tree=5_000, incremental_tree=3_000, idle_runs=3,
             downloads=500, large_files=40, shared_tree=5_000, shared_folders=20)
LONG = Size(runs=3, rounds=7, pure_entries=200_000, tree=1_000_000,
            memory=((10_000, 64), (100_000, 64), (1_000_000, 64), (5_000_000, 128)), slow_pages=50,
            page_latency_ms=200, cluster_tree=100_000, cluster_runs=3, answers_tree=20_000,
            incremental_tree=1_000_000, idle_runs=100, downloads=5_000, large_files=200,
            shared_tree=100_000, shared_folders=200)


def measure(build, size, names):
    """Yields each figure as soon as it is measured."""
    rig = Rig(build)
    try:
        for name in names:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            for figure in CASES[name](rig, size):
                print(f"  {figures.line(figure)}", file=sys.stderr, flush=True)
                yield figure
    finally:
        rig.close()


def write(folder, found, size):
    """Writes the table and the samples; returns the table."""
    folder.mkdir(exist_ok=True)
    table = figures.table(found)
    (folder / "results.txt").write_text(table)
    (folder / "results.json").write_text(figures.as_json(found, size))
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="build folder; its optimization decides the figures")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--short", action="store_true", help="small trees, in a minute or two (the default)")
    group.add_argument("--long", action="store_true", help="the trees that the bounds are meant for")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"only these: {', '.join(CASES)}")
    arguments = parser.parse_args()
    if unknown := set(arguments.cases) - CASES.keys():
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    found = []
    try:
        for figure in measure(arguments.build, LONG if arguments.long else SHORT, arguments.cases or CASES):
            found.append(figure)
    finally:
        # The other results are kept when a case fails.
        print(write(pathlib.Path(arguments.build) / "bench", found, "long" if arguments.long else "short"))
    missed = [figure for figure in found if figure.exact and not figure.met]
    for figure in missed:
        print(f"outside its bound: {figure.case}, {figure.what}: {figure.decisive}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
