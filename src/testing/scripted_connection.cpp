// SPDX-License-Identifier: BSL-1.0
#include "src/testing/connection_script.hpp"

#include <headway/testing/scripted_connection.hpp>

#include <stdexcept>
#include <utility>

namespace headway::testing {

using Answer = ConnectionScript::Answer;
using Read = ConnectionScript::Read;
using Write = ConnectionScript::Write;

ScriptedConnection::ScriptedConnection(std::shared_ptr<ConnectionScript> script)
    : script_(std::move(script)) {}

void ScriptedConnection::open() { script_->set_answer(Answer::open); }
void ScriptedConnection::refuse(std::error_code error) { script_->set_answer(Answer::refuse, error); }
void ScriptedConnection::hold() { script_->set_answer(Answer::hold); }
void ScriptedConnection::ignore() { script_->set_answer(Answer::ignore); }

void ScriptedConnection::deliver(std::string bytes) { deliver_after({}, std::move(bytes)); }
void ScriptedConnection::deliver_after(std::string sent, std::string bytes) {
  if (!bytes.empty()) script_->add(Read{.bytes = std::move(bytes), .after = std::move(sent)});
}
void ScriptedConnection::end() { script_->add(Read{.kind = Read::Kind::end}); }
void ScriptedConnection::fail_reads(std::error_code error) {
  script_->add(Read{.kind = Read::Kind::failure, .error = error});
}
void ScriptedConnection::stall(Duration by) { script_->add(Read{.kind = Read::Kind::stall, .by = by}); }

void ScriptedConnection::accept(std::size_t most) {
  if (most == 0) throw std::invalid_argument("accept: at least 1 byte");
  script_->add(Write{.most = most});
}
void ScriptedConnection::fail_writes(std::error_code error) {
  script_->add(Write{.kind = Write::Kind::failure, .error = error});
}
void ScriptedConnection::stall_writes(Duration by) {
  script_->add(Write{.kind = Write::Kind::stall, .by = by});
}

void ScriptedConnection::reset() { script_->reset(); }

HttpRoute ScriptedConnection::route() const { return script_->route(); }
std::string ScriptedConnection::written() const { return script_->written(); }
bool ScriptedConnection::closed() const { return script_->closed(); }

bool ScriptedConnection::wait_for_written(std::string_view text) { return script_->wait_for_written(text); }
bool ScriptedConnection::wait_until_stalled() { return script_->wait_until_stalled(); }
bool ScriptedConnection::wait_until_closed() { return script_->wait_until_closed(); }

}  // namespace headway::testing
