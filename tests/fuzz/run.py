#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the fuzz targets with clang and runs each of them for some seconds, as many at once as there are cores.

    tests/fuzz/run.py --seconds 20             all targets
    tests/fuzz/run.py --seconds 600 xml docx   these
    tests/fuzz/run.py --merge                  keep of the found inputs what reaches new code, in tests/fuzz/corpus

An input that makes a target fail is stored in tests/fuzz/failures/TARGET: the unit tests replay it from then on. Found
inputs stay in the build folder, and the next run starts from them. The last line is `N passed, N failed`.
"""

import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys

FUZZ = pathlib.Path(__file__).resolve().parent
ROOT = FUZZ.parents[1]
BUILD = ROOT / "build-fuzz"
PROGRAM = BUILD / "tests/fuzz/fuzz_targets"
# A single input may take this many seconds and MiB: the sanitizers multiply both.
INPUT_SECONDS = 10
MEMORY_MIB = 2048
# Of an input that is generated, unless a seed is longer: libFuzzer would cut it.
MOST_BYTES = 4096
# What a merge leaves in the corpus of one target.
MOST_SEED_BYTES = 16 << 10
# The check of dynamic types needs pipes, which the processes that read untrusted files must not make.
SETUP = ["-Dfuzz=true", "-Dbuildtype=debug", "-Doptimization=1", "-Ddebug=false", "-Db_lundef=false",
         "-Db_sanitize=address,undefined", "-Dcpp_args=-fno-sanitize=vptr -gline-tables-only"]


def build():
    if not (BUILD / "build.ninja").exists():
        clang = subprocess.run([ROOT / "tests/setup.sh", "clang"], check=True, capture_output=True, text=True).stdout.strip()
        compiler = os.environ | {"CXX": f"ccache clang++-{clang}"}
        subprocess.run(["meson", "setup", BUILD, ROOT, *SETUP], check=True, env=compiler, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "--quiet", "-C", BUILD, PROGRAM.relative_to(BUILD)], check=True)


def environment(target):
    suppressions = ROOT / "tests/runner/undefined-behaviour.supp"
    return os.environ | {
        "FUZZ": target,
        "UBSAN_OPTIONS": f"halt_on_error=1:print_stacktrace=1:suppressions={suppressions}",
    }


def all_targets():
    listed = subprocess.run([PROGRAM], env=environment(""), capture_output=True, text=True)
    return listed.stdout.split()


def run(target, seconds):
    """Returns whether the target passed, and the end of its output if not."""
    found, failures = BUILD / "found" / target, FUZZ / "failures" / target
    seeds = FUZZ / "corpus" / target
    found.mkdir(parents=True, exist_ok=True)
    failures.mkdir(parents=True, exist_ok=True)
    longest = max([MOST_BYTES, *(seed.stat().st_size for seed in seeds.iterdir())])
    command = [PROGRAM, f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MEMORY_MIB}",
               f"-max_len={longest}", f"-artifact_prefix={failures}/", "-print_final_stats=1", found, seeds]
    done = subprocess.run(command, env=environment(target), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          errors="replace", text=True)
    if not any(failures.iterdir()):
        failures.rmdir()
    lines = done.stdout.splitlines()
    executed = next((line.split()[-1] for line in lines if line.startswith("stat::number_of_executed")), "?")
    print(f"{'ok' if done.returncode == 0 else 'FAILED':6} {target}: {executed} inputs", flush=True)
    return done.returncode == 0, "" if done.returncode == 0 else "\n".join(lines[-60:])


def merge(target):
    """Adds found inputs that reach new code to the corpus, the smallest first, as long as it stays small."""
    merged = BUILD / "merged" / target
    merged.mkdir(parents=True, exist_ok=True)
    seeds = FUZZ / "corpus" / target
    for path in merged.iterdir():
        path.unlink()
    subprocess.run([PROGRAM, "-merge=1", merged, seeds, BUILD / "found" / target], env=environment(target),
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    size = sum(path.stat().st_size for path in seeds.iterdir())
    known = {path.read_bytes() for path in seeds.iterdir()}
    for path in sorted(merged.iterdir(), key=lambda path: path.stat().st_size):
        content = path.read_bytes()
        if content in known or size + len(content) > MOST_SEED_BYTES:
            continue
        (seeds / path.name[:12]).write_bytes(content)
        size += len(content)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=20, help="for each target")
    parser.add_argument("--merge", action="store_true")
    parser.add_argument("targets", nargs="*")
    arguments = parser.parse_args()
    build()
    targets = arguments.targets or all_targets()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        if arguments.merge:
            list(pool.map(merge, targets))
            return 0
        results = list(pool.map(lambda target: run(target, arguments.seconds), targets))
    for target, (passed, output) in zip(targets, results):
        if not passed:
            print(f"\n== {target}\n{output}")
    failed = sum(not passed for passed, _ in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
