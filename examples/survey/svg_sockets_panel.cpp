// SPDX-License-Identifier: BSL-1.0
#include "survey/axis.hpp"
#include "survey/results_table.hpp"
#include "survey/svg_panels.hpp"

#include <algorithm>
#include <string>

namespace survey {
namespace {

constexpr double legend_column = 112, legend_row = 17;

// Told apart by those who do not see all colours, too.
std::string colour(TcpState state) {
  switch (state) {
    case TcpState::established:
      return "#0072b2";
    case TcpState::time_wait:
      return "#e69f00";
    case TcpState::close_wait:
      return "#d55e00";
    case TcpState::fin_wait_1:
      return "#cc79a7";
    case TcpState::fin_wait_2:
      return "#56b4e9";
    case TcpState::last_ack:
      return "#009e73";
    case TcpState::closing:
      return "#8c8c8c";
    case TcpState::syn_sent:
      return "#f0e442";
    default:
      return "#4d4d4d";
  }
}

std::string fill(TcpState state) { return "fill=\"" + colour(state) + "\""; }

constexpr std::string_view outline = "fill=\"none\" stroke=\"#57606a\" stroke-dasharray=\"3 2\"";

void draw_axis(SvgCanvas& canvas, const LinearAxis& axis, const Box& panel) {
  for (int tick : axis.ticks()) {
    canvas.line(axis.at(tick), panel.y, axis.at(tick), panel.bottom(), "stroke=\"#e3e6ea\"");
    canvas.text(axis.at(tick), panel.bottom() + 15, std::to_string(tick), Anchor::middle, "fill=\"#57606a\"");
  }
  canvas.line(panel.x, panel.bottom(), panel.right(), panel.bottom(), "stroke=\"#8c959f\"");
  canvas.text(panel.x + panel.width / 2, panel.bottom() + 32, "sockets of this side when the plan ended",
              Anchor::middle);
}

void draw_bar(SvgCanvas& canvas, const PlanResult& result, const LinearAxis& axis, const Box& row) {
  double height = std::min(row.height * 0.5, 24.0);
  double top = row.y + (row.height - height) / 2;
  int before = 0;
  for (TcpState state : counted_states) {
    int count = result.end[state];
    if (count == 0) continue;
    canvas.rectangle({axis.at(before), top, axis.at(before + count) - axis.at(before), height}, fill(state));
    before += count;
  }
  int peak = std::max(result.peak.total(), before);
  if (peak > before) canvas.rectangle({row.x, top - 2, axis.at(peak) - row.x, height + 4}, outline);
  canvas.text(axis.at(peak) + 6, top + height / 2 + 4, std::to_string(before), Anchor::start,
              "font-weight=\"bold\"");
}

void draw_legend(SvgCanvas& canvas, const std::vector<TcpState>& states, double left, double top) {
  for (std::size_t i = 0; i <= states.size(); ++i) {
    double x = left + legend_column * static_cast<double>(i % 3);
    double y = top + legend_row * static_cast<double>(i / 3);
    bool is_state = i < states.size();
    canvas.rectangle({x, y - 9, 12, 10}, is_state ? fill(states[i]) : std::string(outline));
    canvas.text(x + 18, y, is_state ? name(states[i]) : "sum of peaks", Anchor::start);
  }
}

}  // namespace

void draw_sockets_panel(SvgCanvas& canvas, const std::vector<PlanResult>& results, const Box& panel) {
  int largest = 0;
  for (const PlanResult& result : results)
    largest = std::max({largest, result.end.total(), result.peak.total()});
  constexpr double room_for_number = 40;
  LinearAxis axis(largest, panel.x, panel.width - room_for_number);
  draw_axis(canvas, axis, panel);
  for (std::size_t i = 0; i < results.size(); ++i)
    draw_bar(canvas, results[i], axis, row_box(panel, i, results.size()));
  draw_legend(canvas, states_left(results), panel.x, panel.bottom() + 56);
}

}  // namespace survey
