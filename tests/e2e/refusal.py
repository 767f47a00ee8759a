# SPDX-License-Identifier: Apache-2.0
"""What runs that cannot do their work have in common: one exit code, one clear line, and nothing changed."""

import world


class RefusalCase(world.Case):
    """Starts from an index that was in sync and a Dropbox that has changed since, so that a run which continues although
    it must not is seen."""

    options = {}

    def setUp(self):
        self.place = self.world(self.choose_engine(), **self.options)
        self.place.set("sync", give_up_after=1)
        for number in range(5):
            self.place.dropbox.change("add_file", path=f"/docs/{number}.txt", text=f"text {number}")
        self.place.sync("full-sync")
        self.place.assert_index_equals_tree()
        self.place.dropbox.change("delete", path="/docs/0.txt")
        self.place.dropbox.change("overwrite", path="/docs/1.txt", text="changed")
        self.before = self.place.look()

    def choose_engine(self):
        return None  # the newest

    def assert_refused(self, run, code, *words, unchanged=True):
        """The run said one line on standard error with all the words in it, and a word of having failed, or nothing,
        on standard output."""
        self.assertEqual(run.code, code, run)
        lines = run.stderr.splitlines()
        self.assertEqual(len(lines), 1, run)
        self.assertRegex(lines[0], r"^dbx-es: \S")
        for word in words:
            self.assertIn(word, lines[0])
        said = run.stdout.splitlines()
        self.assertLessEqual(len(said), 1, run)
        if said:
            self.assertRegex(said[0], "did not finish|stopped for safety")
        if unchanged:
            self.place.assert_same(self.before, run)

    def refused(self, *arguments, code, words, unchanged=True, **options):
        """A quiet run that is refused; quiet, so that all it says is about what is wrong."""
        run = self.place.run(*arguments, "--quiet", **options)
        self.assert_refused(run, code, *words, unchanged=unchanged)
        return run

    def assert_recovers(self, *arguments):
        """What was refused broke nothing: once the fault is fixed, the next run updates the index."""
        self.place.sync(*(arguments or ("incremental",)))
        self.place.assert_index_equals_tree()
