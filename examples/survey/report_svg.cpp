// SPDX-License-Identifier: BSL-1.0
#include "survey/report_svg.hpp"

#include "survey/results_table.hpp"
#include "survey/svg_canvas.hpp"
#include "survey/svg_panels.hpp"

namespace survey {
namespace {

constexpr int width = 900, height = 420;
constexpr Box sockets_panel{128, 72, 350, 238};
constexpr Box latency_panel{520, 72, 340, 238};

void draw_row_label(SvgCanvas& canvas, const PlanResult& result, const Box& row) {
  double x = row.x - 10, middle = row.y + row.height / 2;
  canvas.text(x, middle - 1, result.plan, Anchor::end, "font-size=\"13\" font-weight=\"bold\"");
  bool failed = result.failures > 0;
  canvas.text(
      x, middle + 13,
      failed ? std::to_string(result.failures) + " failed" : counted(result.connections_opened, "connection"),
      Anchor::end, failed ? "font-size=\"10\" fill=\"#b42318\"" : "font-size=\"10\" fill=\"#57606a\"");
}

}  // namespace

std::string report_svg(const std::vector<PlanResult>& results, const SurveySettings& settings) {
  SvgCanvas canvas(width, height, "Sockets and latency by plan");
  canvas.text(20, 28, "What each plan leaves behind, and how long it takes", Anchor::start,
              "font-size=\"16\" font-weight=\"bold\"");
  canvas.text(20, 47, describe(settings), Anchor::start, "fill=\"#57606a\"");
  draw_sockets_panel(canvas, results, sockets_panel);
  draw_latency_panel(canvas, results, latency_panel);
  for (std::size_t i = 0; i < results.size(); ++i)
    draw_row_label(canvas, results[i], row_box(sockets_panel, i, results.size()));
  return canvas.document();
}

}  // namespace survey
