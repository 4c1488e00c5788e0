// SPDX-License-Identifier: BSL-1.0
#pragma once

// Callables around a client's calls.

#include <headway/request.hpp>
#include <headway/response.hpp>

#include <functional>
#include <optional>

namespace headway {

/// Both may be empty, and both are called once in a call, whatever it takes to get its response: on the
/// thread that runs it, never under a lock, and for several calls at once. A download that cannot be gone on
/// with asks anew, which is a call of its own. An exception ends the call and
/// reaches its caller as those of other hooks do.
struct Interceptor {
  /// Before anything is checked, leased or sent; the client's interceptors in their order. The request is the
  /// call's own copy, a body in memory included, with the URL resolved and the client's fields and parameters
  /// in it, and may be changed at will. A response that is returned is the call's: neither the network nor
  /// the interceptors behind this one see the request, and `info` is what this call comes to, not what the
  /// response said.
  std::function<std::optional<Response>(Request&)> on_request = nullptr;
  /// When the head of the response that the caller gets is there, its body still to come; in the reverse
  /// order, and by those alone whose on_request has let the request pass. The request is the one that was
  /// answered, after redirects. Not called where the call fails before that.
  std::function<void(const Request&, const ResponseHead&, const ExchangeInfo&)> on_response = nullptr;
};

}  // namespace headway
