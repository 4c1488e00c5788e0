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
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  std::erase_if(all.contexts, [](const auto& each) { return each.second.expired(); });
  if (const auto known = all.contexts.find(identity); known != all.contexts.end()) {
    if (auto alive = known->second.lock()) return alive;
  }
  auto made = std::make_shared<const TlsContext>(material, identity);
  all.contexts[identity] = made;
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
