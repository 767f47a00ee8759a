#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs Dropbox's official Python SDK against the simulated Dropbox: the SDK's validators are strict, so what they accept
# is how Dropbox answers. Usage: run.sh PATH/TO/dropbox-sim

set -eu

if [ $# -ne 1 ] || [ ! -x "$1" ]; then
  echo "usage: $0 PATH/TO/dropbox-sim" >&2
  exit 2
fi
simulator=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
venv="${XDG_CACHE_HOME:-$HOME/.cache}/dbx-es-test/sdk-venv"

if ! "$venv/bin/python" -c 'import dropbox' 2> /dev/null; then
  echo "Downloading the Python package 'dropbox' (version 12) and what it depends on into $venv" >&2
  mkdir -p "$(dirname "$venv")"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'dropbox==12.*' 'setuptools<81'
fi

DROPBOX_SIM="$simulator" exec "$venv/bin/python" "$here/sdk_conformance.py"
