#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
#
# What a kept GET may cost, blocking and asynchronous, by counts that do not depend on the machine: instructions
# (callgrind), system calls (strace), allocations, and the heap of an idle connection, against nginx on loopback.
# Fails where a budget is exceeded.
#   tests/bench/budgets.sh [BUILD]     BUILD: a build with benchmarks; out/bench is made where none is given
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/measuring.sh"

build=${1:-$root/out/bench}
if (($# == 0)); then build_benchmarks "$build" bench_server blocking async_get idle; fi
on_server=() on_client=()
start_server "$build"

blocking=("$build/tests/bench/blocking" --url "$plain/small" --peer)
async=("$build/tests/bench/async_get" --url "$plain/small" --peer headway)
idle=("$build/tests/bench/idle" --tsv --url)

failed=0
# within NAME FIGURE BUDGET
within() {
  local verdict=ok
  if ! awk -v figure="$2" -v budget="$3" 'BEGIN { exit !(figure != "" && figure <= budget) }'; then
    verdict=EXCEEDED failed=1
  fi
  printf '%-52s %10s   budget %10s   %s\n' "$1" "$2" "$3" "$verdict"
}

# counted COUNTER COMMAND...
counted() { each_of "$1" 1000 3000 "${@:2}"; }
# Those of a turn that has been warmed up.
allocated() { allocations_of "$@" --rounds 1 --requests 10000; }
idle_heap() { "${idle[@]}" "$@" | awk '{ print $4 }'; }

within "instructions, kept GET, blocking" "$(counted instructions_of "${blocking[@]}" headway)" 8000
# The aim is 9,500; 170 of them save a system call.
within "instructions, kept GET, 32 asynchronous" "$(counted instructions_of "${async[@]}" --connections 32)" 10250
within "system calls, kept GET, blocking" "$(counted calls_of "${blocking[@]}" headway)" 3.0
within "system calls, the check before reuse off" "$(counted calls_of "${blocking[@]}" headway-unchecked)" 2.0
# Those of the blocking one, and a share of an epoll_wait.
within "system calls, kept GET, 64 asynchronous" "$(counted calls_of "${async[@]}")" 3.3
within "allocations, kept GET, response used again" "$(allocated "${blocking[@]}" headway)" 0
within "allocations, kept GET, fresh response" "$(allocated "${blocking[@]}" headway-fresh)" 3
within "heap of an idle connection, bytes" "$(idle_heap "$plain/small" --connections 2000)" 1024
within "heap of an idle connection with TLS, bytes" \
  "$(idle_heap "$tls/small" --trust "$trust" --connections 500)" 16384
exit $failed
