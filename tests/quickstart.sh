#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Does all the set-up and shows dbx-es at work: a simulated Dropbox is synced into a real Elasticsearch, changed,
# synced again, and searched with a key that may see only some of it. What remains afterwards: the packages that
# tests/setup.sh installs, the build folder, and downloads in the caches of Maven (~/.m2) and of tests/engine.
# Usage: tests/quickstart.sh [--keep | --record FILE]
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly kBuild=$root/build-quickstart
readonly kHeaders=$kBuild/headers
readonly kEngine=$root/tests/engine/engine.py
readonly kDbxEs=src/cli/dbx-es kSimulator=tests/dropbox_sim/dropbox-sim
readonly kIndex=search-dropbox
# The user who searches in the last step, and a document that this user finds.
readonly kReader=bruno.costa@example.com kReadersDocument=/Projects/Penguin/Plan.md
readonly kAppKey=demo-app-key kAppSecret=demo-app-secret kRefreshToken=demo-refresh-token
readonly kChangingFolders='/contracts /finance/invoices /photos'
readonly kSimulatorTimeoutS=30
# For the picture: enough files to show the progress line.
readonly kRecordedFiles=6000

keep=0
recording=
work=
simulator_pid=
dropbox=

step() { printf '\n== %s\n' "$*"; }

fail() {
  printf 'quickstart: %s\n' "$*" >&2
  exit 1
}

# Runs a command in silence; its output is shown only when it fails.
quietly() {
  "$@" < /dev/null > "$work/quiet.log" 2>&1 || {
    cat "$work/quiet.log" >&2
    fail "failed: $*"
  }
}

clean_up() {
  [[ -n $work ]] || return 0
  "$kEngine" stop --dir "$work/engine" || true
  if [[ -n $simulator_pid ]]; then
    kill "$simulator_pid" 2> /dev/null || true
    wait "$simulator_pid" 2> /dev/null || true
  fi
  rm -rf "$work"
}

# Compiles the headers that most sources include: precompile_headers FLAG...
# Only GCC reads the result, and only where the macros that these headers test are the same.
precompile_headers() {
  local header=$kHeaders/quickstart.h
  [[ $header.gch -nt $root/tests/quickstart.h ]] && return
  mkdir -p "$kHeaders"
  cp "$root/tests/quickstart.h" "$header"
  quietly g++ -std=c++20 "$@" -D_FILE_OFFSET_BITS=64 -DNDEBUG -x c++-header -o "$header.gch" "$header"
}

# Shows every tenth part of what ninja has done, for where its live line would become a line for each file.
show_tenths() {
  local line tenth shown=0
  while IFS= read -r line; do
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
      tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
      ((tenth == shown)) || echo "  ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
      shown=$tenth
    else
      printf '%s\n' "$line"
    fi
  done
}

# Without optimization, which the demonstration does not need.
build() {
  echo "compiling into ${kBuild#"$root"/}/ (minutes on the first call)"
  # As meson.build has them.
  local -a macros=(-DRAPIDJSON_HAS_STDSTRING=1)
  [[ $(uname -m) != x86_64 ]] || macros+=(-DRAPIDJSON_SSE2)
  precompile_headers "${macros[@]}"
  [[ -f $kBuild/build.ninja ]] || CXX=g++ quietly meson setup "$kBuild" "$root" -Doptimization=0 -Ddebug=false \
    -Dwarning_level=0 -Db_ndebug=true -Db_staticpic=false \
    -Dcpp_args="${macros[*]} -include '$kHeaders/quickstart.h'"
  if [[ -t 1 ]]; then
    ninja -C "$kBuild" "$kDbxEs" "$kSimulator" < /dev/null || fail 'could not compile'
  else
    ninja -C "$kBuild" "$kDbxEs" "$kSimulator" < /dev/null 2>&1 | show_tenths || fail 'could not compile'
  fi
}

start_simulator() {
  local -a tree=()
  [[ -z $recording ]] || tree=(--tree "$kRecordedFiles")
  "$kBuild/$kSimulator" --demo "${tree[@]}" --port 0 --port-file "$work/port" --app-key "$kAppKey" \
    --app-secret "$kAppSecret" --refresh-token "$kRefreshToken" < /dev/null > "$work/dropbox-sim.log" 2>&1 &
  simulator_pid=$!
  local deadline=$((SECONDS + kSimulatorTimeoutS))
  until [[ -s $work/port ]]; do
    if ! kill -0 "$simulator_pid" 2> /dev/null || ((SECONDS > deadline)); then
      cat "$work/dropbox-sim.log" >&2
      fail 'dropbox-sim did not start'
    fi
    sleep 0.1
  done
  dropbox=http://127.0.0.1:$(< "$work/port")
  echo "dropbox-sim listens on $dropbox"
}

write_config() {
  local api_key
  api_key=$("$kEngine" connector-key --dir "$work/engine" --index "$kIndex")
  (umask 077 && cat > "$work/dbx-es.toml") << EOF
[dropbox]
app_key = "$kAppKey"
app_secret = "$kAppSecret"
refresh_token = "$kRefreshToken"
api_url = "$dropbox"
content_url = "$dropbox"
web_url = "$dropbox"
use_document_level_security = true

[elasticsearch]
host = "$(engine_url)"
index = "$kIndex"
api_key = "$api_key"
EOF
  # The configuration without its secrets.
  sed -E 's/^(app_secret|refresh_token|api_key) = .*/\1 = "..."/' "$work/dbx-es.toml"
}

engine_url() { "$kEngine" list | awk -F '\t' -v dir="$work/engine" '$4 == dir { print $2 }'; }

# Runs dbx-es with the demonstration's configuration and prints how long it took.
dbx_es() {
  local begin=${EPOCHREALTIME/[.,]/}
  echo "$ dbx-es -c dbx-es.toml --state-dir state $*"
  (cd "$work" && "$kBuild/$kDbxEs" -c dbx-es.toml --state-dir state "$@") ||
    fail "dbx-es $* ended with status $?"
  echo "(took $(((${EPOCHREALTIME/[.,]/} - begin) / 1000)) ms)"
}

show() { "$kEngine" search --dir "$work/engine" --index "$kIndex" --fields type,file_path,size "$@"; }

# Checks that the index holds what the Dropbox holds, and shows the part that changes: show_index 'will change'
show_index() {
  curl -sS --fail "$dropbox/control/snapshot" | sed -E 's/.*"id":"([^"]*)".*/\1/' | sort > "$work/dropbox.ids"
  "$kEngine" dump --dir "$work/engine" --index "$kIndex" | sed -E 's/^\{"_id": "([^"]*)".*/\1/' | sort > "$work/index.ids"
  diff "$work/dropbox.ids" "$work/index.ids" || fail 'the index differs from the Dropbox'
  echo "the index holds exactly the $(wc -l < "$work/index.ids") items of the Dropbox; below, the folders that $1:"
  show --query "{\"terms\":{\"ancestors\":[\"${kChangingFolders// /\",\"}\"]}}"
}

# Changes the simulated Dropbox through its control interface: change CALL JSON
change() {
  echo "$1 $2"
  quietly curl -sS --fail-with-body -H 'Content-Type: application/json' -d "$2" "$dropbox/control/tree/$1"
}

change_dropbox() {
  change overwrite '{"path":"/Contracts/2025/Cleaning services.txt","text":"Renewed in April.\n"}'
  change move '{"from":"/Contracts/Archive","to":"/Contracts/2024"}'
  change delete '{"path":"/Photos/Team day"}'
  change add_file '{"path":"/Finance/Invoices/INV-1004.txt","text":"Invoice 1004. Customer: Fabrikam.\n"}'
}

# The query of the reader's identity document, which acl-sync has written.
reader_query() {
  "$kEngine" request --dir "$work/engine" GET "/.search-acl-filter-$kIndex/_doc/$kReader?filter_path=_source.query" |
    python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["_source"]["query"]))'
}

search_as_reader() {
  local query key
  query=$(reader_query)
  key=$("$kEngine" reader-key --dir "$work/engine" --index "$kIndex" --query "$query")
  echo "an API key made from the identity of $kReader searches for everything and finds:"
  show --api-key "$key"
}

# Makes the picture of README.md with termtosvg, which nothing else needs.
record() {
  command -v termtosvg > /dev/null || fail 'the picture needs termtosvg: apt-get install termtosvg'
  export HOME=$work/home PATH=$kBuild/${kDbxEs%/*}:$PATH
  mkdir -p "$HOME/.config/dbx-es"
  cp "$work/dbx-es.toml" "$HOME/.config/dbx-es/"
  cat > "$work/play" << EOF
typed() {
  local line=\$1 at
  printf '\e[32m\$\e[0m '
  for ((at = 0; at < \${#line}; ++at)); do printf '%s' "\${line:at:1}" && sleep 0.04; done
  printf '\n'
  eval "\$line"
  sleep 1.5
}
change() { curl -sS -o /dev/null -H 'Content-Type: application/json' -d "\$2" $dropbox/control/tree/\$1; }
$(declare -f change_dropbox | sed 's/^change_dropbox ()/changes()/')
typed 'dbx-es full-sync'
typed 'dbx-es acl-sync'
typed '# somebody moves a folder, deletes another and edits a file'
changes
typed 'dbx-es incremental'
typed 'dbx-es explain $kReader $kReadersDocument'
sleep 3
EOF
  termtosvg "$recording" -g 80x24 -t window_frame -M 2500 -c "bash $work/play"
}

keep_running() {
  trap - EXIT
  cat << EOF

The servers keep running. Try:
  $kEngine search --dir $work/engine --index $kIndex --fields type,file_path,size
  $kEngine request --dir $work/engine GET /$kIndex/_mapping
  cd $work && $kBuild/$kDbxEs -c dbx-es.toml --state-dir state incremental
To stop them and remove their data:
  $kEngine stop --dir $work/engine; kill $simulator_pid; rm -rf $work
EOF
}

main() {
  case ${1:-} in
    '') ;;
    --keep) keep=1 ;;
    --record) recording=$(realpath -m "${2:?FILE is missing: the picture}") ;;
    *) echo 'usage: tests/quickstart.sh [--keep | --record FILE]' >&2 && exit 2 ;;
  esac
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  work=$(mktemp -d -t dbx-es-quickstart-XXXXXX)

  step '1/9 Install what is missing'
  "$root/tests/setup.sh" demo
  step '2/9 Build dbx-es and a simulated Dropbox'
  build
  step '3/9 Start a real Elasticsearch'
  "$kEngine" start --dir "$work/engine" > "$work/quiet.log"
  step '4/9 Start the simulated Dropbox'
  start_simulator
  step '5/9 Make an API key and write dbx-es.toml'
  write_config
  if [[ -n $recording ]]; then
    record
    return
  fi
  step '6/9 Sync everything'
  dbx_es full-sync
  show_index 'will change'
  step '7/9 Change the Dropbox'
  change_dropbox
  step '8/9 Sync the changes'
  dbx_es incremental
  show_index 'have changed'
  dbx_es search renewed
  step '9/9 Search with permissions'
  dbx_es acl-sync
  search_as_reader
  dbx_es explain "$kReader" "$kReadersDocument"
  ((!keep)) || keep_running
}

main "$@"
