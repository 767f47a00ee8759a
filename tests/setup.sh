#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs missing packages with apt-get: for building, for the demonstration, for all tests, or for compiling for arm64, which
# dpkg has to know. `clang` prints the version of clang that the tests use on this system.
# Usage: tests/setup.sh build|demo|test|arm64|clang
set -euo pipefail

readonly kBuild=(g++ meson ninja-build pkg-config libcli11-dev libcurl4-openssl-dev rapidjson-dev
  libtomlplusplus-dev libfmt-dev libexpected-dev libdeflate-dev libxxhash-dev libssl-dev libuchardet-dev
  libutf8proc-dev libcld2-dev libre2-dev libexpat1-dev libzip-dev zlib1g-dev libseccomp-dev libyaml-dev libpoppler-private-dev
  doctest-dev libcpp-httplib-dev)
# And a JDK, see jdk_package.
readonly kDemo=("${kBuild[@]}" ca-certificates curl maven openssl python3)
# For making packages, and installing and running them in a separate system.
readonly kPackage=(binutils debhelper debootstrap fish lintian procps python3-yaml rpm rpmlint rsync shellcheck systemd
  systemd-container util-linux zsh)
readonly kTest=("${kDemo[@]}" ccache mandoc python3-docx python3-h2 python3-openpyxl python3-reportlab poppler-utils
  poppler-data tesseract-ocr python3-venv strace time "${kPackage[@]}")
# Debian 12 has 14, Debian 13 has 19.
readonly kClangVersions=(14 19)
readonly kJdkVersions=(25 21 17)

say() { printf 'setup: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    command -v sudo > /dev/null || fail 'needs root or sudo to install packages'
    sudo "$@"
  fi
}

# Runs apt-get as root; its output is shown only when it fails.
apt() {
  local log status=0
  log=$(mktemp)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" \
    < /dev/null > "$log" 2>&1 || status=$?
  ((status == 0)) || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

refresh_lists() {
  say 'fetching the package lists'
  apt update
}

installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2> /dev/null) == installed ]]; }

# Megabytes that installing the packages would download; fails when the lists do not know one of them.
download_size() {
  apt-get -qq -y --no-install-recommends -o Debug::NoLocking=true --print-uris install "$@" 2> /dev/null |
    awk '{ bytes += $3 } END { printf "%d", bytes / 1e6 + 0.5 }'
}

has_jdk() {
  local home
  for home in "${DBX_ES_TEST_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    [[ -x $home/bin/javac ]] || continue
    grep -qsE '^JAVA_VERSION="(1[7-9]|[2-9][0-9])' "$home/release" && return 0
  done
  return 1
}

# The newest JDK among the packages of this system.
jdk_package() {
  local version
  for version in "${kJdkVersions[@]}"; do
    if download_size "openjdk-$version-jdk-headless" > /dev/null; then
      echo "openjdk-$version-jdk-headless"
      return
    fi
  done
  return 1
}

clang_version() {
  local version
  for version in "${kClangVersions[@]}"; do
    if installed "clang-$version" || download_size "clang-$version" > /dev/null; then
      echo "$version"
      return
    fi
  done
  return 1
}

# Only this release of clang-format decides on the format of the sources: others disagree with it.
clang_packages() {
  local version=$1
  echo "clang-$version"
  echo "libclang-rt-$version-dev"
  ((version != 14)) || echo clang-format-14
}

# The tools of this machine with the library of docgen, which runs during the build, and the libraries of the other one.
# Headers alone have no architecture.
arm64_packages() {
  local package architecture
  printf '%s\n' ccache file g++ g++-aarch64-linux-gnu "libfmt-dev:$(dpkg --print-architecture)" qemu-user
  for package in "${kBuild[@]}"; do
    architecture=$(apt-cache show --no-all-versions "$package" | sed -n 's/^Architecture: //p')
    case $package in
      g++) ;;
      *-dev) [[ $architecture == all ]] && echo "$package" || echo "$package:arm64" ;;
      *) echo "$package" ;;
    esac
  done
}

install() {
  local size
  if ! size=$(download_size "$@"); then
    refresh_lists
    size=$(download_size "$@") || fail "apt-get does not know all of: $*"
  fi
  say "installing ($size MB to download): $*"
  # Outdated lists name files that the mirror no longer has.
  apt --no-install-recommends install "$@" || { refresh_lists && apt --no-install-recommends install "$@"; } ||
    fail "apt-get could not install: $*"
}

main() {
  local -a wanted missing=()
  case ${1:-} in
    build) wanted=("${kBuild[@]}") ;;
    demo) wanted=("${kDemo[@]}") ;;
    test) wanted=("${kTest[@]}") ;;
    arm64) mapfile -t wanted < <(arm64_packages) ;;
    clang)
      clang_version
      return
      ;;
    *)
      echo 'usage: tests/setup.sh build|demo|test|arm64|clang' >&2
      exit 2
      ;;
  esac
  command -v apt-get > /dev/null || fail "this script needs apt-get; on other systems, install by hand: ${wanted[*]} and a JDK"
  local package jdk clang
  if [[ $1 == test ]]; then
    clang=$(clang_version) || { refresh_lists && clang=$(clang_version); } || fail "this system has no clang of ${kClangVersions[*]}"
    mapfile -t -O "${#wanted[@]}" wanted < <(clang_packages "$clang")
  fi
  for package in "${wanted[@]}"; do
    installed "$package" || missing+=("$package")
  done
  if [[ $1 == demo || $1 == test ]] && ! has_jdk; then
    jdk=$(jdk_package) || { refresh_lists && jdk=$(jdk_package); } || fail 'this system has no package of a JDK 17 or newer'
    missing+=("$jdk")
  fi
  if ((${#missing[@]})); then
    install "${missing[@]}"
  fi
}

main "$@"
