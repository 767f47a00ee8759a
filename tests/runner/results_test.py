# SPDX-License-Identifier: Apache-2.0
"""A misread log would hide failures, so each way in which a runner can report one is tested here."""

import json
import unittest

import results


def program(result, stdout=None):
    return json.dumps({"name": "x", "result": result, **({} if stdout is None else {"stdout": stdout})}) + "\n"


def doctest(ran, passed, failed, skipped=0):
    return (f'[doctest] doctest version is "2.4.9"\n[doctest] test cases: {ran:3} | {passed:3} passed | '
            f"{failed} failed | {skipped} skipped\n[doctest] assertions: 9 | 9 passed | 0 failed |\n")


class MesonTest(unittest.TestCase):
    def test_counts_test_cases_of_all_programs(self):
        log = program("OK", doctest(12, 12, 0)) + program("FAIL", doctest(5, 3, 2, 1))
        self.assertEqual(results.count_meson(log), (15, 2, 1))

    def test_a_crash_is_a_failure(self):
        self.assertEqual(results.count_meson(program("FAIL", "Segmentation fault")), (0, 1, 0))
        self.assertEqual(results.count_meson(program("TIMEOUT")), (0, 1, 0))

    def test_a_bad_end_after_a_good_summary_is_a_failure(self):
        self.assertEqual(results.count_meson(program("FAIL", doctest(4, 4, 0) + "LeakSanitizer")), (4, 1, 0))

    def test_a_program_without_test_cases_is_a_failure(self):
        self.assertEqual(results.count_meson(program("OK", doctest(0, 0, 0))), (0, 1, 0))

    def test_other_programs_count_as_one(self):
        self.assertEqual(results.count_meson(program("OK", "fine") + program("SKIP")), (1, 0, 1))


class UnittestTest(unittest.TestCase):
    def test_sums_all_summaries(self):
        log = ("Ran 3 tests in 0.1s\n\nOK\nnoise\nRan 1 test in 12.0s\n\nOK (skipped=1)\n"
               "Ran 9 tests in 1.0s\n\nFAILED (failures=1, errors=2, skipped=1, unexpected successes=1)\n")
        self.assertEqual(results.count_unittest(log), (7, 4, 2))

    def test_failures_of_class_set_ups_are_not_passes(self):
        self.assertEqual(results.count_unittest("Ran 0 tests in 0.0s\n\nFAILED (errors=1)\n"), (0, 1, 0))

    def test_a_log_without_summary_counts_nothing(self):
        self.assertEqual(results.count_unittest("Traceback\nImportError\n"), (0, 0, 0))


class SummaryTest(unittest.TestCase):
    def test_the_last_summary_counts(self):
        self.assertEqual(results.count_summary("ok xml: 5 inputs\n3 passed, 1 failed\n"), (3, 1, 0))
        self.assertEqual(results.count_summary("1 passed, 1 failed\n27 passed, 0 failed\n"), (27, 0, 0))

    def test_a_log_without_summary_counts_nothing(self):
        self.assertEqual(results.count_summary("ninja: build stopped"), (0, 0, 0))


if __name__ == "__main__":
    unittest.main()
