// SPDX-License-Identifier: BSL-1.0
#pragma once

// The client: what a program asks with.

#include <headway/client_options.hpp>
#include <headway/connection_manager.hpp>
#include <headway/detail/asio_fwd.hpp>
#include <headway/detail/braced_request.hpp>
#include <headway/download.hpp>
#include <headway/pooling_connection_manager.hpp>
#include <headway/request.hpp>
#include <headway/response.hpp>
#include <headway/response_stream.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace headway {

namespace detail {
struct ClientState;
}

/// Thread-safe: any number of threads may call it at once. Each call comes in three forms:
/// - with an error_code, which is cleared or set, and without, which throws RequestError. Both wait on the
///   thread that calls, and messages need to live only during the call. Exceptions of hooks and of the body's
///   functions come through; the connection is closed then.
/// - `async_…`, with one of Asio's completion tokens: see below.
///
/// Errors of all calls: Condition::usage, before anything is sent but for body_length_mismatch and
/// body_not_replayable; resolve, connect, proxy, tls; timeout; protocol and limit for what the server sent;
/// cancelled where the manager is shut down; error codes of a body's read function.
class Client {
 public:
  /// A pool of its own with a monitor, and sane timeouts.
  Client();
  /// Throws std::system_error (Error::invalid_option) that names the member out of range.
  explicit Client(ClientOptions options);
  /// Connections from a manager that others may use too. Throws as above; a null manager is
  /// Error::invalid_option.
  explicit Client(std::shared_ptr<ConnectionManager> manager, ClientOptions options = {});
  /// The same, with asynchronous operations on `executor`: any that Asio has, its context run by one thread
  /// or several, but none of a context made with ASIO_CONCURRENCY_HINT_UNSAFE, since other threads may wake
  /// an operation up. Without an executor they run on a thread of the client's own that starts with the first
  /// of them; an exception that a handler lets out there ends the program.
  explicit Client(const asio::any_io_executor& executor);
  Client(const asio::any_io_executor& executor, ClientOptions options);
  Client(const asio::any_io_executor& executor, std::shared_ptr<ConnectionManager> manager);
  Client(const asio::any_io_executor& executor, std::shared_ptr<ConnectionManager> manager,
         ClientOptions options);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  /// Preconditions: no blocking call is under way. Asynchronous operations complete with
  /// asio::error::operation_aborted or Error::pool_shut_down. A pool of its own is shut down; streams may
  /// outlive it. A thread of its own is joined, unless it is the one that destroys the client, once all work
  /// is done that the program has given its executor: a handler that starts another operation whatever its
  /// error keeps the client from ending.
  ~Client();

  Response get(std::string_view url);
  Response get(std::string_view url, std::error_code& ec);
  Response head(std::string_view url);
  Response head(std::string_view url, std::error_code& ec);
  Response post(std::string_view url, Body body = {});
  Response post(std::string_view url, Body body, std::error_code& ec);
  Response put(std::string_view url, Body body = {});
  Response put(std::string_view url, Body body, std::error_code& ec);
  Response patch(std::string_view url, Body body = {});
  Response patch(std::string_view url, Body body, std::error_code& ec);
  Response del(std::string_view url);
  Response del(std::string_view url, std::error_code& ec);

  Response send(const Request& request);
  Response send(const Request& request, std::error_code& ec);
  /// Reuses `response`'s memory. Where `ec` is set, only `response.info` means something.
  void send(const Request& request, Response& response, std::error_code& ec);

  /// Returns once the response's head is there; the body is read from the stream.
  ResponseStream open(const Request& request);
  ResponseStream open(const Request& request, std::error_code& ec);

  /// The body goes to `sink`, piece by piece, and `body` stays empty; whatever the status. Each request is
  /// tried again only for what comes before the first piece. options.max_body_size does not count.
  Response send(const Request& request, const BodySink& sink);
  Response send(const Request& request, const BodySink& sink, std::error_code& ec);

  /// Saves the body as the file `path`, which takes the place of one that is there at the end, and at once:
  /// until then it has another name in the same directory. The folder must be there. Errors beside the usual
  /// ones: those of the system for files; wrong_range. Files are written on the thread that runs the call,
  /// for async_download the executor's, in pieces of at most 64 KiB; with FileSync::on it waits for the disk.
  Download download(const Request& request, const std::string& path, const DownloadOptions& options = {});
  Download download(const Request& request, const std::string& path, const DownloadOptions& options,
                    std::error_code& ec);
  Download download(std::string_view url, const std::string& path, const DownloadOptions& options = {});

  // Asynchronous operations: include <headway/async.hpp>. They complete with `void(std::error_code,
  // Response)`, async_open with `void(std::error_code, ResponseStream)`; after an error only `response.info`
  // means something. The handler is called exactly once, on its associated executor or the client's, never by
  // the call that starts the operation; where its execution context is destroyed first it is destroyed
  // uncalled. The operation itself, with the client's hooks and the body's functions, runs on the starting
  // thread until it has to wait, and on the client's executor from then on. An exception of theirs becomes
  // the operation's error: a std::system_error's code, or Error::hook_threw. Cancelled, by a cancellation
  // slot of the handler, it completes with asio::error::operation_aborted; where the request may have reached
  // the server already, total cancellation has no effect.
  //
  // In a coroutine g++ mistreats temporaries: there the braces of `async_send({.url = url}, …)` take method,
  // URL and options alone, and a request with more than that is to be named and moved.
  template <class Token>
  auto async_send(detail::Braces<Token, Response> request, Token&& token);
  template <std::same_as<Request> Named, class Token>
    requires detail::may_be_awaited<Token, Response>
  auto async_send(Named request, Token&& token);
  template <class Token>
  auto async_get(std::string_view url, Token&& token);
  template <class Token>
  auto async_head(std::string_view url, Token&& token);
  template <class Token>
  auto async_post(std::string_view url, Body body, Token&& token);
  template <class Token>
  auto async_put(std::string_view url, Body body, Token&& token);
  template <class Token>
  auto async_patch(std::string_view url, Body body, Token&& token);
  template <class Token>
  auto async_del(std::string_view url, Token&& token);
  template <class Token>
  auto async_open(detail::Braces<Token, ResponseStream> request, Token&& token);
  template <std::same_as<Request> Named, class Token>
    requires detail::may_be_awaited<Token, ResponseStream>
  auto async_open(Named request, Token&& token);

  /// Completes with `void(std::error_code, Response)`.
  template <std::same_as<Request> Named, class Token>
  auto async_send(Named request, BodySink sink, Token&& token);
  /// Completes with `void(std::error_code, Download)`.
  template <std::same_as<Request> Named, class Token>
  auto async_download(Named request, std::string path, const DownloadOptions& options, Token&& token);
  template <class Token>
  auto async_download(std::string_view url, std::string path, Token&& token);

  using executor_type = asio::any_io_executor;
  /// Of the asynchronous operations. Starts a thread of the client's own where there is none yet; once the
  /// client is gone such an executor is of use only while one of its streams is being read, and none at all
  /// after them. Its context must not be stopped. Throws std::system_error where no thread can be
  /// started.
  executor_type get_executor() const;

  /// By which route a request for `url` goes: for caps and figures of the pool, and for leases. Its TLS
  /// settings are there to be found for as long as a client has them. Errors: those of Url::parse and of
  /// Proxy::choose.
  HttpRoute route(std::string_view url) const;
  HttpRoute route(std::string_view url, std::error_code& ec) const;

  /// Throws std::system_error (Error::invalid_option) where the client's manager is no
  /// PoolingConnectionManager.
  PoolingConnectionManager& pool() const;
  ConnectionManager& connection_manager() const noexcept;

 private:
  friend class EventStream;
  template <class Token>
  auto start_send(Request&& request, Token&& token);
  template <class Token>
  auto start_send(std::string_view method, std::string_view url, Token&& token);
  template <class Token>
  auto start_download(Request&& request, std::string path, const DownloadOptions& options, Token&& token);
  template <class Token>
  auto start_open(Request&& request, Token&& token);

  std::shared_ptr<detail::ClientState> state_;
};

}  // namespace headway
