// SPDX-License-Identifier: BSL-1.0
#include "src/auth/password_login.hpp"
#include "src/url_chars.hpp"
#include "src/whole_file.hpp"

#include <headway/credentials.hpp>

#include <algorithm>
#include <optional>

namespace headway {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;
constexpr std::string_view blanks = " \t\r\n";

/// Words, and strings in quotes, as curl and Python's netrc have them.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  std::optional<std::string> next() {
    for (;;) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size()));
      if (!rest_.starts_with('#')) break;
      skip_line();
    }
    if (rest_.empty()) return std::nullopt;
    if (rest_.starts_with('"')) return quoted();
    const std::string_view word = rest_.substr(0, rest_.find_first_of(blanks));
    rest_.remove_prefix(word.size());
    return std::string(word);
  }
  /// A value, which may begin with a '#'.
  std::optional<std::string> value() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size()));
    if (!rest_.starts_with('#')) return next();
    const std::string_view word = rest_.substr(0, rest_.find_first_of(blanks));
    rest_.remove_prefix(word.size());
    return std::string(word);
  }
  void skip_line() { rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size())); }
  /// A macro ends with an empty line.
  void skip_macro() {
    const std::size_t end = rest_.find("\n\n");
    rest_.remove_prefix(std::min(end, rest_.size()));
  }

 private:
  std::optional<std::string> quoted() {
    std::string text;
    for (rest_.remove_prefix(1); !rest_.empty(); rest_.remove_prefix(1)) {
      if (rest_.front() == '"') {
        rest_.remove_prefix(1);
        return text;
      }
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      text += rest_.front();
    }
    return std::nullopt;  // it never ends
  }

  std::string_view rest_;
};

struct Entry {
  std::string host;  // empty: `default`, or none yet
  std::optional<std::string> user, password;

  void finish(Credentials& all) const {
    const bool whole = !host.empty() && user && !user->empty() && password;
    if (whole && auth::wrong_part(*user, *password).empty()) {
      if (!all.contains(host)) all.set(host, Password{*user, *password});
    }
  }
};

bool is_host(const std::string& text) {
  return !text.empty() &&
         (detail::is_ipv6_address(text) ||
          detail::skip_url(text.c_str(), detail::url_reg_name) == text.c_str() + text.size());
}

}  // namespace

Credentials parse_netrc(std::string_view text) {
  Credentials all;
  Entry entry;
  Words words(text);
  while (const std::optional<std::string> word = words.next()) {
    if (*word == "machine" || *word == "default") {
      entry.finish(all);
      entry = {};
      if (*word == "machine") entry.host = words.value().value_or("");
      for (char& c : entry.host) c = detail::url_lower(c);
      if (!is_host(entry.host)) entry.host.clear();
    } else if (*word == "login") {
      entry.user = words.value();
    } else if (*word == "password") {
      entry.password = words.value();
    } else if (*word == "account") {
      words.value();
    } else if (*word == "macdef") {
      words.skip_macro();
    }
  }
  entry.finish(all);
  return all;
}

Credentials read_netrc(const std::string& path, std::error_code& ec) {
  return parse_netrc(detail::read_whole_file(path, largest_file, ec));
}

Credentials read_netrc(const std::string& path) {
  std::error_code ec;
  Credentials all = read_netrc(path, ec);
  if (ec) throw std::system_error(ec, path);
  return all;
}

}  // namespace headway
