// SPDX-License-Identifier: BSL-1.0
#pragma once

// A tunnel through an HTTP proxy: CONNECT (RFC 9110 section 9.3.6) on a connection that is open, with the
// proxy's authentication. A local of the operation that dials, on its thread.

#include "src/connect/proxy_login.hpp"
#include "src/connect/tunnel.hpp"
#include "src/core/response_reader.hpp"
#include "src/core/transport.hpp"

#include <headway/detail/op.hpp>
#include <headway/response.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace headway::connect {

/// "example.com:443" or "[::1]:443".
std::string authority_of(std::string_view host, std::uint16_t port);

/// The whole head of a CONNECT. `authorization`: the value of Proxy-Authorization; empty: no such field.
std::string connect_head(std::string_view authority, std::string_view authorization);

class HttpTunnel {
 public:
  /// All references must outlive this.
  HttpTunnel(core::Transport& transport, std::string authority, ProxyLoginTries& tries, TimePoint deadline);

  /// Asks, and asks again where the proxy wants a login, as long as tries are left. Errors: proxy_refused,
  /// proxy_authentication_failed; connect_timeout, Condition::connect, protocol and limit for what the proxy
  /// sends.
  detail::Op<Tunnelled> open();

 private:
  bool answer_challenge();
  detail::Op<std::error_code> ask();
  detail::Op<std::error_code> receive(TimePoint deadline);
  detail::Op<bool> drop_body();
  detail::Op<Tunnelled> refusal();
  std::string_view input() const noexcept { return {buffer_.data() + begin_, end_ - begin_}; }
  auth::Asking asking() const { return {.method = "CONNECT", .uri = authority_, .body = ""}; }
  bool may_go_on() const;

  core::Transport& transport_;
  const std::string authority_;
  ProxyLoginTries& tries_;
  const TimePoint deadline_;
  core::ResponseReader reader_;
  ResponseHead head_;
  Headers trailers_;
  std::string sent_;  // as Proxy-Authorization
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace headway::connect
