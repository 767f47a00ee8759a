// SPDX-License-Identifier: Apache-2.0
// Findings: kept up to a limit, and all of them counted.
#include <doctest/doctest.h>

#include <string>

#include "rules/finding.h"
#include "rules/rules_text.h"

namespace dbxes::rules {

TEST_CASE("a file full of mistakes is reported with some of them") {
  std::string text = "[";
  for (int i = 0; i < 9000; ++i) text += "{\"id\":1},";
  RuleFile file = ReadRules(text + "{\"id\":1}]");
  CHECK(file.findings.errors() == 6 * 9001);
  CHECK(file.findings.Sorted().size() == Findings::kMostKept);
  CHECK(file.findings.dropped() == 6 * 9001 - Findings::kMostKept);
}

}  // namespace dbxes::rules
