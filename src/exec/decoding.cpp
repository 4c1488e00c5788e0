// SPDX-License-Identifier: BSL-1.0
// The body of a call's response on its way through its decoders.
#include "src/exec/call.hpp"

#include <algorithm>

namespace headway::exec {

using detail::Op;

namespace {

/// What is decoded at a time out of what has been received.
constexpr std::size_t most_fed = 1024 * 1024;
constexpr int partial_content = 206;

}  // namespace

/// What the client's requests do not say by themselves, this one says.
void Call::accept_codings() {
  if (coding::accepted().empty() || client_.defaults.has_header("Accept-Encoding")) return;
  if (!core::leaves_codings(*request_)) return;
  settings_.added_fields.append("Accept-Encoding: ").append(coding::accepted()).append("\r\n");
}

/// The head is there and says that the body is encoded. A part of an encoded body cannot be decoded.
void Call::begin_decoding(std::error_code& ec) {
  const bool wanted =
      request_->options.decoding ? request_->options.decoding == ContentDecoding::on : client_.decodes;
  if (!wanted || exchange_.response_done() || target_.head.status == partial_content) return;
  if (!core::leaves_codings(*request_) || client_.defaults.has_header("Accept-Encoding")) return;
  const std::vector<coding::MakeDecoder> steps = coding::plan(target_.head.headers, ec);
  if (ec || steps.empty()) return;
  decoder_ = std::make_unique<coding::BodyDecoder>(steps, client_.decoding_limits);
  std::string& decoded = target_.info.decoded;
  for (const std::string_view value : target_.head.headers.values("Content-Encoding")) {
    decoded.append(decoded.empty() ? "" : ", ").append(value);
  }
  target_.head.headers.erase("Content-Encoding");
  target_.head.headers.erase("Content-Length");
}

Op<std::error_code> Call::receive_decoded() {
  std::error_code ec;
  while (!ec && lease_) {
    const std::span<char> room = make_room();
    std::size_t n = 0;
    ec = co_await read_decoded(room, n);
    take_body(room, n, ec);
  }
  // Too large, which the exchange knows nothing of.
  if (ec && lease_) co_return fail(ec);
  co_return ec;
}

/// Some of the decoded body; 0 at its end. The encoded one is read to its own end, which may come behind that
/// of its data, so that the connection can be used again.
Op<std::error_code> Call::read_decoded(std::span<char> into, std::size_t& n) {
  std::error_code ec;
  n = decoder_->take(into, ec);
  while (!ec && n == 0 && !exchange_.response_done()) {
    std::string_view piece = exchange_.take_received(most_fed, ec);
    if (!ec && piece.empty() && !exchange_.response_done()) {
      const std::span<char> room = decoder_->room();
      std::size_t got = 0;
      ec = co_await exchange_.read_some(room, got);
      piece = {room.data(), got};
    }
    if (ec) break;
    decoder_->feed(piece);
    count_received(piece.size());
    n = decoder_->take(into, ec);
  }
  if (!ec && n == 0) decoder_->finish(ec);
  if (ec) {
    n = 0;  // what goes beyond a limit is not handed out
    co_return fail(ec);
  }
  if (n == 0) finish(client_.manager->clock().now());
  co_return ec;
}

}  // namespace headway::exec
