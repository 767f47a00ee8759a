# SPDX-License-Identifier: Apache-2.0
"""A clean Debian in a folder, from the mirror that this system's own apt uses, for installing a package into. The base of
it and the packages that it fetches are kept in the cache of the test engines."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from support import CommandFailed, as_root, root_run, run

import engine_store  # noqa: E402 (support made it known)

# Besides what is essential: an init system to run the units, and a reader of manuals.
PACKAGES = ("ca-certificates", "man-db", "systemd", "systemd-sysv")
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "-o", "APT::Keep-Downloaded-Packages=true")
ARCHIVES = "var/cache/apt/archives"
BOOT_TIMEOUT_S = 60
# Capabilities that containers of systemd-nspawn lack by default, but systems have.
LANDLOCK = "landlock_create_ruleset landlock_add_rule landlock_restrict_self"


def release():
    """(code name, mirror) of the release that this system runs."""
    fields = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    codename = fields["VERSION_CODENAME"].strip('"')
    for line in run("apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI) $(COMPONENT)",
                    "Created-By: Packages").splitlines():
        name, uri, component = line.split()
        if name == codename and component == "main":
            return codename, uri
    raise RuntimeError(f"apt on this system has no lists of {codename}: run apt-get update")


def proxy_settings():
    """The files that configure how apt gets to the mirror."""
    return list(pathlib.Path("/etc/apt/apt.conf.d").glob("*proxy*"))


def _sources():
    """The files that configure where apt finds packages, and how to get there."""
    found = [pathlib.Path("/etc/apt/sources.list"), *pathlib.Path("/etc/apt/sources.list.d").glob("debian.*"),
             *proxy_settings()]
    return [path for path in found if path.is_file()]


def _make_base(codename, mirror, archive):
    """Bootstraps a tree and packs it. Two tests may do this at the same time."""
    folder = tempfile.mkdtemp(prefix="dbx-es-debootstrap-")
    try:
        root_run("debootstrap", "--variant=minbase", codename, folder, mirror, timeout_s=1200)
        for path in _sources():
            root_run("cp", path, folder + str(path))
        root_run("cp", "/etc/resolv.conf", f"{folder}/etc/resolv.conf")
        root_run("chroot", folder, *APT, "update")
        root_run("chroot", folder, *APT, "install", "--no-install-recommends", *PACKAGES)
        root_run("chroot", folder, "apt-get", "clean")
        partial = f"{archive}.{os.getpid()}"
        root_run("tar", "-C", folder, "--one-file-system", "-cf", partial, ".")
        root_run("chown", f"{os.geteuid()}:{os.getegid()}", partial)
        os.rename(partial, archive)
    finally:
        root_run("rm", "-rf", "--one-file-system", folder)


class Tree:
    """A fresh copy of the base, until `remove`."""

    def __init__(self):
        codename, mirror = release()
        recipe = "\n".join((codename, mirror, *PACKAGES, *(path.read_text() for path in _sources())))
        key = hashlib.sha256(recipe.encode()).hexdigest()[:12]
        archive = engine_store.cache() / f"debian-{codename}-{key}.tar"
        if not archive.is_file():
            _make_base(codename, mirror, archive)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dbx-es-debian-"))
        self._packages = engine_store.cache() / f"packages-{codename}"
        self._machine = None
        root_run("tar", "-C", self.folder, "-xf", archive)
        # If the top folder belongs to a user, systemd-tmpfiles considers every path below it unsafe.
        root_run("chown", "root:root", self.folder)
        root_run("chmod", "755", self.folder)
        # The network may have changed since the base was made.
        root_run("cp", "/etc/resolv.conf", self.folder / "etc/resolv.conf")

    def remove(self):
        self.power_off()
        root_run("rm", "-rf", "--one-file-system", self.folder)

    def command(self, *command):
        """The command as it runs in the tree, with processes and mounts of its own."""
        return as_root("unshare", "--mount", "--fork", "--pid", "--kill-child", f"--mount-proc={self.folder}/proc",
                       "chroot", self.folder, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
                       "LC_ALL=C.UTF-8", *command)

    def run(self, *command, **options):
        return run(*self.command(*command), **options)

    def install(self, package):
        """Installs a .deb with all that it depends on, as an administrator would."""
        self._packages.mkdir(parents=True, exist_ok=True)
        root_run("cp", package, self.folder / "root")
        for kept in self._packages.glob("*.deb"):
            root_run("cp", kept, self.folder / ARCHIVES)
        install = (*APT, "install", f"/root/{pathlib.Path(package).name}")
        try:
            said = self.run(*install)
        except CommandFailed:
            # The package lists of the base may be older than the mirror.
            self.run(*APT, "update")
            said = self.run(*install)
        for fetched in (self.folder / ARCHIVES).glob("*.deb"):
            if not (self._packages / fetched.name).exists():
                shutil.copy(fetched, self._packages)
        return said

    # A running system.

    def boot(self):
        """Boots the tree's systemd in a container that shares the network."""
        log = open(self.folder.parent / f"{self.folder.name}.log", "w+b")
        pathlib.Path(log.name).unlink()
        self._machine = subprocess.Popen(
            as_root("setpriv", "--pdeathsig", "TERM", "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "--console=read-only",
                    "--resolv-conf=off", "--timezone=off", f"--system-call-filter={LANDLOCK}", "--directory",
                    str(self.folder)),
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        deadline = time.monotonic() + BOOT_TIMEOUT_S
        while True:
            with_init = self._init()
            if with_init and self._state() in ("running", "degraded"):
                log.close()
                return
            if self._machine.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                said = log.read().decode(errors="replace")
                log.close()
                self.power_off()
                raise AssertionError(f"the system in {self.folder} does not boot:\n{said}")
            time.sleep(0.2)

    def _init(self):
        """The process with id 1 in the container: the youngest descendant of systemd-nspawn that runs systemd."""
        pids = [str(self._machine.pid)]
        while pids:
            for pid in pids:
                try:
                    name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
                except OSError:
                    continue
                if name == "systemd":
                    return pid
            pids = subprocess.run(["pgrep", "-P", ",".join(pids)], capture_output=True, text=True,
                                  check=False).stdout.split()
        return None

    def _state(self):
        done = subprocess.run(self.inside("systemctl", "is-system-running"), capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def inside(self, *command):
        """The command as it runs in the booted system."""
        return as_root("nsenter", "--target", self._init() or "0", "--all", "env", "-i", "PATH=/usr/sbin:/usr/bin",
                       "LC_ALL=C.UTF-8", *command)

    def run_inside(self, *command, **options):
        return run(*self.inside(*command), **options)

    def power_off(self):
        if self._machine is None:
            return
        if self._machine.poll() is None:
            init = self._init()
            # SIGRTMIN+4 powers off; systemd-nspawn ends with its container.
            subprocess.run(as_root("kill", "-s", "RTMIN+4", init or str(self._machine.pid)), check=False)
            try:
                self._machine.wait(30)
            except subprocess.TimeoutExpired:
                subprocess.run(as_root("kill", "-s", "KILL", init or str(self._machine.pid)), check=False)
                self._machine.wait(30)
        self._machine = None
