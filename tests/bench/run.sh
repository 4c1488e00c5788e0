#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
#
# Measures clients side by side against an nginx on loopback, and prints one table: what a request costs each of them
# in time, system calls, instructions and allocations, and how they compare with a bare socket loop and with the best of
# the other libraries.
#   tests/bench/run.sh [--quick] [--svg FILE] [WORKLOAD...]
#     --quick      fewer requests and rounds; neither instructions nor system calls are counted
#     --svg FILE   draws the throughput
#     WORKLOAD     small-get, async-64 …: tests/bench/run.sh --list has them all; all where none is named
# Progress goes to stderr. Results stay in out/bench/results.tsv.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/measuring.sh"

# Name, program, requests of a turn, two numbers of requests to count by, the program's arguments. The server's
# addresses are put in once it runs.
workloads='
small-get         blocking    30000  1000 3000   --url plain/small
async-64          async_get  100000  1000 3000   --url plain/small
threads-16-on-8   blocking    30000  1600 4800   --url plain/small --threads 16 --connections 8
new-connection    blocking     2000   100  300   --url plain/small --connection new
64-kib-down       blocking    10000   100  300   --url plain/64KiB
256-mib-down      blocking        5     1    3   --url plain/256MiB
256-mib-up        blocking        5     1    3   --url sink --upload 256
tls-small-get     blocking    20000  1000 3000   --url tls/small --trust trust
tls-new           blocking      300    20   60   --url tls/small --trust trust --connection new
tls-256-mib-down  blocking        3     1    2   --url tls/256MiB --trust trust
'
in_process='idle lease parse scale'

quick=0 svg='' chosen=()
while (($#)); do
  case $1 in
    --quick) quick=1 ;;
    --svg) svg=$(realpath -m "${2:?--svg takes a file}"); shift ;;
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

# address WORD: with the server's address in place of its name.
address() {
  case $1 in
    plain/* | tls/*) local server=${1%%/*}; echo "${!server}/${1#*/}" ;;
    sink | trust) echo "${!1}" ;;
    *) echo "$1" ;;
  esac
}

# counts FEW MANY COMMAND...: system calls and instructions a request, by a tab; "-" where they are not counted.
counts() {
  if ((quick)); then printf -- '-\t-'; return; fi
  local few=$1 many=$2
  shift 2
  printf '%s\t%s' "$(each_of calls_of "$few" "$many" "$@")" "$(each_of instructions_of "$few" "$many" "$@")"
}

# measure NAME PROGRAM REQUESTS FEW MANY ARGUMENTS...: adds its lines to the results.
measure() {
  local name=$1 program=$programs/$2 requests=$3 few=$4 many=$5 rounds=5 word peer line
  local arguments=()
  shift 5
  for word in "$@"; do arguments+=("$(address "$word")"); done
  if ((quick)); then requests=$(((requests + 9) / 10)) rounds=3; fi
  local lines
  echo "$name: measuring" >&2
  lines=$("${on_client[@]}" "$program" "${arguments[@]}" --tsv --workload "$name" \
    --requests "$requests" --rounds "$rounds")
  while IFS= read -r line; do
    peer=$(cut -f 2 <<<"$line")
    if ((!quick)); then echo "$name: counting for $peer" >&2; fi
    printf '%s\t%s\n' "$line" "$(counts "$few" "$many" "$program" "${arguments[@]}" --peer "$peer")" >>"$results"
  done <<<"$lines"
}

# in_nanoseconds COMMAND...: Google Benchmark's lines as a name and the time.
in_nanoseconds() {
  "$@" --benchmark_format=csv 2>/dev/null | awk -F, '
    /^"/ { gsub("\"", "", $1); printf "%-48s %10.0f ns\n", $1, $3 }'
}

weigh_idle() {
  local line=("$programs/idle" --peer)
  echo "idle: weighing" >&2
  printf '\nheap of an idle connection, bytes\n'
  printf '%-28s %10s\n' \
    "headway, 10,000 plain" "$("${line[@]}" headway --tsv --url "$plain/small" | cut -f 4)" \
    "headway, 2,000 with TLS" \
    "$("${line[@]}" headway --tsv --url "$tls/small" --trust "$trust" --connections 2000 | cut -f 4)" \
    "bare OpenSSL, 2,000" \
    "$("${line[@]}" bare --tsv --url "$tls/small" --trust "$trust" --connections 2000 | cut -f 4)"
}

# The cost of a request by the number of connections that are in use, and of a lease by that of the routes.
show_scale() {
  local connections few instructions requests=100000
  if ((quick)); then requests=20000; fi
  printf '\n%12s %12s %12s %12s %12s\n' connections requests/s 'user us' 'system us' instructions
  for connections in 1 10 100 1000 10000; do
    echo "scale: $connections connections" >&2
    local command=("$programs/async_get" --url "$plain/small" --peer headway --connections "$connections")
    few=$((connections > 500 ? connections * 2 : 1000)) instructions=-
    if ((!quick)); then instructions=$(each_of instructions_of "$few" $((few * 2)) "${command[@]}"); fi
    "${on_client[@]}" "${command[@]}" --tsv --requests "$requests" --rounds 3 |
      awk -F '\t' -v connections="$connections" -v instructions="$instructions" \
        '{ printf "%12d %12.0f %12.2f %12.2f %12s\n", connections, $3, $4, $5, instructions }'
  done
  printf '\na lease and its end, by routes\n'
  in_nanoseconds "$programs/pool_bench" --benchmark_filter='manager_lease.*threads:1$'
}

while read -ra words; do
  if ((${#words[@]} == 0)) || ! wanted "${words[0]}"; then continue; fi
  measure "${words[@]}"
done <<<"$workloads"

if [[ -s $results ]]; then awk -f "$root/tests/bench/table.awk" "$results" "$results"; fi
if wanted idle; then weigh_idle; fi
if wanted parse; then
  printf '\na response of N fields, read\n'
  in_nanoseconds "$programs/parse_bench"
fi
if wanted lease; then
  printf '\na lease and its end\n'
  in_nanoseconds "$programs/pool_bench" --benchmark_filter='manager'
fi
if wanted scale; then show_scale; fi
if [[ -n $svg ]]; then
  awk -f "$root/tests/bench/chart.awk" "$results" "$results" >"$svg"
  echo "drawn: $svg" >&2
fi
