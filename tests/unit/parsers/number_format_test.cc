// SPDX-License-Identifier: Apache-2.0
#include "parsers/number_format.h"

#include <doctest/doctest.h>

namespace dbxes::parsers {

TEST_CASE("the letters of a format show that it is a date") {
  for (const char* code : {"yyyy\\-mm\\-dd", "d/m/yy", "h:mm AM/PM", "[h]:mm:ss", "[$-409]mmmm"}) {
    CHECK_MESSAGE(IsDateFormat(code), code);
  }
  for (const char* code : {"General", "0.00", "#,##0 \"days\"", "[Red]0.0", "[$\xe2\x82\xac-407]0",
                           "0\\d", "_-* #,##0_-", "@", ""}) {
    CHECK_FALSE_MESSAGE(IsDateFormat(code), code);
  }
}

TEST_CASE("dates count from 1900 or 1904") {
  CHECK(FormatDate("45413", false) == "2024-05-01");
  CHECK(FormatDate("45413.5625", false) == "2024-05-01 13:30:00");
  CHECK(FormatDate("0.75", false) == "18:00:00");
  CHECK(FormatDate("1", false) == "1900-01-01");
  CHECK(FormatDate("59", false) == "1900-02-28");
  CHECK(FormatDate("61", false) == "1900-03-01");
  CHECK(FormatDate("25569", false) == "1970-01-01");
  CHECK(FormatDate("2958465", false) == "9999-12-31");
  CHECK(FormatDate("43951", true) == "2024-05-01");
  for (const char* none : {"-1", "1e300", "nan", "text", "", "2958466"}) {
    CHECK(FormatDate(none, false) == none);
  }
}

TEST_CASE("numbers have the digits that a spreadsheet shows") {
  CHECK(FormatNumber("0.30000000000000004") == "0.3");
  CHECK(FormatNumber("123456789012") == "123456789012");
  CHECK(FormatNumber("12 apples") == "12 apples");
  CHECK(FormatNumber("") == "");
}

}  // namespace dbxes::parsers
