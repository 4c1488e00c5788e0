#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
#
# Builds the library and the survey in out/examples and runs it with this script's arguments:
#   examples/run.sh
#   examples/run.sh --requests 20
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cmake/steps.sh"
build=$root/out/examples

"$root/cmake/install-packages.sh" build
step "Configuring" configure "$build" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_UNITY_BUILD=ON \
  -DCMAKE_RUNTIME_OUTPUT_DIRECTORY="$build/bin" \
  -DHEADWAY_BUILD_TESTS=OFF -DHEADWAY_BUILD_BENCHMARKS=OFF -DHEADWAY_BUILD_FUZZERS=OFF
step "Building the survey" cmake --build "$build" --target survey
exec "$build/bin/survey" "$@"
