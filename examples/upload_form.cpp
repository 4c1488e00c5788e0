// SPDX-License-Identifier: BSL-1.0

// Sends a form with a file, as a browser does, and says how far it is.

#include <headway/headway.hpp>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: upload_form URL FILE\n";
    return 2;
  }
  headway::Client client;
  headway::Request request{
      .method = "POST",
      .url = argv[1],
      .body = headway::Body::multipart({
          {.name = "title", .content = "holiday"},
          {.name = "photo", .content = headway::Body::file(argv[2], "image/jpeg")},
      }),
      .options = {.expect_continue = headway::ExpectContinue::large},
  };
  request.progress = [](const headway::Progress& progress) {
    if (progress.sent == progress.to_send) std::cerr << "sent all " << progress.sent << " bytes\n";
  };
  try {
    std::cout << client.send(request).status << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
