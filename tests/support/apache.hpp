// SPDX-License-Identifier: BSL-1.0
#pragma once

// A real Apache httpd on 127.0.0.1, with its configuration in a directory of its own. Use on one thread, the
// one that made it.

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/testing/reserved_port.hpp>

#include <string>

namespace headway::testing {

/// Has two folders with one file each: "/basic/page" and "/digest/page", which say "for those who say who
/// they are" to one user, "user" with the password "secret"; and "/hello", which is there in German and in
/// English.
class Apache {
 public:
  /// Returns once it accepts. Throws std::runtime_error with Apache's own words if it is not installed or
  /// does not start.
  Apache();
  ~Apache();

  std::string url(const std::string& target, const std::string& login = {}) const;

 private:
  std::string configuration() const;
  bool wait_until_ready();

  TemporaryDirectory directory_;
  ReservedPort port_;
  ChildProcess process_;
};

}  // namespace headway::testing
