// SPDX-License-Identifier: BSL-1.0
#include "survey/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace survey {
namespace {

constexpr std::string_view erase_line = "\r\x1b[2K";

std::size_t terminal_width(int descriptor) {
  winsize size{};
  bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

std::string progress_line(std::string_view label, int done, int total, std::size_t width) {
  std::string count = ' ' + std::to_string(done) + '/' + std::to_string(total);
  std::string line(label);
  std::size_t taken = label.size() + count.size() + 3;  // a blank and the bar's two ends
  if (taken < width) {
    std::size_t room = std::min<std::size_t>(width - taken, 40);
    double part = total > 0 ? std::clamp(static_cast<double>(done) / total, 0.0, 1.0) : 1.0;
    auto filled = static_cast<std::size_t>(part * static_cast<double>(room));
    line += " [" + std::string(filled, '#') + std::string(room - filled, '.') + "]";
  }
  return (line + count).substr(0, width);
}

Progress::Progress(std::string label, int total) : Progress(std::move(label), total, STDERR_FILENO) {}

Progress::Progress(std::string label, int total, int descriptor)
    : label_(std::move(label)), total_(total), descriptor_(descriptor), terminal_(::isatty(descriptor) == 1) {
  draw();
}

Progress::~Progress() {
  if (terminal_) write(erase_line);
}

void Progress::advance() {
  std::lock_guard lock(mutex_);
  ++done_;
  draw();
}

// The last column stays free: some terminals begin a new line once it is written. A line that would look the
// same is not drawn again.
void Progress::draw() {
  if (!terminal_) return;
  std::string line = progress_line(label_, done_, total_, terminal_width(descriptor_) - 1);
  if (line == shown_) return;
  write(std::string(erase_line) + line);
  shown_ = std::move(line);
}

void Progress::write(std::string_view text) const {
  // A bar that cannot be drawn is no reason to end the survey.
  [[maybe_unused]] ssize_t written = ::write(descriptor_, text.data(), text.size());
}

}  // namespace survey
