// SPDX-License-Identifier: BSL-1.0
#pragma once

// The client: what a program asks with.

#include <headway/client_options.hpp>
#include <headway/connection_manager.hpp>
#include <headway/pooling_connection_manager.hpp>
#include <headway/request.hpp>
#include <headway/response.hpp>
#include <headway/response_stream.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace headway {

/// Thread-safe: any number of threads may call it at once. Calls wait on the thread that makes them. Each
/// comes in two forms: with an error_code, which is cleared or set, and without, which throws RequestError.
/// Exceptions of hooks and of the body's functions come through in both; the connection is closed then.
/// Messages need to live only during the call.
///
/// Errors of all calls: Condition::usage, before anything is sent but for body_length_mismatch and
/// body_not_replayable; resolve, connect, tls; timeout; protocol
/// and limit for what the server sent; cancelled where the manager is shut down; error codes of a body's read
/// function.
class Client {
 public:
  /// A pool of its own with a monitor, and sane timeouts.
  Client();
  /// Throws std::system_error (Error::invalid_option) that names the member out of range.
  explicit Client(ClientOptions options);
  /// Connections from a manager that others may use too. Throws as above; a null manager is
  /// Error::invalid_option.
  explicit Client(std::shared_ptr<ConnectionManager> manager, ClientOptions options = {});
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  /// Preconditions: no call is under way. A pool of its own is shut down; streams may outlive it.
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

  /// Throws std::system_error (Error::invalid_option) where the client's manager is no
  /// PoolingConnectionManager.
  PoolingConnectionManager& pool() const;
  ConnectionManager& connection_manager() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headway
