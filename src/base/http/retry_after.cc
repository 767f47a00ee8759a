// SPDX-License-Identifier: Apache-2.0
#include "base/http/retry_after.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <string>

namespace dbxes {
namespace {

constexpr std::int64_t kMicros = 1'000'000;

// Seconds since 1970 of a date in any form that HTTP allows.
std::optional<std::int64_t> ParseDate(std::string_view text) {
  // curl also reads numbers as dates: "20261021" is one.
  const bool has_time = std::any_of(text.begin(), text.end(), [](char c) { return c == ':'; });
  if (!has_time) return std::nullopt;
  const std::time_t time = curl_getdate(std::string(text).c_str(), nullptr);
  if (time == -1) return std::nullopt;
  return static_cast<std::int64_t>(time);
}

}  // namespace

std::optional<Milliseconds> WaitOfSeconds(std::string_view text) {
  double seconds = 0;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (problem == std::errc::result_out_of_range && text.front() != '-') return kLongestWait;
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(seconds) || seconds < 0) return std::nullopt;
  const double longest = static_cast<double>(kLongestWait.count());
  return Milliseconds(static_cast<std::int64_t>(std::ceil(std::min(seconds * 1000, longest))));
}

std::optional<Milliseconds> RetryAfter(const HttpResponse& response, std::int64_t wall_micros) {
  std::string_view text = response.Header("retry-after");
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  if (const auto wait = WaitOfSeconds(text)) return wait;
  const auto until = ParseDate(text);
  if (!until) return std::nullopt;
  const std::int64_t now = ParseDate(response.Header("date")).value_or(wall_micros / kMicros);
  // A year may have any number of digits.
  const std::int64_t longest = kLongestWait.count() / 1000;
  return Milliseconds(std::clamp<std::int64_t>(*until - now, 0, longest) * 1000);
}

}  // namespace dbxes
