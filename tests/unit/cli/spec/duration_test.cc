// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/duration.h"

#include <doctest/doctest.h>

namespace dbxes::cli {

TEST_CASE("durations have the usual units") {
  CHECK(ParseDuration("0") == Milliseconds(0));
  CHECK(ParseDuration("90") == Milliseconds(90'000));
  CHECK(ParseDuration("90s") == Milliseconds(90'000));
  CHECK(ParseDuration("10m") == Milliseconds(600'000));
  CHECK(ParseDuration("2h") == Milliseconds(7'200'000));
  CHECK(ParseDuration("1d") == Milliseconds(86'400'000));
  for (const char* wrong : {"", "s", "-1", "+1", "1.5h", "10 m", "10M", "10ms", "1h30m", "soon",
                            "9999999999999999999", "5000d"}) {
    CAPTURE(wrong);
    CHECK_FALSE(ParseDuration(wrong));
  }
}

}  // namespace dbxes::cli
