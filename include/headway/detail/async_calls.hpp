// SPDX-License-Identifier: BSL-1.0
#pragma once

// What the templates of the asynchronous interface ask of the library: operations that are ready to start.
// Each refers to its completion until it has ended; the rest is its own.

#include <headway/detail/async_operation.hpp>
#include <headway/download.hpp>
#include <headway/http_route.hpp>
#include <headway/lease.hpp>
#include <headway/request.hpp>
#include <headway/response.hpp>
#include <headway/timeouts.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace headway {
class ConnectionManager;
class PoolingConnectionManager;
class ResponseStream;
struct Event;
}  // namespace headway

namespace headway::detail {

class EventSource;
class StreamState;
class UpgradeState;
struct ClientState;

using OperationPtr = std::shared_ptr<AsyncOperation>;

const asio::any_io_executor& executor_of(const ClientState& client);
OperationPtr make_send(const ClientState& client, Request&& request, Completion<Response>& completion);
/// A request that is all in its method and URL, made where it is to be.
OperationPtr make_send(const ClientState& client, std::string_view method, std::string&& url,
                       Completion<Response>& completion);
OperationPtr make_open(const ClientState& client, Request&& request, Completion<ResponseStream>& completion);

OperationPtr make_send_to(const ClientState& client, Request&& request, BodySink sink,
                          Completion<Response>& completion);
/// What is saved where.
struct DownloadPlan {
  std::string path;
  DownloadOptions options;
};
OperationPtr make_download(const ClientState& client, Request&& request, DownloadPlan plan,
                           Completion<Download>& completion);

const asio::any_io_executor& executor_of(const StreamState& stream);
/// `into` must live until the operation has ended.
OperationPtr make_read(std::shared_ptr<StreamState> stream, std::span<char> into,
                       Completion<std::size_t>& completion);
OperationPtr make_drain(std::shared_ptr<StreamState> stream, Completion<>& completion);

const asio::any_io_executor& executor_of(const UpgradeState& stream);
/// `into`, and `from`, must live until the operation has ended.
OperationPtr make_read(std::shared_ptr<UpgradeState> stream, std::span<char> into,
                       Completion<std::size_t>& completion);
OperationPtr make_write(std::shared_ptr<UpgradeState> stream, std::span<const char> from,
                        Completion<std::size_t>& completion);

const asio::any_io_executor& executor_of(const EventSource& source);
OperationPtr make_next(std::shared_ptr<EventSource> source, Completion<Event>& completion);

OperationPtr make_lease(ConnectionManager& manager, const asio::any_io_executor& executor, HttpRoute route,
                        const Timeouts& timeouts, Completion<Lease>& completion);
OperationPtr make_warm(PoolingConnectionManager& manager, const asio::any_io_executor& executor,
                       HttpRoute route, std::size_t count, Completion<std::size_t>& completion);

}  // namespace headway::detail
