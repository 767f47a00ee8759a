// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_fields.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace dbxes::rules {

TEST_CASE("every field is in the table once") {
  std::set<std::string_view> names;
  for (const RuleField& field : RuleFields()) CHECK(names.insert(field.name).second);
  CHECK(TypeOfField("size") == RuleFieldType::kNumber);
  CHECK(TypeOfField("_timestamp") == RuleFieldType::kDate);
  CHECK(TypeOfField("body") == RuleFieldType::kLater);
  CHECK(TypeOfField("Size") == RuleFieldType::kUnknown);
}

TEST_CASE("what is a date") {
  const struct {
    const char* text;
    std::int64_t seconds;
  } good[] = {
      {"1970-01-01", 0},
      {"1970-01-02", 86'400},
      {"1969-12-31", -86'400},
      {"2000-02-29", 951'782'400},
      {"2026-01-31T10:00:00Z", 1'769'853'600},
      {"2026-01-31t10:00:00z", 1'769'853'600},
      {"2026-01-31 10:00", 1'769'853'600},
      {"2026-01-31T10:00:00", 1'769'853'600},
      {"2026-01-31T12:00:00+02:00", 1'769'853'600},
      {"2026-01-31T12:00:00+0200", 1'769'853'600},
      {"2026-01-31T12:00:00+02", 1'769'853'600},
      {"2026-01-31T06:30:00-03:30", 1'769'853'600},
  };
  for (const auto& row : good) {
    CAPTURE(row.text);
    CHECK(ParseDate(row.text) == row.seconds * 1'000'000);
  }
  CHECK(ParseDate("1970-01-01T00:00:00.25Z") == 250'000);
  CHECK(ParseDate("1970-01-01T00:00:00.1234567Z") == 123'456);
  for (const char* bad :
       {"", "2026", "2026-01", "2026-1-31", "2026-13-01", "2026-02-30", "2026-01-31x",
        "2026-01-31T", "2026-01-31T10", "2026-01-31T25:00", "2026-01-31T10:60",
        "2026-01-31T10:00:", "2026-01-31T10:00:00.", "2026-01-31T10:00:00+2",
        "2026-01-31T10:00:00Zx", " 2026-01-31", "yesterday", "20260131"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseDate(bad).has_value());
  }
}

TEST_CASE("what is a number") {
  CHECK(ParseNumber("5") == 5);
  CHECK(ParseNumber("-5.5") == -5.5);
  CHECK(ParseNumber("+5") == 5);
  CHECK(ParseNumber(".5") == .5);
  CHECK(ParseNumber("1e3") == 1000);
  for (const char* bad : {"", "-", "+", "5 ", " 5", "5x", "inf", "-inf", "nan", "0x10", "1e999",
                          "+-5", "--5", "1,000"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseNumber(bad).has_value());
  }
}

}  // namespace dbxes::rules
