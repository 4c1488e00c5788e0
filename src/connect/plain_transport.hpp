// SPDX-License-Identifier: BSL-1.0
#pragma once

// Bytes straight over a stream socket.

#include "src/core/transport.hpp"

namespace headway::connect {

class PlainTransport final : public core::Transport {
 public:
  explicit PlainTransport(detail::Socket socket) noexcept : socket_(std::move(socket)) {}

  core::IoResult read(std::span<char> into) noexcept override;
  core::IoResult write(std::string_view first, std::string_view second) noexcept override;
  bool sends_files() const noexcept override { return true; }
  core::IoResult send_file(int file, std::uint64_t offset, std::size_t most) noexcept override;
  detail::Socket& socket() noexcept override { return socket_; }
  bool is_raw() const noexcept override { return true; }
  Idle look() noexcept override;

 private:
  detail::Socket socket_;
};

}  // namespace headway::connect
