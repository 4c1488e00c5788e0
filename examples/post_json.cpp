// SPDX-License-Identifier: BSL-1.0

// Sends JSON with header fields and timeouts of its own, and tells failures apart without exceptions.

#include <headway/client.hpp>

#include <chrono>
#include <iostream>
#include <system_error>

using namespace std::chrono_literals;

namespace {

const char* what_to_do(std::error_code ec) {
  if (ec == headway::Error::lease_timeout) return "the pool is too small for the load";  // this very cause
  if (ec == headway::Condition::timeout) return "the server is slow, or the limits are too tight";
  if (ec == headway::Condition::connect) return "nobody listens there";
  if (ec == headway::Condition::usage) return "the request itself is wrong";
  return "see the cause";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: post_json URL\n";
    return 2;
  }
  headway::Client client;
  std::error_code ec;
  headway::Response response = client.send(
      {
          .method = "POST",
          .url = argv[1],
          .headers = {{"Accept", "application/json"}, {"User-Agent", "orders/1.0"}},
          .body = headway::Body::json(R"({"order": 17})"),
          // What a request leaves unset is the client's; what the client leaves unset has a default.
          .options = {.timeouts = {.connect = 1s, .total = 5s}},
      },
      ec);
  if (ec) {
    std::cerr << ec.message() << ": " << what_to_do(ec) << '\n';
    return 1;
  }
  std::cout << response.status << ' ' << response.headers["content-type"] << '\n' << response.body << '\n';
}
