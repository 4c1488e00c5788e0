// SPDX-License-Identifier: BSL-1.0
#include "src/connect/names.hpp"

#include <headway/error.hpp>

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace headway::connect {

using detail::Op;
using detail::Want;

std::string describe_failure(std::string_view host, const Answer& answer) {
  std::string text = "look-up of ";
  text.append(host);
  if (!answer.detail.empty()) text.append(": ").append(answer.detail);
  return text;
}

void Inquiry::settle(std::shared_ptr<const Answer> answer) noexcept {
  answer_ = std::move(answer);
  answered.set();
}

namespace {

using Inquiries = std::vector<std::weak_ptr<Inquiry>>;

std::shared_ptr<const Answer> failed(std::error_code error, std::string detail = {}) {
  return std::make_shared<const Answer>(Answer{.error = error, .detail = std::move(detail)});
}

/// What a resolver threw, without what the code says anyway.
std::string words_of(const std::system_error& thrown) {
  std::string words = thrown.what();
  const std::string code = thrown.code().message();
  if (words.ends_with(code)) words.resize(words.size() - code.size());
  if (words.ends_with(": ")) words.resize(words.size() - 2);
  return words;
}

std::shared_ptr<const Answer> read(const std::vector<std::string>& texts) {
  if (texts.empty()) return failed(Error::host_not_found);
  Answer answer;
  for (const std::string& text : texts) {
    if (answer.addresses.size() == Names::most_addresses) break;
    const std::optional<Address> address = Address::of_literal(text, 0);
    if (!address) return failed(Error::resolve_failed, "\"" + text + "\" is no IP address");
    answer.addresses.push_back(*address);
  }
  return std::make_shared<const Answer>(std::move(answer));
}

std::shared_ptr<const Answer> consult(const Resolver& resolver, const std::string& host) {
  try {
    return read(resolver(host));
  } catch (const std::system_error& thrown) {
    const std::error_code code = thrown.code();
    return failed(code ? code : make_error_code(Error::resolve_failed), words_of(thrown));
  } catch (const std::exception& thrown) {
    return failed(Error::resolve_failed, thrown.what());
  } catch (...) {
    return failed(Error::resolve_failed);
  }
}

}  // namespace

struct Names::State {
  struct Entry {
    std::shared_ptr<const Answer> kept;  // null: none
    TimePoint expires{};
    Inquiries waiting;
    TimePoint started{};  // the latest look-up
    int running = 0;      // look-ups
  };
  using Entries = std::unordered_map<std::string, Entry>;

  State(const DialOptions& options, const Clock& its_clock)
      : resolver(options.resolver), keep(options.keep_addresses), clock(its_clock) {}

  Entry* entry_of(const std::string& host, TimePoint now);
  bool make_room(TimePoint now);
  void work(const std::string& host);
  bool drop_unwanted(const std::string& host);
  Inquiries finish(const std::string& host, const std::shared_ptr<const Answer>& answer);

  const Resolver resolver;
  const Duration keep;
  std::mutex mutex;
  const Clock& clock;  // until it has ended
  bool ended = false;  // under mutex, as is:
  Entries entries;
};

/// Null where there are too many names. Preconditions: the mutex is held.
Names::State::Entry* Names::State::entry_of(const std::string& host, TimePoint now) {
  const auto known = entries.find(host);
  if (known != entries.end()) return &known->second;
  if (entries.size() >= most_names && !make_room(now)) return nullptr;
  return &entries[host];
}

/// Forgets what has expired or, where nothing has, what will be the first to.
bool Names::State::make_room(TimePoint now) {
  const auto is_idle = [](const Entries::value_type& entry) { return entry.second.running == 0; };
  std::erase_if(entries, [&](const auto& entry) { return is_idle(entry) && entry.second.expires <= now; });
  if (entries.size() < most_names) return true;
  auto first = entries.end();
  for (auto each = entries.begin(); each != entries.end(); ++each) {
    if (!is_idle(*each)) continue;
    if (first == entries.end() || each->second.expires < first->second.expires) first = each;
  }
  if (first == entries.end()) return false;
  entries.erase(first);
  return true;
}

/// On a thread for look-ups.
void Names::State::work(const std::string& host) {
  if (drop_unwanted(host)) return;
  const std::shared_ptr<const Answer> answer = consult(resolver, host);
  for (const std::weak_ptr<Inquiry>& waiting : finish(host, answer)) {
    if (const auto inquiry = waiting.lock()) inquiry->settle(answer);
  }
}

/// True where everybody has given up before the look-up has begun.
bool Names::State::drop_unwanted(const std::string& host) {
  std::lock_guard lock(mutex);
  if (ended) return true;
  Entry& entry = entries[host];
  if (!std::ranges::all_of(entry.waiting, [](const auto& inquiry) { return inquiry.expired(); }))
    return false;
  if (--entry.running == 0) entries.erase(host);
  return true;
}

/// Keeps the answer; returns who is to be told.
Inquiries Names::State::finish(const std::string& host, const std::shared_ptr<const Answer>& answer) {
  std::lock_guard lock(mutex);
  if (ended) return {};
  Entry& entry = entries[host];
  --entry.running;
  const bool good = !answer->error;
  Inquiries told;
  // Where another look-up is under way it may yet succeed.
  if (good || entry.running == 0) told.swap(entry.waiting);
  if (good && keep > Duration::zero()) {
    entry.kept = answer;
    entry.expires = after(clock.now(), keep);
  }
  if (!entry.kept && entry.running == 0) entries.erase(host);
  return told;
}

Names::Names(const DialOptions& options, const Clock& clock)
    : state_(std::make_shared<State>(options, clock)), threads_(options.max_lookups) {}

Names::~Names() {
  std::lock_guard lock(state_->mutex);
  state_->ended = true;
}

std::shared_ptr<Inquiry> Names::ask(const std::string& host) {
  auto inquiry = std::make_shared<Inquiry>();
  std::unique_lock lock(state_->mutex);
  const TimePoint now = state_->clock.now();
  State::Entry* const entry = state_->entry_of(host, now);
  if (entry == nullptr) {
    inquiry->settle(failed(Error::resolve_failed, "too many look-ups at a time"));
    return inquiry;
  }
  if (entry->kept && now < entry->expires) {
    inquiry->settle(entry->kept);
    return inquiry;
  }
  entry->kept = nullptr;
  std::erase_if(entry->waiting, [](const auto& waiting) { return waiting.expired(); });
  entry->waiting.push_back(inquiry);
  const bool stuck = entry->running == 1 && now >= after(entry->started, stuck_after);
  if (entry->running > 0 && !stuck) return inquiry;
  entry->started = now;
  if (start_lookup(host)) {
    ++entry->running;
  } else if (entry->running == 0) {
    state_->entries.erase(host);
    inquiry->settle(failed(Error::resolve_failed, "no thread for it"));
  }
  return inquiry;
}

/// Preconditions: the state's mutex is held.
bool Names::start_lookup(const std::string& host) {
  return threads_.run([state = state_, host] { state->work(host); });
}

Op<std::shared_ptr<const Answer>> Names::find(const std::string& host, TimePoint deadline) {
  const std::shared_ptr<Inquiry> inquiry = ask(host);
  if (!inquiry->answered.is_set()) {
    Want want;
    want.signals[0] = &inquiry->answered;
    want.deadline = deadline;
    want.phase = Phase::connect;
    co_await want;
  }
  if (inquiry->answered.is_set()) co_return inquiry->answer();
  co_return failed(Error::connect_timeout);
}

std::shared_ptr<Names> make_names(const DialOptions& options, const Clock& clock) {
  const DialOptions usual;
  const bool as_usual = options.resolver.target<SystemResolver>() != nullptr &&
                        options.keep_addresses == usual.keep_addresses &&
                        options.max_lookups == usual.max_lookups && &clock == &system_clock();
  if (!as_usual) return std::make_shared<Names>(options, clock);
  static const auto shared = std::make_shared<Names>(usual, clock);
  return shared;
}

}  // namespace headway::connect
