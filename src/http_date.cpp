// SPDX-License-Identifier: BSL-1.0
#include "src/http_date.hpp"

#include <algorithm>
#include <array>

namespace headway {
namespace {

using std::chrono::sys_seconds;

/// Takes pieces off the front of a text; once one is missing, all that follow are.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : text_(text) {}

  void expect(std::string_view literal) noexcept {
    if (text_.starts_with(literal)) {
      text_.remove_prefix(literal.size());
    } else {
      good_ = false;
    }
  }
  /// Exactly so many digits.
  int number(std::size_t digits) noexcept {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = i < text_.size() ? text_[i] : '\0';
      if (c < '0' || c > '9') {
        good_ = false;
        return 0;
      }
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(digits);
    return value;
  }
  /// One of the names' place, counted from 1. Case-sensitive.
  template <std::size_t N>
  unsigned one_of(const std::array<std::string_view, N>& names) noexcept {
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](std::string_view name) { return text_.starts_with(name); });
    if (found == names.end()) {
      good_ = false;
      return 0;
    }
    text_.remove_prefix(found->size());
    return static_cast<unsigned>(found - names.begin()) + 1;
  }
  bool at(char c) const noexcept { return !text_.empty() && text_.front() == c; }
  bool complete() const noexcept { return good_ && text_.empty(); }

 private:
  std::string_view text_;
  bool good_ = true;
};

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
/// The long names first: the short ones are their beginnings.
constexpr std::array<std::string_view, 14> weekdays = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    "Mon",    "Tue",     "Wed",       "Thu",      "Fri",    "Sat",      "Sun"};

struct Moment {
  int year = 0, day = 0, hour = 0, minute = 0, second = 0;
  unsigned month = 0;

  void read_time(Scanner& in) noexcept {
    hour = in.number(2);
    in.expect(":");
    minute = in.number(2);
    in.expect(":");
    second = in.number(2);
  }
};

void read_imf(Scanner& in, Moment& moment) noexcept {
  in.expect(", ");
  moment.day = in.number(2);
  in.expect(" ");
  moment.month = in.one_of(months);
  in.expect(" ");
  moment.year = in.number(4);
  in.expect(" ");
  moment.read_time(in);
  in.expect(" GMT");
}

void read_rfc850(Scanner& in, Moment& moment, sys_seconds now) noexcept {
  in.expect(", ");
  moment.day = in.number(2);
  in.expect("-");
  moment.month = in.one_of(months);
  in.expect("-");
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const int this_year = static_cast<int>(today.year());
  moment.year = this_year - this_year % 100 + in.number(2);
  if (moment.year > this_year + 50) moment.year -= 100;
  in.expect(" ");
  moment.read_time(in);
  in.expect(" GMT");
}

void read_asctime(Scanner& in, Moment& moment) noexcept {
  in.expect(" ");
  moment.month = in.one_of(months);
  in.expect(" ");
  if (in.at(' ')) {
    in.expect(" ");
    moment.day = in.number(1);
  } else {
    moment.day = in.number(2);
  }
  in.expect(" ");
  moment.read_time(in);
  in.expect(" ");
  moment.year = in.number(4);
}

std::optional<sys_seconds> to_time(const Moment& m) noexcept {
  using namespace std::chrono;
  const year_month_day date{year(m.year), month(m.month), day(static_cast<unsigned>(m.day))};
  if (!date.ok() || m.hour > 23 || m.minute > 59 || m.second > 60) return std::nullopt;
  return sys_days(date) + hours(m.hour) + minutes(m.minute) + seconds(m.second);
}

}  // namespace

std::optional<sys_seconds> parse_http_date(std::string_view text, sys_seconds now) {
  Scanner in(text);
  Moment moment;
  const bool long_name = in.one_of(weekdays) <= 7;
  if (!in.at(',')) {
    read_asctime(in, moment);
  } else if (long_name) {
    read_rfc850(in, moment, now);
  } else {
    read_imf(in, moment);
  }
  return in.complete() ? to_time(moment) : std::nullopt;
}

}  // namespace headway
