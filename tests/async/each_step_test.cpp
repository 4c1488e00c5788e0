// SPDX-License-Identifier: BSL-1.0

// Whole conversations, from the queue to the last byte, broken or cancelled one step later each time.

#include "tests/async/stage.hpp"

#include <asio/buffer.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace headway::testing {
namespace {

constexpr int never_cancelled = 0;

/// What is asked; it tells its own end.
class Asked {
 public:
  Asked(Stage& stage, asio::cancellation_slot slot) : stage_(stage), slot_(slot) {}
  virtual ~Asked() = default;
  virtual void start() = 0;

  int ended = 0;
  std::error_code error;
  std::string body;

 protected:
  void end(std::error_code ec) {
    ++ended;
    error = ec;
  }
  auto bound(auto handler) { return asio::bind_cancellation_slot(slot_, std::move(handler)); }
  Client& client() { return stage_.client; }

 private:
  Stage& stage_;
  asio::cancellation_slot slot_;
};

class AskedWhole : public Asked {
 public:
  using Asked::Asked;
  void start() override {
    client().async_send(request(), bound([this](std::error_code ec, const Response& response) {
                          body = response.body;
                          end(ec);
                        }));
  }
  virtual Request request() { return {.url = url_a}; }
};

class StreamedPost final : public AskedWhole {
 public:
  using AskedWhole::AskedWhole;
  Request request() override {
    const auto read = [next = 0](std::span<char> into, std::error_code&) mutable -> std::size_t {
      const std::array<std::string_view, 3> pieces{"hello", "world", "!"};
      const auto index = static_cast<std::size_t>(next++);
      return index < pieces.size() ? pieces.at(index).copy(into.data(), into.size()) : 0;
    };
    return {.method = "POST", .url = url_a, .body = Body::stream(read)};
  }
};

class StreamedResponse final : public Asked {
 public:
  using Asked::Asked;
  void start() override {
    client().async_open({.url = url_a}, bound([this](std::error_code ec, ResponseStream opened) {
                          if (ec) return end(ec);
                          stream_ = std::move(opened);
                          read();
                        }));
  }

 private:
  void read() {
    stream_.async_read_some(
        asio::buffer(buffer_), bound([this](std::error_code ec, std::size_t n) {
          body.append(buffer_.data(), n);
          if (!ec) return read();
          if (ec == asio::error::eof) return end({});
          stream_.close();  // or what is there would still be taken, and the connection kept
          end(ec);
        }));
  }
  ResponseStream stream_;
  std::array<char, 4> buffer_{};
};

struct Conversation {
  const char* name;
  std::unique_ptr<Asked> (*ask)(Stage&, asio::cancellation_slot);
  std::string sent;  ///< what the request ends with
  std::vector<std::string> response;
  std::string body;
  std::vector<std::string> next = {};  ///< the response to a second request on the same connection
};

void PrintTo(const Conversation& conversation, std::ostream* out) { *out << conversation.name; }

template <class Kind>
std::unique_ptr<Asked> make(Stage& stage, asio::cancellation_slot slot) {
  return std::make_unique<Kind>(stage, slot);
}

const std::vector<Conversation> conversations{
    {"a_simple_get", make<AskedWhole>, "\r\n\r\n", {ok_hello}, "hello"},
    {"a_streamed_post",
     make<StreamedPost>,
     "0\r\n\r\n",
     {"HTTP/1.1 201 Created\r\nContent-", "Length: 2\r\n\r\no", "k"},
     "ok"},
    {"a_streamed_response",
     make<StreamedResponse>,
     "\r\n\r\n",
     {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhel", "lo\r\n", "6\r\nabcdef\r",
      "\n0\r\n", "X-Sum: 7\r\n\r\n"},
     "helloabcdef"},
};

const Conversation redirected{
    "a_redirect", make<AskedWhole>,
    "\r\n\r\n",   {"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 5\r\n\r\nmo", "v", "ed"},
    "hello",      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", "llo"},
};

void say(ScriptedPeer& peer, const std::string& sent, const std::vector<std::string>& response) {
  for (std::size_t i = 0; i < response.size(); ++i) peer.deliver_after(i == 0 ? sent : "", response[i]);
}

/// It waits in the queue, then for a dial, and for every read and write. `cancelled_at`: before which step.
Outcome hold(const Conversation& conversation, Fault fault, int cancelled_at) {
  Stage stage({.max_per_route = 1});
  std::optional<Lease> held = stage.lease();
  asio::cancellation_signal signal;
  const auto asked = conversation.ask(stage, signal.slot());
  asked->start();
  std::vector<const ScriptedPeer*> peers;
  for (int step = 1; step < 10'000; ++step) {
    if (step == cancelled_at) signal.emit(asio::cancellation_type::terminal);
    if (stage.step()) continue;
    if (asked->ended > 0) break;
    if (held) {
      held.reset();
    } else if (stage.has_unanswered_dial()) {
      ScriptedPeer& accepted = stage.accept();
      accepted.hesitate();
      accepted.break_at(fault);
      if (peers.empty()) say(accepted, conversation.sent, conversation.response);
      say(accepted, conversation.sent, conversation.next);
      peers.push_back(&accepted);
    } else {
      stage.clock.advance(1h);
    }
  }
  held.reset();
  EXPECT_EQ(asked->ended, 1);
  EXPECT_TRUE(stage.at_rest());
  EXPECT_TRUE(stage.io.stopped());
  const bool cancelled = asked->error == asio::error::operation_aborted;
  Outcome outcome{.error = asked->error,
                  .reusable = stage.pool->stats().available == 1,
                  .interrupted = cancelled || std::any_of(peers.begin(), peers.end(),
                                                          [](const auto* peer) { return peer->broken(); })};
  if (!asked->error) {
    EXPECT_EQ(asked->body, conversation.body);
  }
  return outcome;
}

class EveryStep : public ::testing::TestWithParam<Conversation> {};

INSTANTIATE_TEST_SUITE_P(Of, EveryStep, ::testing::ValuesIn(conversations),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(EveryStep, may_fail_and_the_handler_is_told) {
  fail_each_step([](Fault fault) { return hold(GetParam(), fault, never_cancelled); });
}

TEST_P(EveryStep, may_be_the_last_before_a_cancellation) {
  cancel_each_step([](int step) { return hold(GetParam(), {}, step); });
}

TEST(EveryStepOfARedirect, may_be_the_last_before_a_cancellation) {
  cancel_each_step([](int step) { return hold(redirected, {}, step); });
}

TEST(EveryStepOfARedirect, may_fail_and_the_handler_is_told) {
  for (const Fault::Kind kind : {Fault::Kind::reset, Fault::Kind::end, Fault::Kind::silence}) {
    for (int step = 1;; ++step) {
      ASSERT_LT(step, 1000) << "the scenario never ends";
      if (!hold(redirected, {kind, step}, never_cancelled).interrupted) break;
    }
  }
}

}  // namespace
}  // namespace headway::testing
