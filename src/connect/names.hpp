// SPDX-License-Identifier: BSL-1.0
#pragma once

// Names to addresses, for everybody who dials: equal questions at the same time are one look-up, answers are
// kept for a while, and a look-up that hangs holds up nobody but those who ask for that very name, and them
// no longer than their deadline.
//
// A look-up belongs to its name and not to who asked first: whoever gives up leaves it to the others, and a
// late answer is there for the next one. One that takes suspiciously long is joined no more: a second one is
// started beside it, and the first answer of the two serves all.

#include "src/connect/address.hpp"
#include "src/connect/lookup_threads.hpp"

#include <headway/detail/op.hpp>
#include <headway/detail/signal.hpp>
#include <headway/dial_options.hpp>
#include <headway/time.hpp>

#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace headway::connect {

/// What a look-up came to.
struct Answer {
  std::error_code error = {};
  std::string detail = {};              ///< the resolver's own words; empty where the code says it all
  std::vector<Address> addresses = {};  ///< with port 0; not empty where there is no error
};

/// "look-up of a.test", with the resolver's words. Preconditions: there is an error.
std::string describe_failure(std::string_view host, const Answer& answer);

/// One who waits for an answer, and may be dropped at any time.
class Inquiry {
 public:
  detail::Signal answered;
  /// Preconditions: `answered` is set.
  const std::shared_ptr<const Answer>& answer() const noexcept { return answer_; }
  void settle(std::shared_ptr<const Answer> answer) noexcept;

 private:
  std::shared_ptr<const Answer> answer_;
};

/// Thread-safe.
class Names {
 public:
  /// The most names that are known or looked up at a time, and the most addresses of one.
  static constexpr std::size_t most_names = 1024;
  static constexpr std::size_t most_addresses = 16;
  /// After this long a look-up counts as stuck.
  static constexpr Duration stuck_after = std::chrono::seconds(5);

  /// Of the options `resolver`, `keep_addresses` and `max_lookups` count. The clock must outlive it.
  Names(const DialOptions& options, const Clock& clock);
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;
  ~Names();

  /// Never blocks. Where the answer is known the inquiry is settled already.
  std::shared_ptr<Inquiry> ask(const std::string& host);

  /// Waits for the answer: with the resolver's error, or Error::connect_timeout. `host` must outlive the
  /// operation.
  detail::Op<std::shared_ptr<const Answer>> find(const std::string& host, TimePoint deadline);

 private:
  struct State;
  bool start_lookup(const std::string& host);

  std::shared_ptr<State> state_;  // outlives this object as long as a look-up hangs
  LookupThreads threads_;
};

/// What all use whose options do not differ from the defaults in what concerns names.
std::shared_ptr<Names> make_names(const DialOptions& options, const Clock& clock);

}  // namespace headway::connect
