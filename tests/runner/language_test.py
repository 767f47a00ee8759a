# SPDX-License-Identifier: Apache-2.0
"""Holds texts, comments, messages and names to plain English: refuses words that readers stumbled over.

CONTRIBUTING.md has the rules. This test only knows words: a sentence without them may still be a riddle.
"""

import re
import unittest

from house_rules_test import ROOT, tracked

# What is refused, and what to write instead.
WORDS = {
    r"tells?|told|telling|\w*teller": "report, print, show",
    r"hears?": "is notified, is called with",
    r"whoever": "anyone who; the caller",
    r"mend(?:s|ed|ing)?|(?:bring|brought) up to date": "fix, update",
    r"(?:go|goes|going|went|gone) on": "continue, resume",
    r"(?:stands?|stood) (?:in|there|at|for)|(?:lies?|lay) (?:in|loose|there|right)": "be in, be stored in; represent",
    r"(?:take|takes|took|taken) (?:away|over)|(?:give|gives|gave|given) back": "remove, adopt, return",
    r"so many|so long": "up to N, for that long",
    r"beneath|thereof|whereupon|wherein": "under, of it, then",
    r"look(?:s|ed|ing)? whether|looks? for what": "check whether, find",
    r"one of them that|at a time of its own": "an entry that; separately",
    r"permanent refusal|for good": "rejected",
}
REFUSED = re.compile("|".join(rf"\b(?:{words})\b" for words in WORDS), re.IGNORECASE)

# Texts of others, pictures, and this list itself.
EXEMPT = {"LICENSE", "packaging/THIRD-PARTY-NOTICES", "packaging/terminal.svg", "tests/runner/language_test.py"}
# Data of tests is what users may write, not what we do.
DATA = re.compile(r"(^|/)(data|corpus)/")

# Names that an interface of a library asks for.
NAMES_OF_OTHERS = {("src/rules/json_tree.cc", "Tell")}  # RapidJSON: concept Stream


def advice(word):
    return next(better for words, better in WORDS.items() if re.fullmatch(words, word, re.IGNORECASE))


def findings(text):
    for number, line in enumerate(text.split("\n"), 1):
        for match in REFUSED.finditer(line):
            yield number, match.group()


def texts():
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if name in EXEMPT or DATA.search(name):
            continue
        try:
            yield name, path.read_text()
        except UnicodeDecodeError:
            continue  # an example of a document


class Language(unittest.TestCase):
    def test_no_word_that_readers_stumble_over(self):
        wrong = [f"{name}:{number}: '{word}': better: {advice(word)}"
                 for name, text in texts()
                 for number, word in findings(text) if (name, word) not in NAMES_OF_OTHERS]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_finds_words_with_their_lines(self):
        found = list(findings("It goes on.\nclass RetryTeller;\nint amended;  // Mended, foretold\nreports"))
        self.assertEqual(found, [(1, "goes on"), (2, "RetryTeller"), (3, "Mended")])
        self.assertEqual(advice("RetryTeller"), "report, print, show")

    def test_the_readme_is_read_in_one_sitting(self):
        self.assertLessEqual((ROOT / "README.md").read_text().count("\n"), 200)


if __name__ == "__main__":
    unittest.main()
