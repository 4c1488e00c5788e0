// SPDX-License-Identifier: BSL-1.0
#pragma once

// A transport some of whose bytes were read already: they come first, as if they had not been.

#include "src/core/transport.hpp"

#include <memory>
#include <string>

namespace headway::connect {

class PrefixedTransport final : public core::Transport {
 public:
  PrefixedTransport(std::string first, std::unique_ptr<core::Transport> rest) noexcept
      : first_(std::move(first)), rest_(std::move(rest)) {}

  core::IoResult read(std::span<char> into) noexcept override;
  core::IoResult write(std::string_view first, std::string_view second) noexcept override {
    return rest_->write(first, second);
  }
  detail::Socket& socket() noexcept override { return rest_->socket(); }
  bool is_raw() const noexcept override { return read_ == first_.size() && rest_->is_raw(); }
  bool holds_input() const noexcept override { return read_ < first_.size() || rest_->holds_input(); }
  bool has_buffered() const noexcept override { return read_ < first_.size() || rest_->has_buffered(); }
  std::string failure() const override { return rest_->failure(); }
  core::IoResult discard(std::span<char> scratch) noexcept override { return rest_->discard(scratch); }
  Idle look() noexcept override { return read_ == first_.size() ? rest_->look() : Idle::surplus; }

 private:
  std::string first_;
  std::size_t read_ = 0;
  std::unique_ptr<core::Transport> rest_;
};

}  // namespace headway::connect
