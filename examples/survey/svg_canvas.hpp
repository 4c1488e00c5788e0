// SPDX-License-Identifier: BSL-1.0
#pragma once

// A drawing as SVG text. One thread at a time.

#include <string>
#include <string_view>

namespace survey {

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

/// How text stands to its point.
enum class Anchor { start, middle, end };

/// `style` arguments are SVG presentation attributes, such as `fill="red"`; they are not escaped, text is.
class SvgCanvas {
 public:
  SvgCanvas(int width, int height, std::string_view title);

  void rectangle(const Box& box, std::string_view style);
  void line(double x1, double y1, double x2, double y2, std::string_view style);
  void circle(double x, double y, double radius, std::string_view style);
  void text(double x, double y, std::string_view content, Anchor anchor, std::string_view style = {});

  /// The whole document.
  std::string document() const { return body_ + "</svg>\n"; }

 private:
  std::string body_;
};

/// As text or as an attribute's value in XML 1.0; control characters, which have no place there, are left
/// out.
std::string xml_escape(std::string_view text);

}  // namespace survey
