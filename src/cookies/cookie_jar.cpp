// SPDX-License-Identifier: BSL-1.0
#include "src/cookies/cookie_file.hpp"
#include "src/cookies/cookie_store.hpp"
#include "src/whole_file.hpp"

#include <headway/cookie_jar.hpp>
#include <headway/error.hpp>

#include <mutex>

namespace headway {

using std::chrono::sys_seconds;

namespace {

constexpr std::size_t largest_file = 16 * 1024 * 1024;

CookieJarOptions checked(CookieJarOptions options) {
  if (options.max_cookies == 0)
    throw std::system_error(Error::invalid_option, "max_cookies must be 1 or more");
  if (options.max_per_domain == 0)
    throw std::system_error(Error::invalid_option, "max_per_domain must be 1 or more");
  return options;
}

}  // namespace

class CookieJar::Store {
 public:
  explicit Store(CookieJarOptions options)
      : now_(std::move(options.now)), cookies_(options.max_cookies, options.max_per_domain) {}

  /// Calls `use` under the lock, with the cookies and the time.
  template <class Use>
  auto with(Use use) {
    const sys_seconds now =
        now_ ? now_() : std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::lock_guard lock(mutex_);
    return use(cookies_, now);
  }

 private:
  std::mutex mutex_;
  const std::function<sys_seconds()> now_;
  cookies::CookieStore cookies_;
};

CookieJar::CookieJar(CookieJarOptions options)
    : store_(std::make_unique<Store>(checked(std::move(options)))) {}

CookieJar::~CookieJar() = default;

bool CookieJar::receive(const Url& from, std::string_view set_cookie) {
  const auto origin = cookies::Origin::of(from);
  return store_->with([&](cookies::CookieStore& kept, sys_seconds now) {
    std::optional<cookies::SetCookie> set = cookies::parse_set_cookie(set_cookie, now);
    if (!set) return false;
    std::optional<Cookie> cookie = cookies::accept(std::move(*set), origin);
    return cookie && kept.put(std::move(*cookie), origin.secure, now);
  });
}

std::string CookieJar::field_for(const Url& to) {
  const auto origin = cookies::Origin::of(to);
  return store_->with([&](cookies::CookieStore& kept, sys_seconds now) {
    std::string field;
    for (const Cookie* cookie : kept.select(origin, now)) {
      if (!field.empty()) field += "; ";
      if (!cookie->name.empty()) field.append(cookie->name).append("=");
      field += cookie->value;
    }
    return field;
  });
}

void CookieJar::add(const Cookie& cookie) {
  if (!cookies::is_acceptable(cookie))
    throw std::system_error(Error::invalid_option, "no server could set the cookie \"" + cookie.name + '"');
  store_->with([&](cookies::CookieStore& kept, sys_seconds now) { return kept.put(cookie, true, now); });
}

std::vector<Cookie> CookieJar::cookies() const {
  return store_->with([](cookies::CookieStore& kept, sys_seconds now) { return kept.all(now); });
}

bool CookieJar::remove(std::string_view domain, std::string_view path, std::string_view name) {
  return store_->with([&](cookies::CookieStore& kept, sys_seconds) {
    return kept.remove_if([&](const Cookie& cookie) {
      return cookie.domain == domain && cookie.path == path && cookie.name == name;
    }) > 0;
  });
}

void CookieJar::clear() {
  store_->with([](cookies::CookieStore& kept, sys_seconds) {
    return kept.remove_if([](const Cookie&) { return true; });
  });
}

void CookieJar::end_session() {
  store_->with([](cookies::CookieStore& kept, sys_seconds) {
    return kept.remove_if([](const Cookie& cookie) { return !cookie.expires; });
  });
}

std::size_t CookieJar::load(const std::string& path, std::error_code& ec) {
  const std::string text = detail::read_whole_file(path, largest_file, ec);
  std::size_t taken = 0;
  store_->with([&](cookies::CookieStore& kept, sys_seconds now) {
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t size = std::min(rest.find('\n'), rest.size());
      std::optional<Cookie> cookie = cookies::parse_cookie_line(rest.substr(0, size));
      rest.remove_prefix(std::min(size + 1, rest.size()));
      if (!cookie || !cookies::is_acceptable(*cookie)) continue;
      if (cookie->expires && *cookie->expires <= now) continue;
      if (cookie->expires) cookie->expires = cookies::cap_expiry(*cookie->expires, now);
      taken += kept.put(std::move(*cookie), true, now) ? 1 : 0;
    }
    return true;
  });
  return taken;
}

std::size_t CookieJar::load(const std::string& path) {
  std::error_code ec;
  const std::size_t taken = load(path, ec);
  if (ec) throw std::system_error(ec, path);
  return taken;
}

void CookieJar::save(const std::string& path, SessionCookies session, std::error_code& ec) const {
  std::string text(cookies::cookie_file_head());
  for (const Cookie& cookie : cookies()) {
    if (cookie.expires || session == SessionCookies::kept) text += cookies::cookie_line(cookie).value_or("");
  }
  detail::replace_file(path, text, ec);
}

void CookieJar::save(const std::string& path, SessionCookies session) const {
  std::error_code ec;
  save(path, session, ec);
  if (ec) throw std::system_error(ec, path);
}

}  // namespace headway
