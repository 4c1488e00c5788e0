// SPDX-License-Identifier: BSL-1.0

// The main of every test program: runs the tests and then fails the program if it has other files, sockets or
// pipes open than before. A connection that nobody closed is a defect that no single test would see.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <system_error>

#ifdef __SANITIZE_THREAD__
/// libstdc++ counts an exception's references where the sanitizer does not see it, so that a future's
/// exception looks freed by one thread while the other still has it.
extern "C" const char* __tsan_default_suppressions() {  // NOLINT: the sanitizer's name
  return "race:std::__exception_ptr::exception_ptr::_M_release\n";
}
#endif

namespace {

/// What each open descriptor leads to, by its number: "socket:[4711]", "/dev/null" …
using OpenFiles = std::map<std::string, std::string>;

OpenFiles open_files() {
  const std::filesystem::path directory = "/proc/self/fd";
  const std::string itself = std::filesystem::canonical(directory);
  OpenFiles files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::error_code gone;
    std::string target = std::filesystem::read_symlink(entry.path(), gone);
    if (!gone && target != itself) files[entry.path().filename()] = target;
  }
  return files;
}

/// Names every file of `some` that is not in `others`, and says whether there was any.
bool report_missing(const OpenFiles& some, const OpenFiles& others, const char* what) {
  bool any = false;
  for (const auto& [number, target] : some) {
    auto other = others.find(number);
    if (other != others.end() && other->second == target) continue;
    std::cout << "file descriptor " << number << ' ' << what << ": " << target << '\n';
    any = true;
  }
  return any;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  const OpenFiles before = open_files();
  int result = RUN_ALL_TESTS();
  const OpenFiles after = open_files();
  if (report_missing(after, before, "was opened and not closed")) result = EXIT_FAILURE;
  if (report_missing(before, after, "was not the tests' to close")) result = EXIT_FAILURE;
  return result;
}
