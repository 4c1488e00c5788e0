// SPDX-License-Identifier: BSL-1.0
#include "src/connect/socks5_tunnel.hpp"

#include "src/connect/socks5.hpp"
#include "src/connect/transport_io.hpp"

namespace headway::connect {

using core::Transport;
using detail::Op;

namespace {

constexpr const char* greeting_stage = "SOCKS5 greeting";
constexpr const char* login_stage = "SOCKS5 login";
constexpr const char* request_stage = "SOCKS5 request";

Error error_of(std::uint8_t code) {
  switch (code) {
    case 3:
    case 4:
    case 6:
      return Error::connect_failed;
    case 5:
      return Error::connection_refused;
    default:
      return Error::proxy_refused;
  }
}

/// Sends `question`; the answer is the next `size` bytes.
Op<std::error_code> ask(Transport& transport, const std::string& question, std::size_t size,
                        std::string& answer, TimePoint deadline) {
  std::error_code ec = co_await write_all(transport, question, deadline);
  if (ec) co_return ec;
  answer.resize(size);
  const std::span<char> room(answer);
  co_return co_await read_exactly(transport, room, deadline);
}

Op<Tunnelled> greet(Transport& transport, const ProxyUrl& proxy, TimePoint deadline, bool& wants_login) {
  const std::string question = socks5::greeting(proxy.has_login);
  std::string answer;
  const std::error_code ec = co_await ask(transport, question, socks5::choice_size, answer, deadline);
  if (ec) co_return Tunnelled::failure(ec, greeting_stage);
  const std::optional<socks5::Method> method = socks5::parse_choice(answer, proxy.has_login);
  if (!method) co_return Tunnelled::failure(Error::malformed_response, greeting_stage);
  if (*method == socks5::Method::refused) {
    co_return Tunnelled::failure(Error::proxy_authentication_failed,
                                 proxy.has_login ? "SOCKS5: user name and password are not what it wants"
                                                 : "SOCKS5: it wants more than no login");
  }
  wants_login = *method == socks5::Method::password;
  co_return Tunnelled();
}

Op<Tunnelled> log_in(Transport& transport, const ProxyUrl& proxy, TimePoint deadline) {
  const std::string question = socks5::login(proxy.user, proxy.password);
  std::string answer;
  const std::error_code ec = co_await ask(transport, question, socks5::verdict_size, answer, deadline);
  if (ec) co_return Tunnelled::failure(ec, login_stage);
  switch (socks5::parse_verdict(answer)) {
    case socks5::Verdict::accepted:
      co_return Tunnelled();
    case socks5::Verdict::refused:
      co_return Tunnelled::failure(Error::proxy_authentication_failed, login_stage);
    case socks5::Verdict::malformed:
      break;
  }
  co_return Tunnelled::failure(Error::malformed_response, login_stage);
}

Op<Tunnelled> request_target(Transport& transport, const std::string& request, TimePoint deadline) {
  std::string answer;
  std::error_code ec = co_await ask(transport, request, socks5::reply_start, answer, deadline);
  if (ec) co_return Tunnelled::failure(ec, request_stage);
  const std::optional<socks5::Reply> reply = socks5::parse_reply(answer);
  if (!reply) co_return Tunnelled::failure(Error::malformed_response, request_stage);
  if (reply->code != 0) {
    Tunnelled refused =
        Tunnelled::failure(error_of(reply->code), std::string("SOCKS5: ") + socks5::describe(reply->code));
    refused.target_unreachable = socks5::is_of_target(reply->code);
    co_return refused;
  }
  answer.resize(reply->more);
  const std::span<char> room(answer);
  ec = co_await read_exactly(transport, room, deadline);
  if (ec) co_return Tunnelled::failure(ec, request_stage);
  co_return Tunnelled();
}

}  // namespace

Op<Tunnelled> open_socks5_tunnel(Transport& transport, const ProxyUrl& proxy, const std::string& request,
                                 TimePoint deadline) {
  bool wants_login = false;
  Tunnelled step = co_await greet(transport, proxy, deadline, wants_login);
  if (step.end == Tunnelled::End::open && wants_login) step = co_await log_in(transport, proxy, deadline);
  if (step.end == Tunnelled::End::open) step = co_await request_target(transport, request, deadline);
  co_return step;
}

}  // namespace headway::connect
