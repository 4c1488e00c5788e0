// SPDX-License-Identifier: BSL-1.0
#include "survey/embedded_connection.hpp"

#include <errno.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace survey {
namespace {

constexpr std::size_t longest_head = 64 * 1024;

bool asks_to_close(std::string_view head) {
  constexpr std::string_view field = "\r\nconnection: close\r\n";
  for (std::size_t at = 0; (at = head.find("\r\n", at)) != std::string_view::npos; at += 2)
    if (head.size() - at >= field.size() && ::strncasecmp(head.data() + at, field.data(), field.size()) == 0)
      return true;
  return false;
}

bool would_block() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

EmbeddedConnection::EmbeddedConnection(int socket, const Temper& temper)
    : socket_(socket), temper_(&temper) {}

EmbeddedConnection::EmbeddedConnection(EmbeddedConnection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      temper_(other.temper_),
      last_used_(other.last_used_),
      answered_(other.answered_),
      last_(other.last_),
      next_(other.next_),
      in_(std::move(other.in_)),
      out_(std::move(other.out_)) {}

EmbeddedConnection& EmbeddedConnection::operator=(EmbeddedConnection&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(temper_, other.temper_);
  std::swap(last_used_, other.last_used_);
  std::swap(answered_, other.answered_);
  std::swap(last_, other.last_);
  std::swap(next_, other.next_);
  std::swap(in_, other.in_);
  std::swap(out_, other.out_);
  return *this;
}

EmbeddedConnection::~EmbeddedConnection() {
  if (socket_ >= 0) ::close(socket_);
}

void EmbeddedConnection::proceed() {
  last_used_ = Clock::now();
  if (next_ == Next::read) read();
  if (next_ == Next::write) flush();
}

void EmbeddedConnection::read() {
  std::array<char, 4096> buffer;
  ssize_t n = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (n < 0 && would_block()) return;
  if (n <= 0) {
    next_ = Next::close;
    return;
  }
  in_.append(buffer.data(), static_cast<std::size_t>(n));
  answer();
}

void EmbeddedConnection::answer() {
  std::size_t end = 0;
  while (last_ == Last::no && (end = in_.find("\r\n\r\n")) != std::string::npos) {
    answer_one(std::string_view(in_).substr(0, end + 2));
    in_.erase(0, end + 4);
  }
  if (!out_.empty()) next_ = Next::write;
  if (in_.size() > longest_head) next_ = Next::close;
}

void EmbeddedConnection::answer_one(std::string_view head) {
  bool good = head.starts_with("GET ");
  bool says_close = !good || asks_to_close(head);
  std::string body = good ? temper_->name + "\n" : "only GET is served here\n";
  out_ += good ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\n";
  out_ += "Content-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  out_ += says_close ? "Connection: close\r\n" : temper_->fields;
  out_ += "\r\n" + body;
  if (++answered_ >= temper_->requests || says_close) last_ = Last::yes;
}

void EmbeddedConnection::flush() {
  ssize_t n = ::send(socket_, out_.data(), out_.size(), MSG_NOSIGNAL);
  if (n < 0 && would_block()) return;
  out_.erase(0, n > 0 ? static_cast<std::size_t>(n) : 0);
  if (n > 0 && !out_.empty()) return;
  next_ = n <= 0 || last_ == Last::yes ? Next::close : Next::read;
}

}  // namespace survey
