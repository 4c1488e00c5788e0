// SPDX-License-Identifier: BSL-1.0
#pragma once

// A directory of its own for one test, removed with everything in it.

#include <filesystem>
#include <string>
#include <string_view>

namespace headway::testing {

class TemporaryDirectory {
 public:
  /// Throws std::system_error.
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  /// `name` may hold folders, which are made.
  void write(const std::filesystem::path& name, std::string_view content) const;
  /// Empty where there is no such file.
  std::string read(const std::filesystem::path& name) const;

 private:
  std::filesystem::path path_;
};

}  // namespace headway::testing
