// SPDX-License-Identifier: Apache-2.0
#include "report/text.h"

#include <doctest/doctest.h>

#include <limits>

namespace dbxes::report {

TEST_CASE("numbers are grouped by thousands") {
  CHECK(WithThousands(0) == "0");
  CHECK(WithThousands(999) == "999");
  CHECK(WithThousands(1'000) == "1,000");
  CHECK(WithThousands(123'456) == "123,456");
  CHECK(WithThousands(1'234'567) == "1,234,567");
  CHECK(WithThousands(std::numeric_limits<std::uint64_t>::max()) == "18,446,744,073,709,551,615");
}

TEST_CASE("durations") {
  CHECK(FormatDuration(Milliseconds(0)) == "0.0 s");
  CHECK(FormatDuration(Milliseconds(49)) == "0.0 s");
  CHECK(FormatDuration(Milliseconds(50)) == "0.1 s");
  CHECK(FormatDuration(Milliseconds(3'400)) == "3.4 s");
  CHECK(FormatDuration(Milliseconds(59'949)) == "59.9 s");
  CHECK(FormatDuration(Milliseconds(59'999)) == "1 min 0 s");
  CHECK(FormatDuration(Milliseconds(725'000)) == "12 min 5 s");
  CHECK(FormatDuration(Milliseconds(3'599'700)) == "1 h 0 min");
  CHECK(FormatDuration(Milliseconds(7'380'000)) == "2 h 3 min");
}

TEST_CASE("bytes in the unit that suits them") {
  CHECK(FormatBytes(0) == "0 B");
  CHECK(FormatBytes(1023) == "1023 B");
  CHECK(FormatBytes(1024) == "1.0 KiB");
  CHECK(FormatBytes(34'900) == "34.1 KiB");
  CHECK(FormatBytes((1u << 20) - 1) == "1.0 MiB");
  CHECK(FormatBytes(std::uint64_t{5} << 30) == "5.0 GiB");
  CHECK(FormatBytes(std::uint64_t{3000} << 40) == "3000.0 TiB");
}

TEST_CASE("a guess is not more exact than it can be") {
  CHECK(FormatElapsed(Milliseconds(999)) == "0:00");
  CHECK(FormatElapsed(Milliseconds(723'000)) == "12:03");
  CHECK(FormatElapsed(Milliseconds(3'723'000)) == "1:02:03");
  CHECK(FormatRoughly(Milliseconds(0)) == "under a minute");
  CHECK(FormatRoughly(Milliseconds(60'000)) == "under a minute");
  CHECK(FormatRoughly(Milliseconds(60'001)) == "about 2 min");
  CHECK(FormatRoughly(Milliseconds(90 * 60'000)) == "about 90 min");
  CHECK(FormatRoughly(Milliseconds(91 * 60'000)) == "about 2 h");
  CHECK(FormatRoughly(Milliseconds(150 * 60'000)) == "about 3 h");
}

TEST_CASE("text is cut between characters") {
  CHECK(CutToWidth("abc", 5) == "abc");
  CHECK(CutToWidth("abc", 3) == "abc");
  CHECK(CutToWidth("abc", 2) == "ab");
  CHECK(CutToWidth("a\xC3\xBC"
                   "c",
                   2) == "a\xC3\xBC");
  CHECK(CutToWidth("\xC3\xBC\xC3\xBC", 1) == "\xC3\xBC");
  CHECK(CutToWidth("abc", 0) == "");
}

TEST_CASE("a noun agrees with its number") {
  CHECK(CountOf(0, "document") == "0 documents");
  CHECK(CountOf(1, "document") == "1 document");
  CHECK(CountOf(1204, "document") == "1,204 documents");
  CHECK(CountOf(1, "entry") == "1 entry");
  CHECK(CountOf(2, "entry") == "2 entries");
}

}  // namespace dbxes::report
