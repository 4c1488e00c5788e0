// SPDX-License-Identifier: BSL-1.0
#pragma once

// The body of a request: bytes in memory, a file, a function that yields it piece by piece, or a form of
// several of them. A value: a copy of a memory or file body is independent; copies of a stream share the one
// function, so that only one may be sent at a time, and so do forms that hold one.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace headway {

struct Part;

namespace detail {
class BodySource;
class MultipartSource;
struct Multipart;
}  // namespace detail

class Body {
 public:
  /// Fills some of `into` (at least 1 byte, at most all) and returns how much; 0 is the end. To fail, set
  /// `ec` or throw: the request fails with that very error and its connection is closed. Called on the thread
  /// that sends.
  using ReadFunction = std::function<std::size_t(std::span<char> into, std::error_code& ec)>;
  /// Goes back to the start; false where it cannot.
  using RewindFunction = std::function<bool()>;

  /// No body.
  Body() = default;
  /// Bytes as they are; no Content-Type is sent unless the request's headers have one.
  Body(std::string bytes)
      : bytes_(std::move(bytes)), kind_(Kind::memory) {}      // NOLINT: conversion is the point
  Body(std::string_view bytes) : Body(std::string(bytes)) {}  // NOLINT
  Body(const char* bytes) : Body(std::string(bytes)) {}       // NOLINT

  /// `text` is sent as it is, as application/json.
  static Body json(std::string text);
  /// application/x-www-form-urlencoded (WHATWG URL section 5.2); names and values are encoded here.
  static Body form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);
  /// The file's bytes, read while they are sent; opened anew for each try. Its size when it is opened is the
  /// Content-Length. A file that cannot be opened or is no regular one is Error::body_unreadable, before
  /// anything is sent.
  /// `path` is a string of any kind or a std::filesystem::path.
  template <class Path>
    requires std::constructible_from<std::string, const Path&>
  static Body file(const Path& path, std::string content_type = "application/octet-stream") {
    return file_at(std::string(path), std::move(content_type));
  }
  /// Sent with Content-Length where `length` is given, else chunked (RFC 9112 section 7.1). Without `rewind`
  /// it can be sent only once. Yielding less or more than `length` is Error::body_length_mismatch.
  static Body stream(ReadFunction read, std::optional<std::uint64_t> length = std::nullopt,
                     RewindFunction rewind = nullptr);
  /// multipart/form-data (RFC 7578), with a random boundary that is in none of the parts that are in memory.
  /// Has a Content-Length where all parts have one, and can be sent again where all parts can. Files are
  /// opened when they are reached, and anew for each try; one that has another size by then than when the
  /// sending began is Error::body_length_mismatch. A NUL in a name, and a content type that is no field
  /// value, are Error::invalid_header before anything is sent.
  static Body multipart(std::vector<Part> parts);

  /// The same body with another Content-Type.
  Body with_content_type(std::string content_type) &&;

  bool empty() const noexcept { return kind_ == Kind::none; }
  /// Whether it can be sent again after it was read, wholly or in part.
  bool replayable() const noexcept;
  const std::string& content_type() const noexcept { return content_type_; }
  /// The bytes of a memory body, empty for the others.
  std::string_view bytes() const noexcept {
    return kind_ == Kind::memory ? std::string_view(bytes_) : std::string_view();
  }

 private:
  friend class detail::BodySource;
  friend class detail::MultipartSource;
  static Body file_at(std::string path, std::string content_type);
  enum class Kind { none, memory, file, stream, multipart };
  struct Stream;
  std::string bytes_;  // or the file's path
  std::string content_type_;
  std::shared_ptr<Stream> stream_;
  std::shared_ptr<const detail::Multipart> parts_;
  Kind kind_ = Kind::none;
};

/// One part of a form: `{.name = "photo", .content = Body::file("cat.jpg", "image/jpeg")}`.
struct Part {
  /// In double quotes on the wire, where `"`, CR and LF become %22, %0D and %0A, as browsers do it; any other
  /// bytes go as they are, best in UTF-8.
  std::string name = {};
  /// Its content type becomes the part's. Where there is none, a part with a file name is
  /// application/octet-stream, and one without says nothing.
  Body content = {};
  /// As for the name. Unset: the last part of a file's path; none for other bodies.
  std::optional<std::string> file_name = std::nullopt;
};

namespace detail {

/// Reads one body for one try. Not thread-safe. The Body must outlive it and not change meanwhile.
class BodySource {
 public:
  BodySource() noexcept;
  BodySource(const BodySource&) = delete;
  BodySource& operator=(const BodySource&) = delete;
  ~BodySource();

  /// Opens the file, or rewinds a stream that was read before.
  /// Preconditions: ec is clear. Errors: body_unreadable, body_not_replayable; invalid_header for a form.
  void open(const Body& body, std::error_code& ec);
  /// In words, why `open` has failed: "body /a/file: No such file or directory", or "body" alone.
  std::string failure() const;
  /// Nothing where the length is not known beforehand.
  std::optional<std::uint64_t> length() const noexcept { return length_; }
  /// The whole body where it is in memory: nothing else need be called then.
  bool in_memory() const noexcept {
    return body_->kind_ == Body::Kind::memory || body_->kind_ == Body::Kind::none;
  }
  std::string_view memory() const noexcept { return body_->bytes(); }
  /// The open file's descriptor where the body is one, else below 0. Its bytes from `done` on are to be sent.
  int file() const noexcept { return file_; }
  /// How much has been read or skipped.
  std::uint64_t done() const noexcept { return done_; }
  /// `n` bytes of the file have been sent without being read.
  void skip(std::uint64_t n) noexcept { done_ += n; }
  /// As Body::ReadFunction. A file that shrank is body_length_mismatch. Errors of the stream's function come
  /// through.
  std::size_t read(std::span<char> into, std::error_code& ec);
  void close() noexcept;

 private:
  void open_file(std::error_code& ec);
  void open_stream(std::error_code& ec);
  void open_parts(std::error_code& ec);
  std::size_t read_file(std::span<char> into, std::error_code& ec);
  std::size_t read_stream(std::span<char> into, std::error_code& ec);
  const Body* body_ = nullptr;
  std::optional<std::uint64_t> length_;
  std::uint64_t done_ = 0;
  int file_ = -1;
  std::error_code file_error_;  // the system's, why it could not be opened
  std::unique_ptr<MultipartSource> parts_;
};

}  // namespace detail
}  // namespace headway
