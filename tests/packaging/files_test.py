# SPDX-License-Identifier: Apache-2.0
"""Scripts, examples and help: what can be judged without installing anything."""

import json
import os
import re
import shlex
import subprocess
import tempfile
import unittest

import install_test
import support
from support import ROOT, run

PACKAGING = ROOT / "packaging"
COMPLETIONS = support.build_folder() / "completions"
MAX_HELP_LINES = 60
MAX_COLUMNS = 80
TO_JSON = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(sys.stdin))))"


def tracked():
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def yaml(path):
    with open(path) as text:
        done = subprocess.run([support.DEBIAN_PYTHON, "-c", TO_JSON], stdin=text, capture_output=True, check=True)
    return json.loads(done.stdout)


class ScriptsTest(unittest.TestCase):
    def test_shellcheck_finds_nothing(self):
        scripts = [path for path in tracked()
                   if path.suffix in (".sh", ".bash") or re.match(rb"#!.*\b(ba)?sh\b", path.read_bytes()[:80])]
        self.assertEqual(run("shellcheck", *scripts, COMPLETIONS / "dbx-es"), "")

    def test_other_shells_can_read_their_completions(self):
        run("zsh", "-n", COMPLETIONS / "_dbx-es")
        run("fish", "--no-execute", COMPLETIONS / "dbx-es.fish")


class HelpTest(unittest.TestCase):
    def test_every_help_fits_on_a_screen_and_has_examples(self):
        commands = support.commands()
        self.assertGreater(len(commands), 5)
        for command in [None, *commands]:
            words = [command] if command else []
            text = run(support.programs.dbx_es(), *words, "--help")
            with self.subTest(command=command):
                self.assertLess(len(text.splitlines()), MAX_HELP_LINES)
                self.assertLessEqual(max(map(len, text.splitlines())), MAX_COLUMNS)
                if command:
                    self.assertIn("\nExamples:\n  dbx-es", text)


class ExamplesTest(unittest.TestCase):
    def refused(self, text, *arguments):
        """What dbx-es finds wrong with a configuration."""
        with tempfile.TemporaryDirectory(prefix="dbx-es-example-") as folder:
            path = f"{folder}/dbx-es.toml"
            with open(path, "w") as file:
                file.write(text)
            os.chmod(path, 0o600)
            environment = {"PATH": os.environ["PATH"], "HOME": folder}
            return run(support.programs.dbx_es(), "-c", path, "incremental", *arguments, code=2, env=environment)

    def test_the_configuration(self):
        """Only the token is missing; also with the settings that it shows in comments, but a connector, which may have it."""
        text = (PACKAGING / "config/dbx-es.toml").read_text()
        for shown in (text, re.sub(r"(?m)^#(?!id = )(?=[a-z_]+ = )", "", text)):
            said = self.refused(shown)
            problems = [line for line in said.splitlines() if "api_key" not in line and "/etc/dbx-es/" not in line]
            self.assertRegex("\n".join(problems), r"\A(dbx-es: |incremental: )?.*no refresh token in .*; "
                                                  r"run dbx-es auth.*\Z", said)
            self.assertNotIn("unknown", said)

    def test_the_configuration_of_kubernetes(self):
        for file in ("cronjob.yaml", "cronjob-without-volume.yaml"):
            secret, settings = yaml(PACKAGING / "kubernetes" / file)[:2]
            said = self.refused(settings["data"]["dbx-es.toml"])
            manual = (support.build_folder() / "man/dbx-es.toml.5").read_text()
            for name in secret["stringData"]:
                self.assertIn(f"Environment: {name}.", manual)
            # Only the values of the secret are missing.
            self.assertRegex(said, r"\A.*set elasticsearch.api_key, .*\n.*no refresh token in .*; run dbx-es auth.*\n\Z")

    def assert_known(self, line):
        """A command line of dbx-es that its parser accepts: the first error is that there is no configuration."""
        words = shlex.split(line)
        words = words[words.index("dbx-es") + 1:]
        if "-c" not in words:
            words += ["-c", "/nonexistent/dbx-es.toml"]
        with tempfile.TemporaryDirectory(prefix="dbx-es-example-") as folder:
            done = subprocess.run([support.programs.dbx_es(), *words], capture_output=True, text=True, check=False,
                                  cwd=folder, env={"PATH": os.environ["PATH"], "HOME": folder}, stdin=subprocess.DEVNULL)
        # Errors of the command line, and only these, refer to the help.
        self.assertNotIn("--help", done.stdout + done.stderr, line)

    def test_the_commands_of_readme_and_manual(self):
        pages = [ROOT / "README.md", *sorted((ROOT / "man").glob("*.7.in"))]
        for page in pages:
            text = page.read_text().replace("\\-", "-")
            commands = re.findall(r"(?m)^\s*(?:\$ (?:sudo -u \S+ )?|[*/\d ]+)(dbx-es [^|>#\n]*)", text)
            commands += re.findall(r"(?m)^\.Ql (dbx-es .*?)(?: [.,:;])?$", text)
            with self.subTest(page=page.name):
                self.assertTrue(commands)
                for command in commands:
                    self.assert_known(command)

    def test_the_crontab(self):
        lines = (PACKAGING / "cron/crontab").read_text().splitlines()
        jobs = [line.lstrip("#") for line in lines if " dbx-es " in line and re.match(r"#?[\d*]", line)]
        self.assertEqual(len(jobs), 4)
        field = r"(\*(/\d+)?|\d+(,\d+)*)"
        for job in jobs:
            self.assertRegex(job, rf"\A({field}\s+){{5}}dbx-es ")
            self.assert_known(job)

    def test_the_jobs_of_kubernetes(self):
        self.assert_jobs(yaml(PACKAGING / "kubernetes/cronjob.yaml"), {"config", "state"})

    def test_the_jobs_of_kubernetes_without_a_volume(self):
        self.assert_jobs(yaml(PACKAGING / "kubernetes/cronjob-without-volume.yaml"), {"config"})

    def assert_jobs(self, documents, volumes):
        names = {(document["kind"], document["metadata"]["name"]) for document in documents}
        self.assertLessEqual({("Secret", "dbx-es"), ("ConfigMap", "dbx-es")}, names)
        self.assertEqual(("PersistentVolumeClaim", "dbx-es") in names, "state" in volumes)
        jobs = [document for document in documents if document["kind"] == "CronJob"]
        self.assertEqual(len(jobs), 4)
        for job in jobs:
            self.assertEqual(job["apiVersion"], "batch/v1")
            self.assertRegex(job["spec"]["schedule"], r"\A([\d*/,]+ ){4}[\d*/,]+\Z")
            pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
            container, = pod["containers"]
            self.assertEqual(job["metadata"]["name"], f"dbx-es-{container['args'][0]}")
            self.assert_known(shlex.join(["dbx-es", *container["args"]]))
            self.assertTrue(pod["securityContext"]["runAsNonRoot"])
            self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"])
            self.assertEqual({volume["name"] for volume in pod["volumes"]}, volumes)
            self.assertEqual({mount["name"] for mount in container["volumeMounts"]}, volumes)

    def test_the_compose_file(self):
        document, = yaml(PACKAGING / "container/compose.yaml")
        services = document["services"]
        self.assertEqual(set(services), {"dbx-es", "every-five-minutes", "every-minute"})
        for service in services.values():
            # The file is installed without the sources: nothing in it may depend on where it is.
            self.assertNotIn("build", service)
            self.assertEqual(service["pull_policy"], "never")
            sources = [volume.rsplit(":", 2)[0] for volume in service["volumes"]]
            self.assertEqual([source for source in sources if source.startswith(".")], [])
            self.assertTrue(service["read_only"])
        for name in ("every-five-minutes", "every-minute"):
            self.assert_known(re.search(r"dbx-es [^;]+", services[name]["entrypoint"][2])[0])

    def test_the_compose_file_of_the_demonstration(self):
        document, = yaml(PACKAGING / "container/compose-demo.yaml")
        services = document["services"]
        self.assertEqual(set(services), {"elasticsearch", "kibana", "dashboard", "dropbox", "dbx-es"})
        for name, service in services.items():
            with self.subTest(service=name):
                # Nothing is secured, so nothing listens beyond this machine.
                self.assertEqual([port for port in service.get("ports", []) if not port.startswith("127.0.0.1:")], [])
                waits_for = service.get("depends_on", [])
                self.assertLessEqual(set(waits_for), set(services))
                for other in waits_for if isinstance(waits_for, dict) else []:
                    self.assertIn("healthcheck", services[other])
                for volume in service.get("volumes", []):
                    source = volume.partition(":")[0]
                    self.assertTrue(source in document["volumes"] or (PACKAGING / "container" / source).is_file(), source)
        versions = {services[name]["image"].rpartition(":")[2] for name in ("elasticsearch", "kibana", "dashboard")}
        self.assertEqual(len(versions), 1)
        self.assert_demo_runs(services["dropbox"], services["dbx-es"])

    def assert_demo_runs(self, dropbox, dbx_es):
        """The image has what the services start, and the programs accept how they are started."""
        build = dropbox["build"]
        folder = PACKAGING / "container" / build["context"]
        stages = (folder / build["dockerfile"]).resolve().read_text().split("\nFROM ")
        stage, = [text for text in stages if text.partition("\n")[0].endswith(f" AS {build['target']}")]
        program, = dropbox["entrypoint"]
        self.assertIn(f" /usr/bin/{program}\n", stage)
        self.assertEqual(stages[-1].split(), ["runtime"], "the image without a target has no simulator")
        # It judges the options before --help ends it.
        arguments = dropbox["command"]
        run(support.programs.dropbox_sim(), *arguments, "--help")
        run(support.programs.dropbox_sim(), *arguments, "--no-such-option", "--help", code=2)
        given = dict(zip(arguments, arguments[1:]))
        environment = dbx_es["environment"]
        for option, name in (("--app-key", "APP_KEY"), ("--app-secret", "APP_SECRET"), ("--refresh-token", "REFRESH_TOKEN")):
            self.assertEqual(given[option], environment[f"DBX_ES_DROPBOX_{name}"])
        self.assertTrue(environment["DBX_ES_DROPBOX_API_URL"].endswith(":" + given["--port"]))
        manual = (support.build_folder() / "man/dbx-es.toml.5").read_text()
        for name in environment:
            self.assertIn(f"Environment: {name}.", manual)
        self.assert_known(re.search(r"dbx-es [^;]+", dbx_es["entrypoint"][2])[0])
        with tempfile.TemporaryDirectory(prefix="dbx-es-example-") as home:
            # Nothing answers on a port that nobody listens on; whatever is wrong with the settings is found before.
            run(support.programs.dbx_es(), "incremental", "--max-duration", "1s", code=10,
                env={"PATH": os.environ["PATH"], "HOME": home, **environment,
                     "DBX_ES_DROPBOX_API_URL": "http://127.0.0.1:1", "DBX_ES_ELASTICSEARCH_HOST": "http://127.0.0.1:1"})

    def test_the_examples_of_environments(self):
        """They name settings, and a fresh machine needs nothing else."""
        manual = (support.build_folder() / "man/dbx-es.toml.5").read_text()
        compose, = yaml(PACKAGING / "container/compose-without-volume.yaml")
        actions, = yaml(PACKAGING / "ci/github-actions.yaml")
        job = actions["jobs"]["incremental"]
        for environment in (compose["services"]["dbx-es"]["environment"], job["env"]):
            for name in environment:
                self.assertIn(f"Environment: {name}.", manual)
        self.assertNotIn("volumes", compose)
        self.assert_known(job["steps"][0]["run"])

    def test_the_container_has_what_building_takes(self):
        """The packages of tests/setup.sh, without those that only tests need."""
        script = (ROOT / "tests/setup.sh").read_text()
        needed = set(re.search(r"kBuild=\(([^)]*)\)", script)[1].split()) - {"doctest-dev", "libcpp-httplib-dev"}
        text = (PACKAGING / "container/Containerfile").read_text()
        build, image, runtime = text.partition("FROM debian:13-slim")
        self.assertTrue(image)
        self.assertNotRegex(text, r"(?m)^AS ")
        self.assertLessEqual(needed, set(build.split()))
        # The numbers at the end differ between releases of Debian.
        installed = {self.without_version(word) for word in runtime.split()}
        for library in self.libraries():
            self.assertIn(self.without_version(library), installed)

    @staticmethod
    def without_version(package):
        return re.sub(r"[-.\d]+(t64)?\Z", "", package)

    def libraries(self):
        """The packages of the libraries that the programs are linked with."""
        linked = re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", support.programs.dbx_es()) +
                            run("objdump", "-p", support.installed() / install_test.PDF_READER[1:]))
        self.assertGreater(len(linked), 5)
        packages = {line.partition(":")[0] for name in linked
                    for line in run("dpkg", "--search", f"*/{name}").splitlines() if "/lib32/" not in line}
        return packages - {"libc6", "libgcc-s1"}  # in every Debian

    def test_libraries_are_shared(self):
        """Packages find their dependencies by these names, and security updates reach the libraries."""
        linked = re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", support.programs.dbx_es()))
        for library in ("libcrypto.so.3", "libcurl.so.4", "libdeflate", "libfmt", "libre2", "libstdc++", "libuchardet"):
            self.assertTrue([name for name in linked if name.startswith(library)], library)

    def test_the_packages_of_debian_name_what_building_takes(self):
        script = (ROOT / "tests/setup.sh").read_text()
        needed = set(re.search(r"kBuild=\(([^)]*)\)", script)[1].split())
        control = (PACKAGING / "debian/control").read_text().partition("Build-Depends:")[2].partition("Standards")[0]
        self.assertLessEqual(needed - {"g++", "doctest-dev", "libcpp-httplib-dev"},
                             set(re.findall(r"[a-z0-9][a-z0-9+.-]+", control)))
        readme = (ROOT / "README.md").read_text().partition("apt-get install meson")[2].partition("$ packaging")[0]
        self.assertLessEqual(needed - {"meson", "doctest-dev", "libcpp-httplib-dev"}, set(readme.split()))

    def test_changelogs_agree(self):
        version = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text())[1]
        self.assertRegex((PACKAGING / "debian/changelog").read_text(), rf"\Adbx-es \({re.escape(version)}\) ")
        self.assertIn(f"\nVersion:        {version}\n", (PACKAGING / "rpm/dbx-es.spec").read_text())
        self.assertIn(f"\n## {version}", (ROOT / "CHANGELOG.md").read_text())


if __name__ == "__main__":
    unittest.main()
