// SPDX-License-Identifier: BSL-1.0
#include "src/drive/blocking_waiter.hpp"
#include "src/exec/client_state.hpp"
#include "src/exec/event_source.hpp"

#include <headway/client.hpp>
#include <headway/event_stream.hpp>

#include <asio/error.hpp>

namespace headway {

using detail::EventSource;

EventStream::EventStream(ResponseStream stream, EventStreamOptions options)
    : source_(std::make_shared<EventSource>(std::move(stream.state_), std::move(options))) {}

EventStream::EventStream(Client& client, Request request, EventStreamOptions options)
    : source_(std::make_shared<EventSource>(client.state_->core, std::move(request), std::move(options))) {}

EventStream& EventStream::operator=(EventStream&& other) noexcept {
  std::swap(source_, other.source_);
  const EventStream old = std::move(other);
  return *this;
}

EventStream::~EventStream() {
  if (source_) source_->leave();
}

bool EventStream::next(Event& event, std::error_code& ec) {
  ec = Error::operation_pending;
  if (source_->is_busy()) return false;
  drive::BlockingWaiter waiter(source_->clock());
  ec = source_->next(event).run(waiter);
  return !ec;
}

bool EventStream::next(Event& event) {
  std::error_code ec;
  const bool there = next(event, ec);
  if (ec && ec != asio::error::make_error_code(asio::error::eof)) {
    // What another operation is about is that one's.
    if (ec == Error::operation_pending) throw std::system_error(ec, "EventStream::next");
    throw RequestError(ec, source_->failed());
  }
  return there;
}

const std::string& EventStream::last_event_id() const noexcept { return source_->last_event_id(); }
Duration EventStream::retry() const noexcept { return source_->retry(); }
void EventStream::close() noexcept { source_->close(); }

}  // namespace headway
