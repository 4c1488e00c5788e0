// SPDX-License-Identifier: BSL-1.0
#pragma once

// What `async_send({.url = url}, token)` takes in braces. g++ destroys the members of a temporary aggregate
// within a co_await expression twice, or where they never were; there the braces take only what needs no
// destruction, so that a request with more than that has to be named first, and cannot be written wrong:
//
//   headway::Request request{.url = url, .headers = {{"Accept", "text/html"}}};
//   co_await client.async_send(std::move(request), asio::use_awaitable);

#include <headway/detail/asio_fwd.hpp>
#include <headway/request.hpp>

#include <concepts>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace headway::detail {

struct BracedRequest {
  std::string_view method = "GET";
  std::string_view url = {};
  RequestOptions options = {};
};
static_assert(std::is_trivially_destructible_v<BracedRequest>);

inline Request to_request(Request&& request) { return std::move(request); }
inline Request to_request(const BracedRequest& braced) {
  return {.method = std::string(braced.method), .url = std::string(braced.url), .options = braced.options};
}

template <class Token>
inline constexpr bool is_future = false;
template <class Allocator>
inline constexpr bool is_future<asio::use_future_t<Allocator>> = true;

#if defined(__GNUC__) && !defined(__clang__)
/// Handlers and futures are not awaited.
template <class Token, class Result>
inline constexpr bool may_be_awaited =
    !std::invocable<std::decay_t<Token>, std::error_code, Result> && !is_future<std::decay_t<Token>>;
#else
template <class Token, class Result>
inline constexpr bool may_be_awaited = false;
#endif

template <class Token, class Result>
using Braces = std::conditional_t<may_be_awaited<Token, Result>, BracedRequest, Request>;

}  // namespace headway::detail
