#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
#
# Measures clients side by side against an nginx on loopback, and prints one table: what a request costs each of them
# in time, system calls, instructions and allocations, and how they compare with a bare socket loop and with the best of
# the other libraries.
#   tests/bench/run.sh [--quick] [--svg FILE] [WORKLOAD...]
#     --quick      fewer requests and rounds; neither instructions nor system calls are counted
#     --svg FILE   draws the throughput into it
#     WORKLOAD     small-get, async-64 …: tests/bench/run.sh --list has them all; all where none is named
# Progress goes to stderr, and what fails: the rest is measured nevertheless, and the exit status is 1. Results stay in
# out/bench/results.tsv.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/measuring.sh"

# Name, program, requests of a turn, two numbers of requests to count by, the program's arguments. The server's
# addresses are put in once it runs.
workloads='
small-get            blocking    30000  1000 3000   --url plain/small
async-64             async_get  100000  1000 3000   --url plain/small
threads-16-on-8      blocking    30000  1600 4800   --url plain/small --threads 16 --connections 8
new-connection       blocking     2000   100  300   --url plain/small --connection new
64-kib-down          blocking    10000   100  300   --url plain/64KiB
256-mib-down         blocking        5     1    3   --url plain/256MiB
256-mib-up           blocking        5     1    3   --url sink --upload 256
256-mib-to-file      blocking        3     1    2   --url plain/256MiB --body file
256-mib-from-file    blocking        5     1    3   --url sink --upload 256 --body file
tls-small-get        blocking    20000  1000 3000   --url tls/small --trust trust
tls-async-64         async_get   50000  1000 3000   --url tls/small --trust trust
tls-threads-16-on-8  blocking    20000  1600 4800   --url tls/small --trust trust --threads 16 --connections 8
tls-new              blocking      300    20   60   --url tls/small --trust trust --connection new
tls-new-full         blocking      300    20   60   --url tls/small --trust trust --connection new --handshakes full
tls-64-kib-down      blocking     5000   100  300   --url tls/64KiB --trust trust
tls-256-mib-down     blocking        3     1    2   --url tls/256MiB --trust trust
tls-256-mib-up       blocking        3     1    2   --url tls_sink --trust trust --upload 256
'
in_process='idle lease parse scale'

quick=0 svg='' chosen=()
while (($#)); do
  case $1 in
    --quick) quick=1 ;;
    --svg) svg=$(realpath -m "${2:?--svg takes a file}"); shift ;;
    --help) sed -n '4,/^set/ { s/^# \{0,1\}//p }' "$0"; exit ;;
    --list) awk 'NF { print $1 }' <<<"$workloads"; tr ' ' '\n' <<<"$in_process"; exit ;;
    -*) echo "run.sh: no such option: $1" >&2; exit 2 ;;
    *)
      if ! awk -v name="$1" '$1 == name { found = 1 } END { exit !found }' <<<"$workloads" &&
        [[ " $in_process " != *" $1 "* ]]; then
        echo "run.sh: no such workload: $1" >&2
        exit 2
      fi
      chosen+=("$1") ;;
  esac
  shift
done

# wanted WORKLOAD
wanted() { ((${#chosen[@]} == 0)) || [[ " ${chosen[*]} " == *" $1 "* ]]; }

build=$root/out/bench
programs=$build/tests/bench
results=$build/results.tsv
build_benchmarks "$build" all
pin
start_server "$build"
: >"$results"

failures=()
# failed WHAT
failed() {
  echo "run.sh: failed: $1" >&2
  failures+=("$1")
}

# What was measured, and with what: a line each.
describe() {
  local compiler
  compiler=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
  printf '%s, %d cores, Linux %s\n' \
    "$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)" "$(nproc)" "$(uname -r)"
  printf 'headway %s, %s, %s\n' "$(git -C "$root" describe --always --dirty 2>/dev/null || echo of no checkout)" \
    "$("$compiler" --version | head -n 1)" "$(date -u +%F)"
  dpkg-query -W -f '${Package} ${Version}\n' nginx libssl-dev libcurl4-openssl-dev libcpp-httplib-dev libboost-dev \
    libpoco-dev 2>/dev/null | awk 'NF == 2 {
      sub(/-dev$/, "", $1)
      sub(/-[^-]*$/, "", $2)
      printf "%s%s %s", separator, $1, $2
      separator = ", "
    }
    END { if (separator) print "" }' || true
}
export ABOUT
ABOUT=$(describe)

# Some machines forbid what the counters do.
countable=()
if ((!quick)); then
  if instructions_of true >/dev/null 2>&1; then
    countable+=(instructions_of)
  else
    echo "run.sh: instructions are not counted: callgrind (valgrind) does not run here" >&2
  fi
  if calls_of true >/dev/null 2>&1; then
    countable+=(calls_of)
  else
    echo "run.sh: system calls are not counted: strace does not run here" >&2
  fi
fi

# address WORD: with the server's address in place of its name.
address() {
  case $1 in
    plain/* | tls/*) local server=${1%%/*}; echo "${!server}/${1#*/}" ;;
    sink | tls_sink | trust) echo "${!1}" ;;
    *) echo "$1" ;;
  esac
}

# count WHAT COUNTER FEW MANY COMMAND...: sets `figure`, to "-" where it is not counted.
count() {
  figure=-
  if [[ " ${countable[*]} " != *" $2 "* ]]; then return; fi
  figure=$(each_of "${@:2}") || { figure=-; failed "$1"; }
}

# measure NAME PROGRAM REQUESTS FEW MANY ARGUMENTS...: adds its lines to the results.
measure() {
  local name=$1 program=$programs/$2 requests=$3 few=$4 many=$5 rounds=5 word peer line figure calls
  local arguments=()
  shift 5
  for word in "$@"; do arguments+=("$(address "$word")"); done
  if ((quick)); then requests=$(((requests + 9) / 10)) rounds=3; fi
  echo "$name: measuring" >&2
  limited "${on_client[@]}" "$program" "${arguments[@]}" --tsv --workload "$name" \
    --requests "$requests" --rounds "$rounds" >"$scratch/lines" || failed "$name"
  while IFS= read -r line <&3; do
    peer=$(cut -f 2 <<<"$line")
    if ((${#countable[@]})); then echo "$name: counting for $peer" >&2; fi
    count "$name: system calls of $peer" calls_of "$few" "$many" "$program" "${arguments[@]}" --peer "$peer"
    calls=$figure
    figure=-
    # They would be OpenSSL's, and take callgrind many minutes.
    if [[ $name != tls-256-mib-* ]]; then
      count "$name: instructions of $peer" instructions_of "$few" "$many" "$program" "${arguments[@]}" --peer "$peer"
    fi
    printf '%s\t%s\t%s\n' "$line" "$calls" "$figure" >>"$results"
  done 3<"$scratch/lines"
}

# in_nanoseconds TITLE PROGRAM FILTER [PINNING...]: Google Benchmark's lines as a name and the time.
in_nanoseconds() {
  printf '\n%s\n' "$1"
  if [[ ! -x $programs/$2 ]]; then
    echo "not built: Google Benchmark is missing"
    return
  fi
  # The ninth column says that a benchmark has failed, and the tenth why.
  if ! limited "${@:4}" "$programs/$2" --benchmark_filter="$3" --benchmark_format=csv \
    >"$scratch/csv" 2>"$scratch/context"; then
    cat "$scratch/context" >&2
    failed "$1"
  elif ! awk -F, '
    !/^"/ { next }
    { name = $1; gsub("\"", "", name) }
    $9 == "true" { printf "%-48s %13s\n", name, "failed"; print name ": " $10 >"/dev/stderr"; ++errors; next }
    { printf "%-48s %10.0f ns\n", name, $3; ++times }
    END { exit errors > 0 || times == 0 }' "$scratch/csv"; then
    failed "$1"
  fi
}

# heap_of TITLE ARGUMENTS...
heap_of() {
  local heap=failed beyond=-
  if limited "${on_client[@]}" "$programs/idle" --tsv "${@:2}" >"$scratch/line"; then
    read -r heap beyond < <(cut -f 4,5 "$scratch/line")
  else
    failed "idle: $1"
  fi
  printf '%-28s %10s %14s\n' "$1" "$heap" "$beyond"
}

weigh_idle() {
  echo "idle: weighing" >&2
  printf '\n%-28s %10s %14s\n' "heap of an idle connection" bytes "beyond a bare"
  heap_of "headway, 10,000 plain" --peer headway --url "$plain/small"
  heap_of "headway, 2,000 with TLS" --peer headway --url "$tls/small" --trust "$trust" --connections 2000
  heap_of "bare OpenSSL, 2,000" --peer bare --url "$tls/small" --trust "$trust" --connections 2000
}

# The cost of a request by the number of connections that are in use, and of a lease by that of the routes.
show_scale() {
  local connections few figure requests=100000
  if ((quick)); then requests=20000; fi
  printf '\n%12s %12s %12s %12s %12s\n' connections requests/s 'user us' 'system us' instructions
  for connections in 1 10 100 1000 10000; do
    echo "scale: $connections connections" >&2
    local command=("$programs/async_get" --url "$plain/small" --peer headway --connections "$connections")
    few=$((connections > 500 ? connections * 2 : 1000))
    count "scale: instructions with $connections connections" instructions_of "$few" $((few * 2)) "${command[@]}"
    if ! limited "${on_client[@]}" "${command[@]}" --tsv --requests "$requests" --rounds 3 >"$scratch/line"; then
      failed "scale: $connections connections"
      continue
    fi
    awk -F '\t' -v connections="$connections" -v instructions="${figure%.*}" \
      '{ printf "%12d %12.0f %12.2f %12.2f %12s\n", connections, $3, $4, $5, instructions }' "$scratch/line"
  done
  in_nanoseconds "a lease and its end, by routes" pool_bench '(floor|manager_lease).*threads:1$' "${on_client[@]}"
}

while read -ra words; do
  if ((${#words[@]} == 0)) || ! wanted "${words[0]}"; then continue; fi
  measure "${words[@]}"
done <<<"$workloads"

if [[ -s $results ]]; then
  printf '%s\n\n' "$ABOUT"
  awk -f "$root/tests/bench/table.awk" "$results" "$results"
  if [[ -n $svg ]]; then
    awk -f "$root/tests/bench/chart.awk" "$results" "$results" >"$svg"
    echo "drawn: $svg" >&2
  fi
fi
if wanted idle; then weigh_idle; fi
if wanted parse; then in_nanoseconds "a response of N fields, read" parse_bench . "${on_client[@]}"; fi
if wanted lease; then
  in_nanoseconds "a lease and its end, 1 thread" pool_bench '(floor|manager).*threads:1$' "${on_client[@]}"
  in_nanoseconds "a lease and its end, 8 threads on all cores" pool_bench '(floor|manager).*threads:8$'
fi
if wanted scale; then show_scale; fi
if ((${#failures[@]})); then
  printf -v list '; %s' "${failures[@]}"
  echo "run.sh: failed: ${list:2}" >&2
  exit 1
fi
