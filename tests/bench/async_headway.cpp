// SPDX-License-Identifier: BSL-1.0

// headway with its default options and as many connections as there are chains: each completion starts the
// next GET.

#include "tests/bench/async_peer.hpp"

#include <headway/async.hpp>
#include <headway/headway.hpp>

#include <asio/io_context.hpp>

#include <string>

namespace headway::bench {
namespace {

class Headway final : public AsyncPeer {
 public:
  explicit Headway(const Target& wanted)
      : AsyncPeer(wanted), url_(wanted.url.str()), client_(io_.get_executor(), options_for(wanted)) {}

 private:
  static ClientOptions options_for(const Target& wanted) {
    ClientOptions options;
    options.tls.ca_file = wanted.trusted;
    options.pool.max_total = options.pool.max_per_route = static_cast<std::size_t>(wanted.connections);
    return options;
  }

  void run() override {
    for (int i = 0; i < target().connections; ++i) send_next();
    io_.restart();
    io_.run();
  }

  void send_next() {
    if (!take_request()) return;
    client_.async_get(url_, [this](std::error_code ec, Response response) {
      if (ec) throw std::system_error(ec, "headway");
      check(response.status, response.body);
      // What the client does between requests may keep run() from returning.
      if (done()) io_.stop();
      send_next();
    });
  }

  asio::io_context io_{1};
  const std::string url_;
  Client client_;
};

}  // namespace

std::unique_ptr<Peer> make_async_headway(const Target& target) { return std::make_unique<Headway>(target); }

}  // namespace headway::bench
