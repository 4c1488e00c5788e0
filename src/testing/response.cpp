// SPDX-License-Identifier: BSL-1.0
#include <headway/testing/response.hpp>

namespace headway::testing {

std::string response(int status, std::string_view body, std::string_view fields) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Test\r\n";
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append(fields).append("\r\n").append(body);
}

}  // namespace headway::testing
