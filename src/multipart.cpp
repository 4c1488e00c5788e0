// SPDX-License-Identifier: BSL-1.0
#include "src/multipart.hpp"

#include <headway/error.hpp>
#include <headway/headers.hpp>

#include <algorithm>
#include <random>

namespace headway {
namespace {

/// 128 random bits in hexadecimal.
std::string random_boundary() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::string boundary = "headway-";
  for (int word = 0; word < 4; ++word) {
    unsigned bits = random();
    for (int digit = 0; digit < 8; ++digit, bits >>= 4) boundary += digits[bits & 15];
  }
  return boundary;
}

}  // namespace

Body Body::multipart(std::vector<Part> parts) {
  std::string boundary = random_boundary();
  while (detail::MultipartSource::is_in_memory_part(parts, boundary)) boundary = random_boundary();
  Body body;
  body.kind_ = Kind::multipart;
  body.content_type_ = "multipart/form-data; boundary=" + boundary;
  body.parts_ =
      std::make_shared<const detail::Multipart>(detail::MultipartSource::build(std::move(parts), boundary));
  return body;
}

namespace detail {

std::string quote_part_name(std::string_view name) {
  std::string quoted;
  quoted.reserve(name.size());
  for (const char c : name) {
    if (c == '"') {
      quoted += "%22";
    } else if (c == '\r') {
      quoted += "%0D";
    } else if (c == '\n') {
      quoted += "%0A";
    } else {
      quoted += c;
    }
  }
  return quoted;
}

std::optional<std::string> part_fields(const Part& part, std::string_view path) {
  std::optional<std::string> file_name = part.file_name;
  if (!file_name && !path.empty()) file_name = std::string(path.substr(path.rfind('/') + 1));
  std::string type = part.content.content_type();
  if (type.empty() && file_name) type = "application/octet-stream";
  const std::string quoted = quote_part_name(part.name);
  const std::string quoted_file = quote_part_name(file_name.value_or(""));
  if (!is_field_value(type) || quoted.find('\0') != std::string::npos ||
      quoted_file.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  std::string fields = "Content-Disposition: form-data; name=\"" + quoted + '"';
  if (file_name) fields += "; filename=\"" + quoted_file + '"';
  fields += "\r\n";
  if (!type.empty()) fields += "Content-Type: " + type + "\r\n";
  return fields + "\r\n";
}

bool MultipartSource::is_in_memory_part(const std::vector<Part>& parts, std::string_view text) {
  return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
    const Body& content = part.content;
    if (content.kind_ == Body::Kind::multipart) {
      return content.content_type_.find(text) != std::string::npos ||
             is_in_memory_part(content.parts_->parts, text);
    }
    return content.bytes().find(text) != std::string_view::npos;
  });
}

Multipart MultipartSource::build(std::vector<Part> parts, const std::string& boundary) {
  Multipart form;
  form.parts = std::move(parts);
  for (const Part& part : form.parts) {
    const Body& content = part.content;
    const std::string_view path = content.kind_ == Body::Kind::file ? content.bytes_ : std::string_view();
    const std::optional<std::string> fields = part_fields(part, path);
    form.valid = form.valid && fields;
    form.replayable = form.replayable && content.replayable();
    const char* line_end = form.heads.empty() ? "" : "\r\n";  // the one before belongs to the delimiter
    form.heads.push_back(line_end + ("--" + boundary) + "\r\n" + fields.value_or(""));
  }
  form.tail = (form.heads.empty() ? "--" : "\r\n--") + boundary + "--\r\n";
  return form;
}

bool MultipartSource::is_stream(std::size_t index) const noexcept {
  return form_.parts[index].content.kind_ == Body::Kind::stream;
}

// Files are closed again, however many there are: each is open while it is read.
std::optional<std::uint64_t> MultipartSource::open(std::error_code& ec) {
  ec.clear();
  if (!form_.valid) ec = Error::invalid_header;
  std::optional<std::uint64_t> whole = form_.tail.size();
  lengths_.clear();
  for (std::size_t i = 0; !ec && i < form_.parts.size(); ++i) {
    part_.open(form_.parts[i].content, ec);
    lengths_.push_back(part_.length());
    if (whole && lengths_[i]) {
      *whole += form_.heads[i].size() + *lengths_[i];
    } else {
      whole.reset();
    }
  }
  if (!ec) part_.close();  // where one fails, it says which
  index_ = 0;
  in_content_ = false;
  text_ = form_.parts.empty() ? form_.tail : form_.heads.front();
  return whole;
}

std::size_t MultipartSource::read_text(std::span<char> into) noexcept {
  const std::size_t n = text_.copy(into.data(), into.size());
  text_.remove_prefix(n);
  return n;
}

/// The part after this one is reached with 0.
std::size_t MultipartSource::read_part(std::span<char> into, std::error_code& ec) {
  if (!in_content_) open_part(ec);
  const std::size_t n = ec ? 0 : part_.read(into, ec);
  if (n > 0 || ec) return n;
  part_.close();
  in_content_ = false;
  ++index_;
  text_ = index_ == form_.parts.size() ? form_.tail : form_.heads[index_];
  return 0;
}

void MultipartSource::open_part(std::error_code& ec) {
  part_.open(form_.parts[index_].content, ec);
  in_content_ = true;
  if (!ec && part_.length() != lengths_[index_]) ec = Error::body_length_mismatch;
}

std::size_t MultipartSource::read(std::span<char> into, std::error_code& ec) {
  ec.clear();
  std::size_t filled = 0;
  while (filled < into.size()) {
    const std::span<char> rest = into.subspan(filled);
    if (!text_.empty()) {
      filled += read_text(rest);
      continue;
    }
    if (index_ == form_.parts.size()) break;
    const bool stream = is_stream(index_);
    const std::size_t n = read_part(rest, ec);
    if (ec) return 0;
    filled += n;
    // What a function has yielded goes out before it is asked, and perhaps waits, again.
    if (stream && n > 0) break;
  }
  return filled;
}

}  // namespace detail
}  // namespace headway
