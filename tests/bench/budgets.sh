#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
#
# What a kept GET may cost, blocking and asynchronous, by counts that do not depend on the machine: instructions
# (callgrind) and system calls (strace), against nginx on loopback. Fails where a budget is exceeded.
#   tests/bench/budgets.sh [BUILD]     BUILD: a build with benchmarks; out/bench is made where none is given
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../cmake/steps.sh"

instructions_budget=8000
calls_budget=3.0
calls_unchecked_budget=2.0
async_instructions_budget=11000
# Those of the blocking one, and a share of an epoll_wait.
async_calls_budget=3.3

build=${1:-$root/out/bench}
if (($# == 0)); then
  "$root/cmake/install-packages.sh" build test bench
  step "Configuring the benchmarks" configure "$build" -DCMAKE_BUILD_TYPE=Release \
    -DHEADWAY_BUILD_TESTS=OFF -DHEADWAY_BUILD_EXAMPLES=OFF -DHEADWAY_BUILD_FUZZERS=OFF
  step "Building the benchmarks" cmake --build "$build" --target kept_get async_get
fi
program=$build/tests/bench/kept_get
async_program=$build/tests/bench/async_get

dir=$(mktemp -d)
nginx=$(command -v nginx || echo /usr/sbin/nginx)
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
chmod 755 "$dir"
mkdir "$dir/html"
printf 'hello world' >"$dir/html/hello"

# A port that nobody uses is found by trying.
server=
for port in $(shuf -i 20000-29999 -n 20); do
  cat >"$dir/nginx.conf" <<CONF
daemon off;
worker_processes 1;
pid $dir/nginx.pid;
error_log $dir/error.log;
events { worker_connections 256; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path $dir/body; proxy_temp_path $dir/proxy; fastcgi_temp_path $dir/fastcgi;
  uwsgi_temp_path $dir/uwsgi; scgi_temp_path $dir/scgi;
  server { listen 127.0.0.1:$port; root $dir/html; }
}
CONF
  "$nginx" -p "$dir" -c "$dir/nginx.conf" -e "$dir/error.log" &
  server=$!
  for _ in $(seq 50); do
    if [[ -s $dir/nginx.pid ]] || ! kill -0 "$server" 2>/dev/null; then break; fi
    sleep 0.1
  done
  if kill -0 "$server" 2>/dev/null; then break; fi
done
url=http://127.0.0.1:$port/hello

# instructions_of COMMAND...: under callgrind with its options, if any, in front.
instructions_of() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 |
    awk '/refs:/ { gsub(",", "", $NF); print $NF }'
}

calls_of() {
  strace -f -c -U calls "$@" 2>&1 >/dev/null | awk '$NF == "total" { print $1 }'
}

kept_get() {
  local requests=$1 client=$2
  "${@:3}" "$program" "$url" "$requests" "$client"
}

async_get() {
  local requests=$1 client=$2
  "${@:3}" "$async_program" --url "$url" --rounds 1 --requests "$requests" --peer "$client"
}

# system_calls BENCHMARK CLIENT: those that a request takes, without what the program's start takes.
system_calls() {
  local few many
  few=$("$1" 1000 "$2" calls_of)
  many=$("$1" 3000 "$2" calls_of)
  awk "BEGIN { printf \"%.1f\", ($many - $few) / 2000 }"
}

failed=0
# within NAME FIGURE BUDGET
within() {
  local verdict=ok
  if awk "BEGIN { exit !($2 > $3) }"; then verdict=EXCEEDED failed=1; fi
  printf '%-44s %10s   budget %10s   %s\n' "$1" "$2" "$3" "$verdict"
}

# instructions BENCHMARK CLIENT [OPTION]...: those that a request takes, in the same way.
instructions() {
  local few many
  few=$("$1" 1000 "$2" instructions_of "${@:3}")
  many=$("$1" 3000 "$2" instructions_of "${@:3}")
  echo $(((many - few) / 2000))
}

within "instructions, kept GET, blocking" "$(instructions kept_get headway)" $instructions_budget
within "system calls, kept GET, blocking" "$(system_calls kept_get headway)" $calls_budget
within "system calls, the check before reuse off" "$(system_calls kept_get headway-unchecked)" $calls_unchecked_budget
# The program has nothing but its requests collected.
within "instructions, kept GET, asynchronous" "$(instructions async_get headway --collect-atstart=no)" \
  $async_instructions_budget
within "system calls, kept GET, asynchronous" "$(system_calls async_get headway)" $async_calls_budget
exit $failed
