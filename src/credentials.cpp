// SPDX-License-Identifier: BSL-1.0
#include "src/auth/credential_held.hpp"

#include <algorithm>
#include <utility>

namespace headway {

Credential::Credential(Basic login) : held_(std::make_shared<const Held>(Held{std::move(login)})) {}
Credential::Credential(Digest login) : held_(std::make_shared<const Held>(Held{std::move(login)})) {}
Credential::Credential(Password login) : held_(std::make_shared<const Held>(Held{std::move(login)})) {}
Credential::Credential(Bearer login) : held_(std::make_shared<const Held>(Held{std::move(login)})) {}

Credentials::Credentials() noexcept = default;
Credentials::Credentials(std::initializer_list<Entry> entries) : entries_(entries) {}
Credentials::Credentials(const Credentials& other) = default;
Credentials::Credentials(Credentials&& other) noexcept = default;
Credentials& Credentials::operator=(const Credentials& other) = default;
Credentials& Credentials::operator=(Credentials&& other) noexcept = default;
Credentials::~Credentials() = default;

void Credentials::set(std::string origin, Credential credential) {
  const auto known = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.origin == origin; });
  if (known == entries_.end()) {
    entries_.push_back({std::move(origin), std::move(credential)});
  } else {
    known->credential = std::move(credential);
  }
}

bool Credentials::contains(std::string_view origin) const noexcept {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Entry& entry) { return entry.origin == origin; });
}

}  // namespace headway
