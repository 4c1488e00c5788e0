// SPDX-License-Identifier: BSL-1.0

// A client for one service: what all its requests have in common is said once, and the service may ask for
// patience.

#include <headway/headway.hpp>

#include <exception>
#include <iostream>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: api_client BASE_URL\n";
    return 2;
  }
  try {
    headway::Client api{{
        .status_retries = {.max_retries = 3, .max_wait = 10s},  // 429 and 503 with Retry-After
        .base_url = argv[1],                                    // ends with a slash
        .headers = {{"Authorization", "Bearer s3cret"}, {"Accept", "application/json"}},
        .query = {{"tenant", "blue & green"}},
        .user_agent = "orders/1.0",
    }};
    const headway::Response found = api.send({.url = "orders", .query = {{"city", "Zürich"}, {"page", "2"}}});
    std::cout << found.status << ' ' << found.text() << '\n';
    const headway::Response made = api.post("orders", headway::Body::json(R"({"order": 17})"));
    std::cout << made.status << ' ' << made.text() << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
