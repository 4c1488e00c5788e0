#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
#
# Builds and runs the consumer as a makefile would: a compiler, and pkg-config's flags for a static link.
# usage: pkg_config.sh COMPILER PREFIX PACKAGE MAIN PROGRAM
set -eu
compiler=$1 prefix=$2 package=$3 main=$4 program=$5

pc=$(find "$prefix" -name "$package.pc")
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
pkg-config --exists --print-errors "$package >= 0.1"
# shellcheck disable=SC2046  # the flags are words
"$compiler" -std=c++20 "$main" $(pkg-config --static --cflags --libs "$package") -o "$program"
"$program"
