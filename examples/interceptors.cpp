// SPDX-License-Identifier: BSL-1.0

// What stands around each call of a client: a log, a request id, and a cache that answers by itself.

#include <headway/headway.hpp>

#include <atomic>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace {

/// One line for each response.
headway::Interceptor log() {
  return {.on_response = [](const headway::Request& request, const headway::ResponseHead& head,
                            const headway::ExchangeInfo& info) {
    std::cout << request.method << ' ' << info.effective_url << ": " << head.status << " after "
              << info.attempts << " tries\n";
  }};
}

headway::Interceptor number_requests() {
  return {.on_request = [next = std::make_shared<std::atomic<int>>(1)](headway::Request& request) {
    request.headers.set("X-Request-Id", std::to_string((*next)++));
    return std::optional<headway::Response>();  // go on
  }};
}

/// Knows one answer without asking.
headway::Interceptor know(std::string path, std::string answer) {
  return {.on_request = [path = std::move(path), answer = std::move(answer)](headway::Request& request) {
    std::optional<headway::Response> known;
    if (headway::Url(request.url).path() == path) {
      known.emplace().status = 200;
      known->body = answer;
    }
    return known;
  }};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: interceptors BASE_URL\n";
    return 2;
  }
  try {
    headway::Client client{{
        .interceptors = {log(), know("/version", "7"), number_requests()},
        .base_url = argv[1],
    }};
    for (const char* path : {"/version", "/a", "/b"}) std::cout << client.get(path).body << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
