// SPDX-License-Identifier: BSL-1.0
#pragma once

// What the tests of https have in common: an authority that the client trusts, and a server of its.

#include "tests/client/client_fixture.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/tls_peer.hpp"

#include <headway/headway.hpp>

#include <string>

namespace headway::testing {

using namespace std::chrono_literals;

inline std::string https(const LoopbackServer& server, const std::string& target = "/",
                         const std::string& host = "127.0.0.1") {
  return "https://" + host + ":" + std::to_string(server.port()) + target;
}

class TlsTest : public ClientTest {
 protected:
  ClientOptions trusting(const std::string& authority_pem) const {
    ClientOptions options;
    options.tls.ca_pem = authority_pem;
    options.retry_strategy = retry_at_once();
    return options;
  }
  ClientOptions trusting() const { return trusting(authority.certificate()); }

  Authority authority;
};

}  // namespace headway::testing
