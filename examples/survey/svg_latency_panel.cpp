// SPDX-License-Identifier: BSL-1.0
#include "survey/axis.hpp"
#include "survey/results_table.hpp"
#include "survey/svg_panels.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace survey {
namespace {

constexpr std::string_view whisker = "stroke=\"#57606a\" stroke-width=\"1.5\"";
constexpr std::string_view box_style = "fill=\"#a8cdea\" stroke=\"#0072b2\"";
constexpr std::string_view median = "stroke=\"#003a5c\" stroke-width=\"3\"";
constexpr std::string_view ring = "fill=\"#ffffff\" stroke=\"#d55e00\" stroke-width=\"1.5\"";

double microseconds(Latency::Duration duration) {
  return std::max(static_cast<double>(duration.count()) / 1000, 0.001);
}

// `value` is a power of ten of microseconds.
std::string tick_label(double value) {
  if (value < 1) return std::to_string(std::lround(value * 1e3)) + " ns";
  if (value < 1e3) return std::to_string(std::lround(value)) + " us";
  if (value < 1e6) return std::to_string(std::lround(value / 1e3)) + " ms";
  return std::to_string(std::lround(value / 1e6)) + " s";
}

LogAxis axis_for(const std::vector<PlanResult>& results, const Box& panel) {
  double smallest = 1e9, largest = 0;
  for (const PlanResult& result : results) {
    if (result.latency.empty()) continue;
    smallest = std::min(smallest, microseconds(result.latency.min()));
    largest = std::max(largest, microseconds(result.latency.max()));
  }
  if (largest == 0) smallest = 100, largest = 1000;
  return {smallest, largest, panel.x, panel.width};
}

void draw_axis(SvgCanvas& canvas, const LogAxis& axis, const Box& panel) {
  std::vector<double> ticks = axis.ticks();
  for (double tick : ticks) {
    canvas.line(axis.at(tick), panel.y, axis.at(tick), panel.bottom(), "stroke=\"#d0d7de\"");
    canvas.text(axis.at(tick), panel.bottom() + 15, tick_label(tick), Anchor::middle, "fill=\"#57606a\"");
    for (int i = 2; i < 10 && tick != ticks.back(); ++i)
      canvas.line(axis.at(tick * i), panel.bottom() - 4, axis.at(tick * i), panel.bottom(),
                  "stroke=\"#8c959f\"");
  }
  canvas.line(panel.x, panel.bottom(), panel.right(), panel.bottom(), "stroke=\"#8c959f\"");
  canvas.text(panel.x + panel.width / 2, panel.bottom() + 32, "latency of a request, logarithmic",
              Anchor::middle);
}

void draw_box(SvgCanvas& canvas, const Latency& latency, const LogAxis& axis, const Box& row) {
  auto at = [&](Latency::Duration duration) { return axis.at(microseconds(duration)); };
  double middle = row.y + row.height / 2 + 4, half = std::min(row.height * 0.2, 9.0);
  double p50 = at(latency.p50()), right = at(latency.max());
  canvas.line(at(latency.min()), middle, right, middle, whisker);
  for (double end : {at(latency.min()), right})
    canvas.line(end, middle - half / 2, end, middle + half / 2, whisker);
  canvas.rectangle({p50, middle - half, at(latency.p95()) - p50, 2 * half}, box_style);
  canvas.line(p50, middle - half, p50, middle + half, median);
  canvas.circle(at(latency.p99()), middle, 3.5, ring);
  bool near_edge = p50 > row.right() - 90;
  canvas.text(p50, middle - half - 4, "p50 " + format_duration(latency.p50()),
              near_edge ? Anchor::end : Anchor::start, "font-size=\"10\"");
}

void draw_legend(SvgCanvas& canvas, double x, double y) {
  canvas.line(x, y - 4, x + 18, y - 4, whisker);
  canvas.text(x + 24, y, "min to max", Anchor::start);
  canvas.line(x + 112, y - 9, x + 112, y + 1, median);
  canvas.text(x + 120, y, "p50", Anchor::start);
  canvas.rectangle({x + 162, y - 9, 16, 10}, box_style);
  canvas.text(x + 184, y, "p50 to p95", Anchor::start);
  canvas.circle(x + 272, y - 4, 3.5, ring);
  canvas.text(x + 282, y, "p99", Anchor::start);
}

}  // namespace

void draw_latency_panel(SvgCanvas& canvas, const std::vector<PlanResult>& results, const Box& panel) {
  LogAxis axis = axis_for(results, panel);
  draw_axis(canvas, axis, panel);
  for (std::size_t i = 0; i < results.size(); ++i) {
    Box row = row_box(panel, i, results.size());
    if (results[i].latency.empty())
      canvas.text(row.x + 8, row.y + row.height / 2 + 4, "no response", Anchor::start, "fill=\"#b42318\"");
    else
      draw_box(canvas, results[i].latency, axis, row);
  }
  draw_legend(canvas, panel.x, panel.bottom() + 56);
}

}  // namespace survey
