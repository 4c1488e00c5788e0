// SPDX-License-Identifier: BSL-1.0

// Three ways not to wait for ever. Whichever ends a request, the pool is whole afterwards.

#include <headway/async.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

using namespace asio::experimental::awaitable_operators;

namespace {

/// Raced against a timer: whoever comes second is cancelled. A request that fails leaves the race to the
/// timer.
asio::awaitable<void> race(headway::Client& client, const std::string& url, headway::Duration patience) {
  asio::steady_timer timer(client.get_executor(), patience);
  std::variant<headway::Response, std::monostate> first =
      co_await (client.async_get(url, asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
  if (const auto* response = std::get_if<headway::Response>(&first)) {
    std::cout << "race: " << response->status << '\n';
  } else {
    std::cout << "race: the timer was first\n";
  }
}

/// A limit of the request's own, for the whole call with all its tries. Each phase has one as well.
asio::awaitable<void> limit(headway::Client& client, const std::string& url, headway::Duration patience) {
  headway::Request request{.url = url, .options = {.timeouts = {.total = patience}}};
  try {
    headway::Response response = co_await client.async_send(std::move(request), asio::use_awaitable);
    std::cout << "limit: " << response.status << '\n';
  } catch (const std::system_error& error) {
    if (error.code() != headway::Condition::timeout) throw;
    std::cout << "limit: " << error.code().message() << '\n';
  }
}

/// Called off by whoever holds the signal. The handler is called all the same, once.
void call_off(headway::Client& client, const std::string& url, headway::Duration patience,
              asio::io_context& io) {
  asio::cancellation_signal signal;
  asio::steady_timer user_loses_patience(io, patience);
  client.async_get(
      url, asio::bind_cancellation_slot(signal.slot(), [&](std::error_code ec, headway::Response response) {
        user_loses_patience.cancel();
        if (ec == asio::error::operation_aborted) {
          std::cout << "signal: called off\n";
        } else if (ec) {
          std::cout << "signal: " << ec.message() << '\n';
        } else {
          std::cout << "signal: " << response.status << '\n';
        }
      }));
  user_loses_patience.async_wait([&](std::error_code ec) {
    if (!ec) signal.emit(asio::cancellation_type::terminal);
  });
  io.restart();
  io.run();
}

void rethrow(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::cerr << "usage: cancel_and_deadline URL [MILLISECONDS]\n";
    return 2;
  }
  try {
    const std::string url = argv[1];
    const headway::Duration patience{argc == 3 ? std::stoi(argv[2]) : 500};
    asio::io_context io;
    headway::Client client{io.get_executor()};
    asio::co_spawn(io, race(client, url, patience), rethrow);
    asio::co_spawn(io, limit(client, url, patience), rethrow);
    io.run();
    call_off(client, url, patience, io);
    std::cout << client.pool().stats().leased << " connections leased at the end\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
