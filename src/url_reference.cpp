// SPDX-License-Identifier: BSL-1.0

#include "src/url_chars.hpp"

#include <headway/url.hpp>

#include <algorithm>
#include <optional>

namespace headway {
namespace {

struct Parts {
  std::optional<std::string_view> scheme, authority, query, fragment;
  std::string_view path;
};

/// RFC 3986 appendix B. Takes anything: what is no scheme is path.
Parts split(std::string_view text) {
  Parts parts;
  if (const std::size_t size = detail::scheme_length(text)) {
    parts.scheme = text.substr(0, size);
    text.remove_prefix(size + 1);
  }
  if (const std::size_t hash = text.find('#'); hash != text.npos) {
    parts.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const std::size_t mark = text.find('?'); mark != text.npos) {
    parts.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  if (text.starts_with("//")) {
    const std::size_t end = std::min(text.find('/', 2), text.size());
    parts.authority = text.substr(2, end - 2);
    text.remove_prefix(end);
  }
  parts.path = text;
  return parts;
}

/// RFC 3986 section 5.2.4; appends to `out`.
void append_without_dot_segments(std::string_view path, std::string& out) {
  const std::size_t floor = out.size();
  const auto drop_last = [&out, floor] {
    const std::size_t slash = out.rfind('/');
    out.resize(slash == out.npos || slash < floor ? floor : slash);
  };
  while (!path.empty()) {
    if (path.starts_with("../")) {
      path.remove_prefix(3);
    } else if (path.starts_with("./") || path.starts_with("/./")) {
      path.remove_prefix(2);
    } else if (path == "/.") {
      path = "/";
    } else if (path.starts_with("/../")) {
      path.remove_prefix(3);
      drop_last();
    } else if (path == "/..") {
      path = "/";
      drop_last();
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      const std::size_t end = std::min(path.find('/', 1), path.size());
      out += path.substr(0, end);
      path.remove_prefix(end);
    }
  }
}

/// RFC 3986 section 5.2.3.
std::string merge(const Parts& base, std::string_view path) {
  if (base.authority && base.path.empty()) return '/' + std::string(path);
  return std::string(base.path.substr(0, base.path.rfind('/') + 1)).append(path);
}

}  // namespace

std::string resolve_reference(std::string_view base_text, std::string_view reference_text) {
  const Parts base = split(base_text), reference = split(reference_text);
  // Each part comes from the reference as soon as it, or one before it, is there (RFC 3986 section 5.2.2).
  const bool own_scheme = reference.scheme.has_value();
  const bool own_authority = own_scheme || reference.authority.has_value();
  const bool own_path = own_authority || !reference.path.empty();
  const auto& scheme = own_scheme ? reference.scheme : base.scheme;
  const auto& authority = own_authority ? reference.authority : base.authority;
  const auto& query = own_path || reference.query ? reference.query : base.query;

  std::string out;
  out.reserve(base_text.size() + reference_text.size() + 4);
  if (scheme) out.append(*scheme) += ':';
  if (authority) out.append("//").append(*authority);
  if (own_authority || reference.path.starts_with('/')) {
    append_without_dot_segments(reference.path, out);
  } else if (own_path) {
    append_without_dot_segments(merge(base, reference.path), out);
  } else {
    out += base.path;
  }
  if (query) (out += '?').append(*query);
  if (reference.fragment) (out += '#').append(*reference.fragment);
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (detail::url_class(c, detail::url_unreserved)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      ((out += '%') += digits[byte >> 4]) += digits[byte & 15];
    }
  }
  return out;
}

}  // namespace headway
