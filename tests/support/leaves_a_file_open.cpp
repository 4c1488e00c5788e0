// SPDX-License-Identifier: BSL-1.0

// A program whose only test passes and yet leaves a file open, for the test of the tests' main.

#include <gtest/gtest.h>

#include <fcntl.h>

TEST(File, stays_open_after_its_test) { EXPECT_GE(open("/dev/null", O_RDONLY | O_CLOEXEC), 0); }
