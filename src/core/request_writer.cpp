// SPDX-License-Identifier: BSL-1.0
#include "src/core/request_writer.hpp"

#include <headway/error.hpp>
#include <headway/method.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <utility>

namespace headway::core {
namespace {

/// The fields that the writer treats in a way of their own.
enum class Known { other, host, connection, content_type, owned };

Known known(std::string_view name) noexcept {
  const auto is = [&](std::string_view text) { return equals_ignoring_case(name, text); };
  switch (name.size()) {
    case 4:
      return is("Host") ? Known::host : Known::other;
    case 6:
      return is("Expect") ? Known::owned : Known::other;
    case 7:
      return is("Trailer") ? Known::owned : Known::other;
    case 10:
      return is("Connection") ? Known::connection : Known::other;
    case 12:
      return is("Content-Type") ? Known::content_type : Known::other;
    case 14:
      return is("Content-Length") ? Known::owned : Known::other;
    case 17:
      return is("Transfer-Encoding") ? Known::owned : Known::other;
    case 19:
      return is("Proxy-Authorization") ? Known::owned : Known::other;
    default:
      return Known::other;
  }
}

/// What a recipient must know before the content, or who decides about the connection, the route or who may
/// ask: RFC 9110 section 6.5.1 keeps it out of trailers.
bool may_be_trailer(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 21> refused = {"Authorization",
                                                               "Cache-Control",
                                                               "Connection",
                                                               "Content-Encoding",
                                                               "Content-Length",
                                                               "Content-Range",
                                                               "Content-Type",
                                                               "Cookie",
                                                               "Expect",
                                                               "Host",
                                                               "Keep-Alive",
                                                               "Max-Forwards",
                                                               "Pragma",
                                                               "Proxy-Connection",
                                                               "Range",
                                                               "TE",
                                                               "Proxy-Authorization",
                                                               "Proxy-Authenticate",
                                                               "Trailer",
                                                               "Transfer-Encoding",
                                                               "Upgrade"};
  return std::none_of(refused.begin(), refused.end(),
                      [&](std::string_view other) { return equals_ignoring_case(name, other); });
}

/// `kind "text"` on one line whatever the text.
std::string quoted(std::string_view kind, std::string_view text) {
  std::string result(kind);
  result.append(" \"");
  for (const char c : text) result.push_back(c >= ' ' && c != '\x7f' ? c : '?');
  return result.append("\"");
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::string& out, std::uint64_t number, int base) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

/// The whole server in place of one of its resources; a proxy is told by a URL without a path.
std::string_view of_server(std::string_view uri) noexcept {
  if (uri.starts_with('/')) return "*";
  const std::size_t authority = uri.find("://") + 3;
  return uri.substr(0, uri.find_first_of("/?", authority));
}

/// Writes one head. `failed()` tells which part may not be sent, and is empty where all is well.
class HeadWriter {
 public:
  HeadWriter(const Request& request, const HeadFacts& facts, std::string& out) noexcept
      : request_(request), facts_(facts), out_(out) {}

  void write(const RequestTarget& target) {
    out_.append(request_.method);
    write_target(target);
    for (const auto [name, value] : request_.headers) own_field(name, value);
    added_fields(target);
    body_fields();
    if (facts_.close && !closes_) out_.append("Connection: close\r\n");
    out_.append("\r\n");
  }

  RequestFraming framing() const noexcept {
    if (!request_.trailers.empty()) return RequestFraming::chunked;
    if (request_.body.empty()) return RequestFraming::none;
    return facts_.body_length ? RequestFraming::length : RequestFraming::chunked;
  }

  const std::string& failed() const noexcept { return failed_; }

 private:
  void fail(std::string_view kind, std::string_view name) {
    if (failed_.empty()) failed_ = quoted(kind, name);
  }

  void write_target(const RequestTarget& target) {
    if (request_.options.scope == Scope::server) {
      out_.append(" ").append(of_server(target.uri())).append(" HTTP/1.1\r\n");
    } else {
      out_.append(target.line());
    }
    for (const auto [name, value] : request_.headers) {
      if (known(name) == Known::host) return append_field(out_, "Host", value);
    }
    out_.append(target.host_line());
  }

  void own_field(std::string_view name, std::string_view value) {
    if (!is_token(name) || !is_field_value(value)) return fail("header", name);
    switch (known(name)) {
      case Known::owned:
        return fail("header", name);
      case Known::host:  // written already; a second one would say another thing to another reader
        if (std::exchange(has_host_, true)) fail("header", name);
        return;
      case Known::connection:
        if (!passes_connection(value)) return;
        break;
      case Known::content_type:
        has_content_type_ = true;
        break;
      case Known::other:
        break;
    }
    append_field(out_, name, value);
  }

  /// `close` once, and no `keep-alive` beside it.
  bool passes_connection(std::string_view value) noexcept {
    if (list_contains(value, "close")) return !std::exchange(closes_, true);
    return !(facts_.close && equals_ignoring_case(value, "keep-alive"));
  }

  void added_fields(const RequestTarget& target) {
    target.fields().append_missing(request_, out_);
    out_.append(facts_.added_fields);
    if (!facts_.authorization.empty()) append_field(out_, "Authorization", facts_.authorization);
    if (!facts_.proxy_authorization.empty())
      append_field(out_, "Proxy-Authorization", facts_.proxy_authorization);
    const std::string& type = request_.body.content_type();
    if (type.empty() || has_content_type_) return;
    if (!is_field_value(type)) return fail("header", "Content-Type");
    append_field(out_, "Content-Type", type);
  }

  void body_fields() {
    const RequestFraming kind = framing();
    const std::uint64_t length = kind == RequestFraming::length ? *facts_.body_length : 0;
    if (kind == RequestFraming::chunked) {
      out_.append("Transfer-Encoding: chunked\r\n");
      trailer_field();
    } else if (kind == RequestFraming::length || expects_body(request_.method)) {
      out_.append("Content-Length: ");
      append_number(out_, length, 10);
      out_.append("\r\n");
    }
    const bool has_content = kind == RequestFraming::chunked || length > 0;
    if (has_content && asks_for_continue(request_.options, facts_.body_length)) {
      out_.append("Expect: 100-continue\r\n");
    }
  }

  void trailer_field() {
    std::string_view before = "Trailer: ";
    for (const auto [name, value] : request_.trailers) {
      if (!is_token(name) || !is_field_value(value) || !may_be_trailer(name)) return fail("trailer", name);
      out_.append(before).append(name);
      before = ", ";
    }
    if (!request_.trailers.empty()) out_.append("\r\n");
  }

  const Request& request_;
  const HeadFacts& facts_;
  std::string& out_;
  std::string failed_;
  bool has_host_ = false;
  bool has_content_type_ = false;
  bool closes_ = false;
};

/// Room for most heads, so that a fresh string grows once.
std::size_t estimated_size(const Request& request, const RequestTarget& target,
                           const HeadFacts& facts) noexcept {
  std::size_t size =
      256 + request.method.size() + target.plain_get().size() + request.body.content_type().size();
  size += facts.authorization.size() + facts.proxy_authorization.size() + facts.added_fields.size();
  for (const auto [name, value] : request.headers) size += name.size() + value.size() + 4;
  return size;
}

}  // namespace

RequestTarget::RequestTarget(const Url& url, TargetForm form, const StandingFields& fields)
    : fields_(&fields) {
  text_.append(" ");
  if (form == TargetForm::absolute) text_.append(url.scheme()).append("://").append(url.host_field());
  text_.append(url.target()).append(" HTTP/1.1\r\n");
  line_ = text_.size() - method_size;
  append_field(text_, "Host", url.host_field());
  host_ = text_.size() - method_size - line_;
  text_.append(fields.lines()).append("\r\n");
}

bool is_of_one_request(std::string_view name) noexcept {
  const Known kind = known(name);
  return kind == Known::host || kind == Known::connection || kind == Known::owned;
}

bool is_plain_get(const Request& request, const HeadFacts& facts) noexcept {
  return std::string_view(request.method) == "GET" && request.headers.empty() && request.body.empty() &&
         request.body.content_type().empty() && request.trailers.empty() && !facts.close &&
         facts.authorization.empty() && facts.proxy_authorization.empty() && facts.added_fields.empty() &&
         request.options.scope == Scope::resource && !request.options.decoding;
}

RequestFraming write_head(const Request& request, const RequestTarget& target, const HeadFacts& facts,
                          std::string& out, std::error_code& ec, std::string& detail) {
  ec.clear();
  if (!is_valid_method(request.method)) {
    ec = Error::invalid_method;
    detail = quoted("method", request.method);
    return RequestFraming::none;
  }
  if (request.options.scope == Scope::server && request.method != "OPTIONS") {
    ec = Error::invalid_option;
    detail = "options.scope";
    return RequestFraming::none;
  }
  const std::size_t before = out.size();
  out.reserve(before + estimated_size(request, target, facts));
  HeadWriter writer(request, facts, out);
  writer.write(target);
  if (!writer.failed().empty()) {
    out.resize(before);
    ec = Error::invalid_header;
    detail = writer.failed();
  }
  return writer.framing();
}

void write_chunk_size(std::size_t size, std::string& out) {
  append_number(out, size, 16);
  out.append("\r\n");
}

void write_last_chunk(const Headers& trailers, std::string& out) {
  out.append("0\r\n");
  for (const auto [name, value] : trailers) append_field(out, name, value);
  out.append("\r\n");
}

}  // namespace headway::core
