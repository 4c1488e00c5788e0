// SPDX-License-Identifier: BSL-1.0

#include <headway/error.hpp>

#include <asio/error.hpp>
#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>
#include <vector>

namespace headway {
namespace {

const std::vector<std::pair<Condition, std::vector<Error>>> groups = {
    {Condition::timeout,
     {Error::lease_timeout, Error::connect_timeout, Error::tls_handshake_timeout, Error::write_timeout,
      Error::response_timeout, Error::read_timeout, Error::total_timeout}},
    {Condition::resolve, {Error::host_not_found, Error::resolve_failed}},
    {Condition::connect,
     {Error::connection_refused, Error::connect_failed, Error::connection_reset, Error::connection_closed}},
    {Condition::tls,
     {Error::tls_certificate_expired, Error::tls_certificate_not_yet_valid, Error::tls_self_signed,
      Error::tls_unknown_issuer, Error::tls_wrong_host, Error::tls_certificate_revoked,
      Error::tls_certificate_rejected, Error::tls_wrong_key, Error::tls_refused, Error::tls_not_spoken,
      Error::tls_expected, Error::tls_failed}},
    {Condition::protocol,
     {Error::malformed_response, Error::ambiguous_framing, Error::body_truncated, Error::unexpected_upgrade,
      Error::not_an_event_stream, Error::wrong_range, Error::malformed_coding}},
    {Condition::limit,
     {Error::head_too_large, Error::too_many_fields, Error::too_many_informational, Error::chunk_overhead,
      Error::body_too_large, Error::too_many_waiters, Error::too_many_routes, Error::event_too_large,
      Error::decoded_too_large, Error::compression_ratio, Error::too_many_codings}},
    {Condition::cancelled, {Error::pool_shut_down, Error::cancelled}},
    {Condition::usage,
     {Error::invalid_url, Error::unsupported_scheme, Error::invalid_method, Error::invalid_header,
      Error::invalid_option, Error::body_unreadable, Error::body_length_mismatch, Error::body_not_replayable,
      Error::connection_in_use, Error::unknown_charset, Error::hook_threw, Error::operation_pending}},
};

TEST(Error, belongs_to_exactly_one_condition) {
  for (const auto& [condition, errors] : groups) {
    for (const Error error : errors) {
      const std::error_code code = error;
      EXPECT_EQ(condition_of(error), condition) << code.message();
      for (const auto& group : groups) {
        EXPECT_EQ(code == group.first, group.first == condition) << code.message();
      }
    }
  }
}

TEST(Error, has_a_message_of_its_own) {
  std::set<std::string> seen;
  for (const auto& group : groups) {
    for (const Error error : group.second) {
      const std::string message = make_error_code(error).message();
      EXPECT_TRUE(seen.insert(message).second) << message;
      EXPECT_NE(message, "unknown error");
    }
  }
  EXPECT_EQ(std::error_code(12345, error_category()).message(), "unknown error");
  EXPECT_STREQ(error_category().name(), "headway");
}

TEST(Condition, has_a_message_of_its_own) {
  std::set<std::string> seen;
  for (const auto& group : groups) {
    const std::string message = make_error_condition(group.first).message();
    EXPECT_TRUE(seen.insert(message).second) << message;
    EXPECT_NE(message, "unknown condition");
  }
}

TEST(Condition, covers_error_numbers_of_the_system_in_every_category) {
  const std::vector<std::pair<int, Condition>> numbers = {
      {ECONNREFUSED, Condition::connect}, {ECONNRESET, Condition::connect},
      {EPIPE, Condition::connect},        {ENETUNREACH, Condition::connect},
      {EHOSTUNREACH, Condition::connect}, {ECONNABORTED, Condition::connect},
      {ETIMEDOUT, Condition::timeout},    {ECANCELED, Condition::cancelled},
  };
  for (const auto& [number, condition] : numbers) {
    const std::error_code codes[] = {{number, std::system_category()},
                                     {number, std::generic_category()},
                                     {number, asio::error::get_system_category()}};
    for (const std::error_code& code : codes) {
      for (const auto& group : groups) {
        EXPECT_EQ(code == group.first, group.first == condition)
            << code.category().name() << ' ' << code.message();
      }
    }
  }
  EXPECT_TRUE(std::error_code(asio::error::operation_aborted) == Condition::cancelled);
}

TEST(Condition, does_not_cover_success_nor_other_numbers) {
  const std::error_code codes[] = {{},
                                   {0, error_category()},
                                   {EINVAL, std::system_category()},
                                   {ENOENT, std::generic_category()},
                                   asio::error::eof};
  for (const std::error_code& code : codes) {
    for (const auto& group : groups) EXPECT_FALSE(code == group.first) << code << code.message();
  }
}

TEST(Error, is_not_mistaken_for_a_system_error_of_the_same_number) {
  EXPECT_FALSE(std::error_code(static_cast<int>(Error::connection_refused), std::system_category()) ==
               Error::connection_refused);
}

struct Line {
  std::error_code code;
  FailedRequest request;
  const char* what;
};

TEST(RequestError, says_all_in_one_line) {
  const Line lines[] = {
      {Error::connection_refused,
       {"GET", "http://127.0.0.1:1/x", Phase::connect, 4, "127.0.0.1:1: Connection refused"},
       "GET http://127.0.0.1:1/x: connect failed: connection refused (127.0.0.1:1: Connection refused), "
       "tried 4 "
       "times"},
      {Error::response_timeout,
       {"PUT", "http://h/", Phase::response, 1, ""},
       "PUT http://h/: response failed: the response did not come in time, tried once"},
      {Error::invalid_header,
       {"GET", "http://h/", Phase::prepare, 0, "header \"X Y\""},
       "GET http://h/: prepare failed: invalid header (header \"X Y\")"},
      {Error::tls_failed, {"", "", Phase::tls_handshake, 0, ""}, "TLS handshake failed: TLS failed"},
      {Error::invalid_method,
       {"GET\r\nX", "http://h/\n\x1b[2J", Phase::prepare, 0, "a\tb\x7f\xC3\xA9"},
       "GET??X http://h/??[2J: prepare failed: invalid method (a?b?\xC3\xA9)"},
  };
  for (const Line& line : lines) {
    const RequestError error(line.code, line.request);
    EXPECT_STREQ(error.what(), line.what);
    EXPECT_EQ(error.code(), line.code);
    EXPECT_EQ(error.request().url, line.request.url);
  }
}

TEST(RequestError, can_be_caught_as_a_system_error) {
  try {
    throw RequestError(Error::read_timeout, {.method = "GET", .url = "http://h/", .phase = Phase::read});
  } catch (const std::system_error& error) {
    EXPECT_TRUE(error.code() == Condition::timeout);
    EXPECT_STREQ(error.what(), "GET http://h/: read failed: the response's body stalled");
  }
}

TEST(Phase, has_a_name) {
  EXPECT_EQ(to_string(Phase::prepare), "prepare");
  EXPECT_EQ(to_string(Phase::lease), "lease");
  EXPECT_EQ(to_string(Phase::connect), "connect");
  EXPECT_EQ(to_string(Phase::tls_handshake), "TLS handshake");
  EXPECT_EQ(to_string(Phase::write), "write");
  EXPECT_EQ(to_string(Phase::response), "response");
  EXPECT_EQ(to_string(Phase::read), "read");
  EXPECT_EQ(to_string(Phase::retry), "retry");
}

}  // namespace
}  // namespace headway
