// SPDX-License-Identifier: BSL-1.0
#include "survey/table.hpp"

#include <algorithm>

namespace survey {
namespace {

constexpr std::string_view gap = "  ";

std::string format_row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string padding(widths[i] - display_width(cells[i]), ' ');
    if (i > 0) line += gap;
    line += i == 0 ? cells[i] + padding : padding + cells[i];
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char byte) { return (byte & 0xc0) != 0x80; }));
}

void Table::add_row(std::vector<std::string> cells) {
  cells.resize(rows_.front().size());
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const std::vector<std::string>& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  std::size_t line = gap.size() * (widths.size() - 1);
  for (std::size_t width : widths) line += width;
  std::string text = format_row(rows_.front(), widths) + std::string(line, '-') + '\n';
  for (std::size_t i = 1; i < rows_.size(); ++i) text += format_row(rows_[i], widths);
  return text;
}

}  // namespace survey
