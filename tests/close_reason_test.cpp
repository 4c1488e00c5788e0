// SPDX-License-Identifier: BSL-1.0

#include <headway/close_reason.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace headway {
namespace {

TEST(CloseReason, is_explained_by_one_sentence_of_its_own) {
  std::set<std::string> seen;
  for (int i = 0; i <= static_cast<int>(CloseReason::shut_down); ++i) {
    const std::string sentence(explain(static_cast<CloseReason>(i)));
    EXPECT_TRUE(seen.insert(sentence).second) << sentence;
    EXPECT_TRUE(sentence.ends_with('.')) << sentence;
    EXPECT_NE(sentence, explain(static_cast<CloseReason>(1000)));
  }
}

}  // namespace
}  // namespace headway
