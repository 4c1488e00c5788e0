// SPDX-License-Identifier: BSL-1.0
#pragma once

// The two halves of the drawing. Each fills the box it is given with one row a plan and puts its axis and its
// legend below.

#include "survey/plan_result.hpp"
#include "survey/svg_canvas.hpp"

#include <vector>

namespace survey {

void draw_sockets_panel(SvgCanvas& canvas, const std::vector<PlanResult>& results, const Box& panel);
void draw_latency_panel(SvgCanvas& canvas, const std::vector<PlanResult>& results, const Box& panel);

/// The part of a panel that belongs to the row of `index`.
inline Box row_box(const Box& panel, std::size_t index, std::size_t rows) {
  double height = panel.height / static_cast<double>(rows);
  return {panel.x, panel.y + height * static_cast<double>(index), panel.width, height};
}

}  // namespace survey
