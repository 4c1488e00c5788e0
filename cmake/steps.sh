# SPDX-License-Identifier: BSL-1.0
#
# Sourced by the scripts of this project: steps that show one line each, and everything they printed where
# they fail. Sets `root`, the top of the source tree.

# Figures have a point, whatever the user's language has: awk compares "0,5" as text.
export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# step TITLE COMMAND...: runs the command quietly and says how long it took.
step() {
  local title=$1 log begin=$SECONDS status=0
  shift
  log=$(mktemp)
  printf '%s ... ' "$title" >&2
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status == 0)); then
    echo "$((SECONDS - begin)) s" >&2
  else
    echo "failed after $((SECONDS - begin)) s" >&2
    cat "$log" >&2
  fi
  rm -f "$log"
  return "$status"
}

# configure BUILD OPTIONS...: an out-of-source build by Ninja, with the compiler cache where there is one.
configure() {
  local build=$1 launcher=
  shift
  if command -v ccache >/dev/null; then launcher=ccache; fi
  cmake -S "$root" -B "$build" -G Ninja \
    -DCMAKE_C_COMPILER_LAUNCHER="$launcher" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" "$@"
}
