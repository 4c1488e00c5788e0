# SPDX-License-Identifier: BSL-1.0
#
# The results of run.sh, read twice, as an SVG: for each workload a bar for each client, as long as its throughput is,
# of the bare loop's. Variants of headway are left to the table. Below, what ABOUT in the environment says, by lines.
BEGIN {
  FS = "\t"
  width = 820; left = 110; unit = 480; bar = 13; gap = 16; top = 56
  # Two that differ to those who see no colours, too.
  ours = "#1f6feb"; floor_colour = "#8c959f"; others = "#c9d1d9"
}

function keep(workload, peer, rate) {
  if (peer ~ /^headway-/) return
  if (!(workload in peers)) order[++workloads] = workload
  names[workload, ++peers[workload]] = peer
  rates[workload, peer] = rate
}

FNR == NR {
  if ($2 == "bare") floor[$1] = $3
  next
}

{ keep($1, $2, $3) }

function text(x, y, anchor, style, words) {
  printf "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\" %s>%s</text>\n", x, y, anchor, style, words
}

function escaped(words) {
  gsub("&", "\\&amp;", words)
  gsub("<", "\\&lt;", words)
  return words
}

function colour(peer) { return peer == "headway" ? ours : peer == "bare" ? floor_colour : others }

function per_second(rate) { return rate < 100 ? sprintf("%.1f/s", rate) : sprintf("%.0f/s", rate) }

# One bar and its figures. Bars that are longer than there is room for are cut, and end in an arrow.
function draw(workload, peer, y,    share, length_) {
  share = floor[workload] > 0 ? rates[workload, peer] / floor[workload] : 0
  length_ = share > 1.15 ? 1.15 * unit : share * unit
  text(left - 8, y + bar - 3, "end", peer == "headway" ? "font-weight=\"bold\"" : "", peer)
  printf "<rect x=\"%d\" y=\"%.0f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", left, y, length_, bar - 2, colour(peer)
  if (share > 1.15)
    printf "<path d=\"M%.1f %.0fl8 %.1fl-8 %.1fz\" fill=\"%s\"/>\n", left + length_ - 1, y, bar / 2 - 1,
      bar / 2 - 1, colour(peer)
  text(left + 1.17 * unit, y + bar - 3, "start", "", sprintf("%.2f (%s)", share, per_second(rates[workload, peer])))
}

END {
  height = top
  for (w = 1; w <= workloads; ++w) height += gap + 8 + bar * peers[order[w]]
  bottom = height
  lines = split(ENVIRON["ABOUT"], about, "\n")
  height += 12 + 13 * lines
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" ", width, height
  print "font-size=\"11\">"
  printf "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n", width, height
  text(12, 22, "start", "font-size=\"15\" font-weight=\"bold\"", "Throughput relative to a bare socket loop (= 1.00)")
  text(12, 40, "start", "fill=\"#57606a\"", "longer is better; in brackets requests a second; against nginx on loopback")
  printf "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#cf222e\" stroke-dasharray=\"3 3\"/>\n", left + unit, top,
    left + unit, bottom
  y = top
  for (w = 1; w <= workloads; ++w) {
    text(12, y + 10, "start", "font-weight=\"bold\" fill=\"#24292f\"", order[w])
    y += gap
    for (p = 1; p <= peers[order[w]]; ++p) {
      draw(order[w], names[order[w], p], y)
      y += bar
    }
    y += 8
  }
  for (l = 1; l <= lines; ++l)
    text(12, bottom + 3 + 13 * l, "start", "font-size=\"10\" fill=\"#57606a\"", escaped(about[l]))
  print "</svg>"
}
