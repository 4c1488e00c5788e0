#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
#
# What a request may cost, blocking and asynchronous, by counts that hardly depend on how fast or busy the machine is:
# instructions (callgrind), system calls (strace), allocations, and the heap of an idle connection, against nginx on
# loopback. They do depend on the compiler, on libc and on OpenSSL, and are those of g++ 12 on Debian 12. Fails where a
# budget is exceeded, and where something could not be measured.
#   tests/bench/budgets.sh [BUILD]     BUILD: a Release build with benchmarks; out/bench is made where none is given
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/measuring.sh"

build=${1:-$root/out/bench}
if (($# == 0)); then build_benchmarks "$build" bench_server blocking async_get idle; fi
if ! grep -qs '^CMAKE_BUILD_TYPE:[A-Z]*=Release$' "$build/CMakeCache.txt"; then
  echo "budgets.sh: the budgets are those of a Release build, and $build is none" >&2
  exit 2
fi
on_server=() on_client=()
start_server "$build"

get=("$build/tests/bench/blocking" --url "$plain/small" --peer)
get_new=("${get[@]}" headway --connection new)
get_tls=("$build/tests/bench/blocking" --url "$tls/small" --trust "$trust" --peer)
async=("$build/tests/bench/async_get" --url "$plain/small" --peer headway)
idle=("$build/tests/bench/idle" --tsv --url)

failed=0
# row NAME FIGURE CHECKED WANTED VERDICT
row() { printf '%-52s %10s %9s %9s   %s\n' "$@"; }

# within NAME CHECKED WANTED COMMAND...: the figure that the command prints is at most CHECKED. WANTED is the aim, "-"
# where there is none of its own. Where anything may be counted, less than 1 says that the counter does not work.
within() {
  local name=$1 checked=$2 wanted=$3 figure verdict=ok
  figure=$("${@:4}") || figure=
  if [[ ! $figure =~ ^[0-9]+(\.[0-9]+)?$ ]]; then
    verdict="NOT MEASURED" failed=1
  elif ! awk -v figure="$figure" -v most="$checked" 'BEGIN { exit !(figure + 0 <= most + 0) }'; then
    verdict=EXCEEDED failed=1
  elif ! awk -v figure="$figure" -v most="$checked" 'BEGIN { exit !(most + 0 == 0 || figure >= 1) }'; then
    verdict="NOT COUNTED" failed=1
  fi
  row "$name" "${figure:--}" "$checked" "$wanted" "$verdict"
}

# counted COUNTER COMMAND...
counted() { each_of "$1" 1000 3000 "${@:2}"; }
# New connections take longer, and each takes a port.
counted_new() { each_of "$1" 100 300 "${@:2}"; }
# Those of a turn that has been warmed up.
allocated() { allocations_of "$@" --rounds 1 --requests 10000; }
allocated_new() { allocations_of "$@" --rounds 1 --requests 1000; }
idle_heap() { limited "${idle[@]}" "$@" >"$scratch/line" && cut -f 4 "$scratch/line"; }

row "" figure checked wanted ""
within "instructions, kept GET, blocking" 6950 8000 counted instructions_of "${get[@]}" headway
within "instructions, all that a client can do switched on" 9000 - counted instructions_of "${get[@]}" headway-all
within "instructions, kept GET over TLS, blocking" 22800 - counted instructions_of "${get_tls[@]}" headway
# 9,460 to 9,480 here; processors differ by some 30, for libc has other functions for them.
within "instructions, kept GET, 32 asynchronous" 9550 9500 counted instructions_of "${async[@]}" --connections 32
# Whatever else the process did meanwhile is counted, too: a few of thousands.
within "system calls, kept GET, blocking" 3.02 3 counted calls_of "${get[@]}" headway
within "system calls, the check before reuse off" 2.02 2 counted calls_of "${get[@]}" headway-unchecked
# Those of the blocking one, and a share of an epoll_wait.
within "system calls, kept GET, 64 asynchronous" 3.3 3.3 counted calls_of "${async[@]}"
# The server closes first, which a thread in the background waits for.
within "system calls, a new connection for each GET" 14 - counted_new calls_of "${get_new[@]}"
within "allocations, kept GET, response used again" 0 0 allocated "${get[@]}" headway
within "allocations, kept GET, fresh response" 1 3 allocated "${get[@]}" headway-fresh
within "allocations, a new connection for each GET" 16 - allocated_new "${get_new[@]}"
within "heap of an idle connection, bytes" 400 1024 idle_heap "$plain/small" --connections 2000
within "heap of an idle connection with TLS, bytes" 16384 16384 \
  idle_heap "$tls/small" --trust "$trust" --connections 500
exit $failed
