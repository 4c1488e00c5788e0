// SPDX-License-Identifier: BSL-1.0
#pragma once

// One child process, stopped with its owner. Use on the thread that started it: should that thread end first,
// the kernel terminates the child.

#include "src/testing/descriptor.hpp"

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace headway::testing {

/// The absolute path of a program in PATH or one of the folders for administrators. Throws
/// std::runtime_error, which says that it is not installed and names the `package` that has it.
std::string find_program(const std::string& name, const std::string& package);

class ChildProcess {
 public:
  ChildProcess() = default;
  /// Runs `command`, an absolute path and its arguments, with both outputs going to the file `output`. Throws
  /// std::system_error; a program that cannot be run exits with 127.
  ChildProcess(const std::vector<std::string>& command, const std::string& output);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  bool running() const noexcept { return pid_ > 0; }
  /// Waits for its exit; returns whether it has exited by then.
  bool wait_for_exit(std::chrono::milliseconds limit);
  void signal(int number);
  /// Sends `number`, waits, and kills a child that has not exited within `patience`.
  void stop(int number);

 private:
  pid_t pid_ = 0;
  Descriptor handle_;  // a pidfd, readable once the child has exited
};

}  // namespace headway::testing
