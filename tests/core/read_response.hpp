// SPDX-License-Identifier: BSL-1.0
#pragma once

// Reads one response out of bytes that arrive in given pieces, as a connection would: for the tests and the
// fuzzer. Each piece is copied into a block of its own size, so that a sanitizer sees a read past its end.

#include "src/core/response_reader.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace headway::core {

struct ReadResult {
  std::error_code error;     ///< of parse_head or parse_body
  std::error_code at_close;  ///< of end_of_input, called when the bytes were used up
  bool head_done = false;
  bool done = false;
  bool saw_continue = false;
  Framing framing = Framing::none;
  ResponseHead head;
  std::string body;
  Headers trailers;
  std::size_t consumed = 0;  ///< how many bytes belong to the response
};

/// Equal as far as a caller may rely on it: after an error only the error and the body before it count.
inline bool operator==(const ReadResult& a, const ReadResult& b) {
  if (a.error != b.error || a.head_done != b.head_done || a.body != b.body) return false;
  if (a.error) return true;
  return a.at_close == b.at_close && a.done == b.done && a.saw_continue == b.saw_continue &&
         a.framing == b.framing && a.consumed == b.consumed && a.head.status == b.head.status &&
         a.head.minor_version == b.head.minor_version && a.head.reason == b.head.reason &&
         a.head.headers == b.head.headers && a.trailers == b.trailers;
}

struct ReadSetup {
  std::string_view method = "GET";
  ReadLimits limits = {};
  bool upgrade_ok = false;
};

class PieceReader {
 public:
  explicit PieceReader(const ReadSetup& setup) {
    reader_.begin(setup.method, setup.limits, result_.head, result_.trailers, setup.upgrade_ok);
  }

  void feed(std::string_view bytes) {
    const auto copy = std::make_unique<char[]>(bytes.size());
    bytes.copy(copy.get(), bytes.size());
    std::string_view rest(copy.get(), bytes.size());
    while (!rest.empty() && !reader_.done() && !result_.error) {
      const std::size_t taken = reader_.head_done() ? take_body(rest) : take_head(rest);
      rest.remove_prefix(taken);
      result_.consumed += taken;
    }
  }

  ReadResult finish() {
    if (!result_.error) reader_.end_of_input(result_.at_close);
    result_.head_done = reader_.head_done();
    result_.done = reader_.done();
    result_.saw_continue = reader_.saw_continue();
    result_.framing = reader_.framing().kind;
    return std::move(result_);
  }

 private:
  std::size_t take_head(std::string_view bytes) { return reader_.parse_head(bytes, result_.error); }
  std::size_t take_body(std::string_view bytes) {
    const ResponseReader::Piece piece = reader_.parse_body(bytes, result_.error);
    result_.body.append(piece.body);
    return piece.consumed;
  }

  ReadResult result_;
  ResponseReader reader_;
};

inline ReadResult read_pieces(const std::vector<std::string_view>& pieces, const ReadSetup& setup = {}) {
  PieceReader reader(setup);
  for (const std::string_view piece : pieces) reader.feed(piece);
  return reader.finish();
}

inline ReadResult read_whole(std::string_view bytes, const ReadSetup& setup = {}) {
  return read_pieces({bytes}, setup);
}

}  // namespace headway::core
