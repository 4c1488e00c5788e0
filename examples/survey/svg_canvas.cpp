// SPDX-License-Identifier: BSL-1.0
#include "survey/svg_canvas.hpp"

#include <array>
#include <charconv>

namespace survey {
namespace {

std::string attribute(std::string_view name, double value) {
  std::array<char, 64> digits;
  auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 1).ptr;
  return ' ' + std::string(name) + "=\"" + std::string(digits.data(), end) + "\"";
}

std::string_view name(Anchor anchor) {
  switch (anchor) {
    case Anchor::start:
      return "start";
    case Anchor::middle:
      return "middle";
    case Anchor::end:
      return "end";
  }
  return "start";
}

}  // namespace

std::string xml_escape(std::string_view text) {
  std::string escaped;
  for (char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '"')
      escaped += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20)
      escaped += c;
  }
  return escaped;
}

SvgCanvas::SvgCanvas(int width, int height, std::string_view title) {
  std::string w = std::to_string(width), h = std::to_string(height);
  body_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" + h +
          "\" viewBox=\"0 0 " + w + " " + h +
          "\" font-family=\"DejaVu Sans, Verdana, sans-serif\" font-size=\"11\" fill=\"#24292f\">\n" +
          "<title>" + xml_escape(title) + "</title>\n";
  rectangle({0, 0, static_cast<double>(width), static_cast<double>(height)}, "fill=\"#ffffff\"");
}

void SvgCanvas::rectangle(const Box& box, std::string_view style) {
  body_ += "<rect" + attribute("x", box.x) + attribute("y", box.y) + attribute("width", box.width) +
           attribute("height", box.height) + " " + std::string(style) + "/>\n";
}

void SvgCanvas::line(double x1, double y1, double x2, double y2, std::string_view style) {
  body_ += "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
           " " + std::string(style) + "/>\n";
}

void SvgCanvas::circle(double x, double y, double radius, std::string_view style) {
  body_ += "<circle" + attribute("cx", x) + attribute("cy", y) + attribute("r", radius) + " " +
           std::string(style) + "/>\n";
}

void SvgCanvas::text(double x, double y, std::string_view content, Anchor anchor, std::string_view style) {
  body_ += "<text" + attribute("x", x) + attribute("y", y) + " text-anchor=\"" + std::string(name(anchor)) +
           "\" " + std::string(style) + ">" + xml_escape(content) + "</text>\n";
}

}  // namespace survey
