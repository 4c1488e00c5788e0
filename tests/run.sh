#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
#
# Builds all tests, and what they start, in out/tests and runs them, with this script's arguments for ctest:
#   tests/run.sh
#   tests/run.sh -R Url
# HEADWAY_WARNINGS_AS_ERRORS=ON in the environment makes it strict.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cmake/steps.sh"
build=$root/out/tests

"$root/cmake/install-packages.sh" build test
step "Configuring the tests" configure "$build" \
  -DCMAKE_UNITY_BUILD=ON -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O1 -g1 -DNDEBUG" -DHEADWAY_BUILD_BENCHMARKS=OFF \
  -DHEADWAY_WARNINGS_AS_ERRORS="${HEADWAY_WARNINGS_AS_ERRORS:-OFF}"
step "Building the tests" cmake --build "$build"
cd "$build"
exec ctest -j2 --output-on-failure "$@"
