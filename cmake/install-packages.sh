#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
#
# Installs the Debian or Ubuntu packages that this machine lacks. It touches neither apt nor the network
# where nothing is missing.
# usage: install-packages.sh [build] [test] [bench] [ci] [--try GROUP...]
#   --try GROUP...   one can do without these: those that are not to be had are told, and no failure
set -euo pipefail

# A word may name alternatives, as in "libllhttp-dev|node-llhttp": the first that the release has is taken.
packages_of() {
  case $1 in
    build) echo g++ cmake ninja-build pkg-config libasio-dev 'libllhttp-dev|node-llhttp' libssl-dev zlib1g-dev libbrotli-dev libzstd-dev libpsl-dev ;;
    test) echo apache2-bin libgtest-dev libgmock-dev dante-server iproute2 nginx-light libnginx-mod-http-brotli-filter python3 squid ;;
    bench) echo libbenchmark-dev libboost-dev libcpp-httplib-dev libcurl4-openssl-dev libpoco-dev valgrind strace ;;
    ci) echo clang-format-16 clang-tidy-16 ;;
    *) echo "install-packages.sh: no group is called $1" >&2; exit 2 ;;
  esac
}

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

any_installed() {
  local package
  for package in ${1//|/ }; do
    if is_installed "$package"; then return; fi
  done
  return 1
}

first_available() {
  local package
  for package in ${1//|/ }; do
    if [[ -n $(apt-cache madison "$package" 2>/dev/null) ]]; then break; fi
  done
  echo "$package"
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo --preserve-env=DEBIAN_FRONTEND "$@"; fi
}

# Packages of servers would start them, which nobody here asked for: the tests start their own.
install_packages() {
  local policy=/usr/sbin/policy-rc.d status=0
  local install=(apt-get install -y -qq --no-install-recommends "$@")
  if [[ -e $policy ]]; then
    as_root "${install[@]}" >/dev/null
    return
  fi
  printf '#!/bin/sh\nexit 101\n' | as_root install -m 755 /dev/stdin "$policy"
  as_root "${install[@]}" >/dev/null || status=$?
  as_root rm -f "$policy"
  return "$status"
}

# A mirror that is just being updated answers with errors for a while.
update_lists() {
  local attempt
  for attempt in 1 2 3; do
    if as_root apt-get update -qq; then return; fi
    echo "install-packages.sh: apt-get update failed, attempt $attempt of 3" >&2
    sleep $((attempt * 5))
  done
  return 1
}

required=() optional=() trying=0
for group in "$@"; do
  if [[ $group == --try ]]; then
    trying=1
    continue
  fi
  packages=$(packages_of "$group")
  read -ra words <<<"$packages"
  if ((trying)); then optional+=("${words[@]}"); else required+=("${words[@]}"); fi
done

if ! command -v dpkg-query >/dev/null; then
  echo "install-packages.sh: no dpkg here; see to it that there is: ${required[*]} ${optional[*]}" >&2
  exit 0
fi

needed=() useful=()
for word in "${required[@]}"; do any_installed "$word" || needed+=("$word"); done
for word in "${optional[@]}"; do any_installed "$word" || useful+=("$word"); done
missing=("${needed[@]}" "${useful[@]}")
if ((${#missing[@]} == 0)); then exit 0; fi

go_without() { echo "install-packages.sh: going on without $*" >&2; }

echo "Installing packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
if ! update_lists; then
  if ((${#needed[@]})); then exit 1; fi
  go_without "${useful[@]}"
  exit 0
fi
if ((${#needed[@]})); then
  chosen=()
  for word in "${needed[@]}"; do chosen+=("$(first_available "$word")"); done
  install_packages "${chosen[@]}"
fi
# Each for itself, so that one that is not to be had stops no other.
for word in "${useful[@]}"; do
  install_packages "$(first_available "$word")" || go_without "$word"
done
