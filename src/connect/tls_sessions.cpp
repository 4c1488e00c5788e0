// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tls_sessions.hpp"

#include <ctime>

namespace headway::connect {
namespace {

bool is_single_use(const SSL_SESSION* session) {
  return SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION;
}

bool is_over(const SSL_SESSION* session) {
  return SSL_SESSION_get_time(session) + SSL_SESSION_get_timeout(session) <=
         static_cast<long>(std::time(nullptr));
}

}  // namespace

void TlsSessions::keep(const HttpRoute& route, SessionPtr session) {
  std::lock_guard lock(mutex_);
  auto known = by_route_.find(route);
  if (known == by_route_.end()) {
    if (entries_.size() == most_routes) erase(std::prev(entries_.end()));
    entries_.push_front({route, {}});
    known = by_route_.emplace(route, entries_.begin()).first;
  }
  std::vector<SessionPtr>& sessions = known->second->sessions;
  if (!is_single_use(session.get())) sessions.clear();
  if (sessions.size() == most_per_route) sessions.erase(sessions.begin());
  sessions.push_back(std::move(session));
}

SessionPtr TlsSessions::take(const HttpRoute& route) {
  std::lock_guard lock(mutex_);
  const auto known = by_route_.find(route);
  if (known == by_route_.end()) return nullptr;
  const Entries::iterator entry = known->second;
  entries_.splice(entries_.begin(), entries_, entry);
  std::vector<SessionPtr>& sessions = entry->sessions;
  while (!sessions.empty() && is_over(sessions.back().get())) sessions.pop_back();
  SessionPtr taken;
  if (!sessions.empty()) {
    const bool once = is_single_use(sessions.back().get());
    taken = once ? std::move(sessions.back()) : SessionPtr(SSL_SESSION_dup(sessions.back().get()));
    if (once) sessions.pop_back();
  }
  if (sessions.empty()) erase(entry);
  return taken;
}

void TlsSessions::forget(const HttpRoute& route) {
  std::lock_guard lock(mutex_);
  if (const auto known = by_route_.find(route); known != by_route_.end()) erase(known->second);
}

std::size_t TlsSessions::size() const {
  std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const Entry& entry : entries_) count += entry.sessions.size();
  return count;
}

void TlsSessions::erase(Entries::iterator entry) {
  by_route_.erase(entry->route);
  entries_.erase(entry);
}

}  // namespace headway::connect
