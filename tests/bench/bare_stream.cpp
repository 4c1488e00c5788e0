// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/bare_stream.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <stdexcept>

namespace headway::bench {
namespace {

template <class Number>
Number number_at(std::string_view text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

testing::Descriptor connect_to(const Url& url) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(url.port());
  if (::inet_pton(AF_INET, std::string(url.host()).c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("the host has to be an IPv4 address");
  testing::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    testing::throw_errno("connect");
  return socket;
}

std::shared_ptr<SSL_CTX> make_bare_context(const std::string& trusted) {
  std::shared_ptr<SSL_CTX> context(::SSL_CTX_new(::TLS_client_method()), ::SSL_CTX_free);
  if (::SSL_CTX_load_verify_file(context.get(), trusted.c_str()) != 1)
    throw std::runtime_error("no certificate in " + trusted);
  ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  ::SSL_CTX_set_read_ahead(context.get(), 1);
  return context;
}

BareStream::BareStream(const Url& url, SSL_CTX* context, SSL_SESSION* session) : socket_(connect_to(url)) {
  if (context == nullptr) return;
  ssl_.reset(::SSL_new(context));
  ::SSL_set_fd(ssl_.get(), socket_.get());
  if (session != nullptr) ::SSL_set_session(ssl_.get(), session);
  if (::SSL_connect(ssl_.get()) != 1) throw std::runtime_error("the handshake failed");
}

void BareStream::send(std::string_view bytes) {
  const auto sent = ssl_ ? ::SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                         : ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(bytes.size())) throw std::runtime_error("cannot send");
}

void BareStream::send_file(int file, std::uint64_t size) {
  off_t at = 0;
  while (static_cast<std::uint64_t>(at) < size)
    if (::sendfile(socket_.get(), file, &at, size - static_cast<std::uint64_t>(at)) <= 0)
      testing::throw_errno("sendfile");
}

std::size_t BareStream::receive(std::span<char> into) {
  const std::optional<std::size_t> n = try_receive(into);
  if (!n) throw std::logic_error("the socket does not block");
  return *n;
}

std::optional<std::size_t> BareStream::try_receive(std::span<char> into) {
  const auto n = ssl_ ? ::SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size()))
                      : ::recv(socket_.get(), into.data(), into.size(), 0);
  if (n > 0) return static_cast<std::size_t>(n);
  const bool later = ssl_ ? ::SSL_get_error(ssl_.get(), static_cast<int>(n)) == SSL_ERROR_WANT_READ
                          : n < 0 && errno == EAGAIN;
  if (!later) throw std::runtime_error("the connection has ended");
  return std::nullopt;
}

void BareStream::stop_blocking() {
  if (::fcntl(socket_.get(), F_SETFL, O_NONBLOCK) != 0) testing::throw_errno("fcntl");
}

void BareStream::await_end() {
  char more = 0;
  const auto n = ssl_ ? ::SSL_read(ssl_.get(), &more, 1) : ::recv(socket_.get(), &more, 1, 0);
  if (n != 0) throw std::runtime_error("the server has not closed the connection");
}

BareStream::Session BareStream::session() const {
  return {ssl_ ? ::SSL_SESSION_dup(::SSL_get0_session(ssl_.get())) : nullptr, ::SSL_SESSION_free};
}

std::optional<BareHead> parse_bare_head(std::string_view text) {
  constexpr std::string_view field = "\r\nContent-Length: ";
  const std::size_t end = text.find("\r\n\r\n");
  if (end == text.npos) return {};
  const std::size_t length_at = text.find(field);
  if (length_at >= end) throw std::runtime_error("no Content-Length");
  return BareHead{.status = number_at<int>(text.substr(9, 3)),
                  .size = end + 4,
                  .length = number_at<std::uint64_t>(text.substr(length_at + field.size()))};
}

std::string bare_request(const Url& url, std::uint64_t upload, std::string_view further) {
  std::string request = (upload == 0 ? "GET " : "PUT ") + std::string(url.target()) +
                        " HTTP/1.1\r\nHost: " + std::string(url.host_field()) +
                        "\r\nUser-Agent: bare\r\nAccept: */*\r\n";
  if (upload != 0) request += "Content-Length: " + std::to_string(upload) + "\r\n";
  return request.append(further).append("\r\n");
}

}  // namespace headway::bench
