# SPDX-License-Identifier: Apache-2.0
"""Processes of test servers: started without privileges, found again, and always ended.

A server carries the path of its state file in its environment. That mark, and not a process id that may
have been given to somebody else meanwhile, is how a server and everything it forked is found and ended.
"""

import contextlib
import grp
import json
import os
import pathlib
import pwd
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

MARK = "DBX_ES_TEST_STATE"
# The range that systemd keeps for users which exist only while a service runs.
TRANSIENT_IDS = range(61184, 65520)
END_TIMEOUT_S = 30
LOG_LINE_WIDTH = 400


class EngineError(RuntimeError):
    """A server could not be prepared, started or ended; the text says what to do about it."""


def say(text):
    print(f"engine: {text}", file=sys.stderr, flush=True)


def open_to_everybody(path):
    """Whether another user can reach `path`: every folder on the way down must let others pass."""
    path = pathlib.Path(path).resolve()
    return all(p.stat().st_mode & 0o001 for p in [path, *path.parents] if p.is_dir())


def transient_id():
    """An id that no user or group has, for servers that refuse to run as root; None for everybody else."""
    if os.geteuid() != 0:
        return None
    taken = {user.pw_uid for user in pwd.getpwall()} | {group.gr_gid for group in grp.getgrall()}
    return random.choice([candidate for candidate in TRANSIENT_IDS if candidate not in taken])


class Workplace:
    """The folder of one server (configuration, data, logs) and the user that it belongs to.

    It is in the system's temporary folder because the caller's folder may be closed to that user; a link
    beside the state file leads to it, so that a later process can remove it.
    """

    def __init__(self, state):
        self.state = pathlib.Path(state).resolve()
        self.log = self.state.with_suffix(".log")
        self.uid = transient_id()
        self.state.parent.mkdir(parents=True, exist_ok=True)
        base = next((d for d in (tempfile.gettempdir(), "/tmp", "/var/tmp") if open_to_everybody(d)), None)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dbx-es-test-", dir=base))
        _link(self.state).symlink_to(self.folder)

    def command(self, arguments, environment):
        """The arguments of subprocess for a program that runs as this server's user."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        marked = {**kept, "HOME": str(self.folder), MARK: str(self.state), **environment}
        identity = {} if self.uid is None else {"user": self.uid, "group": self.uid, "extra_groups": []}
        return {"args": [str(a) for a in arguments], "env": marked, "cwd": self.folder, **identity}

    def hand_over(self):
        """Gives the folder and all in it to the server's user."""
        if self.uid is None:
            return
        for path in [self.folder, *self.folder.rglob("*")]:
            os.chown(path, self.uid, self.uid)

    def run(self, arguments, environment):
        done = subprocess.run(**self.command(arguments, environment), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        if done.returncode:
            raise EngineError(f"{arguments[0]} failed: {done.stdout}{done.stderr}".strip())

    def spawn(self, arguments, environment):
        """Starts the server in a session of its own; what it prints goes to the log."""
        with open(self.log, "wb") as log:
            return subprocess.Popen(**self.command(arguments, environment), stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def log_tail(self, lines=40):
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(line[:LOG_LINE_WIDTH] for line in text.splitlines()[-lines:])

    def wait_until(self, ready, process, what, timeout_s):
        """Asks `ready` until it answers something true; shows the log's end when the server is given up."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if answer := ready():
                return answer
            if process.poll() is not None:
                raise EngineError(f"{what} ended with status {process.returncode}:\n{self.log_tail()}")
            time.sleep(0.2)
        raise EngineError(f"{what} was not ready after {timeout_s} s:\n{self.log_tail()}")


def write_state(state, facts):
    """Writes the facts of a running server, readable by its owner alone: there is a password in it."""
    state = pathlib.Path(state)
    fresh = state.with_suffix(".json.new")
    with open(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        json.dump(facts, file, indent=2)
    fresh.rename(state)


def _link(state):
    return pathlib.Path(state).with_suffix(".work")


def _marks():
    """(process id, state file) of every live process that a test server consists of."""
    prefix = f"{MARK}=".encode()
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        # A process of another user is not ours, and one that ended meanwhile needs no ending.
        with contextlib.suppress(OSError):
            for variable in (entry / "environ").read_bytes().split(b"\0"):
                if variable.startswith(prefix):
                    yield int(entry.name), os.fsdecode(variable[len(prefix):])


def marked_pids(state):
    wanted = str(pathlib.Path(state).resolve())
    return sorted(pid for pid, found in _marks() if found == wanted)


def running_servers():
    """The facts of every test server on this machine that has finished its start, no matter who started it."""
    states = [pathlib.Path(state) for state in sorted({found for _, found in _marks()})]
    return [json.loads(state.read_text()) for state in states if state.exists()]


def attach_socket(pid):
    """What a JVM leaves behind when it is killed; it is in /tmp whatever the temporary folder is."""
    return pathlib.Path(f"/tmp/.java_pid{pid}")


def end(state, process=None):
    """Ends every process of the server and removes its data. Fine to call when nothing runs.

    Killed and not asked: the data is thrown away next, so there is nothing that a slow shutdown would save.
    """
    state = pathlib.Path(state).resolve()
    deadline = time.monotonic() + END_TIMEOUT_S
    killed = set()
    while pids := marked_pids(state):
        if time.monotonic() > deadline:
            raise EngineError(f"processes {pids} of {state} do not end")
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        time.sleep(0.05)
    for pid in killed:
        attach_socket(pid).unlink(missing_ok=True)
    if process is not None:
        process.wait()
    link = _link(state)
    if link.exists():
        shutil.rmtree(link.resolve())
    link.unlink(missing_ok=True)
    state.unlink(missing_ok=True)


class Guard:
    """Ends a server when the process that holds the guard dies, however it dies.

    A small process waits at the other end of a pipe; the kernel closes the pipe of a caller that is killed.
    """

    def __init__(self, state):
        self.state = pathlib.Path(state).resolve()

    def __enter__(self):
        self._process = subprocess.Popen([sys.executable, __file__, self.state], stdin=subprocess.PIPE,
                                         stdout=subprocess.DEVNULL, start_new_session=True)
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            end(self.state)
        self._process.communicate(b"released")


def _guard_main(state):
    # The terminal's Ctrl-C does not reach a session of its own, so only the pipe decides.
    if sys.stdin.buffer.read() != b"released":
        end(state)


if __name__ == "__main__":
    _guard_main(sys.argv[1])
