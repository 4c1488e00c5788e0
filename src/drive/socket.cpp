// SPDX-License-Identifier: BSL-1.0
#include <headway/detail/socket.hpp>

#include <sys/socket.h>
#include <unistd.h>

namespace headway::detail {

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    receive_timeout_ = other.receive_timeout_;
    attachment_ = std::move(other.attachment_);
  }
  return *this;
}

void Socket::attach(std::shared_ptr<SocketAttachment> attachment) noexcept {
  if (attachment_) attachment_->detach();
  attachment_ = std::move(attachment);
}

void Socket::close() noexcept {
  attach(nullptr);
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void Socket::reset() noexcept {
  if (descriptor_ < 0) return;
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

}  // namespace headway::detail
