// SPDX-License-Identifier: BSL-1.0
#pragma once

// A progress bar on a terminal; on anything else, silence.

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace survey {

/// One line of at most `width` characters: label, bar and count, or as much of that as fits.
std::string progress_line(std::string_view label, int done, int total, std::size_t width);

/// Draws on its own line and leaves that line empty when it is destroyed. All members: any thread.
class Progress {
 public:
  /// `descriptor` must stay open; standard error where none is given.
  Progress(std::string label, int total);
  Progress(std::string label, int total, int descriptor);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance();

 private:
  void draw();
  void write(std::string_view text) const;

  std::string label_;
  int total_;
  int descriptor_;
  bool terminal_;
  std::mutex mutex_;
  int done_ = 0;
  std::string shown_;
};

}  // namespace survey
