// SPDX-License-Identifier: BSL-1.0

// Boost.Beast on a blocking socket of Boost.Asio, without timeouts.

#include "tests/bench/blocking_peer.hpp"
#include "tests/bench/blocking_peers.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <optional>

namespace headway::bench {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;

class Beast final : public BlockingPeer {
 public:
  explicit Beast(const Job& wanted)
      : BlockingPeer(wanted), request_(http::verb::get, std::string(wanted.url.target()), 11) {
    request_.set(http::field::host, std::string(wanted.url.host_field()));
    request_.set(http::field::user_agent, "beast");
    request_.set(http::field::accept, "*/*");
    request_.keep_alive(wanted.connections == Connections::kept);
  }

 private:
  std::uint64_t exchange() override {
    if (!stream_) connect();
    http::write(*stream_, request_);
    response_ = {};
    http::read(*stream_, buffer_, response_);
    if (response_.result_int() != 200)
      throw std::runtime_error("status " + std::to_string(response_.result_int()));
    if (job().connections == Connections::new_each) end();
    return response_.body().size();
  }

  void connect() {
    stream_.emplace(io_);
    stream_->connect({boost::asio::ip::make_address(std::string(job().url.host())), job().url.port()});
    stream_->socket().set_option(tcp::no_delay(true));
  }

  void end() {
    char more = 0;
    beast::error_code ec;
    stream_->socket().read_some(boost::asio::buffer(&more, 1), ec);
    if (ec != boost::asio::error::eof) throw std::runtime_error("the server has not closed the connection");
    stream_.reset();
  }

  boost::asio::io_context io_{1};
  http::request<http::empty_body> request_;
  http::response<http::string_body> response_;
  beast::flat_buffer buffer_;
  std::optional<beast::tcp_stream> stream_;
};

}  // namespace

std::unique_ptr<Peer> make_beast(const Job& job) { return std::make_unique<Beast>(job); }

}  // namespace headway::bench
