// SPDX-License-Identifier: BSL-1.0
#pragma once

// How an asynchronous operation ended, and how often: a value that hands out the handler which notes it. It
// must outlive the operation. One thread at a time.

#include <headway/lease.hpp>
#include <headway/response.hpp>
#include <headway/response_stream.hpp>

#include <gtest/gtest.h>

#include <string>
#include <system_error>
#include <utility>

namespace headway::testing {

template <class Result>
struct Ending {
  int times = 0;
  std::error_code error;
  Result result{};

  auto handler() {
    return [this](std::error_code ec, Result got) {
      ++times;
      error = ec;
      result = std::move(got);
    };
  }
};

/// Of an operation that has no result.
template <>
struct Ending<void> {
  int times = 0;
  std::error_code error;

  auto handler() {
    return [this](std::error_code ec) {
      ++times;
      error = ec;
    };
  }
};

/// Once, and without an error.
template <class Result>
::testing::AssertionResult succeeded(const Ending<Result>& ending) {
  if (ending.times == 1 && !ending.error) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << "ended " << ending.times << " times, with \"" << ending.error.message() << '"';
}

/// Once, and with that error.
template <class Result, class Code>
::testing::AssertionResult failed_with(const Ending<Result>& ending, Code error) {
  if (ending.times == 1 && ending.error == error) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << "ended " << ending.times << " times, with \"" << ending.error.message() << '"';
}

}  // namespace headway::testing
