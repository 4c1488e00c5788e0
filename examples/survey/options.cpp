// SPDX-License-Identifier: BSL-1.0
#include "survey/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace survey {
namespace {

using std::chrono::milliseconds;

[[noreturn]] void refuse(std::string_view option, std::string_view takes, std::string_view value) {
  throw OptionError(std::string(option) + " takes " + std::string(takes) + ", not '" + std::string(value) +
                    "'");
}

int parse_count(std::string_view option, std::string_view text, int most) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > most)
    refuse(option, "a whole number from 1 to " + std::to_string(most), text);
  return value;
}

milliseconds parse_duration(std::string_view option, std::string_view text) {
  constexpr std::string_view takes = "a duration up to an hour such as 250ms or 1.1s";
  double value = 0;
  const char* last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, value, std::chars_format::fixed);
  std::string_view unit(end, static_cast<std::size_t>(last - end));
  if (error != std::errc{} || (unit != "ms" && unit != "s")) refuse(option, takes, text);
  double in_milliseconds = unit == "s" ? value * 1000 : value;
  if (!(in_milliseconds >= 0 && in_milliseconds <= 3'600'000)) refuse(option, takes, text);
  return milliseconds(std::llround(in_milliseconds));
}

Plan parse_plan(std::string_view option, std::string_view text) {
  for (Plan plan : all_plans)
    if (text == name(plan)) return plan;
  refuse(option, "plans out of leave-open,close,server-closes,single,pool", text);
}

std::vector<Plan> parse_plans(std::string_view option, std::string_view text) {
  std::vector<Plan> plans;
  for (;;) {
    std::size_t comma = text.find(',');
    Plan plan = parse_plan(option, text.substr(0, comma));
    if (std::find(plans.begin(), plans.end(), plan) != plans.end()) refuse(option, "each plan once", text);
    plans.push_back(plan);
    if (comma == std::string_view::npos) return plans;
    text.remove_prefix(comma + 1);
  }
}

std::string parse_file(std::string_view option, std::string_view text) {
  if (text.empty()) refuse(option, "the name of a file", text);
  return std::string(text);
}

std::string parse_url(std::string_view text) {
  if (text.starts_with("http://") || text.starts_with("https://")) return std::string(text);
  throw OptionError("a URL begins with http:// or https://, which '" + std::string(text) + "' does not");
}

bool is_known(std::string_view option) {
  constexpr std::array known{"--requests", "--interval", "--threads", "--plans", "--json", "--svg"};
  return std::find(known.begin(), known.end(), option) != known.end();
}

void apply(Options& options, std::string_view option, std::string_view value) {
  if (option == "--requests") options.requests = parse_count(option, value, 1'000'000);
  if (option == "--interval") options.interval = parse_duration(option, value);
  if (option == "--threads") options.threads = parse_count(option, value, 1000);
  if (option == "--plans") options.plans = parse_plans(option, value);
  if (option == "--json") options.json_file = parse_file(option, value);
  if (option == "--svg") options.svg_file = parse_file(option, value);
}

}  // namespace

Options parse_options(const std::vector<std::string_view>& arguments) {
  Options options;
  for (auto at = arguments.begin(); at != arguments.end(); ++at) {
    if (*at == "--help") {
      options.action = Options::Action::show_help;
    } else if (!at->starts_with("-")) {
      options.urls.push_back(parse_url(*at));
    } else {
      std::size_t equals = at->find('=');
      std::string_view option = at->substr(0, equals);
      if (!is_known(option)) throw OptionError("there is no option " + std::string(option) + "; see --help");
      bool inline_value = equals != std::string_view::npos;
      if (!inline_value && ++at == arguments.end())
        throw OptionError(std::string(option) + " needs a value; see --help");
      apply(options, option, inline_value ? at->substr(equals + 1) : *at);
    }
  }
  return options;
}

std::string_view help_text() {
  return R"(survey: which way of handling connections fits these servers?

usage: survey [URL...] [options]

Runs one plan after the other against the URLs in turn, or against three servers of its own where no URL is
given, and prints how long requests took and which sockets were left.

  --requests N     requests of each plan (60)
  --interval T     pause between the requests of a thread, such as 250ms or 1.1s (0ms)
  --threads N      threads that ask at the same time (1)
  --plans A,B,...  out of leave-open,close,server-closes,single,pool (all of them)
  --json FILE      write the results as JSON
  --svg FILE       draw them
  --help           print this

plans
  leave-open       a new connection for each request, the old one left open
  close            a new connection for each request, closed by this side
  server-closes    a new connection for each request, closed by the server
  single           one connection at a time, used again where it can be
  pool             a pool of connections by route
)";
}

}  // namespace survey
