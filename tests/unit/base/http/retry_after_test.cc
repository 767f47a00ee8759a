// SPDX-License-Identifier: Apache-2.0
#include "base/http/retry_after.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace dbxes {
namespace {

constexpr std::int64_t kNow = 1'792'567'680'000'000;  // 2026-10-21T07:28:00Z

std::optional<std::int64_t> Wait(const std::string& header, const std::string& date = "") {
  HttpResponse response;
  response.headers = {{"retry-after", header}};
  if (!date.empty()) response.headers.emplace_back("date", date);
  const auto wait = RetryAfter(response, kNow);
  if (!wait) return std::nullopt;
  return wait->count();
}

}  // namespace

TEST_CASE("seconds, whole and in parts") {
  CHECK(Wait("0") == 0);
  CHECK(Wait("3") == 3'000);
  CHECK(Wait("1.5") == 1'500);
  CHECK(Wait("0.0001") == 1);
  CHECK(Wait("7 ") == 7'000);
  CHECK(Wait("20261021") == 20'261'021'000);  // curl would read a date
  CHECK(Wait("99999999999999999999") == kLongestWait.count());
  CHECK(Wait("1" + std::string(400, '0')) == kLongestWait.count());
}

TEST_CASE("dates in each form of HTTP, against the clock of the answer") {
  CHECK(Wait("Wed, 21 Oct 2026 07:28:03 GMT") == 3'000);
  CHECK(Wait("Wednesday, 21-Oct-26 07:28:03 GMT") == 3'000);
  CHECK(Wait("Wed Oct 21 07:28:03 2026") == 3'000);
  CHECK(Wait("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:27:50 GMT") == 10'000);
  CHECK(Wait("Tue, 20 Oct 2026 07:28:00 GMT") == 0);
  CHECK(Wait("Wed, 21 Oct 2999 07:28:00 GMT") == kLongestWait.count());
}

TEST_CASE("text that is neither is no wait") {
  for (const char* text : {"", "soon", "-5", "nan", "inf", "1e9", "0x10", "3 s", "1,5"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(Wait(text));
  }
  CHECK_FALSE(RetryAfter(HttpResponse(), kNow));
}

}  // namespace dbxes
