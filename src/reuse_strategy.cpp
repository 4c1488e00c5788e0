// SPDX-License-Identifier: BSL-1.0

#include <headway/reuse_strategy.hpp>

#include <algorithm>
#include <string_view>

namespace headway {
namespace {

/// What all Connection fields of a message say together.
struct ConnectionOptions {
  bool present = false, close = false, keep_alive = false;
  void add(std::string_view value) noexcept {
    present = true;
    if (equals_ignoring_case(value, "keep-alive")) {  // as it mostly is
      keep_alive = true;
      return;
    }
    close = close || list_contains(value, "close");
    keep_alive = keep_alive || list_contains(value, "keep-alive");
  }
};

/// The fields that matter, gathered in one pass.
struct Facts {
  ConnectionOptions connection, proxy_connection;
  std::size_t lengths = 0, codings = 0;
  std::string_view length, coding;  // the last one of each

  explicit Facts(const Headers& headers) noexcept {
    for (const Headers::Field field : headers) read(field);
  }

 private:
  /// By the length first: most fields are none of these.
  void read(const Headers::Field& field) noexcept {
    const auto is = [&](std::string_view name) { return equals_ignoring_case(field.name, name); };
    switch (field.name.size()) {
      case 10:
        if (is("Connection")) connection.add(field.value);
        break;
      case 14:
        if (is("Content-Length")) ++lengths, length = field.value;
        break;
      case 16:
        if (is("Proxy-Connection")) proxy_connection.add(field.value);
        break;
      case 17:
        if (is("Transfer-Encoding")) ++codings, coding = field.value;
        break;
      default:
        break;
    }
  }
};

bool is_number(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_above_zero(std::string_view text) noexcept {
  return is_number(text) && text.find_first_not_of('0') != text.npos;
}

bool may_have_body(std::string_view method, int status) noexcept {
  return method != "HEAD" && status >= 200 && status != 204 && status != 304;
}

CloseReason check_body_end(const Facts& response) noexcept {
  if (response.codings == 0) {
    if (response.lengths == 0) return CloseReason::close_delimited;
    const bool clear = response.lengths == 1 && is_number(response.length);
    return clear ? CloseReason::none : CloseReason::ambiguous_framing;
  }
  // A chain of codings is nobody's business here but its end: without "chunked" the body ends with the
  // connection, with it there are too many ways to read it.
  if (response.codings == 1 && equals_ignoring_case(response.coding, "chunked")) return CloseReason::none;
  return list_contains(response.coding, "chunked") ? CloseReason::ambiguous_framing
                                                   : CloseReason::close_delimited;
}

CloseReason check_framing(std::string_view method, const ResponseHead& head, const Facts& response) noexcept {
  if (response.codings > 0 && response.lengths > 0) return CloseReason::ambiguous_framing;
  if (response.codings > 0 && head.minor_version == 0) return CloseReason::ambiguous_framing;
  if (head.status == 204 && (response.codings > 0 || is_above_zero(response.length))) {
    return CloseReason::ambiguous_framing;
  }
  return may_have_body(method, head.status) ? check_body_end(response) : CloseReason::none;
}

CloseReason check_persistence(const ResponseHead& head, const Facts& response) noexcept {
  const ConnectionOptions& said =
      response.connection.present ? response.connection : response.proxy_connection;
  if (said.close) return CloseReason::response_close;
  return head.minor_version == 0 && !said.keep_alive ? CloseReason::http10 : CloseReason::none;
}

}  // namespace

CloseReason DefaultReuseStrategy::operator()(const Request& request, const ResponseHead& head) const {
  if (head.status == 101) return CloseReason::upgraded;
  // A tunnel is open: whether it is kept is decided by what goes through it.
  if (request.method == "CONNECT" && head.status >= 200 && head.status < 300) return CloseReason::none;
  const Facts asked(request.headers), response(head.headers);
  if (asked.lengths > 0 && asked.codings > 0) return CloseReason::ambiguous_framing;
  if (asked.connection.close) return CloseReason::request_close;
  if (head.status == 408) return CloseReason::strategy;
  if (const CloseReason reason = check_framing(request.method, head, response); reason != CloseReason::none) {
    return reason;
  }
  return check_persistence(head, response);
}

CloseReason NeverReuse::operator()(const Request&, const ResponseHead&) const {
  return CloseReason::request_close;  // the library has made the request say so
}

}  // namespace headway
