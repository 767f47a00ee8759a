// SPDX-License-Identifier: Apache-2.0
#include "connector/protocol_time.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::connector {
namespace {

std::optional<std::int64_t> Read(const std::string& json) {
  rapidjson::Document value;
  value.Parse(json.c_str());
  return ReadTime(value);
}

// 2026-03-15T10:07:30.123Z
constexpr std::int64_t kMoment = 1'773'569'250'123'000;
constexpr std::int64_t kSecond = 1'773'569'250'000'000;

TEST_CASE("times are written as Elasticsearch writes them") {
  CHECK(FormatTime(kMoment) == "2026-03-15T10:07:30.123Z");
  CHECK(FormatTime(kSecond + 7'999) == "2026-03-15T10:07:30.007Z");
}

TEST_CASE("times of connectors, of Kibana and of the API are read to the second") {
  CHECK(Read(R"("2026-03-15T10:07:30Z")") == kSecond);
  CHECK(Read(R"("2026-03-15T10:07:30.123Z")") == kSecond);
  CHECK(Read(R"("2026-03-15T10:07:30.123456")") == kSecond);
  CHECK(Read(R"("2026-03-15T10:07:30.123456789+00:00")") == kSecond);
  CHECK(Read(R"("2026-03-15T12:07:30.123+02:00")") == kSecond);
  CHECK(Read(R"("2026-03-15T04:37:30-0530")") == kSecond);
  CHECK(Read("1773569250123") == kMoment);
  CHECK(Read(R"("1773569250123")") == kMoment);
}

TEST_CASE("what is no time") {
  for (const char* json :
       {R"("")", R"("2026-03-15")", R"("2026-03-15 10:07:30")", R"("soon")",
        R"("2026-02-30T10:07:30Z")", "null", "true", "1e300", "[]", "9223372036854775807",
        R"("9223372036854775807")", R"("99999999999999999999999")"}) {
    CAPTURE(json);
    CHECK(!Read(json));
  }
}

}  // namespace
}  // namespace dbxes::connector
