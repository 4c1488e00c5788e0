// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tls_registry.hpp"

#include "src/connect/tls_context.hpp"

#include <map>

namespace headway::connect {
namespace {

struct Registry {
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<const TlsContext>> contexts;  // under mutex
};

Registry& registry() {
  static Registry all;
  return all;
}

}  // namespace

std::shared_ptr<const TlsContext> share_tls_context(const TlsOptions& options) {
  const TlsMaterial material(options);
  const std::string identity = material.identity();
  // Made when first needed: many a program has a client and never asks for https.
  if (identity.empty()) return nullptr;
  if (auto known = find_tls_context(identity)) return known;
  // Not under the lock: it reads files, and the user's hook may make another client.
  auto made = std::make_shared<const TlsContext>(material, identity);
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  std::erase_if(all.contexts, [](const auto& each) { return each.second.expired(); });
  std::weak_ptr<const TlsContext>& place = all.contexts[identity];
  if (auto faster = place.lock()) return faster;
  place = made;
  return made;
}

std::shared_ptr<const TlsContext> find_tls_context(const std::string& identity) {
  if (identity.empty()) {
    static const auto defaults = std::make_shared<const TlsContext>(TlsMaterial(TlsOptions{}), "");
    return defaults;
  }
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  const auto known = all.contexts.find(identity);
  return known == all.contexts.end() ? nullptr : known->second.lock();
}

const std::string& identity_of(const TlsContext& context) noexcept { return context.identity(); }

}  // namespace headway::connect
