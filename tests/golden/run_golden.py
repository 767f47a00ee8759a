#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs transcripts against the real program and compares what it prints.

A transcript is a list of blocks. A block is a command and what must come of it, complete:

    $ dbx-es full-sync --nonsense     a line for bash, run in an empty folder that is also HOME
      text                            standard output, indented by two spaces
    ! text                            standard error
    ? 2                               the exit status; left out for 0

Lines with # between blocks are comments. `--update` writes down what the program prints now; look
at the difference before you commit it.
"""

import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile


# Read by the program unless HOME holds another; a real one could even start a real sync.
SYSTEM_CONFIGURATION = pathlib.Path("/etc/dbx-es/dbx-es.toml")
SKIPPED = 77  # as meson understands it


def run_command(command, program, folder):
    """The block that the command gives, as lines."""
    environment = {
        "PATH": f"{program.parent}:/usr/bin:/bin",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        # Options of a program that is built with sanitizers.
        **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")},
    }
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=60, check=False)
    lines = [f"$ {command}"]
    for prefix, output in (("  ", done.stdout), ("! ", done.stderr)):
        # The folder's name differs from run to run.
        text = output.decode(errors="backslashreplace").replace(str(folder), "HOME")
        # The name of a token file has a hash of a path in the folder.
        text = re.sub(r"-[0-9a-f]{8}\.refresh_token", "-HASH.refresh_token", text)
        lines += [(prefix + line).rstrip() for line in text.splitlines()]
        if text and not text.endswith("\n"):
            lines.append(f"{prefix}(no line break at the end)")
    if done.returncode != 0:
        lines.append(f"? {done.returncode}")
    return lines


def play(transcript, program):
    """The transcript as it would be if the program were right."""
    played = []
    with tempfile.TemporaryDirectory(prefix="dbx-es-golden-") as folder:
        for line in transcript:
            if not line.startswith(("$ ", "#")):
                continue
            # One empty line between blocks; a comment belongs to the block that follows it.
            if played and not played[-1].startswith("#"):
                played.append("")
            if line.startswith("#"):
                played.append(line)
            else:
                played += run_command(line[2:], program, pathlib.Path(folder))
    return played


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true")
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("transcripts", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    if SYSTEM_CONFIGURATION.exists():
        print(f"skipped: {SYSTEM_CONFIGURATION} would be read")
        return SKIPPED
    wrong = 0
    for path in arguments.transcripts:
        expected = path.read_text(encoding="utf-8").splitlines()
        if not any(line.startswith("$ ") for line in expected):
            sys.exit(f"{path}: no command in it")
        played = play(expected, arguments.program.resolve())
        if played == expected:
            continue
        wrong += 1
        if arguments.update:
            path.write_text("\n".join(played) + "\n", encoding="utf-8")
        print(*difflib.unified_diff(expected, played, str(path), "printed", lineterm="", n=2),
              sep=os.linesep)
    return 1 if wrong and not arguments.update else 0


if __name__ == "__main__":
    sys.exit(main())
