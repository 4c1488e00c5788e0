// SPDX-License-Identifier: BSL-1.0

// Bodies up and down with a real nginx: what it has stored is what was sent, and its ranges are what a
// download that broke off goes on with.

#include "tests/client/client_fixture.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/headway.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace headway::testing {
namespace {

using ::testing::HasSubstr;

std::string bytes(std::size_t size) {
  std::string text;
  for (unsigned i = 0; text.size() < size; ++i) text += std::to_string(i * 2654435761u) + '\n';
  text.resize(size);
  return text;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Stores each request's body in a file, and names it in the response.
NginxOptions storing(const TemporaryDirectory& directory) {
  const std::string folder = directory.path();
  return {
      .http_config = "server { listen unix:" + folder + "/sink.sock; location / { return 200 'stored'; } }",
      .server_config =
          "location / { client_max_body_size 0; client_body_in_file_only on;"
          " client_body_temp_path " +
          folder +
          "/bodies;"
          " add_header X-Stored $request_body_file;"
          " proxy_set_body ''; proxy_pass http://unix:" +
          folder + "/sink.sock; }"};
}

class NginxBodies : public ClientTest {
 protected:
  /// What nginx has stored of the body.
  std::string stored(Client& client, const Nginx& nginx, const Body& body) {
    const Outcome got = ask(client, {.method = "POST", .url = nginx.url(), .body = body});
    EXPECT_FALSE(got.error) << got.error.message();
    EXPECT_EQ(got.response.body, "stored") << nginx.error_log();
    return read_file(std::string(got.response.headers["X-Stored"]));
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, NginxBodies, all_flavours(), flavour_name);

TEST_P(NginxBodies, stores_files_as_they_are) {
  TemporaryDirectory directory;
  Nginx nginx(storing(directory));
  Client client;
  const std::string content = bytes(5'000'000);
  directory.write("file", content);
  EXPECT_TRUE(stored(client, nginx, Body::file(directory.path() / "file")) == content);
}

TEST_P(NginxBodies, stores_files_that_come_over_a_unix_socket) {
  TemporaryDirectory directory;
  NginxOptions options = storing(directory);
  options.unix_socket = true;
  Nginx nginx(options);
  Client client{{.unix_socket = nginx.unix_socket()}};
  const std::string content = bytes(5'000'000);
  directory.write("file", content);
  EXPECT_TRUE(stored(client, nginx, Body::file(directory.path() / "file")) == content);
}

TEST_P(NginxBodies, stores_forms_as_they_are) {
  TemporaryDirectory directory;
  Nginx nginx(storing(directory));
  Client client;
  const std::string content = bytes(1'000'000);
  directory.write("cat.jpg", content);
  const Body form =
      Body::multipart({{.name = "title", .content = "a cat"},
                       {.name = "photo", .content = Body::file(directory.path() / "cat.jpg", "image/jpeg")}});
  const std::string text = stored(client, nginx, form);
  EXPECT_THAT(text, HasSubstr("name=\"title\"\r\n\r\na cat\r\n--"));
  EXPECT_TRUE(text.find("filename=\"cat.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" + content + "\r\n--") !=
              std::string::npos);
}

TEST(NginxDownloads, go_on_where_they_were_cut_off) {
  TemporaryDirectory directory;
  Nginx nginx({.server_config = "location / { }"});
  const std::string content = bytes(3'000'000);
  nginx.write_file("big", content);
  Client client;
  const std::string path = directory.path() / "saved";
  const DownloadOptions options{.resume = Resume::on};
  Request request{.url = nginx.url("/big")};
  request.progress = [](const Progress& progress) {
    if (progress.received > 1'000'000) throw std::system_error(make_error_code(Error::cancelled));
  };
  EXPECT_THROW(client.download(request, path, options), std::system_error);
  const auto kept = std::filesystem::file_size(path + ".part");
  EXPECT_GT(kept, 0u);
  request.progress = nullptr;
  const Download rest = client.download(request, path, options);
  EXPECT_EQ(rest.status, 206);
  EXPECT_EQ(rest.resumed_from, kept);
  EXPECT_TRUE(read_file(path) == content);
}

}  // namespace
}  // namespace headway::testing
