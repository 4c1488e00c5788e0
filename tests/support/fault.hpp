// SPDX-License-Identifier: BSL-1.0
#pragma once

// One thing that goes wrong at a chosen moment, for scenarios that are run again and again until every moment
// has had its turn. Values.

#include <gtest/gtest.h>

#include <string>
#include <system_error>

namespace headway::testing {

/// From the `step`-th read or write on (1 is the first; 0: never) the connection is broken in this way.
struct Fault {
  enum class Kind {
    reset,   ///< both directions fail
    end,     ///< reads are at their end, writes fail
    silence  ///< nothing comes and nothing is taken any more
  };
  Kind kind = Kind::reset;
  int step = 0;
};

/// How a scenario went.
struct Outcome {
  std::error_code error;
  bool reusable = false;     ///< the connection may be kept
  bool interrupted = false;  ///< the fault came, or the operation was cancelled, before the end
};

/// Breaks the connection at the first step, the second … until `scenario(fault)` runs through: with the fault
/// it must end with an error and its connection must not be kept; without, it must succeed.
template <class Scenario>
void fail_each_step(Scenario scenario) {
  for (const Fault::Kind kind : {Fault::Kind::reset, Fault::Kind::end, Fault::Kind::silence}) {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("kind " + std::to_string(static_cast<int>(kind)) + ", step " + std::to_string(step));
      ASSERT_LT(step, 1000) << "the scenario never ends";
      const Outcome outcome = scenario(Fault{kind, step});
      EXPECT_EQ(static_cast<bool>(outcome.error), outcome.interrupted) << outcome.error.message();
      EXPECT_EQ(outcome.reusable, !outcome.interrupted);
      if (!outcome.interrupted) {
        EXPECT_GT(step, 1) << "the scenario does no step that could fail";
        break;
      }
    }
  }
}

/// Destroys the operation where it waits for the first time, the second … until `scenario(waits)` runs
/// through. What must hold after each is the scenario's to check; leaks are a sanitizer's.
template <class Scenario>
void cancel_each_step(Scenario scenario) {
  for (int waits = 1;; ++waits) {
    SCOPED_TRACE("wait " + std::to_string(waits));
    ASSERT_LT(waits, 1000) << "the scenario never ends";
    const Outcome outcome = scenario(waits);
    EXPECT_EQ(outcome.reusable, !outcome.interrupted);
    if (!outcome.interrupted) {
      EXPECT_FALSE(outcome.error) << outcome.error.message();
      EXPECT_GT(waits, 1) << "the scenario never waits";
      break;
    }
  }
}

}  // namespace headway::testing
