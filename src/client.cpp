// SPDX-License-Identifier: BSL-1.0
#include "src/drive/blocking_waiter.hpp"
#include "src/exec/stream_state.hpp"

#include <headway/client.hpp>
#include <headway/idle_connection_monitor.hpp>

#include <optional>

namespace headway {

struct Client::Impl {
  Impl(std::shared_ptr<ConnectionManager> manager, const ClientOptions& options)
      : core(std::make_shared<exec::ClientCore>(std::move(manager), options)) {}

  /// Runs `perform` of a call on this thread.
  std::error_code run(exec::Call& call) const {
    drive::BlockingWaiter waiter(core->manager->clock());
    return call.perform().run(waiter);
  }

  std::shared_ptr<exec::ClientCore> core;
  std::optional<IdleConnectionMonitor> monitor;   // of a pool of its own
  std::shared_ptr<PoolingConnectionManager> own;  // likewise
};

Client::Client() : Client(ClientOptions{}) {}

Client::Client(ClientOptions options) {
  auto pool = std::make_shared<PoolingConnectionManager>(options.pool);
  impl_ = std::make_unique<Impl>(pool, options);
  impl_->monitor.emplace(pool, options.pool.monitor);
  impl_->own = std::move(pool);
}

Client::Client(std::shared_ptr<ConnectionManager> manager, ClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(manager), options)) {}

Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&& other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}

Client::~Client() {
  if (impl_ && impl_->own) impl_->own->shutdown();
}

void Client::send(const Request& request, Response& response, std::error_code& ec) {
  exec::Call call(*impl_->core, request, {response, response.trailers, response.info, &response.body});
  ec = impl_->run(call);
}

Response Client::send(const Request& request, std::error_code& ec) {
  Response response;
  send(request, response, ec);
  return response;
}

Response Client::send(const Request& request) {
  Response response;
  exec::Call call(*impl_->core, request, {response, response.trailers, response.info, &response.body});
  if (const std::error_code ec = impl_->run(call)) throw RequestError(ec, call.describe());
  return response;
}

ResponseStream Client::open(const Request& request, std::error_code& ec) {
  auto* state = new detail::StreamState(impl_->core, request);
  ResponseStream stream(state);
  ec = impl_->run(state->call);
  return ec ? ResponseStream() : std::move(stream);
}

ResponseStream Client::open(const Request& request) {
  auto* state = new detail::StreamState(impl_->core, request);
  ResponseStream stream(state);
  if (const std::error_code ec = impl_->run(state->call)) throw RequestError(ec, state->call.describe());
  return stream;
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

PoolingConnectionManager& Client::pool() const {
  auto* pool = dynamic_cast<PoolingConnectionManager*>(impl_->core->manager.get());
  if (pool == nullptr) {
    throw std::system_error(make_error_code(Error::invalid_option),
                            "pool(): the client's manager is no pool");
  }
  return *pool;
}

ConnectionManager& Client::connection_manager() const noexcept { return *impl_->core->manager; }

}  // namespace headway
