#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Does all the set-up, builds, and runs every test of this system. The last line is `N passed, N failed`.
# Usage: tests/run.sh [--quick] [--suite NAME]...
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly kBuild=$root/build-test
readonly kLogs=$kBuild/suite-logs
# In the order in which they run: the quick ones first.
readonly kSuites=(runner unit format sanitize fuzz engine sdk e2e crash bench package)
# They take long and rarely fail: they run when they are named.
readonly kOnDemand=(debian arm64)
readonly kSuiteTimeout=40m
readonly kTailLines=80

passed=0
failed=0
skipped=0
running_pid=

usage() {
  cat << EOF
usage: tests/run.sh [--quick] [--suite NAME]...
  --quick        only the unit tests
  --suite NAME   only this suite; may be repeated: ${kSuites[*]};
                 not run without its name: ${kOnDemand[*]}
EOF
}

say() { printf '%s\n' "$*"; }

# Runs a command as part of a suite, its output added to the suite's log. A command that hangs is ended.
logged() {
  local status=0
  printf '$ %s\n' "$*" >> "$log"
  timeout --kill-after=30s "$kSuiteTimeout" "$@" < /dev/null >> "$log" 2>&1 &
  running_pid=$!
  wait "$running_pid" || status=$?
  running_pid=
  ((status != 124 && status != 137)) || say "  not done after $kSuiteTimeout: $*" >> "$log"
  return "$status"
}

# `timeout` hands the signal down to what it runs.
end_running() { [[ -z $running_pid ]] || kill "$running_pid" 2> /dev/null || true; }

# Adds "passed failed skipped" to the suite's counts.
count() {
  local more_passed more_failed more_skipped
  read -r more_passed more_failed more_skipped <<< "$1"
  suite_passed=$((suite_passed + more_passed))
  suite_failed=$((suite_failed + more_failed))
  suite_skipped=$((suite_skipped + more_skipped))
}

# build FOLDER TARGET-OPTIONS...: configures the folder on the first call and compiles everything in it. The prefix is
# that of packages, so that the package tests need not compile again.
build() {
  local folder=$1
  shift
  [[ -f $folder/build.ninja ]] || logged meson setup "$folder" "$root" --prefix=/usr -Dwerror=true "$@" || return
  logged ninja -C "$folder"
}

# count_log meson|unittest|summary FILE
count_log() {
  local counts
  counts=$("$root/tests/runner/results.py" "$@") && count "$counts"
}

# Counts the test cases of every program that `meson test` runs in a folder. MALLOC_PERTURB_, which meson sets, would make
# glibc fill freed memory: that takes minutes, and the sanitizers find the same defects.
meson_tests() {
  local status=0 results=$1/meson-logs/testlog.json
  rm -f "$results"
  logged env MALLOC_PERTURB_=0 meson test -C "$1" --no-rebuild --print-errorlogs --timeout-multiplier 5 || status=$?
  count_log meson "$results" && return "$status"
}

# Counts every unittest summary that a command prints.
unittests() {
  local status=0
  logged "$@" || status=$?
  count_log unittest "$log" && return "$status"
}

discover() { unittests python3 -m unittest discover -s "$root/tests/$1" -p '*_test.py' -v; }

# A check that passes or fails as a whole.
check() {
  logged "$@" || return
  count '1 0 0'
}

# A check that this system cannot make.
skip() {
  suite_excused=1
  say "   skipped: $*"
  count '0 0 1'
}

suite_runner() { discover runner; }

# Most of the time goes into compiling: -O1 takes two thirds of it, and ccache, which meson finds by itself when no
# compiler is named, saves nearly all of it for files that were compiled before.
build_tests() { build "$kBuild" -Doptimization=1 -Ddebug=false; }

suite_unit() { build_tests && meson_tests "$kBuild"; }

# The other compiler: its warnings count as well, and it compiles sanitized code in half the time. Without vptr, whose
# check of dynamic types makes pipes, which processes that read untrusted files must not do.
suite_sanitize() {
  local folder=$root/build-sanitize
  CXX="ccache clang++-$("$root/tests/setup.sh" clang)" build "$folder" \
    -Dbuildtype=debug -Doptimization=1 -Db_lundef=false \
    -Db_sanitize=address,undefined -Dcpp_args=-fno-sanitize=vptr &&
    ASAN_OPTIONS=detect_stack_use_after_return=1 \
      UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1:suppressions=$root/tests/runner/undefined-behaviour.supp" \
      meson_tests "$folder"
}

# Each parser of untrusted bytes for some seconds, two at once. The program counts its targets.
suite_fuzz() {
  local status=0
  logged "$root/tests/fuzz/run.py" --seconds 20 || status=$?
  count_log summary "$log" && return "$status"
}

# Releases of clang-format disagree, so one release decides.
suite_format() {
  local -a files
  command -v clang-format-14 > /dev/null || { skip 'clang-format-14 is not in this release of Debian' && return; }
  mapfile -t files < <(find "$root/src" "$root/tests" -name '*.h' -o -name '*.cc' | sort)
  check clang-format-14 --dry-run --Werror --ferror-limit=1 "${files[@]}"
}

suite_engine() { discover engine; }

suite_sdk() { build_tests && unittests "$root/tests/sdk/run.sh" "$DROPBOX_SIM"; }

suite_e2e() { build_tests && discover e2e; }

suite_crash() { build_tests && discover crash; }

# The short form: it shows that every measurement still runs, and checks the bounds of counts.
suite_bench() { build_tests && check "$root/tests/bench/bench.py" --short --build "$kBuild"; }

# Makes packages from the build of the other suites, and installs and runs them.
suite_package() {
  # Folders of older versions have another prefix.
  [[ ! -f $kBuild/build.ninja ]] || logged meson configure "$kBuild" -Dprefix=/usr || return
  build_tests && discover packaging
}

# Compiles, tests and packages in a tree of the other release of Debian.
suite_debian() { discover debian; }

# Cross-compiles for arm64, and runs there the program and the test of the filters of the sandbox.
suite_arm64() { discover arm64; }

# Runs one suite, adds its counts to the total, and shows the end of its log when something failed.
run_suite() {
  local name=$1 status=0 begin=$SECONDS
  local suite_passed=0 suite_failed=0 suite_skipped=0 suite_excused=0
  log=$kLogs/$name.log
  : > "$log"
  say "== $name"
  "suite_$name" || status=$?
  # A runner that failed without naming a test, or that ran or skipped everything, counts as a failure.
  if ((suite_failed == 0)) && { ((status != 0)) || ((suite_passed + suite_excused == 0)); }; then
    suite_failed=1
  fi
  if ((suite_failed)); then
    say "   the last lines of ${log#"$root"/}:"
    tail -n "$kTailLines" "$log"
  fi
  say "   $name: $suite_passed passed, $suite_failed failed, $suite_skipped skipped ($((SECONDS - begin)) s)"
  passed=$((passed + suite_passed))
  failed=$((failed + suite_failed))
  skipped=$((skipped + suite_skipped))
}

known_suite() { [[ " ${kSuites[*]} ${kOnDemand[*]} " == *" $1 "* ]]; }

main() {
  local -a chosen=()
  while (($#)); do
    case $1 in
      --quick) chosen+=(unit) ;;
      --suite)
        known_suite "${2:-}" || { usage >&2 && exit 2; }
        chosen+=("$2")
        shift
        ;;
      -h | --help) usage && exit ;;
      *) usage >&2 && exit 2 ;;
    esac
    shift
  done
  ((${#chosen[@]})) || chosen=("${kSuites[@]}")

  trap end_running EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  "$root/tests/setup.sh" test
  mkdir -p "$kLogs"
  # The programs that the suites in Python run.
  export DBX_ES=$kBuild/src/cli/dbx-es DROPBOX_SIM=$kBuild/tests/dropbox_sim/dropbox-sim
  local suite
  for suite in "${chosen[@]}"; do
    run_suite "$suite"
  done
  local rest=
  ((skipped == 0)) || rest=", $skipped skipped"
  say "$passed passed, $failed failed$rest"
  ((failed == 0))
}

main "$@"
