// SPDX-License-Identifier: BSL-1.0

// Url::parse and resolve_reference on any bytes: what is accepted parses again to the same, its parts make up
// the whole, and nothing in it could end a request line. The input is a URL, a NUL and a reference.

#include <headway/url.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string put_together(const headway::Url& url) {
  const std::string_view whole = url.str();
  std::string text(whole.substr(0, whole.find("://") + 3));
  // Userinfo and port are kept as they came: both end where the path begins.
  text += whole.substr(text.size(), static_cast<std::size_t>(url.path().data() - whole.data()) - text.size());
  text += url.target();
  if (text.size() < whole.size()) text.append("#").append(url.fragment());
  return text;
}

void check(const headway::Url& url) {
  require(url.scheme() == "http" || url.scheme() == "https");
  require(!url.host().empty() && url.path().starts_with('/') && url.target().starts_with(url.path()));
  require(std::all_of(url.str().begin(), url.str().end(), [](char c) { return c > ' ' && c < 0x7f; }));
  require(put_together(url) == url.str());

  std::error_code ec;
  const headway::Url again = headway::Url::parse(url.str(), ec);
  require(!ec && again == url && again.port() == url.port() && again.host_field() == url.host_field());
  const headway::Url redacted = headway::Url::parse(url.redacted(), ec);
  require(!ec && redacted.userinfo().empty() && redacted.host() == url.host() &&
          redacted.target() == url.target());
  const headway::Url origin =
      headway::Url::parse(std::string(url.scheme()).append("://").append(url.host_field()), ec);
  require(!ec && origin.host() == url.host() && origin.port() == url.port());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view text = input.substr(0, input.find('\0'));
  const std::string_view reference = input.substr(std::min(text.size() + 1, input.size()));

  headway::Url url("https://former:password@[::1]:444/path?query#fragment");
  std::error_code ec;
  headway::Url::parse(text, url, ec);
  require(static_cast<bool>(ec) == url.empty());
  require(url == headway::Url::parse(text, ec));
  if (!url.empty()) check(url);

  const headway::Url resolved = url.resolve(reference, ec);
  require(static_cast<bool>(ec) == resolved.empty());
  if (resolved.empty()) return 0;
  check(resolved);
  const std::string path = '/' + std::string(resolved.path()) + '/';
  if (!reference.empty() && reference.front() != '?' && reference.front() != '#') {
    require(path.find("/./") == path.npos && path.find("/../") == path.npos);
  }
  return 0;
}
