// SPDX-License-Identifier: BSL-1.0

// Asks without blocking: with handlers that an io_context calls, and with a future.

#include <headway/async.hpp>

#include <asio/io_context.hpp>
#include <asio/use_future.hpp>

#include <exception>
#include <future>
#include <iostream>
#include <system_error>

namespace {

void ask_with_callbacks(const char* url) {
  asio::io_context io;
  headway::Client client{io.get_executor()};
  client.async_get(url, [&](std::error_code ec, headway::Response response) {
    if (ec) {
      std::cout << "GET: " << ec.message() << '\n';
      return;
    }
    std::cout << "GET: " << response.status << ", " << response.body.size() << " bytes\n";
    // A handler may ask on: the connection is free again by now.
    client.async_post(
        url, headway::Body::json(R"({"seen": true})"), [](std::error_code failed, headway::Response answer) {
          std::cout << "POST: ";
          if (failed) {
            std::cout << failed.message() << '\n';
          } else {
            std::cout << answer.status << (answer.info.connection_reused ? " on the same connection" : "")
                      << '\n';
          }
        });
  });
  std::cout << "asked\n";  // before any answer: handlers are called by nobody but run()
  io.run();                // returns when there is nothing left to wait for
}

void ask_for_a_future(const char* url) {
  headway::Client client;  // without an executor: a thread of its own does the work
  std::future<headway::Response> answer = client.async_get(url, asio::use_future);
  std::cout << "future: " << answer.get().status << '\n';  // throws where the request failed
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: async_callbacks URL\n";
    return 2;
  }
  try {
    ask_with_callbacks(argv[1]);
    ask_for_a_future(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
