// SPDX-License-Identifier: BSL-1.0
#include "survey/progress.hpp"

#include "src/testing/descriptor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include <array>

namespace survey {
namespace {

using headway::testing::Descriptor;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;

// Both ends of a terminal of the given width.
struct Terminal {
  explicit Terminal(unsigned short columns) {
    ::grantpt(master.get());
    ::unlockpt(master.get());
    slave = Descriptor(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
    winsize size{24, columns, 0, 0};
    ::ioctl(slave.get(), TIOCSWINSZ, &size);
  }

  std::string shown() const {
    std::string text;
    std::array<char, 4096> buffer;
    pollfd watched{master.get(), POLLIN, 0};
    while (::poll(&watched, 1, 0) > 0) {
      ssize_t n = ::read(master.get(), buffer.data(), buffer.size());
      if (n <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return text;
  }

  Descriptor master{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  Descriptor slave;
};

TEST(ProgressLine, fills_its_bar_as_work_is_done) {
  EXPECT_EQ(progress_line("pool", 0, 4, 21), "pool [..........] 0/4");
  EXPECT_EQ(progress_line("pool", 2, 4, 21), "pool [#####.....] 2/4");
  EXPECT_EQ(progress_line("pool", 4, 4, 21), "pool [##########] 4/4");
}

TEST(ProgressLine, never_is_wider_than_it_may_be) {
  for (std::size_t width = 0; width < 200; ++width)
    EXPECT_LE(progress_line("server-closes", 17, 60, width).size(), width);
}

TEST(ProgressLine, does_without_its_bar_where_there_is_no_room) {
  EXPECT_EQ(progress_line("pool", 2, 4, 11), "pool 2/4");
  EXPECT_EQ(progress_line("pool", 2, 4, 3), "poo");
}

TEST(ProgressLine, is_full_where_there_is_nothing_to_do) {
  EXPECT_THAT(progress_line("x", 0, 0, 20), HasSubstr("#"));
  EXPECT_THAT(progress_line("x", 9, 3, 20), HasSubstr("9/3"));
}

TEST(Progress, draws_on_a_terminal_and_leaves_its_line_empty) {
  Terminal terminal(40);
  {
    Progress progress("pool", 2, terminal.slave.get());
    progress.advance();
    EXPECT_THAT(terminal.shown(), AllOf(HasSubstr("0/2"), EndsWith("1/2")));
  }
  EXPECT_EQ(terminal.shown(), "\r\x1b[2K");
}

TEST(Progress, is_as_wide_as_its_terminal_allows) {
  Terminal terminal(10);
  Progress progress("server-closes", 2, terminal.slave.get());
  EXPECT_EQ(terminal.shown(), "\r\x1b[2Kserver-cl");
}

TEST(Progress, is_silent_where_there_is_no_terminal) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
  Descriptor reading(ends[0]), writing(ends[1]);
  {
    Progress progress("pool", 2, writing.get());
    progress.advance();
  }
  char byte = 0;
  EXPECT_EQ(::read(reading.get(), &byte, 1), -1);
  EXPECT_EQ(errno, EAGAIN);
}

}  // namespace
}  // namespace survey
