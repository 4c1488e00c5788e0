// SPDX-License-Identifier: BSL-1.0

// Response::text: which charset the body is in, and from there to UTF-8 with iconv.

#include "src/utf8.hpp"

#include <headway/error.hpp>
#include <headway/response.hpp>

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace headway {
namespace {

using namespace std::string_view_literals;

struct Mark {
  std::string_view bytes, charset;
};

// The longer first: UTF-32LE's mark begins with UTF-16LE's.
constexpr std::array<Mark, 5> marks = {{{"\x00\x00\xFE\xFF"sv, "UTF-32BE"},
                                        {"\xFF\xFE\x00\x00"sv, "UTF-32LE"},
                                        {"\xEF\xBB\xBF"sv, "UTF-8"},
                                        {"\xFE\xFF"sv, "UTF-16BE"},
                                        {"\xFF\xFE"sv, "UTF-16LE"}}};

// What servers say and what they mean by it, as browsers know it.
constexpr std::array<Mark, 4> aliases = {
    {{"utf8", "UTF-8"}, {"utf-16", "UTF-16LE"}, {"utf-32", "UTF-32LE"}, {"gb2312", "GBK"}}};

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// Takes a parameter's value off the front: a quoted string, or all up to the next ';' or blank.
std::string take_value(std::string_view& text) {
  std::string value;
  if (!text.starts_with('"')) {
    value = text.substr(0, text.find_first_of("; \t"));
    text.remove_prefix(value.size());
    return value;
  }
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
    value += text.front();
    text.remove_prefix(1);
  }
  if (!text.empty()) text.remove_prefix(1);
  return value;
}

/// The first charset parameter of a Content-Type (RFC 9110 section 8.3), empty where there is none.
std::string charset_of(std::string_view text) {
  text.remove_prefix(std::min(text.find(';'), text.size()));
  while (!text.empty()) {
    text.remove_prefix(1);
    skip_blanks(text);
    const std::string_view name = text.substr(0, text.find_first_of("=; \t"));
    text.remove_prefix(name.size());
    skip_blanks(text);
    if (text.starts_with('=')) {
      text.remove_prefix(1);
      skip_blanks(text);
      std::string value = take_value(text);
      if (equals_ignoring_case(name, "charset")) return value;
    }
    text.remove_prefix(std::min(text.find(';'), text.size()));
  }
  return {};
}

/// iconv reads more than a name out of its argument ("//IGNORE", and an empty one is the locale's charset).
bool is_charset_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':' || c == '+';
  });
}

class Converter {
 public:
  explicit Converter(const std::string& charset) : handle_(::iconv_open("UTF-8", charset.c_str())) {
    const auto is = [&charset](std::string_view prefix) {
      return equals_ignoring_case(std::string_view(charset).substr(0, prefix.size()), prefix);
    };
    unit_ = is("UTF-16") || is("UCS-2") ? 2 : is("UTF-32") || is("UCS-4") ? 4 : 1;
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (ok()) ::iconv_close(handle_);
  }

  bool ok() const noexcept { return handle_ != reinterpret_cast<iconv_t>(-1); }

  std::string convert(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 2);
    char* input = const_cast<char*>(text.data());  // iconv's signature; it does not write there
    std::size_t left = text.size();
    while (left > 0) {
      const int failure = step(&input, &left, out);
      if (failure == 0 || failure == E2BIG) continue;
      out += detail::replacement_character;
      const std::size_t skipped = failure == EINVAL ? left : std::min(unit_, left);
      input += skipped;
      left -= skipped;
    }
    step(nullptr, nullptr, out);
    return out;
  }

 private:
  int step(char** input, std::size_t* left, std::string& out) {
    std::array<char, 4096> chunk;
    char* end = chunk.data();
    std::size_t room = chunk.size();
    const bool failed = ::iconv(handle_, input, left, &end, &room) == static_cast<std::size_t>(-1);
    const int failure = failed ? errno : 0;
    out.append(chunk.data(), end);
    return failure;
  }

  iconv_t handle_;
  std::size_t unit_ = 1;  // how many bytes a malformed character is skipped by
};

std::string to_utf8(std::string_view text, std::string charset, std::error_code& ec) {
  for (const Mark& alias : aliases) {
    if (equals_ignoring_case(charset, alias.bytes)) charset = alias.charset;
  }
  if (equals_ignoring_case(charset, "UTF-8")) return detail::repaired_utf8(text);
  if (is_charset_name(charset)) {
    if (Converter converter(charset); converter.ok()) return converter.convert(text);
  }
  ec = Error::unknown_charset;
  return {};
}

}  // namespace

std::string Response::text(std::string_view default_charset, std::error_code& ec) const {
  ec.clear();
  const std::string_view bytes = body;
  for (const Mark& mark : marks) {
    if (bytes.starts_with(mark.bytes))
      return to_utf8(bytes.substr(mark.bytes.size()), std::string(mark.charset), ec);
  }
  std::string charset = charset_of(headers["Content-Type"]);
  if (charset.empty()) charset = default_charset;
  return to_utf8(bytes, std::move(charset), ec);
}

std::string Response::text(std::error_code& ec) const { return text("UTF-8", ec); }

std::string Response::text(std::string_view default_charset) const {
  std::error_code ec;
  std::string result = text(default_charset, ec);
  if (ec) throw std::system_error(ec, "text()");
  return result;
}

}  // namespace headway
