// SPDX-License-Identifier: BSL-1.0

// Boost.Beast by callbacks: one session for each connection, all on one io_context, without timeouts.

#include "tests/bench/async_peer.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <list>

namespace headway::bench {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;

struct Session {
  explicit Session(boost::asio::io_context& io) : stream(io) {}

  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
};

class Beast final : public AsyncPeer {
 public:
  explicit Beast(const Target& wanted)
      : AsyncPeer(wanted), request_(http::verb::get, std::string(wanted.url.target()), 11) {
    request_.set(http::field::host, std::string(wanted.url.host_field()));
    request_.set(http::field::user_agent, "beast");
    request_.set(http::field::accept, "*/*");
    const tcp::endpoint server(boost::asio::ip::make_address(std::string(target().url.host())),
                               target().url.port());
    for (int i = 0; i < target().connections; ++i) {
      Session& session = sessions_.emplace_back(io_);
      session.stream.connect(server);
      session.stream.socket().set_option(tcp::no_delay(true));
    }
  }

 private:
  void run() override {
    for (Session& session : sessions_) send_next(session);
    io_.restart();
    io_.run();
  }

  void send_next(Session& session) {
    if (!take_request()) return;
    http::async_write(session.stream, request_, [this, &session](beast::error_code ec, std::size_t) {
      if (ec) throw beast::system_error(ec, "beast: write");
      receive(session);
    });
  }

  void receive(Session& session) {
    session.response = {};
    http::async_read(session.stream, session.buffer, session.response,
                     [this, &session](beast::error_code ec, std::size_t) {
                       if (ec) throw beast::system_error(ec, "beast: read");
                       check(session.response.result_int(), session.response.body());
                       send_next(session);
                     });
  }

  boost::asio::io_context io_{1};
  http::request<http::empty_body> request_;
  std::list<Session> sessions_;
};

}  // namespace

std::unique_ptr<Peer> make_async_beast(const Target& target) { return std::make_unique<Beast>(target); }

}  // namespace headway::bench
