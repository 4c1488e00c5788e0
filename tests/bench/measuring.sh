# SPDX-License-Identifier: BSL-1.0
#
# Sourced by the scripts of the benchmarks: building, the server, and counts that do not depend on the machine.
source "$(dirname "${BASH_SOURCE[0]}")/../../cmake/steps.sh"

# build_benchmarks BUILD TARGET...
build_benchmarks() {
  local build=$1
  shift
  "$root/cmake/install-packages.sh" build test bench
  step "Configuring the benchmarks" configure "$build" -DCMAKE_BUILD_TYPE=Release \
    -DHEADWAY_BUILD_TESTS=OFF -DHEADWAY_BUILD_EXAMPLES=OFF -DHEADWAY_BUILD_FUZZERS=OFF \
    -DHEADWAY_WARNINGS_AS_ERRORS="${HEADWAY_WARNINGS_AS_ERRORS:-OFF}"
  step "Building the benchmarks" cmake --build "$build" --target "$@"
}

# Where there are two cores, the server has one and the clients have another. Sets on_server and on_client, what to
# put before a command.
pin() {
  local allowed
  allowed=$(awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)
  on_server=() on_client=()
  if (($(nproc) < 2)) || ! command -v taskset >/dev/null; then return; fi
  on_server=(taskset -c "${allowed%%[-,]*}") on_client=(taskset -c "${allowed##*[-,]}")
}

# start_server BUILD: sets plain, tls, trust and sink (tests/bench/server.cpp). It ends with this script.
start_server() {
  local name value
  coproc server { exec "${on_server[@]}" "$1/tests/bench/bench_server"; }
  while read -r name value <&"${server[0]}"; do
    printf -v "$name" %s "$value"
    if [[ $name == sink ]]; then return; fi
  done
  echo "the server did not start" >&2
  return 1
}

instructions_of() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 |
    awk '/refs:/ { gsub(",", "", $NF); print $NF }'
}

calls_of() {
  strace -f -c -U calls "$@" 2>&1 >/dev/null | awk '$NF == "total" { print $1 }'
}

allocations_of() {
  "$@" --tsv | awk '{ print $6 }'
}

# each_of COUNTER FEW MANY COMMAND...: what a request takes, as the difference of two numbers of requests, so that
# neither the program's start nor its warming up counts. Prints nothing and fails where a count is missing.
each_of() {
  local counter=$1 few=$2 many=$3 less more
  shift 3
  less=$("$counter" "$@" --rounds 1 --requests "$few")
  more=$("$counter" "$@" --rounds 1 --requests "$many")
  awk -v less="$less" -v more="$more" -v requests=$((many - few)) 'BEGIN {
    if (less <= 0 || more <= 0) exit 1
    printf "%.1f\n", (more - less) / requests
  }'
}
