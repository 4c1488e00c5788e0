// SPDX-License-Identifier: BSL-1.0

// What is the whole process's: the system's store and configuration, and the end of all.

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/tls/tls_test.hpp"

#include <headway/testing/patience.hpp>

#include <gmock/gmock.h>

namespace headway::testing {
namespace {

using ::testing::HasSubstr;

const std::string good_end = "the client is gone\nOpenSSL is gone\nexit 0\n";

class TlsProcess : public ::testing::Test {
 protected:
  /// What a client of that configuration, in a program of its own, says to the server, and how that program
  /// ends.
  std::string ask(const LoopbackServer& server, const std::string& configuration = {}) {
    const std::string folder = directory.path();
    directory.write("openssl.cnf",
                    "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = system\n"
                    "[system]\n" +
                        configuration);
    directory.write("ca.pem", authority.certificate());
    const std::string output = "output" + std::to_string(++asked);
    ChildProcess child({find_program("sh", "dash"), "-c",
                        "OPENSSL_CONF=$0/openssl.cnf SSL_CERT_FILE=$0/ca.pem \"$1\" \"$2\"; echo exit $?",
                        folder, STATIC_CLIENT, https(server)},
                       folder + '/' + output);
    EXPECT_TRUE(child.wait_for_exit(patience));
    return directory.read(output);
  }

  Authority authority;
  TemporaryDirectory directory;
  int asked = 0;
};

TEST_F(TlsProcess, has_openssl_for_as_long_as_a_static_client_lives) {
  const TlsServerSettings settings(authority.issue());
  LoopbackServer server(over_tls(settings, &echo_targets));
  EXPECT_EQ(ask(server), "/\n" + good_end);
}

TEST_F(TlsProcess, makes_the_systems_configuration_no_laxer) {  // pool rule 60
  const TlsServerSettings old(authority.issue(), {.max_version = TLS1_2_VERSION});
  LoopbackServer server(over_tls(old, &echo_targets));
  EXPECT_EQ(ask(server), "/\n" + good_end);
  EXPECT_THAT(ask(server, "MinProtocol = TLSv1.3\n"), HasSubstr("TLS handshake failed"));
  EXPECT_THAT(ask(server, "CipherString = DEFAULT@SECLEVEL=5\n"), HasSubstr("TLS handshake failed"));
}

}  // namespace
}  // namespace headway::testing
