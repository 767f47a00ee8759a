# SPDX-License-Identifier: Apache-2.0
"""Schedules of Kibana, thousands of them: when they come, and which are refused, compared with Elasticsearch's own class.
DBX_ES_SCHEDULES sets how many."""

import os
import pathlib
import random
import subprocess
import time
import unittest

import engines
import engine_oracle

COUNT = int(os.environ.get("DBX_ES_SCHEDULES", "4000"))
PROGRAM = pathlib.Path(os.environ.get("DBX_ES", "")).resolve().parents[2] / "tests" / "unit" / "connector" / "schedule_times"
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
YEAR_S = 365 * 86_400


def ours(lines):
    done = subprocess.run([PROGRAM], input="".join(f"{line}\n" for line in lines), capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


class Schedules:
    """Makes schedules of every form that the grammar has."""

    def __init__(self, chance):
        self.chance = chance

    def value(self, low, high, names=()):
        if names and self.chance.random() < 0.3:
            return self.case(self.chance.choice(names))
        return str(self.chance.randint(low, high))

    def case(self, text):
        return self.chance.choice((text, text.lower(), text.capitalize()))

    def element(self, low, high, names=()):
        form = self.chance.choice(("value", "value", "range", "named range", "stepped", "stepped range", "star", "slash"))
        first, last = self.chance.randint(low, high), self.chance.randint(low, high)
        step = self.chance.randint(0, high)
        if form == "range":
            return f"{first}-{last}"
        if form == "named range" and names:
            return f"{self.case(self.chance.choice(names))}-{self.case(self.chance.choice(names))}"
        if form == "stepped":
            return f"{first}/{step + self.chance.choice((0, 0, 70))}"
        if form == "stepped range":
            return f"{first}-{last}/{step}"
        if form == "star":
            return f"*/{step}"
        if form == "slash":
            return f"/{step}"
        return self.value(low, high, names)

    def field(self, low, high, names=()):
        if self.chance.random() < 0.3:
            return "*"
        field = ",".join(self.element(low, high, names) for _ in range(self.chance.choice((1, 1, 1, 2, 3))))
        return field + ("," if self.chance.random() < 0.05 else "")

    def days(self):
        last = self.chance.choice(("L", "l", f"L-{self.chance.randint(0, 30)}"))
        return last if self.chance.random() < 0.2 else self.field(1, 31)

    def weekdays(self):
        day = self.value(1, 7, WEEKDAYS)
        special = (f"{day}L", f"{day}#{self.chance.randint(1, 5)}", "L")
        return self.chance.choice(special) if self.chance.random() < 0.3 else self.field(1, 7, WEEKDAYS)

    def years(self):
        first = self.chance.randint(2020, 2060)
        last = first + self.chance.randint(0, 30)
        step = self.chance.randint(1, 12)
        return self.chance.choice((f" {first}", f" {first}-{last}", f" {first}/{step}", f" {first}-{last}/{step}",
                                   f" */{step}", " *", f" {first},{last}"))

    def schedule(self):
        days = (self.days(), "?") if self.chance.random() < 0.5 else ("?", self.weekdays())
        parts = [self.field(0, 59), self.field(0, 59), self.field(0, 23), days[0], self.field(1, 12, MONTHS), days[1]]
        blank = self.chance.choice((" ", " ", "  ", "\t"))
        return blank.join(parts) + (self.years() if self.chance.random() < 0.2 else "")

    def damaged(self):
        """One character is lost, added or replaced."""
        text = self.schedule()
        at = self.chance.randrange(len(text))
        added = self.chance.choice(("", *"0123456789*/?-,#LWX "))
        return text[:at] + added + text[at + self.chance.choice((0, 1)):]


class ScheduleTest(unittest.TestCase):
    def compare(self, make):
        seed = random.SystemRandom().randrange(2**32)
        chance = random.Random(seed)
        schedules = Schedules(chance)
        # The class looks 50 years ahead of today; times near its end are left to the unit test.
        now = int(time.time())
        lines = [f"{now + chance.randrange(YEAR_S)}|{make(schedules)}" for _ in range(COUNT)]
        try:
            judged = engine_oracle.next_times(lines)
        except engines.EngineUnavailable as reason:
            self.skipTest(str(reason))
        return [(line, theirs, mine, seed) for line, theirs, mine in zip(lines, judged, ours(lines), strict=True)]

    def test_what_the_grammar_has(self):
        times = 0
        for line, theirs, mine, seed in self.compare(Schedules.schedule):
            times += "never" not in theirs
            if "never" not in theirs + mine or theirs == mine:
                self.assertEqual(mine, theirs, (line, seed))
                continue
            # Two horizons that differ by less than a year: one of the two sees a time more.
            self.assertNotIn("refused", theirs + mine, (line, seed))
            both = zip(mine.split(), theirs.split())
            self.assertTrue(all(a == b or "never" in (a, b) for a, b in both), (line, theirs, mine, seed))
        self.assertGreater(times, COUNT // 2)

    def test_damaged_ones(self):
        """What ours accepts means the same to Elasticsearch; ours may refuse more."""
        accepted = 0
        for line, theirs, mine, seed in self.compare(Schedules.damaged):
            if mine.startswith("refused"):
                continue
            accepted += 1
            if "never" not in theirs + mine:
                self.assertEqual(mine, theirs, (line, seed))
            # It refuses a first year that is too far ahead, which is never for us.
            elif not mine.startswith("never"):
                self.assertFalse(theirs.startswith("refused"), (line, theirs, mine, seed))
        self.assertGreater(accepted, COUNT // 20)


if __name__ == "__main__":
    unittest.main()
