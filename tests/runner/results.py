#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the results in a test runner's log: prints `passed failed skipped`.

    results.py meson    build/meson-logs/testlog.json     test cases of doctest programs, not programs
    results.py unittest LOG                               the sum over every unittest summary in the log
    results.py summary  LOG                               the last line `N passed, N failed`
"""

import json
import re
import sys

DOCTEST = re.compile(r"^\[doctest\] test cases:\s*(\d+)\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed\s*\|\s*(\d+) skipped", re.M)
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in [\d.]+s\s+^(OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$", re.M)


def count_meson(text):
    """Counts a meson testlog.json: one JSON object a line, one line a program."""
    total = (0, 0, 0)
    for line in text.splitlines():
        total = tuple(map(sum, zip(total, _count_program(json.loads(line)))))
    return total


def _count_program(program):
    if program["result"] == "SKIP":
        return 0, 0, 1
    good = program["result"] in ("OK", "EXPECTEDFAIL")
    summary = DOCTEST.search(program.get("stdout", ""))
    if summary is None:
        # Not a doctest program, or one that crashed before it could sum up.
        return (1, 0, 0) if good else (0, 1, 0)
    ran, passed, failed, skipped = map(int, summary.groups())
    if ran == 0 or (not good and failed == 0):
        failed += 1
    return passed, failed, skipped


def count_unittest(text):
    total = (0, 0, 0)
    for summary in UNITTEST.finditer(text):
        details = dict(part.split("=") for part in (summary[3] or "").split(", ") if part)
        failed = sum(int(details.get(key, 0)) for key in ("failures", "errors", "unexpected successes"))
        skipped = int(details.get("skipped", 0))
        # Sub-tests and class set-ups can fail more often than tests were run.
        passed = max(0, int(summary[1]) - failed - skipped)
        total = tuple(map(sum, zip(total, (passed, failed, skipped))))
    return total


def count_summary(text):
    summaries = SUMMARY.findall(text)
    return (*map(int, summaries[-1]), 0) if summaries else (0, 0, 0)


def main():
    count = {"meson": count_meson, "unittest": count_unittest, "summary": count_summary}[sys.argv[1]]
    with open(sys.argv[2], errors="replace") as log:
        print(*count(log.read()))


if __name__ == "__main__":
    main()
