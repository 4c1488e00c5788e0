// SPDX-License-Identifier: BSL-1.0
#include "src/multipart.hpp"

#include <headway/body.hpp>
#include <headway/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace headway {
namespace {

/// The application/x-www-form-urlencoded serializer's percent-encoding.
void append_form_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '*' || c == '-' || c == '.' || c == '_';
    if (plain) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      ((out += '%') += digits[byte >> 4]) += digits[byte & 15];
    }
  }
}

}  // namespace

struct Body::Stream {
  ReadFunction read;
  RewindFunction rewind;
  std::optional<std::uint64_t> length;
  bool touched = false;
};

Body Body::json(std::string text) { return Body(std::move(text)).with_content_type("application/json"); }

Body Body::form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty()) text += '&';
    append_form_encoded(text, name);
    text += '=';
    append_form_encoded(text, value);
  }
  return Body(std::move(text)).with_content_type("application/x-www-form-urlencoded");
}

Body Body::file_at(std::string path, std::string content_type) {
  Body body(std::move(path));
  body.kind_ = Kind::file;
  body.content_type_ = std::move(content_type);
  return body;
}

Body Body::stream(ReadFunction read, std::optional<std::uint64_t> length, RewindFunction rewind) {
  Body body;
  body.kind_ = Kind::stream;
  body.stream_ = std::make_shared<Stream>(Stream{std::move(read), std::move(rewind), length});
  return body;
}

Body Body::with_content_type(std::string content_type) && {
  content_type_ = std::move(content_type);
  return std::move(*this);
}

bool Body::replayable() const noexcept {
  if (kind_ == Kind::multipart) return parts_->replayable;
  return kind_ != Kind::stream || stream_->rewind;
}

namespace detail {

BodySource::BodySource() noexcept = default;
BodySource::~BodySource() { close(); }

void BodySource::open(const Body& body, std::error_code& ec) {
  close();
  body_ = &body;
  done_ = 0;
  length_ = body.bytes().size();
  if (body.kind_ == Body::Kind::file) open_file(ec);
  if (body.kind_ == Body::Kind::stream) open_stream(ec);
  if (body.kind_ == Body::Kind::multipart) open_parts(ec);
}

void BodySource::open_file(std::error_code& ec) {
  // O_NONBLOCK lest opening a FIFO should wait for a writer; it means nothing to a regular file.
  file_ = ::open(body_->bytes_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat facts {};
  if (file_ < 0 || ::fstat(file_, &facts) != 0) {
    file_error_.assign(errno, std::system_category());
  } else if (!S_ISREG(facts.st_mode)) {
    file_error_ = S_ISDIR(facts.st_mode) ? make_error_code(std::errc::is_a_directory)
                                         : make_error_code(std::errc::operation_not_supported);
  } else {
    file_error_.clear();
  }
  if (file_error_) {
    close();
    ec = Error::body_unreadable;
    return;
  }
  length_ = static_cast<std::uint64_t>(facts.st_size);
}

std::string BodySource::failure() const {
  if (parts_) return parts_->failure();
  std::string text = "body";
  if (body_->kind_ == Body::Kind::file && file_error_)
    text.append(" ").append(body_->bytes_).append(": ").append(file_error_.message());
  return text;
}

void BodySource::open_stream(std::error_code& ec) {
  Body::Stream& stream = *body_->stream_;
  length_ = stream.length;
  if (!stream.read) {
    ec = Error::body_unreadable;
  } else if (stream.touched && !(stream.rewind && stream.rewind())) {
    ec = Error::body_not_replayable;
  } else {
    stream.touched = false;
  }
}

void BodySource::open_parts(std::error_code& ec) {
  parts_ = std::make_unique<MultipartSource>(*body_->parts_);
  length_ = parts_->open(ec);
}

std::size_t BodySource::read(std::span<char> into, std::error_code& ec) {
  ec.clear();
  std::size_t size = 0;
  if (body_->kind_ == Body::Kind::stream) {
    size = read_stream(into, ec);
  } else if (body_->kind_ == Body::Kind::file) {
    size = read_file(into, ec);
  } else if (body_->kind_ == Body::Kind::multipart) {
    size = parts_->read(into, ec);
  } else {
    size = memory().copy(into.data(), into.size(), static_cast<std::size_t>(done_));
  }
  done_ += size;
  return size;
}

std::size_t BodySource::read_file(std::span<char> into, std::error_code& ec) {
  const std::uint64_t left = *length_ - done_;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left));
  if (wanted == 0) return 0;
  ssize_t size;
  do {
    size = ::pread(file_, into.data(), wanted, static_cast<off_t>(done_));
  } while (size < 0 && errno == EINTR);
  if (size > 0) return static_cast<std::size_t>(size);
  ec = size == 0 ? Error::body_length_mismatch : Error::body_unreadable;
  return 0;
}

// The function is offered all of `into` even where less is left, and is asked once more at the end: only so
// does a body that is too long come to light.
std::size_t BodySource::read_stream(std::span<char> into, std::error_code& ec) {
  Body::Stream& stream = *body_->stream_;
  stream.touched = true;
  const std::size_t size = stream.read(into, ec);
  if (ec) return 0;
  const bool too_long = size > into.size() || (length_ && size > *length_ - done_);
  const bool too_short = size == 0 && length_ && done_ < *length_;
  if (!too_long && !too_short) return size;
  ec = Error::body_length_mismatch;
  return 0;
}

void BodySource::close() noexcept {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  parts_.reset();
}

}  // namespace detail
}  // namespace headway
