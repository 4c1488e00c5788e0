# SPDX-License-Identifier: BSL-1.0
#
# The results of run.sh, read twice, as a table. Ratios are of throughput: to the bare loop's, and to the best of the
# other libraries. Figures that are missing are "-". Clients that outdo the bare loop by far are told on stderr:
# it is no floor then.
BEGIN { FS = "\t" }

FNR == NR {
  if ($2 == "bare") {
    floor[$1] = $3
  } else if ($2 !~ /^headway/ && $3 > best[$1]) {
    best[$1] = $3
  }
  next
}

function ratio(value, to) { return to > 0 ? sprintf("%.2f", value / to) : "-" }

function count(value, digits) { return value ~ /^[0-9]/ ? sprintf("%." digits "f", value) : "-" }

floor[$1] > 0 && $3 > 1.15 * floor[$1] {
  printf "%s: %s is %.2f times as fast as bare, which is no floor here\n", $1, $2, $3 / floor[$1] >"/dev/stderr"
}

FNR == 1 {
  printf "%-19s %-18s %11s %8s %8s %9s %9s %8s %12s %9s %9s\n", "workload", "peer", "requests/s", "of bare", "of best",
    "user us", "system us", "calls", "instructions", "allocs", "peak KiB"
}

$1 != previous {
  if (FNR > 1) print ""
  previous = $1
}

{
  printf "%-19s %-18s %11.*f %8s %8s %9.2f %9.2f %8s %12s %9.2f %9d\n", $1, $2, ($3 < 100 ? 2 : 0), $3,
    ratio($3, floor[$1]), ratio($3, best[$1]), $4, $5, count($8, 1), count($9, 0), $6, $7
}
