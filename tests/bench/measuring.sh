# SPDX-License-Identifier: BSL-1.0
#
# Sourced by the scripts of the benchmarks: building, the server, and what counts instructions, system calls and
# allocations of a program.
source "$(dirname "${BASH_SOURCE[0]}")/../../cmake/steps.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# build_benchmarks BUILD TARGET...
build_benchmarks() {
  local build=$1
  shift
  "$root/cmake/install-packages.sh" build test --try bench
  step "Configuring the benchmarks" configure "$build" -DCMAKE_BUILD_TYPE=Release \
    -DHEADWAY_BUILD_TESTS=OFF -DHEADWAY_BUILD_EXAMPLES=OFF -DHEADWAY_BUILD_FUZZERS=OFF \
    ${HEADWAY_WARNINGS_AS_ERRORS:+"-DHEADWAY_WARNINGS_AS_ERRORS=$HEADWAY_WARNINGS_AS_ERRORS"}
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

# start_server BUILD: sets plain, tls, trust, tls_sink and sink (tests/bench/server.cpp). It ends with this script.
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

# limited COMMAND...: none takes so long unless it hangs. In the background, for timeout gives it a process group of
# its own, and bash would not heed Ctrl-C before that one ends.
limited() {
  local status=0
  timeout 600 "$@" &
  wait $! || status=$?
  if ((status == 124)); then echo "gave up after 10 minutes: $*" >&2; fi
  return "$status"
}

# The counters print one figure, and fail where the program does. What strace and callgrind say goes to files, so that
# the program's own errors are seen.

instructions_of() {
  limited valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$scratch/callgrind" "$@" >/dev/null &&
    awk '/refs:/ { gsub(",", "", $NF); print $NF }' "$scratch/callgrind"
}

calls_of() {
  limited strace -f -c -U calls -o "$scratch/strace" "$@" >/dev/null &&
    awk '$NF == "total" { print $1 }' "$scratch/strace"
}

allocations_of() {
  limited "$@" --tsv >"$scratch/line" && cut -f 6 "$scratch/line"
}

# each_of COUNTER FEW MANY COMMAND...: what a request takes, as the difference of two numbers of requests, so that
# neither the program's start nor its warming up counts. Prints nothing and fails where a count is missing.
each_of() {
  local counter=$1 few=$2 many=$3 less more
  shift 3
  less=$("$counter" "$@" --rounds 1 --requests "$few") || return
  more=$("$counter" "$@" --rounds 1 --requests "$many") || return
  awk -v less="$less" -v more="$more" -v requests=$((many - few)) 'BEGIN {
    if (less + 0 <= 0 || more - less <= 0) exit 1
    printf "%.2f\n", (more - less) / requests
  }'
}
