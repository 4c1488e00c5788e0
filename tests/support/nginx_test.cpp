// SPDX-License-Identifier: BSL-1.0

// The tests of the nginx that other tests talk to.

#include "tests/support/nginx.hpp"

#include "tests/support/raw_client.hpp"

#include <headway/testing/patience.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace headway::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view get_one = "GET /one HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view get_two = "GET /two HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(Nginx, logs_which_requests_shared_a_connection) {
  Nginx nginx;
  RawClient first(nginx.port()), second(nginx.port());
  for (RawClient* client : {&first, &first, &second}) {
    client->send(client == &first ? get_one : get_two);
    EXPECT_THAT(client->read_response(), HasSubstr("hello\n"));
  }
  std::vector<AccessLogEntry> log = nginx.access_log(3);
  ASSERT_EQ(log.size(), 3u);
  EXPECT_EQ(connection_count(log), 2u);
  EXPECT_EQ(log[0].connection, log[1].connection);
  EXPECT_EQ(log[1].connection_requests, 2);
  EXPECT_EQ(log[1].request_uri, "/one");
  EXPECT_EQ(log[2].connection_requests, 1);
  EXPECT_EQ(log[2].request_uri, "/two");
  EXPECT_EQ(log[2].status, 200);
  EXPECT_EQ(log[2].server_port, nginx.port());
}

TEST(Nginx, takes_configuration_for_both_levels_and_serves_files) {
  Nginx nginx({.http_config = "add_header X-Level http;", .server_config = "location / {}"});
  nginx.write_file("folder/a.txt", "file a");
  RawClient client(nginx.port());
  client.send("GET /folder/a.txt HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_response(), AllOf(HasSubstr("X-Level: http"), HasSubstr("\r\n\r\nfile a")));
}

TEST(Nginx, listens_on_as_many_ports_as_asked_for) {
  Nginx nginx({.ports = 3});
  EXPECT_NE(nginx.port(0), nginx.port(2));
  for (std::size_t i = 0; i < 3; ++i) {
    RawClient client(nginx.port(i));
    client.send(get_one);
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200"));
  }
}

class NginxRestart : public ::testing::TestWithParam<Nginx::Stop> {};

TEST_P(NginxRestart, closes_idle_connections_and_keeps_the_ports) {
  Nginx nginx;
  RawClient before(nginx.port());
  before.send(get_one);
  before.read_response();
  nginx.restart(GetParam());
  EXPECT_EQ(before.read_all(), "");
  RawClient after(nginx.port());
  after.send(get_two);
  EXPECT_THAT(after.read_response(), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(connection_count(nginx.access_log(2)), 2u);
}

INSTANTIATE_TEST_SUITE_P(BothWays, NginxRestart,
                         ::testing::Values(Nginx::Stop::quick, Nginx::Stop::graceful));

TEST(Nginx, refuses_connections_while_it_is_stopped) {
  Nginx nginx;
  nginx.stop();
  EXPECT_THROW(RawClient(nginx.port()), std::system_error);
  nginx.start();
  EXPECT_NO_THROW(RawClient(nginx.port()));
}

TEST(Nginx, repeats_what_nginx_says_of_a_bad_configuration) {
  try {
    Nginx nginx({.server_config = "no_such_directive on;"});
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no_such_directive"));
  }
}

TEST(FindProgram, says_what_is_missing_and_where_to_get_it) {
  try {
    find_program("no-such-program", "some-package");
    FAIL() << "it was found";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(),
                AllOf(StartsWith("no-such-program is not installed"), HasSubstr("some-package")));
  }
}

TEST(ChildProcess, keeps_its_output_and_tells_when_it_has_ended) {
  TemporaryDirectory directory;
  ChildProcess process({"/bin/sh", "-c", "echo started"}, directory.path() / "output");
  EXPECT_TRUE(process.wait_for_exit(patience));
  EXPECT_FALSE(process.running());
  EXPECT_EQ(directory.read("output"), "started\n");
}

TEST(TemporaryDirectory, is_removed_with_everything_in_it) {
  std::filesystem::path place;
  {
    TemporaryDirectory directory;
    place = directory.path();
    directory.write("a/b", "c");
    ASSERT_EQ(directory.read("a/b"), "c");
  }
  EXPECT_FALSE(std::filesystem::exists(place));
}

}  // namespace
}  // namespace headway::testing
