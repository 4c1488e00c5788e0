#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
#
# What including the library costs a program: seconds of user time to compile it without optimisation, the median of five.
# <string> alone tells how fast the machine is just now.
#   [CXX=COMPILER] tests/bench/compile_time.sh
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../cmake/steps.sh"
compiler=${CXX:-g++}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# compile SOURCE: its errors go to stderr.
compile() {
  "$compiler" -std=c++20 -DASIO_STANDALONE -I"$root/include" -c "$1" -o "$dir/object"
}

# median_of NAME: of the program on stdin; once more before, so that all files are in memory.
median_of() {
  local source=$dir/program.cpp TIMEFORMAT=%U
  cat >"$source"
  compile "$source"
  for _ in 1 2 3 4 5; do { time compile "$source"; } 2>&1; done | sort -n | awk -v name="$1" '
    { seconds[NR] = $1 }
    END { printf "%-40s %6.2f s\n", name, seconds[3] }'
}

median_of "<string> alone" <<'CPP'
#include <string>
CPP

median_of "headway, a blocking GET" <<'CPP'
#include <headway/client.hpp>

#include <cstdio>

int main() {
  headway::Client client;
  std::puts(client.get("http://127.0.0.1/").body.c_str());
}
CPP

if [[ -e $root/include/headway/async.hpp ]]; then
  median_of "headway, a GET in a coroutine" <<'CPP'
#include <headway/async.hpp>
#include <headway/client.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>

#include <cstdio>

asio::awaitable<void> hello(headway::Client& client) {
  const headway::Response response = co_await client.async_get("http://127.0.0.1/", asio::use_awaitable);
  std::puts(response.body.c_str());
}

int main() {
  asio::io_context context;
  headway::Client client;
  asio::co_spawn(context, hello(client), asio::detached);
  context.run();
}
CPP
fi

if echo '#include <curl/curl.h>' | "$compiler" -x c++ -fsyntax-only - 2>/dev/null; then
  median_of "<curl/curl.h> alone" <<'CPP'
#include <curl/curl.h>
CPP
fi
