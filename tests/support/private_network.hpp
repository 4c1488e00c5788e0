// SPDX-License-Identifier: BSL-1.0
#pragma once

// A network of the tests' own: loopback, and one link that swallows whatever is sent to its neighbours.

#include "tests/support/temporary_directory.hpp"

#include <string>

namespace headway::testing {

/// To be made on the only thread of a program, once: it and all that it starts are in that network from then
/// on, for good, with an /etc/hosts and an /etc/resolv.conf of their own. This machine is 192.0.2.1 and
/// 2001:db8::1 there; `black_hole_v4` and `black_hole_v6` never answer, nor does the one name server, which
/// is `black_hole_v4`.
class PrivateNetwork {
 public:
  static constexpr const char* here_v4 = "192.0.2.1";
  static constexpr const char* here_v6 = "2001:db8::1";
  static constexpr const char* black_hole_v4 = "192.0.2.66";
  static constexpr const char* black_hole_v6 = "2001:db8::66";

  /// `hosts`: the content of /etc/hosts.
  explicit PrivateNetwork(const std::string& hosts);
  PrivateNetwork(const PrivateNetwork&) = delete;
  PrivateNetwork& operator=(const PrivateNetwork&) = delete;
  ~PrivateNetwork();

  /// Why the kernel refused it; empty where it did not.
  const std::string& refusal() const noexcept { return refusal_; }

 private:
  void make_link() const;
  void replace(const std::string& file, const std::string& content);

  TemporaryDirectory directory_;
  std::string refusal_;
};

}  // namespace headway::testing
