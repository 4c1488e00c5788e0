// SPDX-License-Identifier: BSL-1.0
#pragma once

// The asynchronous interface: with this header included, the `async_…` members of Client, ResponseStream,
// EventStream and the connection managers take any of Asio's completion tokens. Apart from the rest, since it
// needs Asio's headers, which programs that only block need not pay for.

#include <headway/client.hpp>
#include <headway/detail/async_calls.hpp>
#include <headway/detail/handler_completion.hpp>
#include <headway/event_stream.hpp>
#include <headway/upgraded_stream.hpp>

#include <asio/async_result.hpp>

namespace headway {

template <class Token>
auto Client::start_send(Request&& request, Token&& token) {
  auto initiation = [state = state_](auto&& handler, Request&& asked) {
    detail::launch<Response>(
        std::forward<decltype(handler)>(handler), detail::executor_of(*state),
        [&](auto& completion) { return detail::make_send(*state, std::move(asked), completion); });
  };
  return asio::async_initiate<Token, void(std::error_code, Response)>(std::move(initiation), token,
                                                                      std::move(request));
}

template <class Token>
auto Client::start_send(std::string_view method, std::string_view url, Token&& token) {
  auto initiation = [state = state_, method](auto&& handler, std::string&& asked) {
    detail::launch<Response>(
        std::forward<decltype(handler)>(handler), detail::executor_of(*state),
        [&](auto& completion) { return detail::make_send(*state, method, std::move(asked), completion); });
  };
  return asio::async_initiate<Token, void(std::error_code, Response)>(std::move(initiation), token,
                                                                      std::string(url));
}

template <class Token>
auto Client::async_send(detail::Braces<Token, Response> request, Token&& token) {
  return start_send(detail::to_request(std::move(request)), std::forward<Token>(token));
}

template <std::same_as<Request> Named, class Token>
  requires detail::may_be_awaited<Token, Response>
auto Client::async_send(Named request, Token&& token) {
  return start_send(std::move(request), std::forward<Token>(token));
}

template <class Token>
auto Client::async_open(detail::Braces<Token, ResponseStream> request, Token&& token) {
  return start_open(detail::to_request(std::move(request)), std::forward<Token>(token));
}

template <std::same_as<Request> Named, class Token>
  requires detail::may_be_awaited<Token, ResponseStream>
auto Client::async_open(Named request, Token&& token) {
  return start_open(std::move(request), std::forward<Token>(token));
}

template <class Token>
auto Client::async_get(std::string_view url, Token&& token) {
  return start_send("GET", url, std::forward<Token>(token));
}

template <class Token>
auto Client::async_head(std::string_view url, Token&& token) {
  return start_send("HEAD", url, std::forward<Token>(token));
}

template <class Token>
auto Client::async_post(std::string_view url, Body body, Token&& token) {
  return start_send({.method = "POST", .url = std::string(url), .body = std::move(body)},
                    std::forward<Token>(token));
}

template <class Token>
auto Client::async_put(std::string_view url, Body body, Token&& token) {
  return start_send({.method = "PUT", .url = std::string(url), .body = std::move(body)},
                    std::forward<Token>(token));
}

template <class Token>
auto Client::async_patch(std::string_view url, Body body, Token&& token) {
  return start_send({.method = "PATCH", .url = std::string(url), .body = std::move(body)},
                    std::forward<Token>(token));
}

template <class Token>
auto Client::async_del(std::string_view url, Token&& token) {
  return start_send("DELETE", url, std::forward<Token>(token));
}

template <class Token>
auto Client::start_open(Request&& request, Token&& token) {
  auto initiation = [state = state_](auto&& handler, Request&& asked) {
    detail::launch<ResponseStream>(
        std::forward<decltype(handler)>(handler), detail::executor_of(*state),
        [&](auto& completion) { return detail::make_open(*state, std::move(asked), completion); });
  };
  return asio::async_initiate<Token, void(std::error_code, ResponseStream)>(std::move(initiation), token,
                                                                            std::move(request));
}

template <std::same_as<Request> Named, class Token>
auto Client::async_send(Named request, BodySink sink, Token&& token) {
  auto initiation = [state = state_](auto&& handler, Request&& asked, BodySink&& into) {
    detail::launch<Response>(
        std::forward<decltype(handler)>(handler), detail::executor_of(*state), [&](auto& completion) {
          return detail::make_send_to(*state, std::move(asked), std::move(into), completion);
        });
  };
  return asio::async_initiate<Token, void(std::error_code, Response)>(std::move(initiation), token,
                                                                      std::move(request), std::move(sink));
}

template <class Token>
auto Client::start_download(Request&& request, std::string path, const DownloadOptions& options,
                            Token&& token) {
  auto initiation = [state = state_](auto&& handler, Request&& asked, detail::DownloadPlan&& plan) {
    detail::launch<Download>(
        std::forward<decltype(handler)>(handler), detail::executor_of(*state), [&](auto& completion) {
          return detail::make_download(*state, std::move(asked), std::move(plan), completion);
        });
  };
  return asio::async_initiate<Token, void(std::error_code, Download)>(
      std::move(initiation), token, std::move(request), detail::DownloadPlan{std::move(path), options});
}

template <std::same_as<Request> Named, class Token>
auto Client::async_download(Named request, std::string path, const DownloadOptions& options, Token&& token) {
  return start_download(std::move(request), std::move(path), options, std::forward<Token>(token));
}

template <class Token>
auto Client::async_download(std::string_view url, std::string path, Token&& token) {
  return start_download({.url = std::string(url)}, std::move(path), {}, std::forward<Token>(token));
}

template <class Buffers, class Token>
auto ResponseStream::async_read_some(const Buffers& buffers, Token&& token) {
  auto initiation = [state = state_](auto&& handler, std::span<char> into) {
    detail::launch<std::size_t>(std::forward<decltype(handler)>(handler), detail::executor_of(*state),
                                [&](auto& completion) { return detail::make_read(state, into, completion); });
  };
  return asio::async_initiate<Token, void(std::error_code, std::size_t)>(std::move(initiation), token,
                                                                         detail::first_of<char>(buffers));
}

template <class Token>
auto ResponseStream::async_drain(Token&& token) {
  auto initiation = [state = state_](auto&& handler) {
    detail::launch<>(std::forward<decltype(handler)>(handler), detail::executor_of(*state),
                     [&](auto& completion) { return detail::make_drain(state, completion); });
  };
  return asio::async_initiate<Token, void(std::error_code)>(std::move(initiation), token);
}

template <class Buffers, class Token>
auto UpgradedStream::async_read_some(const Buffers& buffers, Token&& token) {
  auto initiation = [state = state_](auto&& handler, std::span<char> into) {
    detail::launch<std::size_t>(std::forward<decltype(handler)>(handler), detail::executor_of(*state),
                                [&](auto& completion) { return detail::make_read(state, into, completion); });
  };
  return asio::async_initiate<Token, void(std::error_code, std::size_t)>(std::move(initiation), token,
                                                                         detail::first_of<char>(buffers));
}

template <class Buffers, class Token>
auto UpgradedStream::async_write_some(const Buffers& buffers, Token&& token) {
  auto initiation = [state = state_](auto&& handler, std::span<const char> from) {
    detail::launch<std::size_t>(
        std::forward<decltype(handler)>(handler), detail::executor_of(*state),
        [&](auto& completion) { return detail::make_write(state, from, completion); });
  };
  return asio::async_initiate<Token, void(std::error_code, std::size_t)>(
      std::move(initiation), token, detail::first_of<const char>(buffers));
}

template <class Token>
auto EventStream::async_next(Token&& token) {
  auto initiation = [source = source_](auto&& handler) {
    detail::launch<Event>(std::forward<decltype(handler)>(handler), detail::executor_of(*source),
                          [&](auto& completion) { return detail::make_next(source, completion); });
  };
  return asio::async_initiate<Token, void(std::error_code, Event)>(std::move(initiation), token);
}

template <class Token>
auto ConnectionManager::async_lease(HttpRoute route, const Timeouts& timeouts, Token&& token) {
  auto initiation = [this](auto&& handler, HttpRoute&& to, const Timeouts& within) {
    const asio::any_io_executor executor = detail::executor_of_handler(handler);
    detail::launch<Lease>(std::forward<decltype(handler)>(handler), executor, [&](auto& completion) {
      return detail::make_lease(*this, executor, std::move(to), within, completion);
    });
  };
  return asio::async_initiate<Token, void(std::error_code, Lease)>(std::move(initiation), token,
                                                                   std::move(route), timeouts);
}

template <class Token>
auto ConnectionManager::async_lease(HttpRoute route, Token&& token) {
  return async_lease(std::move(route), Timeouts{}, std::forward<Token>(token));
}

template <class Token>
auto PoolingConnectionManager::async_warm(HttpRoute route, std::size_t count, Token&& token) {
  auto initiation = [this](auto&& handler, HttpRoute&& to, std::size_t wanted) {
    const asio::any_io_executor executor = detail::executor_of_handler(handler);
    detail::launch<std::size_t>(std::forward<decltype(handler)>(handler), executor, [&](auto& completion) {
      return detail::make_warm(*this, executor, std::move(to), wanted, completion);
    });
  };
  return asio::async_initiate<Token, void(std::error_code, std::size_t)>(std::move(initiation), token,
                                                                         std::move(route), count);
}

}  // namespace headway
