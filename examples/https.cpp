// SPDX-License-Identifier: BSL-1.0

// Asks for an https URL, trusting the system's authorities or one of your own, and tells failures apart.

#include <headway/client.hpp>

#include <iostream>

namespace {

std::string_view advice(const std::error_code& ec) {
  if (ec == headway::Error::tls_certificate_expired) return "the server needs a new certificate";
  if (ec == headway::Error::tls_unknown_issuer) return "name the file of its authority";
  if (ec == headway::Error::tls_wrong_host) return "ask for a host that the certificate names";
  if (ec == headway::Error::tls_not_spoken) return "ask for http";
  if (ec == headway::Condition::tls) return "do not trust this server";
  if (ec == headway::Condition::usage) return "look at your options";
  return "try again later";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::cerr << "usage: https URL [CA_FILE]\n";
    return 2;
  }
  try {
    headway::ClientOptions options;
    if (argc == 3) options.tls.ca_file = argv[2];
    headway::Client client(options);
    std::cout << client.get(argv[1]).text();
  } catch (const std::system_error& error) {
    std::cerr << error.what() << "\n-> " << advice(error.code()) << '\n';
    return 1;
  }
}
