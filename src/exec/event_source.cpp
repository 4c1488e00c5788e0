// SPDX-License-Identifier: BSL-1.0
#include "src/exec/event_source.hpp"

#include "src/exec/end_of_file.hpp"
#include "src/manage/options_check.hpp"

#include <algorithm>

namespace headway::detail {

using exec::end_of_file;

namespace {

/// A server's wish for less would have it asked without a pause.
constexpr Duration least_retry = std::chrono::milliseconds(100);

/// What another connection may mend.
bool is_passing(std::error_code ec) {
  return ec == end_of_file || ec == Condition::connect || ec == Condition::timeout ||
         ec == Condition::resolve || ec == Error::body_truncated;
}

void check(const EventStreamOptions& options) {
  require(options.retry >= Duration::zero(), "retry must not be negative");
  require(options.max_retry >= Duration::zero(), "max_retry must not be negative");
  require(options.max_failures >= 0, "max_failures must not be negative");
  require(options.max_line_size >= 1, "max_line_size must be 1 or more");
  require(options.max_event_size >= 1, "max_event_size must be 1 or more");
}

}  // namespace

EventSource::EventSource(std::shared_ptr<const exec::ClientCore> client, Request request,
                         EventStreamOptions options)
    : client_(std::move(client)),
      request_(std::move(request)),
      options_(std::move(options)),
      parser_(options_.max_line_size, options_.max_event_size, options_.last_event_id) {
  check(options_);
}

EventSource::EventSource(std::shared_ptr<StreamState> stream, EventStreamOptions options)
    : options_(std::move(options)),
      parser_(options_.max_line_size, options_.max_event_size, options_.last_event_id),
      stream_(std::move(stream)),
      state_(State::open) {
  check(options_);
  require(stream_ != nullptr, "the response stream must not be empty");
  options_.reconnect = Reconnect::off;
  if (const std::error_code ec = check_head()) lost(ec);
}

Duration EventSource::retry() const noexcept {
  const std::optional<Duration> wish = parser_.retry();
  const Duration wait = wish ? std::max(*wish, std::min(options_.retry, least_retry)) : options_.retry;
  return std::min(wait, options_.max_retry);
}

Clock& EventSource::clock() const noexcept { return client_ ? client_->manager->clock() : stream_->clock(); }
exec::AsyncHost& EventSource::async() const noexcept { return client_ ? *client_->async : stream_->async(); }

Op<std::error_code> EventSource::next(Event& event) {
  for (;;) {
    std::error_code ec;
    if (state_ == State::open && parser_.parse(input_, event, ec)) {
      failures_ = 0;
      has_event_ = true;
      co_return ec;
    }
    if (ec) lost(ec);
    if (state_ == State::over) co_return end_;
    co_await advance();
  }
}

/// One step towards more input.
Op<std::error_code> EventSource::advance() {
  if (state_ == State::open) co_return lost(co_await receive());
  if (state_ == State::lost) co_await pause();
  co_return lost(co_await connect());
}

Op<std::error_code> EventSource::receive() {
  std::size_t n = 0;
  const std::error_code ec = co_await stream_->read_some(buffer_, n);
  input_ = std::string_view(buffer_.data(), n);
  co_return ec;
}

Op<std::error_code> EventSource::connect() {
  asked_ = make_request();
  auto stream = std::make_shared<StreamState>(client_, asked_);
  std::error_code ec = co_await stream->call.perform();
  if (ec) {
    failed_ = stream->call.describe(ec);
    co_return ec;
  }
  stream_ = std::move(stream);
  ec = check_head();
  if (ec) co_return ec;
  parser_.restart();
  input_ = {};
  state_ = State::open;
  has_event_ = false;
  co_return ec;
}

Op<void> EventSource::pause() {
  Waiter& waiter = co_await this_waiter;
  Want want;
  want.deadline = after(waiter.now(), retry());
  want.phase = Phase::retry;
  co_await want;
}

Request EventSource::make_request() const {
  Request request = request_;
  if (!request.headers.contains("Accept")) request.headers.set("Accept", "text/event-stream");
  if (!request.headers.contains("Cache-Control")) request.headers.set("Cache-Control", "no-store");
  if (!last_event_id().empty()) request.headers.set("Last-Event-ID", last_event_id());
  return request;
}

std::error_code EventSource::check_head() const {
  const ResponseHead& head = stream_->head;
  if (head.status == 204) return end_of_file;
  if (head.status == 200 && core::is_event_stream(head.headers["Content-Type"])) return {};
  return Error::not_an_event_stream;
}

/// The request of a response that was given may be gone.
FailedRequest EventSource::describe(std::error_code ec) const {
  FailedRequest failed = client_ ? stream_->call.describe(ec) : stream_->call.describe_response(ec);
  if (ec == Error::not_an_event_stream) {
    constexpr std::size_t most_told = 100;
    failed.detail = "status " + std::to_string(stream_->head.status);
    if (const std::string_view type = stream_->head.headers["Content-Type"]; !type.empty())
      failed.detail.append(", ").append(type.substr(0, most_told));
  }
  return failed;
}

/// What an error makes of the stream; nothing, where there is none.
std::error_code EventSource::lost(std::error_code ec) {
  if (!ec) return ec;
  const bool again = options_.reconnect == Reconnect::on && state_ != State::unopened && is_passing(ec) &&
                     (!stream_ || stream_->head.status != 204);
  const bool is_failure = state_ != State::open || !has_event_;
  if (again && (!is_failure || ++failures_ < options_.max_failures)) {
    state_ = State::lost;
  } else {
    state_ = State::over;
    end_ = ec;
  }
  if (stream_ && ec != end_of_file) failed_ = describe(ec);
  if (client_) stream_.reset();
  return ec;
}

void EventSource::ended() noexcept {
  if (operation_.ended()) shut();
}

void EventSource::close() noexcept {
  if (!operation_.cancel_to_close()) shut();
}

void EventSource::shut() noexcept {
  if (stream_) stream_->call.close();
  state_ = State::over;
  end_ = end_of_file;
}

}  // namespace headway::detail
