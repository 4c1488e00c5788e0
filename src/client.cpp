// SPDX-License-Identifier: BSL-1.0
#include "src/drive/blocking_waiter.hpp"
#include "src/exec/client_state.hpp"
#include "src/exec/stream_state.hpp"

#include <headway/client.hpp>

namespace headway {

using detail::ClientState;
using detail::StreamState;

namespace {

/// Runs `perform` of a call on this thread.
std::error_code run(const ClientState& client, exec::Call& call) {
  drive::BlockingWaiter waiter(client.core->manager->clock());
  return call.perform().run(waiter);
}

std::shared_ptr<ClientState> make_state(const ClientOptions& options, const asio::any_io_executor* executor) {
  auto pool = std::make_shared<PoolingConnectionManager>(options.pool);
  auto state = std::make_shared<ClientState>(pool, options, executor);
  state->monitor.emplace(pool, options.pool.monitor);
  state->own = std::move(pool);
  return state;
}

/// In this order those that wait for a connection learn why there will be none.
void end(const std::shared_ptr<ClientState>& state) {
  if (!state) return;
  if (state->own) state->own->shutdown();
  state->core->async->close();
}

}  // namespace

Client::Client() : Client(ClientOptions{}) {}

Client::Client(ClientOptions options) : state_(make_state(options, nullptr)) {}

// No default arguments: g++ destroys their temporaries twice in `Client client{co_await …}`.
Client::Client(const asio::any_io_executor& executor) : Client(executor, ClientOptions{}) {}

Client::Client(const asio::any_io_executor& executor, ClientOptions options)
    : state_(make_state(options, &executor)) {}

Client::Client(std::shared_ptr<ConnectionManager> manager, ClientOptions options)
    : state_(std::make_shared<ClientState>(std::move(manager), options, nullptr)) {}

Client::Client(const asio::any_io_executor& executor, std::shared_ptr<ConnectionManager> manager)
    : Client(executor, std::move(manager), ClientOptions{}) {}

Client::Client(const asio::any_io_executor& executor, std::shared_ptr<ConnectionManager> manager,
               ClientOptions options)
    : state_(std::make_shared<ClientState>(std::move(manager), options, &executor)) {}

Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Client::~Client() { end(state_); }

void Client::send(const Request& request, Response& response, std::error_code& ec) {
  exec::Call call(*state_->core, request, {response, response.trailers, response.info, &response.body});
  ec = run(*state_, call);
}

Response Client::send(const Request& request, std::error_code& ec) {
  Response response;
  send(request, response, ec);
  return response;
}

Response Client::send(const Request& request) {
  Response response;
  exec::Call call(*state_->core, request, {response, response.trailers, response.info, &response.body});
  if (const std::error_code ec = run(*state_, call)) throw RequestError(ec, call.describe(ec));
  return response;
}

ResponseStream Client::open(const Request& request, std::error_code& ec) {
  auto stream = std::make_shared<StreamState>(state_->core, request);
  ec = run(*state_, stream->call);
  return ec ? ResponseStream() : ResponseStream(std::move(stream));
}

ResponseStream Client::open(const Request& request) {
  auto stream = std::make_shared<StreamState>(state_->core, request);
  if (const std::error_code ec = run(*state_, stream->call))
    throw RequestError(ec, stream->call.describe(ec));
  return ResponseStream(std::move(stream));
}

namespace {

Request make_request(const char* method, std::string_view url, Body body = {}) {
  return {.method = method, .url = std::string(url), .body = std::move(body)};
}

}  // namespace

Response Client::get(std::string_view url) { return send(make_request("GET", url)); }
Response Client::get(std::string_view url, std::error_code& ec) { return send(make_request("GET", url), ec); }
Response Client::head(std::string_view url) { return send(make_request("HEAD", url)); }
Response Client::head(std::string_view url, std::error_code& ec) {
  return send(make_request("HEAD", url), ec);
}
Response Client::post(std::string_view url, Body body) {
  return send(make_request("POST", url, std::move(body)));
}
Response Client::post(std::string_view url, Body body, std::error_code& ec) {
  return send(make_request("POST", url, std::move(body)), ec);
}
Response Client::put(std::string_view url, Body body) {
  return send(make_request("PUT", url, std::move(body)));
}
Response Client::put(std::string_view url, Body body, std::error_code& ec) {
  return send(make_request("PUT", url, std::move(body)), ec);
}
Response Client::patch(std::string_view url, Body body) {
  return send(make_request("PATCH", url, std::move(body)));
}
Response Client::patch(std::string_view url, Body body, std::error_code& ec) {
  return send(make_request("PATCH", url, std::move(body)), ec);
}
Response Client::del(std::string_view url) { return send(make_request("DELETE", url)); }
Response Client::del(std::string_view url, std::error_code& ec) {
  return send(make_request("DELETE", url), ec);
}

HttpRoute Client::route(std::string_view url) const {
  const std::string whole = state_->core->defaults.resolve(std::string(url));
  const Url checked(whole);  // says which part is wrong
  std::error_code ec;
  HttpRoute route = state_->core->route_of(whole, ec);
  if (ec) throw std::system_error(ec, "proxy.choose");
  return route;
}
HttpRoute Client::route(std::string_view url, std::error_code& ec) const {
  return state_->core->route_of(std::string(url), ec);
}

PoolingConnectionManager& Client::pool() const {
  auto* pool = dynamic_cast<PoolingConnectionManager*>(state_->core->manager.get());
  if (pool == nullptr) {
    throw std::system_error(make_error_code(Error::invalid_option),
                            "pool(): the client's manager is no pool");
  }
  return *pool;
}

Client::executor_type Client::get_executor() const { return state_->core->async->running_executor(); }

ConnectionManager& Client::connection_manager() const noexcept { return *state_->core->manager; }

}  // namespace headway
