// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a ResponseStream holds: the call, and everything that the call refers to.

#include "src/exec/call.hpp"

#include <headway/response_stream.hpp>

#include <memory>

namespace headway::detail {

class StreamState {
 public:
  /// The request must live until the call's head has been read.
  StreamState(std::shared_ptr<const exec::ClientCore> client, const Request& request)
      : client_(std::move(client)), call(*client_, request, {head, trailers, info}) {}

  ResponseHead head;
  Headers trailers;
  ExchangeInfo info;
  std::error_code failure;  ///< what ended the body before its end; every later read says so again

 private:
  std::shared_ptr<const exec::ClientCore> client_;

 public:
  exec::Call call;

  const Clock& clock() const noexcept { return client_->manager->clock(); }
};

}  // namespace headway::detail
