#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the Debian package of these sources with dpkg-buildpackage, which needs them in a folder with debian/ at its
# top. With --built FOLDER nothing is compiled: that build folder (meson setup --prefix=/usr) is packaged.
# Usage: packaging/debian/build.sh [--built FOLDER] [OUTPUT-FOLDER]
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root
readonly kUsage='usage: packaging/debian/build.sh [--built FOLDER] [OUTPUT-FOLDER]'
work=

# Lists the files that are checked in or new; without git, all files except those in build folders.
sources() {
  if git -C "$root" rev-parse --git-dir > /dev/null 2>&1; then
    local name
    git -C "$root" ls-files -z --cached --others --exclude-standard |
      while IFS= read -r -d '' name; do
        # A deleted file is listed until its deletion is committed.
        [[ ! -e $root/$name ]] || printf '%s\0' "$name"
      done
  else
    (cd "$root" && find . -path './build*' -prune -o -path ./.git -prune -o -type f -print0)
  fi
}

main() {
  local output=.
  local -a options=(-us -uc)
  while (($#)); do
    case $1 in
      --built)
        [[ -d ${2:-} ]] || { echo "$kUsage" >&2 && exit 2; }
        DBX_ES_BUILT=$(cd "$2" && pwd)
        export DBX_ES_BUILT
        # A finished build needs neither headers nor compilers, and makes no source package.
        options+=(-b -d)
        export DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:-} noautodbgsym"
        shift
        ;;
      -h | --help) echo "$kUsage" && exit ;;
      -*) echo "$kUsage" >&2 && exit 2 ;;
      *) output=$1 ;;
    esac
    shift
  done
  mkdir -p "$output"
  output=$(cd "$output" && pwd)
  work=$(mktemp -d -t dbx-es-deb-XXXXXX)
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/dbx-es"
  sources | tar -C "$root" --null --files-from=- -cf - | tar -C "$work/dbx-es" -xf -
  cp -R "$root/packaging/debian" "$work/dbx-es/debian"
  rm -f "$work/dbx-es/debian/build.sh"
  (cd "$work/dbx-es" && dpkg-buildpackage "${options[@]}")
  find "$work" -maxdepth 1 -type f -exec mv -t "$output" {} +
}

main "$@"
