// SPDX-License-Identifier: BSL-1.0

#include "src/url_chars.hpp"

#include <headway/error.hpp>
#include <headway/url.hpp>

#include <charconv>
#include <cstring>

namespace headway {
namespace detail {

// One pass over a copy of the text, which it normalises in place. Relies on the NUL behind a std::string.
class UrlParser {
 public:
  explicit UrlParser(Url& url) noexcept : url_(url) {}

  // The part that is wrong, or null. Leaves the Url half filled then.
  const char* run(std::string_view text) {
    if (text.size() > max_size) return "length";
    url_.text_.assign(text);
    url_.userinfo_ = url_.fragment_ = {};
    url_.ipv6_ = false;
    at_ = url_.text_.data();
    if (const char* wrong = scheme()) return wrong;
    if (const char* wrong = authority()) return wrong;
    if (const char* wrong = path_and_rest()) return wrong;
    if (url_.text_.size() > max_size) return "length";
    write_host_field();
    return nullptr;
  }

  Error error() const noexcept { return error_; }

  void clear() noexcept {
    url_.text_.clear();
    url_.host_field_.clear();
    url_.scheme_ = url_.userinfo_ = url_.host_ = url_.path_ = url_.query_ = url_.fragment_ = {};
    url_.port_ = 0;
    url_.ipv6_ = false;
  }

 private:
  static constexpr std::size_t max_size = 64 * 1024;

  Url::Span span(const char* begin, const char* end) const noexcept {
    return {static_cast<std::uint32_t>(begin - url_.text_.data()), static_cast<std::uint32_t>(end - begin)};
  }

  const char* scheme() noexcept {
    const std::size_t size = url_.text_.starts_with("http://")    ? 4
                             : url_.text_.starts_with("https://") ? 5
                                                                  : scheme_length(url_.text_);
    if (size == 0) return "scheme";
    char* const end = at_ + size;
    for (char* c = url_.text_.data(); c != end; ++c) *c = url_lower(*c);
    url_.scheme_ = span(at_, end);
    default_port_ = url_.scheme() == "http" ? 80 : url_.scheme() == "https" ? 443 : 0;
    if (default_port_ == 0) return error_ = Error::unsupported_scheme, "scheme";
    if (end[1] != '/' || end[2] != '/') return "host";
    at_ = end + 3;
    return nullptr;
  }

  const char* authority() noexcept {
    char* end = at_;
    char* sign = nullptr;  // the last '@': one before it is refused, as no user name has it
    for (; !url_class(*end, url_authority_end); ++end) {
      if (*end == '@') sign = end;
    }
    if (sign) {
      if (skip_url(at_, url_userinfo) != sign) return "user name";
      url_.userinfo_ = span(at_, sign);
      at_ = sign + 1;
    }
    if (!(*at_ == '[' ? address(end) : name())) return "host";
    if (*at_ == ':') return port(end);
    url_.port_ = default_port_;
    return at_ == end ? nullptr : "host";
  }

  // The loops use locals: a store through a char* would make the compiler read members anew.
  bool name() noexcept {
    char* const begin = at_;
    char* const end = begin + (skip_url(begin, url_reg_name) - begin);
    for (char* c = begin; c != end; ++c) *c = url_lower(*c);
    url_.host_ = span(begin, end);
    at_ = end;
    return begin != end;
  }

  bool address(const char* end) noexcept {
    char* const begin = ++at_;
    for (; at_ != end && *at_ != ']'; ++at_) *at_ = url_lower(*at_);
    if (at_ == end) return false;
    url_.host_ = span(begin, at_++);
    url_.ipv6_ = true;
    return is_ipv6_address(url_.host());
  }

  const char* port(const char* end) noexcept {
    unsigned value = 0;
    const char* const digits = ++at_;
    for (; *at_ >= '0' && *at_ <= '9'; ++at_) {
      value = value * 10 + static_cast<unsigned>(*at_ - '0');
      if (value > 65535) return "port";
    }
    url_.port_ = digits == end ? default_port_ : static_cast<std::uint16_t>(value);
    return at_ == end ? nullptr : "port";
  }

  const char* path_and_rest() {
    if (*at_ != '/') insert_slash();
    const char* const path = at_;
    const char* end = skip_url(path, url_path);
    url_.path_ = span(path, end);
    const char* part = "path";
    url_.query_ = span(end, end);
    if (*end == '?') {
      const char* const query = end + 1;
      end = skip_url(query, url_query);
      url_.query_ = span(query, end);
      part = "query";
    }
    if (*end == '#') {
      const char* const fragment = end + 1;
      end = skip_url(fragment, url_query);
      url_.fragment_ = span(fragment, end);
      part = "fragment";
    }
    return end == url_.text_.data() + url_.text_.size() ? nullptr : part;
  }

  void insert_slash() {
    const auto offset = static_cast<std::size_t>(at_ - url_.text_.data());
    url_.text_.insert(offset, 1, '/');
    at_ = url_.text_.data() + offset;
  }

  void write_host_field() {
    std::string& field = url_.host_field_;
    if (url_.ipv6_) {
      field.assign(1, '[').append(url_.host()) += ']';
    } else {
      field.assign(url_.host());
    }
    if (url_.port_ == default_port_) return;
    char port[6] = {':'};
    field.append(port, std::to_chars(port + 1, port + sizeof port, url_.port_).ptr);
  }

  Url& url_;
  char* at_ = nullptr;
  std::uint16_t default_port_ = 0;
  Error error_ = Error::invalid_url;
};

}  // namespace detail

Url::Url(std::string_view text) {
  detail::UrlParser parser(*this);
  if (const char* wrong = parser.run(text)) throw std::system_error(parser.error(), wrong);
}

Url Url::parse(std::string_view text, std::error_code& ec) {
  Url url;
  parse(text, url, ec);
  return url;
}

void Url::parse(std::string_view text, Url& into, std::error_code& ec) {
  detail::UrlParser parser(into);
  ec.clear();
  if (!parser.run(text)) return;
  parser.clear();
  ec = parser.error();
}

std::string_view Url::scheme() const noexcept { return view(scheme_); }
std::string_view Url::userinfo() const noexcept { return view(userinfo_); }
std::string_view Url::host() const noexcept { return view(host_); }
std::string_view Url::path() const noexcept { return view(path_); }
std::string_view Url::query() const noexcept { return view(query_); }
std::string_view Url::fragment() const noexcept { return view(fragment_); }

// An absent query stands at the path's end, an empty one behind its '?'.
std::string_view Url::target() const noexcept {
  return view({path_.begin, query_.begin + query_.size - path_.begin});
}

std::string Url::redacted() const {
  if (empty()) return {};
  const std::size_t authority = scheme_.size + std::strlen("://");
  const std::size_t host = host_.begin - (ipv6_ ? 1u : 0u);
  return std::string(text_).erase(authority, host - authority);
}

Url Url::resolve(std::string_view reference, std::error_code& ec) const {
  return parse(resolve_reference(text_, reference), ec);
}

}  // namespace headway
