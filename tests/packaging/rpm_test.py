# SPDX-License-Identifier: Apache-2.0
"""The RPM package, built from what is built already."""

import re
import unittest

import install_test
import support
from support import ROOT, run

SPEC = ROOT / "packaging/rpm/dbx-es.spec"
# It takes -es for a translation into Spanish, and .toml for a section of the manual; the distributor signs the package.
RPMLINT = """
Filters = ["no-dependency-on locales-es", "bad-manual-page-folder .*toml.5", "no-signature", "no-packager-tag"]
"""


class RpmTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = support.temporary_folder()
        cls.folder = folder
        run("rpmbuild", "-bb", "--nodeps", "--define", f"_topdir {folder}", "--define", f"_tmppath {folder}", "--define",
            f"built {support.build_folder()}", SPEC)
        cls.package, = folder.glob("RPMS/*/dbx-es-[0-9]*.rpm")
        cls.pdf_package, = folder.glob("RPMS/*/dbx-es-pdf-*.rpm")

    def query(self, *arguments, package=None):
        return run("rpm", "--dbpath", self.folder / "db", "-qp", *arguments, package or self.package, stderr=None)

    def test_it_holds_what_is_installed(self):
        names = {name.removesuffix(".gz") for name in self.query("-l").split()}
        folders = {"/usr/share/dbx-es", "/usr/share/doc/dbx-es", "/usr/share/doc/dbx-es/examples", "/etc/dbx-es",
                   "/var/log/dbx-es"}
        self.assertEqual(names - folders, install_test.expected_files())
        self.assertLessEqual(folders, names)

    def test_the_reader_of_pdfs_is_a_package_of_its_own(self):
        names = set(self.query("-l", package=self.pdf_package).split())
        self.assertEqual(names, {"/usr/libexec/dbx-es", install_test.PDF_READER})
        self.assertEqual(self.query("--queryformat", "%{LICENSE}", package=self.pdf_package), "GPL-3.0-only")
        self.assertIn("libpoppler", self.query("--requires", package=self.pdf_package))
        self.assertNotIn("libpoppler", self.query("--requires"))

    def test_its_version_is_that_of_the_sources(self):
        version = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text())[1]
        self.assertEqual(self.query("--queryformat", "%{VERSION}"), version)

    def test_its_libraries_are_required(self):
        self.assertIn("libcurl.so.4", self.query("--requires"))

    def test_rpmlint_finds_no_error(self):
        settings = self.folder / "rpmlint.toml"
        settings.write_text(RPMLINT)
        said = run("rpmlint", "--config", settings, self.package)
        self.assertRegex(said, r"\b0 errors", said)

    def test_the_spec_also_builds_from_sources(self):
        # What it takes to build depends on the distribution; here it is only read.
        said = run("rpmspec", "--query", "--buildrequires", SPEC)
        self.assertIn("pkgconfig(libcurl)", said)
        self.assertIn(f"dbx-es-{self.query('--queryformat', '%{VERSION}')}.tar.gz",
                      run("rpmspec", "--parse", SPEC))


if __name__ == "__main__":
    unittest.main()
