// SPDX-License-Identifier: BSL-1.0

#include "tests/support/temporary_directory.hpp"

#include <headway/cookie_jar.hpp>
#include <headway/error.hpp>
#include <headway/url.hpp>

#include <gmock/gmock.h>

#include <sys/stat.h>

#include <filesystem>
#include <thread>

namespace headway {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::TemporaryDirectory;

class CookieJarTest : public ::testing::Test {
 protected:
  CookieJar make(std::size_t max_cookies = 3000, std::size_t max_per_domain = 180) {
    return CookieJar({max_cookies, max_per_domain, [this] { return now; }});
  }
  static bool set(CookieJar& jar, const char* url, const std::string& field) {
    return jar.receive(Url(url), field);
  }
  static std::string sent(CookieJar& jar, const char* url = "http://a.test/") {
    return jar.field_for(Url(url));
  }

  std::chrono::sys_seconds now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27);
};

TEST_F(CookieJarTest, hands_out_what_was_set) {
  CookieJar jar = make();
  EXPECT_EQ(sent(jar), "");
  EXPECT_TRUE(set(jar, "http://a.test/", "a=1"));
  EXPECT_TRUE(set(jar, "http://a.test/", "nameless"));
  EXPECT_FALSE(set(jar, "http://a.test/", "x=1; Domain=b.test"));
  EXPECT_EQ(sent(jar), "a=1; nameless");
  EXPECT_EQ(sent(jar, "http://b.test/"), "");
}

TEST_F(CookieJarTest, puts_longer_paths_first_and_older_ones_before_younger) {
  CookieJar jar = make();
  for (const char* field : {"first=1; Path=/", "deep=1; Path=/x/y", "second=1; Path=/", "mid=1; Path=/x"})
    set(jar, "http://a.test/", field);
  EXPECT_EQ(sent(jar, "http://a.test/x/y"), "deep=1; mid=1; first=1; second=1");
  set(jar, "http://a.test/", "first=2; Path=/");  // as old as it was
  EXPECT_EQ(sent(jar), "first=2; second=1");
}

TEST_F(CookieJarTest, joins_the_cookies_of_a_host_and_of_the_domains_above_it) {
  CookieJar jar = make();
  set(jar, "http://w.a.test/", "host=1");
  set(jar, "http://w.a.test/", "domain=1; Domain=a.test");
  set(jar, "http://w.a.test/", "host=2; Domain=w.a.test");  // another than the first
  EXPECT_EQ(sent(jar, "http://w.a.test/"), "host=1; domain=1; host=2");
  EXPECT_EQ(sent(jar, "http://v.w.a.test/"), "domain=1; host=2");
  EXPECT_EQ(sent(jar, "http://a.test/"), "domain=1");
}

TEST_F(CookieJarTest, forgets_what_has_expired) {
  CookieJar jar = make();
  set(jar, "http://a.test/", "short=1; Max-Age=10");
  set(jar, "http://a.test/", "long=1; Max-Age=20");
  set(jar, "http://a.test/", "session=1");
  now += 10s;
  EXPECT_EQ(sent(jar), "long=1; session=1");
  EXPECT_EQ(jar.cookies().size(), 2u);
  EXPECT_TRUE(set(jar, "http://a.test/", "long=; Max-Age=0"));
  EXPECT_EQ(sent(jar), "session=1");
  jar.end_session();
  EXPECT_EQ(sent(jar), "");
}

TEST_F(CookieJarTest, lets_no_insecure_server_replace_or_hide_a_secure_cookie) {
  CookieJar jar = make();
  set(jar, "https://w.a.test/x/", "a=good; Secure; Domain=a.test; Path=/x");
  for (const char* field : {"a=bad; Path=/x", "a=bad; Path=/x/y", "a=bad; Domain=a.test; Path=/x"})
    EXPECT_FALSE(set(jar, "http://w.a.test/x/", field)) << field;
  EXPECT_TRUE(set(jar, "http://w.a.test/x/", "a=other; Path=/"));
  EXPECT_TRUE(set(jar, "http://w.a.test/x/", "b=other; Path=/x"));
  EXPECT_EQ(sent(jar, "https://w.a.test/x"), "a=good; b=other; a=other");
  EXPECT_TRUE(set(jar, "https://w.a.test/x/", "a=new; Domain=a.test; Path=/x"));
  EXPECT_EQ(sent(jar, "http://w.a.test/x"), "a=new; b=other; a=other");
}

TEST_F(CookieJarTest, keeps_so_many_of_a_domain_and_the_secure_ones_rather) {
  CookieJar jar = make(100, 3);
  set(jar, "https://a.test/", "secure=1; Secure");
  set(jar, "https://a.test/", "dying=1; Max-Age=5");
  set(jar, "https://a.test/", "used=1; Path=/u");
  now += 5s;
  set(jar, "https://a.test/", "new=1");
  EXPECT_EQ(sent(jar, "https://a.test/u"), "used=1; secure=1; new=1");
  sent(jar, "https://a.test/");  // uses all but "used"
  set(jar, "https://a.test/", "newer=1");
  EXPECT_EQ(sent(jar, "https://a.test/u"), "secure=1; new=1; newer=1");
}

TEST_F(CookieJarTest, keeps_so_many_in_all) {
  CookieJar jar = make(2, 10);
  set(jar, "http://a.test/", "a=1");
  set(jar, "http://b.test/", "b=1");
  sent(jar);
  set(jar, "http://c.test/", "c=1");
  EXPECT_EQ(sent(jar) + sent(jar, "http://b.test/") + sent(jar, "http://c.test/"), "a=1c=1");
}

TEST_F(CookieJarTest, takes_cookies_of_the_programs_own_and_gives_them_up) {
  CookieJar jar = make();
  const Cookie cookie{.name = "a", .value = "1", .domain = "a.test", .path = "/x", .secure = true};
  jar.add(cookie);
  EXPECT_EQ(jar.cookies(), std::vector{cookie});
  EXPECT_EQ(sent(jar, "https://a.test/x"), "a=1");
  EXPECT_FALSE(jar.remove("a.test", "/", "a"));
  EXPECT_TRUE(jar.remove("a.test", "/x", "a"));
  jar.add(cookie);
  jar.clear();
  EXPECT_TRUE(jar.cookies().empty());
}

TEST_F(CookieJarTest, refuses_cookies_that_no_server_could_set) {
  CookieJar jar = make();
  for (const Cookie& wrong :
       {Cookie{.domain = "a.test"}, Cookie{.name = "a"}, Cookie{.name = "a", .domain = "A.test"},
        Cookie{.name = "a\r\nb", .domain = "a.test"}, Cookie{.name = "a=b", .domain = "a.test"},
        Cookie{.name = "a", .value = "1; b=2", .domain = "a.test"},
        Cookie{.name = "a", .domain = "a.test", .path = "x"},
        Cookie{.name = "a", .value = std::string(4096, 'v'), .domain = "a.test"},
        Cookie{.name = "a", .domain = "com", .host_only = false},
        Cookie{.name = "__Host-a", .domain = "a.test"}}) {
    try {
      jar.add(wrong);
      ADD_FAILURE() << wrong.name << '=' << wrong.value << ' ' << wrong.domain << wrong.path;
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), Condition::usage);
    }
  }
  EXPECT_TRUE(jar.cookies().empty());
}

TEST_F(CookieJarTest, names_the_limit_that_is_none) {
  for (const CookieJarOptions& options :
       {CookieJarOptions{.max_cookies = 0}, CookieJarOptions{.max_per_domain = 0}}) {
    try {
      const CookieJar jar(options);
      ADD_FAILURE();
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), Error::invalid_option);
      EXPECT_THAT(error.what(), HasSubstr("max_"));
    }
  }
}

TEST_F(CookieJarTest, comes_out_of_its_file_as_it_went_in) {
  TemporaryDirectory directory;
  const std::string path = directory.path() / "cookies.txt";
  CookieJar jar = make();
  set(jar, "https://w.a.test/x/", "a=1; Max-Age=60; Secure; HttpOnly; Domain=a.test");
  set(jar, "http://w.a.test/", "empty=; Max-Age=60");
  set(jar, "http://w.a.test/", "session=1");
  set(jar, "http://w.a.test/", "tab=1\t2; Max-Age=60");
  jar.save(path);
  EXPECT_EQ(directory.read("cookies.txt"),
            "# Netscape HTTP Cookie File\n\n"
            "#HttpOnly_.a.test\tTRUE\t/x\tTRUE\t" +
                std::to_string((now + 60s).time_since_epoch().count()) +
                "\ta\t1\n"
                "w.a.test\tFALSE\t/\tFALSE\t" +
                std::to_string((now + 60s).time_since_epoch().count()) + "\tempty\t\n");
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);

  CookieJar other = make();
  EXPECT_EQ(other.load(path), 2u);
  EXPECT_EQ(sent(other, "https://w.a.test/x/"), "a=1; empty=");
  jar.save(path, SessionCookies::kept);
  EXPECT_EQ(other.load(path), 3u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}),
            1);  // nothing is left behind
}

TEST_F(CookieJarTest, skips_lines_that_are_none) {
  TemporaryDirectory directory;
  directory.write("cookies.txt",
                  "# a comment\r\n"
                  "a.test\tFALSE\t/\tFALSE\t0\ta\t1\r\n"
                  "A.TEST\tFALSE\t/\tFALSE\t99999999999\tupper\t1\n"
                  "a.test\tFALSE\t/\tFALSE\t0\tno_value\n"
                  "a.test\tFALSE\t/\tFALSE\t1\texpired\t1\n"
                  "a.test\tfalse\t/\tFALSE\t0\tflag\t1\n"
                  "a.test\tFALSE\t/\tFALSE\t\ttime\t1\n"
                  "a.test\tFALSE\t/\tFALSE\t1e9\ttime\t1\n"
                  "a.test\tFALSE\tx\tFALSE\t0\tpath\t1\n"
                  "com\tTRUE\t/\tFALSE\t0\tsuffix\t1\n"
                  "a.test\tFALSE\t/\tFALSE\t0\tmore\t1\t2\n"
                  "a.test FALSE / FALSE 0 blanks 1\n"
                  "\n"
                  "a.test\tFALSE\t/\tFALSE\t0\tlast\t1");
  CookieJar jar = make();
  EXPECT_EQ(jar.load(directory.path() / "cookies.txt"), 4u);
  EXPECT_EQ(sent(jar), "a=1; upper=1; no_value=; last=1");
}

TEST_F(CookieJarTest, says_which_file_it_could_not_use) {
  TemporaryDirectory directory;
  CookieJar jar = make();
  set(jar, "http://a.test/", "a=1; Max-Age=60");
  const std::string missing = directory.path() / "no" / "cookies.txt";
  std::error_code ec;
  EXPECT_EQ(jar.load(missing, ec), 0u);
  EXPECT_EQ(ec, std::errc::no_such_file_or_directory);
  jar.save(missing, SessionCookies::dropped, ec);
  EXPECT_EQ(ec, std::errc::no_such_file_or_directory);
  for (const bool loads : {true, false}) {
    try {
      loads ? static_cast<void>(jar.load(missing)) : jar.save(missing);
      ADD_FAILURE();
    } catch (const std::system_error& error) {
      EXPECT_THAT(error.what(), HasSubstr(missing));
    }
  }
  jar.save(directory.path(), SessionCookies::dropped, ec);  // a folder
  EXPECT_TRUE(ec);
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  EXPECT_EQ(sent(jar), "a=1");
}

TEST_F(CookieJarTest, refuses_a_file_that_is_too_large) {
  TemporaryDirectory directory;
  directory.write("cookies.txt", std::string(16 * 1024 * 1024 + 1, '#'));
  CookieJar jar = make();
  std::error_code ec;
  EXPECT_EQ(jar.load(directory.path() / "cookies.txt", ec), 0u);
  EXPECT_EQ(ec, std::errc::file_too_large);
}

TEST_F(CookieJarTest, serves_several_threads) {
  CookieJar jar = make(10, 10);
  std::vector<std::jthread> threads;
  for (const char* url : {"http://a.test/", "http://b.test/", "http://a.test/", "http://c.test/"}) {
    threads.emplace_back([&jar, url] {
      for (int i = 0; i < 200; ++i) {
        set(jar, url, "n" + std::to_string(i % 7) + "=1");
        sent(jar, url);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(jar.cookies().size(), 10u);
}

}  // namespace
}  // namespace headway
