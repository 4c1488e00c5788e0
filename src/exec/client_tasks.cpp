// SPDX-License-Identifier: BSL-1.0
// A client's asynchronous calls: the same operations as the blocking ones, on an executor.
#include "src/drive/asio_task.hpp"
#include "src/exec/client_state.hpp"
#include "src/exec/stream_state.hpp"

#include <headway/detail/async_calls.hpp>
#include <headway/detail/frame_memory.hpp>

#include <optional>

namespace headway::detail {

namespace {

using drive::AsioTask;

/// A request whose response is wanted whole.
class SendTask final : public AsioTask {
 public:
  SendTask(const ClientState& client, Request&& request, Completion<Response>& completion)
      : AsioTask(client.core->async->place()),
        core_(client.core),
        request_(std::move(request)),
        completion_(completion) {
    begin();
  }
  SendTask(const ClientState& client, std::string_view method, std::string&& url,
           Completion<Response>& completion)
      : AsioTask(client.core->async->place()),
        core_(client.core),
        request_{.method = std::string(method), .url = std::move(url)},
        completion_(completion) {
    begin();
  }

 private:
  void begin() {
    call_.emplace(*core_, request_,
                  exec::Call::Target{response_, response_.trailers, response_.info, &response_.body, true});
  }
  Op<std::error_code> perform() override { return call_->perform(); }
  void conclude(CalledFrom from, std::error_code ec) override {
    if (call_->lacks_url()) response_.info.effective_url = std::move(request_.url);
    call_.reset();
    completion_.complete(from, driver().executor(), ec, std::move(response_));
  }
  void drop() noexcept override {
    call_.reset();
    completion_.abandon();
  }
  bool was_noticed() const noexcept override { return call_->has_sent(); }
  /// An end before its time is the connection's too: what may be lost then is of no use.
  bool receives() const noexcept override { return true; }
  bool may_cancel(Cancellation how) const noexcept override {
    return how != Cancellation::total || !is_noticed();
  }

  const std::shared_ptr<const exec::ClientCore> core_;
  Request request_;
  Response response_;
  std::optional<exec::Call> call_;
  Completion<Response>& completion_;
};

/// A request whose response's body is read as it comes.
class OpenTask final : public AsioTask {
 public:
  OpenTask(const ClientState& client, Request&& request, Completion<ResponseStream>& completion)
      : AsioTask(client.core->async->place()),
        request_(std::move(request)),
        stream_(std::make_shared<StreamState>(client.core, request_)),
        completion_(completion) {}

 private:
  Op<std::error_code> perform() override { return stream_->call.perform(); }
  void conclude(CalledFrom from, std::error_code ec) override {
    if (ec) stream_.reset();
    completion_.complete(from, driver().executor(), ec, ResponseStream(std::move(stream_)));
  }
  void drop() noexcept override {
    stream_.reset();
    completion_.abandon();
  }
  bool was_noticed() const noexcept override { return stream_->call.has_sent(); }
  bool receives() const noexcept override { return true; }  // as above
  bool may_cancel(Cancellation how) const noexcept override {
    return how != Cancellation::total || !is_noticed();
  }

  Request request_;
  std::shared_ptr<StreamState> stream_;
  Completion<ResponseStream>& completion_;
};

/// What reads from a stream. It can always be cancelled: what it has not told of has not been taken.
class StreamTask : public AsioTask {
 protected:
  explicit StreamTask(std::shared_ptr<StreamState> stream)
      : AsioTask(stream->async().place()), stream_(std::move(stream)) {}

  StreamState& stream() const noexcept { return *stream_; }

 private:
  Op<std::error_code> perform() final {
    mine_ = stream_->begins(shared_from_this());
    return mine_ ? read() : refuse();
  }
  void conclude(CalledFrom from, std::error_code ec) final {
    release();
    tell(from, ec);
  }
  void drop() noexcept final {
    release();
    forget();
  }
  virtual Op<std::error_code> read() = 0;
  virtual void tell(CalledFrom from, std::error_code ec) = 0;
  virtual void forget() noexcept = 0;

  static Op<std::error_code> refuse() { co_return Error::operation_pending; }
  /// The handler may destroy the stream.
  void release() noexcept {
    if (std::exchange(mine_, false)) stream_->ended();
    stream_.reset();
  }

  std::shared_ptr<StreamState> stream_;
  bool mine_ = false;
};

class ReadTask final : public StreamTask {
 public:
  ReadTask(std::shared_ptr<StreamState> stream, std::span<char> into, Completion<std::size_t>& completion)
      : StreamTask(std::move(stream)), into_(into), completion_(completion) {}

 private:
  Op<std::error_code> read() override { return stream().read_some(into_, size_); }
  void tell(CalledFrom from, std::error_code ec) override {
    completion_.complete(from, driver().executor(), ec, std::size_t{size_});
  }
  void forget() noexcept override { completion_.abandon(); }
  bool may_cancel(Cancellation) const noexcept override { return true; }

  std::span<char> into_;
  std::size_t size_ = 0;
  Completion<std::size_t>& completion_;
};

class DrainTask final : public StreamTask {
 public:
  DrainTask(std::shared_ptr<StreamState> stream, Completion<>& completion)
      : StreamTask(std::move(stream)), completion_(completion) {}

 private:
  Op<std::error_code> read() override { return stream().drain(); }
  void tell(CalledFrom from, std::error_code ec) override {
    completion_.complete(from, driver().executor(), ec);
  }
  void forget() noexcept override { completion_.abandon(); }
  bool may_cancel(Cancellation how) const noexcept override { return how != Cancellation::total; }

  Completion<>& completion_;
};

}  // namespace

const asio::any_io_executor& executor_of(const ClientState& client) { return client.core->async->executor(); }

OperationPtr make_send(const ClientState& client, Request&& request, Completion<Response>& completion) {
  return std::allocate_shared<SendTask>(FrameAllocator<SendTask>(), client, std::move(request), completion);
}

OperationPtr make_send(const ClientState& client, std::string_view method, std::string&& url,
                       Completion<Response>& completion) {
  return std::allocate_shared<SendTask>(FrameAllocator<SendTask>(), client, method, std::move(url),
                                        completion);
}

OperationPtr make_open(const ClientState& client, Request&& request, Completion<ResponseStream>& completion) {
  return std::allocate_shared<OpenTask>(FrameAllocator<OpenTask>(), client, std::move(request), completion);
}

const asio::any_io_executor& executor_of(const StreamState& stream) { return stream.async().executor(); }

OperationPtr make_read(std::shared_ptr<StreamState> stream, std::span<char> into,
                       Completion<std::size_t>& completion) {
  return std::allocate_shared<ReadTask>(FrameAllocator<ReadTask>(), std::move(stream), into, completion);
}

OperationPtr make_drain(std::shared_ptr<StreamState> stream, Completion<>& completion) {
  return std::allocate_shared<DrainTask>(FrameAllocator<DrainTask>(), std::move(stream), completion);
}

}  // namespace headway::detail
