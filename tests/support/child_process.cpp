// SPDX-License-Identifier: BSL-1.0
#include "tests/support/child_process.hpp"

#include <headway/testing/patience.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace headway::testing {
namespace {

// Between fork and exec only what is async-signal-safe may be called: other threads may hold locks.
[[noreturn]] void run_in_child(char* const* arguments, int output) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

std::string find_program(const std::string& name, const std::string& package) {
  const char* path = ::getenv("PATH");
  std::istringstream folders(std::string(path ? path : "") + ":/usr/sbin:/usr/local/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (folder.empty()) continue;
    std::string program = std::filesystem::absolute(folder) / name;
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  throw std::runtime_error(name + " is not installed: neither in PATH nor in /usr/sbin (Debian package " +
                           package + ")");
}

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::string& output) {
  Descriptor out(::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!out) throw_errno("open " + output);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) run_in_child(arguments.data(), out.get());
  if (pid_ < 0) throw_errno("fork");
  handle_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!handle_) throw_errno("pidfd_open");
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), handle_(std::move(other.handle_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(handle_, other.handle_);
  return *this;
}

ChildProcess::~ChildProcess() { stop(SIGTERM); }

bool ChildProcess::wait_for_exit(std::chrono::milliseconds limit) {
  if (!running()) return true;
  pollfd watched{handle_.get(), POLLIN, 0};
  if (::poll(&watched, 1, static_cast<int>(limit.count())) <= 0) return false;
  ::waitpid(pid_, nullptr, 0);
  pid_ = 0;
  return true;
}

void ChildProcess::signal(int number) {
  if (running()) ::kill(pid_, number);
}

void ChildProcess::stop(int number) {
  signal(number);
  if (wait_for_exit(patience)) return;
  signal(SIGKILL);
  wait_for_exit(patience);
}

}  // namespace headway::testing
