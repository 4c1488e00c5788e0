// SPDX-License-Identifier: BSL-1.0

// Boost.Beast by callbacks: one session for each connection, all on one io_context, without timeouts.

#include "tests/bench/async_peer.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <list>
#include <optional>
#include <type_traits>
#include <utility>

namespace headway::bench {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;

using Plain = beast::tcp_stream;
using Secure = beast::ssl_stream<beast::tcp_stream>;

template <class Stream>
struct Session {
  template <class... Arguments>
  explicit Session(Arguments&&... arguments) : stream(std::forward<Arguments>(arguments)...) {}

  Stream stream;
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
};

template <class Stream>
class Beast final : public AsyncPeer {
 public:
  explicit Beast(const Target& wanted)
      : AsyncPeer(wanted), request_(http::verb::get, std::string(wanted.url.target()), 11) {
    request_.set(http::field::host, std::string(wanted.url.host_field()));
    request_.set(http::field::user_agent, "beast");
    request_.set(http::field::accept, "*/*");
    if (wanted.secure()) {
      context_.emplace(ssl::context::tls_client);
      context_->load_verify_file(wanted.trusted);
      context_->set_verify_mode(ssl::verify_peer);
    }
    for (int i = 0; i < wanted.connections; ++i) connect();
  }

 private:
  void connect() {
    const Url& url = target().url;
    if constexpr (std::is_same_v<Stream, Secure>) {
      sessions_.emplace_back(io_, *context_);
    } else {
      sessions_.emplace_back(io_);
    }
    auto& socket = beast::get_lowest_layer(sessions_.back().stream);
    socket.connect({boost::asio::ip::make_address(std::string(url.host())), url.port()});
    socket.socket().set_option(tcp::no_delay(true));
    if constexpr (std::is_same_v<Stream, Secure>) sessions_.back().stream.handshake(Secure::client);
  }

  void run() override {
    for (Session<Stream>& session : sessions_) send_next(session);
    io_.restart();
    io_.run();
  }

  void send_next(Session<Stream>& session) {
    if (!take_request()) return;
    http::async_write(session.stream, request_, [this, &session](beast::error_code ec, std::size_t) {
      if (ec) throw beast::system_error(ec, "beast: write");
      receive(session);
    });
  }

  void receive(Session<Stream>& session) {
    session.response = {};
    http::async_read(session.stream, session.buffer, session.response,
                     [this, &session](beast::error_code ec, std::size_t) {
                       if (ec) throw beast::system_error(ec, "beast: read");
                       check(session.response.result_int(), session.response.body());
                       send_next(session);
                     });
  }

  boost::asio::io_context io_{1};
  std::optional<ssl::context> context_;
  http::request<http::empty_body> request_;
  std::list<Session<Stream>> sessions_;
};

}  // namespace

std::unique_ptr<Peer> make_async_beast(const Target& target) {
  if (target.secure()) return std::make_unique<Beast<Secure>>(target);
  return std::make_unique<Beast<Plain>>(target);
}

}  // namespace headway::bench
